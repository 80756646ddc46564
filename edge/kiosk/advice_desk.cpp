#include "edge/kiosk/advice_desk.hpp"

namespace sitegate::edge {
namespace {

/// A reader serves few gates; names beyond this are a device's mistake.
constexpr std::size_t gates_max = 64;

}  // namespace

bool AdviceDesk::take(const Advice& advice, MonotonicTime now) {
  const auto kind = static_cast<std::size_t>(advice.kind);
  SITEGATE_ASSERT(kind < advice_kinds);
  return readers_.with([&](auto& readers) {
    Reader& reader = readers[advice.reader_id];
    ++reader.counts[kind];
    if (reader.shown.size() >= gates_max && !reader.shown.contains(advice.gate)) return false;
    auto& shown = reader.shown[advice.gate][kind];
    if (shown && now - *shown < said_again_after) return false;
    shown = now;
    return true;
  });
}

std::string AdviceDesk::counts(const std::string& reader_id) const {
  return readers_.with([&](const auto& readers) {
    std::string text;
    const auto reader = readers.find(reader_id);
    if (reader == readers.end()) return text;
    for (std::size_t kind = 0; kind < advice_kinds; ++kind)
      if (const auto count = reader->second.counts[kind]; count > 0)
        text += (text.empty() ? "" : ", ") + std::string(to_text(static_cast<AdviceKind>(kind))) + " " +
                std::to_string(count);
    return text;
  });
}

}  // namespace sitegate::edge
