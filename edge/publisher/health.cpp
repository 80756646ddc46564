#include "edge/publisher/health.hpp"

namespace sitegate::edge {

wire::Health outbox_health(const OutboxState& outbox, const GatewayIdentity& identity, const Clock& clock) {
  wire::Health health;
  health.gateway = identity.gateway;
  health.site = identity.site;
  health.time = clock.now();
  health.clock_state = clock.state();
  health.epoch = outbox.epoch;
  health.sequence_last = outbox.next_sequence - 1 - outbox.epoch_base;
  health.sealed_through = outbox.sealed_through - outbox.epoch_base;
  health.receipted_through = outbox.receipted_through - outbox.epoch_base;
  for (std::size_t i = 0; i < outbox.ended.size(); ++i) {
    const Sequence next_base = i + 1 < outbox.ended.size() ? outbox.ended[i + 1].base : outbox.epoch_base;
    health.ended.push_back({outbox.ended[i].epoch, next_base - outbox.ended[i].base});
  }
  health.outbox_used_bytes = outbox.used_bytes;
  health.outbox_map_bytes = outbox.map_bytes;
  return health;
}

}  // namespace sitegate::edge
