#include "devices/replay/replay_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>
#include <sstream>

#include "shared/model/passage.hpp"

namespace sitegate::devices::replay {

const char* errc_category(ReplayErrc) {
  return "replay";
}

std::string_view errc_text(ReplayErrc what) {
  switch (what) {
    case ReplayErrc::cannot_read:
      return "the recording cannot be read";
    case ReplayErrc::bad_line:
      return "a line is damaged, the recording is refused";
    case ReplayErrc::too_large:
      return "the recording is too large";
  }
  return "unknown";
}

namespace {

constexpr std::string_view line_form =
    "<UTC time or +milliseconds> <reader id or -> card <technology> <uid hex>, or … <kind> <realm or -> "
    "<value>";
constexpr std::chrono::hours gap_max{24 * 366};
constexpr std::size_t reader_id_size_max = 64;

// The words of a line; more than wanted are kept, so that too many can be told from enough.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  constexpr std::string_view blanks = " \t\r";
  for (auto at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
    const auto end = line.find_first_of(blanks, at);
    words.push_back(line.substr(at, end - at));
    at = end == std::string_view::npos ? end : line.find_first_not_of(blanks, end);
  }
  return words;
}

// A reader id is one word: blanks, control characters and "%" stand as %20 and so on, as in the reader's URL;
// so does a lone "-", which would mean "no id".
std::string word_of_text(std::string_view text) {
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte <= 0x20 || byte == 0x7F || c == '%' || text == "-")
      word += '%' + to_hex(ByteView(&byte, 1));
    else
      word += c;
  }
  return word.empty() ? "-" : word;
}

std::optional<std::string> text_of_word(std::string_view word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '%') {
      text += word[i];
      continue;
    }
    const auto byte = i + 2 < word.size() ? from_hex(word.substr(i + 1, 2)) : std::nullopt;
    if (!byte) return std::nullopt;
    text += static_cast<char>(byte->front());
    i += 2;
  }
  return text;
}

std::optional<std::string> id_of_word(std::string_view word) {
  if (word == "-") return std::string();
  auto id = text_of_word(word);
  if (!id || id->size() > reader_id_size_max) return std::nullopt;
  return id;
}

/// How such a credential is recognised where the recording does not say more.
Method method_of(const Credential& credential) {
  switch (form_of(credential).kind) {
    case CredentialKind::card:
      return Method::card;
    case CredentialKind::uhf_tag:
      return Method::uhf;
    case CredentialKind::phone:
      return Method::phone;
    case CredentialKind::code:
      return Method::qr;
    case CredentialKind::terminal_user:
      return Method::finger_vein;
    case CredentialKind::token:
      return Method::nfc_tag;
    case CredentialKind::marker:
      return Method::marker;
    case CredentialKind::technician:
      return Method::face;
  }
  return Method::card;
}

// Reads one line after the other; knows the last absolute time.
class Parser {
 public:
  Result<RecordedRead> line(std::string_view text) {
    const auto words = words_of(text);
    if (words.size() != 5) return damaged(fmt::format("{} words instead of 5", words.size()));
    RecordedRead read;
    SITEGATE_TRY(gap, gap_of(words[0]));
    read.after_previous = gap;
    auto id = id_of_word(words[1]);
    if (!id)
      return damaged("the reader id has more than 64 characters or a % without two hexadecimal digits");
    read.reader_id = std::move(*id);
    SITEGATE_TRY(credential, credential_of_words(words[2], words[3], words[4]));
    read.credential = std::move(credential);
    return read;
  }

 private:
  static Error damaged(const std::string& why) {
    return fail(ReplayErrc::bad_line, why + "; expected " + std::string(line_form));
  }

  Result<std::chrono::milliseconds> gap_of(std::string_view word) {
    auto gap = word.starts_with('+') ? relative_gap(word.substr(1)) : absolute_gap(word);
    if (gap && gap.value() > gap_max) return damaged("more than a year after the line before");
    return gap;
  }

  Result<std::chrono::milliseconds> relative_gap(std::string_view digits) {
    std::int64_t count = -1;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (error != std::errc{} || end != digits.data() + digits.size() || count < 0)
      return damaged(fmt::format("\"+{}\" is no count of milliseconds", digits));
    const std::chrono::milliseconds gap{count};
    if (last_ && gap <= gap_max) *last_ += gap;
    return gap;
  }

  Result<std::chrono::milliseconds> absolute_gap(std::string_view word) {
    const auto time = parse_utc(word);
    if (!time) return damaged(fmt::format("\"{}\" is no time such as 2023-07-31T07:50:00.123Z", word));
    if (last_ && *time < *last_) return damaged(fmt::format("{} lies before the line above", word));
    const auto gap = last_ ? *time - *last_ : std::chrono::milliseconds{0};
    last_ = time;
    return gap;
  }

  static Result<Credential> credential_of_words(std::string_view kind_word, std::string_view second,
                                                std::string_view value) {
    const auto kind = parse_credential_kind(kind_word);
    if (!kind) return damaged(fmt::format("\"{}\" is no credential that can be played", kind_word));
    CredentialForm form;
    form.kind = *kind;
    if (*kind == CredentialKind::card) {
      const auto technology = parse_card_technology(second);
      if (!technology)
        return damaged(fmt::format("\"{}\" is none of unknown, iso14443a, iso14443b, felica", second));
      form.technology = *technology;
    } else if (second != "-") {
      form.realm = second;
    }
    const auto plain = text_of_word(value);
    if (plain) form.value = parse_credential_value(*kind, *plain).value_or(Bytes{});
    auto credential = credential_of(form);
    if (!credential) return damaged(fmt::format("\"{}\" is no {}", value, value_name(*kind)));
    return std::move(*credential);
  }

  static std::string value_name(CredentialKind kind) {
    if (kind == CredentialKind::card)
      return fmt::format("UID: 1 to {} bytes in hexadecimal", card_uid_size_max);
    return std::string(to_text(kind));
  }

  std::optional<UtcTime> last_;
};

Result<double> parse_speed(const std::string& text) {
  double speed = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), speed);
  const bool number = error == std::errc{} && end == text.data() + text.size();
  if (!number || !(speed == 0 || (speed >= 0.001 && speed <= 1e6)))
    return fail(ReaderErrc::bad_setting,
                "speed=" + text + ": 0 (no waiting) or 0.001 to 1000000 times as fast");
  return speed;
}

}  // namespace

Result<std::vector<RecordedRead>> parse_recording(std::string_view text, const std::string& name) {
  std::vector<RecordedRead> reads;
  Parser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '#') continue;
    auto read = parser.line(line);
    if (!read) return Error{read.error().code, fmt::format("{}:{}: {}", name, number, read.error().detail)};
    reads.push_back(std::move(read).value());
  }
  return reads;
}

Result<std::vector<RecordedRead>> load_recording(const std::filesystem::path& path) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  if (code) return fail(ReplayErrc::cannot_read, path.string() + ": " + code.message());
  if (size > recording_size_max)
    return fail(ReplayErrc::too_large,
                fmt::format("{}: {} bytes, at most {}", path.string(), size, recording_size_max));
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (size > 0) text << file.rdbuf();
  if (!file || !text) return fail(ReplayErrc::cannot_read, path.string());
  return parse_recording(text.view(), path.string());
}

std::string recording_line(const CredentialRead& read) {
  const CredentialForm form = form_of(read.credential);
  const std::string_view second =
      form.kind == CredentialKind::card ? to_text(form.technology) : std::string_view(form.realm);
  return fmt::format("{} {} {} {} {}\n", to_text(read.event_time), word_of_text(read.reader_id),
                     to_text(form.kind), second.empty() ? "-" : second, word_of_text(value_text(form)));
}

ReplayReader::ReplayReader(ReaderPlace place, std::vector<RecordedRead> reads, double speed,
                           const Clock& clock, Waiter* waiter)
    : place_(std::move(place)),
      reads_(std::move(reads)),
      speed_(speed),
      clock_(clock),
      waiter_(waiter == nullptr ? system_waiter_ : *waiter) {}

std::string ReplayReader::state() const {
  return fmt::format("recorded reads: {} of {} played", played_.load(), reads_.size());
}

Result<void> ReplayReader::run(std::stop_token stop, const ReadSink& sink) {
  // Counted from the start of the run, so that the time spent in the sink does not add up to a drift.
  const auto started = clock_.monotonic();
  std::chrono::duration<double, std::milli> due{0};
  played_ = 0;
  for (const auto& recorded : reads_) {
    if (speed_ > 0) {
      due += std::chrono::duration<double, std::milli>(recorded.after_previous) / speed_;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - (clock_.monotonic() - started));
      if (left > std::chrono::milliseconds{0}) waiter_.wait(left, stop);
    }
    if (stop.stop_requested()) break;
    sink(CredentialRead{recorded.reader_id.empty() ? place_.id : recorded.reader_id, clock_.now(),
                        clock_.monotonic(), recorded.credential, method_of(recorded.credential)});
    ++played_;
  }
  return success();
}

Result<std::unique_ptr<Reader>> open_replay_reader(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRYV(check_keys(url, {"speed"}));
  SITEGATE_TRY(place, reader_place(url));
  SITEGATE_TRY(speed, parse_speed(url.get("speed", "1")));
  if (!url.authority.empty() || url.path.empty())
    return fail(ReaderErrc::bad_setting,
                "a recording is named replay:///absolute/path or replay:relative/path");
  SITEGATE_TRY(reads, load_recording(url.path));
  return std::unique_ptr<Reader>(
      std::make_unique<ReplayReader>(std::move(place), std::move(reads), speed, surroundings.clock));
}

}  // namespace sitegate::devices::replay
