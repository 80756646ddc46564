#include "devices/terminal/terminal_book.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shared/base/log.hpp"

namespace sitegate::devices::terminal {
namespace {

constexpr std::chrono::milliseconds clock_difference_min{3'000};
constexpr std::size_t mistakes_logged_max = 10;  // of one message

bool same_ignoring_case(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

// For log lines: what a stranger sends is cut and freed of control characters.
std::string shown(std::span<const std::string> names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ",") + name.substr(0, 40);
  for (auto& c : text)
    if (c <= ' ' || c > '~') c = '.';
  return text.empty() ? "none" : text;
}

}  // namespace

TerminalBook::TerminalBook(std::vector<Terminal> terminals, std::string family, std::string reader_id,
                           std::chrono::milliseconds live_max, const Clock& clock)
    : terminals_(std::move(terminals)),
      family_(std::move(family)),
      reader_id_(std::move(reader_id)),
      live_max_(live_max),
      clock_(clock) {}

const Terminal* TerminalBook::find(std::span<const std::string> names, const std::string& address) const {
  for (const auto& terminal : terminals_) {
    const bool named = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return same_ignoring_case(name, terminal.serial);
    });
    if (!named) continue;
    if (terminal.address == address) return &terminal;
    log::warn("{} terminal={} speaks from {} instead of {}: refused", family_, terminal.name, address,
              terminal.address);
    return nullptr;
  }
  log::warn("{} peer={} serial={} is no terminal of this site: refused", family_, address, shown(names));
  return nullptr;
}

void TerminalBook::heard(const Terminal& terminal) {
  const auto now = clock_.monotonic();
  known_.with([&](auto& known) { known[terminal.name].heard = now; });
}

void TerminalBook::set_clock(const Terminal& terminal, LocalTime time,
                             std::optional<std::chrono::minutes> utc_offset) {
  auto ahead = std::chrono::duration_cast<std::chrono::milliseconds>(
      to_utc(time, utc_offset.value_or(terminal.utc_offset)) - clock_.now());
  if (std::chrono::abs(ahead) < clock_difference_min) ahead = std::chrono::milliseconds{0};
  const auto before =
      known_.with([&](auto& known) { return std::exchange(known[terminal.name].clock_ahead, ahead); });
  if (std::chrono::abs(ahead - before) >= clock_difference_min)
    log::warn("terminal={} its clock is {} s off (it was {} s): times from its log are corrected by that",
              terminal.name, ahead.count() / 1000, before.count() / 1000);
}

Arrival TerminalBook::arrival(const Terminal& terminal) const {
  return {clock_.now(), clock_.monotonic(), live_max_, clock_ahead(terminal)};
}

std::chrono::milliseconds TerminalBook::clock_ahead(const Terminal& terminal) const {
  return known_.with([&](const auto& known) {
    const auto found = known.find(terminal.name);
    return found == known.end() ? std::chrono::milliseconds{0} : found->second.clock_ahead;
  });
}

void TerminalBook::log_mistakes(const Terminal& terminal, const Events& events) {
  failed_reads_ += events.mistakes.size();
  for (std::size_t i = 0; i < events.mistakes.size(); ++i) {
    if (i == mistakes_logged_max)
      return log::warn("terminal={} and {} more lines that cannot be used", terminal.name,
                       events.mistakes.size() - i);
    log::warn("terminal={} line={} cannot be used: {}", terminal.name, events.mistakes[i].line,
              events.mistakes[i].why);
  }
}

std::vector<CredentialRead> TerminalBook::reads_of(const Terminal& terminal, const Events& events) {
  log_mistakes(terminal, events);
  std::vector<CredentialRead> reads;
  const auto now = arrival(terminal);
  for (const auto& event : events.events) {
    if (event.kind == Event::Kind::device) continue;
    if (event.kind == Event::Kind::refused) {
      ++failed_reads_;
      log::info("terminal={} event={} refused somebody by itself", terminal.name, event.key);
      continue;
    }
    auto read = read_of(terminal, family_, event, now);
    if (!read) {
      ++failed_reads_;
      log::warn("terminal={} event={} cannot be used: {}", terminal.name, event.key, read.error().detail);
      continue;
    }
    read.value().reader_id = reader_id_ + "/" + terminal.name;
    reads.push_back(std::move(read).value());
  }
  return reads;
}

std::string TerminalBook::state() const {
  const auto now = clock_.monotonic();
  auto text = fmt::format("{} terminal{}:", terminals_.size(), terminals_.size() == 1 ? "" : "s");
  known_.with([&](const auto& known) {
    for (const auto& terminal : terminals_) {
      const auto found = known.find(terminal.name);
      text += (text.ends_with(':') ? " " : ", ") + terminal.name;
      if (found == known.end() || !found->second.heard)
        text += " not heard of yet";
      else
        text +=
            fmt::format(" heard {} s ago",
                        std::chrono::duration_cast<std::chrono::seconds>(now - *found->second.heard).count());
    }
  });
  return text;
}

}  // namespace sitegate::devices::terminal
