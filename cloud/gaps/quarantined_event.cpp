#include "cloud/gaps/quarantined_event.hpp"

#include <charconv>

namespace sitegate::cloud {
namespace {

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string quarantine_source(const EventId& event) {
  return event.gateway.text() + "/" + std::to_string(event.epoch) + "/" + std::to_string(event.sequence);
}

std::optional<EventId> quarantined_event(std::string_view source) {
  const auto last = source.rfind('/');
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  const auto middle = source.rfind('/', last - 1);
  if (middle == std::string_view::npos) return std::nullopt;
  const auto gateway = GatewayId::parse(source.substr(0, middle));
  const auto epoch = number_of(source.substr(middle + 1, last - middle - 1));
  const auto sequence = number_of(source.substr(last + 1));
  if (!gateway || !epoch || !sequence) return std::nullopt;
  return EventId{*gateway, *epoch, *sequence};
}

}  // namespace sitegate::cloud
