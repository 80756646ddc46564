#include "devices/reader.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace sitegate::devices {

const char* errc_category(ReaderErrc) {
  return "reader";
}

std::string_view errc_text(ReaderErrc what) {
  switch (what) {
    case ReaderErrc::unknown_scheme:
      return "no reader of this kind is known";
    case ReaderErrc::bad_setting:
      return "the reader's URL has a setting that cannot be used";
    case ReaderErrc::device_failed:
      return "the reader does not work";
    case ReaderErrc::device_gone:
      return "the reader is gone";
  }
  return "unknown";
}

namespace {

constexpr std::size_t name_size_max = 64;  // of CredentialRead::reader_id and Passage::gate
constexpr std::array<std::string_view, 3> place_keys{"id", "gate", "direction"};

Result<std::string> checked_name(const Url& url, const std::string& key, const std::string& otherwise) {
  auto name = url.get(key, otherwise);
  const bool control =
      std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (name.empty() || name.size() > name_size_max || control)
    return fail(ReaderErrc::bad_setting,
                key + "=" + name + ": 1 to 64 characters, none of them a control character");
  return name;
}

Result<DirectionRule> parse_direction(const std::string& word) {
  if (word == "entry") return DirectionRule::entry;
  if (word == "exit") return DirectionRule::exit;
  if (word == "toggle") return DirectionRule::toggle;
  return fail(ReaderErrc::bad_setting, "direction=" + word + ": entry, exit or toggle");
}

}  // namespace

Result<ReaderPlace> reader_place(const Url& url) {
  SITEGATE_TRY(gate, checked_name(url, "gate", "1"));
  SITEGATE_TRY(id, checked_name(url, "id", gate + "-" + url.scheme));
  SITEGATE_TRY(direction, parse_direction(url.get("direction", "toggle")));
  return ReaderPlace{std::move(id), std::move(gate), direction};
}

Result<ReaderPlace> reader_place(const std::string& url) {
  SITEGATE_TRY(parsed, parse_url(url));
  return reader_place(parsed);
}

Result<void> check_keys(const Url& url, std::initializer_list<std::string_view> also) {
  std::vector<std::string_view> known(place_keys.begin(), place_keys.end());
  known.insert(known.end(), also);
  for (const auto& [key, value] : url.query) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string text = "\"" + key + "\" is no setting of " + url.scheme + "; it has:";
    for (const auto word : known) text += " " + std::string(word);
    return fail(ReaderErrc::bad_setting, std::move(text));
  }
  return success();
}

}  // namespace sitegate::devices
