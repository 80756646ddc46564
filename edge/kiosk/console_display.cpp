#include "edge/kiosk/console_display.hpp"

namespace sitegate::edge {
namespace {

std::string_view text_of(Sign sign) {
  switch (sign) {
    case Sign::ok:
      return "[OK]";
    case Sign::attention:
      return "[!!]";
    case Sign::stop:
      return "[--]";
  }
  return "[??]";
}

}  // namespace

std::string line_of(const PassageOutcome& outcome, Language language) {
  const Messages& words = messages(language);
  std::string line(text_of(sign_of(outcome)));
  const auto add = [&line](std::string_view gap, std::string_view text) { line.append(gap).append(text); };
  add(" ", outcome.direction == Direction::entry ? words.entry : words.exit);
  add("  ", outcome.person);
  const bool said_before = outcome.repeat && outcome.accepted;
  add("  ", said_before ? words.repeat : words.reasons[static_cast<std::size_t>(outcome.reason)]);
  if (!outcome.accepted) {
    add(" [", outcome.gate_opened ? words.gate_open : words.gate_shut);
    line += ']';
  }
  if (outcome.sequence) add(" #", std::to_string(*outcome.sequence));
  return line;
}

std::string line_of(const Advice& advice, Language language) {
  const Messages& words = messages(language);
  return "[..] " + std::string(words.gate) + " " + advice.gate + ": " +
         std::string(words.advice[static_cast<std::size_t>(advice.kind)]);
}

/// Flushed: the person is waiting.
void ConsoleDisplay::show(const PassageOutcome& outcome) {
  stream_ << line_of(outcome, language_) << std::endl;
}

void ConsoleDisplay::advise(const Advice& advice) {
  stream_ << line_of(advice, language_) << std::endl;
}

}  // namespace sitegate::edge
