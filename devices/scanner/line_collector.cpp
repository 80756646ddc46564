#include "devices/scanner/line_collector.hpp"

#include <array>
#include <utility>

namespace sitegate::devices::scanner {
namespace {

constexpr std::uint8_t stx = 0x02;
constexpr std::uint8_t etx = 0x03;

constexpr std::array<std::pair<Ending, std::string_view>, 5> words{{{Ending::any, "any"},
                                                                    {Ending::enter, "enter"},
                                                                    {Ending::tab, "tab"},
                                                                    {Ending::etx, "etx"},
                                                                    {Ending::idle, "idle"}}};

bool is_enter(std::uint8_t byte) {
  return byte == '\r' || byte == '\n';
}

}  // namespace

std::string_view to_text(Ending ending) {
  for (const auto& [known, word] : words)
    if (known == ending) return word;
  return "invalid";
}

std::optional<Ending> parse_ending(std::string_view word) {
  for (const auto& [ending, known] : words)
    if (known == word) return ending;
  return std::nullopt;
}

bool LineCollector::ends(std::uint8_t byte) const {
  switch (ending_) {
    case Ending::any:
      return is_enter(byte) || byte == '\t' || byte == etx;
    case Ending::enter:
      return is_enter(byte);
    case Ending::tab:
      return byte == '\t';
    case Ending::etx:
      return byte == etx;
    case Ending::idle:
      return false;
  }
  return false;
}

void LineCollector::feed(ByteView bytes, MonotonicTime now) {
  expire(now);
  if (!bytes.empty()) last_byte_ = now;
  for (const auto byte : bytes) {
    if (ends(byte))
      end_line({});
    else
      add(byte);
  }
}

void LineCollector::add(std::uint8_t byte) {
  if (byte == stx && !half_done()) return;
  ++size_;
  if (size_ <= line_size_max)
    text_.push_back(static_cast<char>(byte));
  else if (spoiled_.empty())
    spoiled_ = "longer than " + std::to_string(line_size_max) + " bytes";
}

void LineCollector::expire(MonotonicTime now) {
  const auto end = deadline();
  if (!end || now < *end) return;
  if (ending_ == Ending::idle) return end_line({});
  end_line("a half code: no end came for " + std::to_string(idle_.count()) +
           " ms; ending=idle is for scanners that send none");
}

void LineCollector::end_line(std::string mistake) {
  if (!half_done()) return;
  if (!spoiled_.empty()) mistake = spoiled_;
  if (size_ > line_size_max) mistake += " (" + std::to_string(size_) + " bytes)";
  Line line{std::move(text_), std::move(mistake)};
  clear();
  take_(std::move(line));
}

void LineCollector::spoil(std::string_view why, MonotonicTime now) {
  expire(now);
  last_byte_ = now;
  if (spoiled_.empty()) spoiled_ = why;
}

void LineCollector::clear() {
  text_.clear();
  size_ = 0;
  spoiled_.clear();
}

std::optional<MonotonicTime> LineCollector::deadline() const {
  if (!half_done()) return std::nullopt;
  return last_byte_ + idle_;
}

}  // namespace sitegate::devices::scanner
