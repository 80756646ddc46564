// What the outbox adds to a gateway's health message: the numbers by which the cloud knows what is missing.
#pragma once
#include "edge/outbox/outbox.hpp"
#include "edge/publisher/sealer.hpp"
#include "shared/base/clock.hpp"
#include "shared/wire/health.hpp"

namespace sitegate::edge {

/// Sequences as on the wire. Everything else (readers, roster, version, problem) is left to the caller.
wire::Health outbox_health(const OutboxState& outbox, const GatewayIdentity& identity, const Clock& clock);

}  // namespace sitegate::edge
