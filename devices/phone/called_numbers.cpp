#include "devices/phone/called_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitegate::devices::phone {
namespace {

constexpr std::size_t gate_size_max = 64;  // of CredentialRead::gate
constexpr std::size_t name_size_max = 64;
constexpr std::string_view form = "expected <number>[:gate=<gate>][:entry|:exit|:toggle]";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// Cuts the next part off `text`.
std::string_view next_part(std::string_view& text, std::string_view separators) {
  const auto end = text.find_first_of(separators);
  const auto part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

bool is_name(std::string_view text) {
  constexpr std::string_view allowed =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-._*#() ";
  return !text.empty() && text.size() <= name_size_max &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_gate(std::string_view text) {
  return !text.empty() && text.size() <= gate_size_max &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

// "gate=north" or a direction's word; false if it is neither.
bool take_word(std::string_view word, CalledPlace& place) {
  if (word == "entry") {
    place.direction = Direction::entry;
  } else if (word == "exit") {
    place.direction = Direction::exit;
  } else if (word == "toggle") {
    place.direction = std::nullopt;
  } else if (word.starts_with("gate=") && is_gate(word.substr(5))) {
    place.gate = word.substr(5);
  } else {
    return false;
  }
  return true;
}

}  // namespace

Result<CalledNumbers> CalledNumbers::parse(std::string_view text, const std::string& name,
                                           const NumberPlan& plan) {
  CalledNumbers numbers;
  numbers.plan_ = plan;
  const auto refuse = [&name](std::size_t entry, std::string_view why) {
    return fail(PhoneErrc::bad_called_list, fmt::format("{}: entry {}: {}; {}", name, entry, why, form));
  };
  if (text.size() > called_list_size_max) return refuse(0, "more than 1 MiB");
  for (std::size_t entry = 1; !text.empty(); ++entry) {
    auto rest = trimmed(next_part(text, text.starts_with('#') ? "\n" : ",\n"));
    if (rest.empty() || rest.starts_with('#')) continue;
    const auto number = trimmed(next_part(rest, ":"));
    if (!is_name(number)) return refuse(entry, fmt::format("\"{}\" is no number", number));
    CalledPlace place;
    while (!rest.empty())
      if (const auto word = trimmed(next_part(rest, ":")); !take_word(word, place))
        return refuse(entry, fmt::format("\"{}\" is not understood", word));
    if (numbers.places_.size() >= called_numbers_max) return refuse(entry, "more than 4096 numbers");
    if (!numbers.places_.emplace(numbers.key_of(number), std::move(place)).second)
      return refuse(entry, fmt::format("{} stands there twice", number));
  }
  if (numbers.places_.empty()) return refuse(0, "no number in it");
  return numbers;
}

std::string CalledNumbers::key_of(std::string_view number) const {
  auto full = to_e164(number, plan_);
  return full ? std::move(full).value() : std::string(number);
}

std::optional<CalledPlace> CalledNumbers::find(std::string_view user) const {
  if (places_.empty()) return CalledPlace{};
  if (user.size() > number_size_max) return std::nullopt;
  const auto found = places_.find(key_of(user));
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace sitegate::devices::phone
