// Why a broker cannot be reached, in words that say what to do.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "shared/mqtt/broker_address.hpp"
#include "shared/mqtt/client.hpp"

namespace sitegate::mqtt {

/// Tries name, TCP and TLS one after the other and tells of the first that fails; nullopt: all three work.
/// Waits up to `patience` for TCP and for each TLS answer, and for the resolver as long as that takes.
std::optional<std::string> diagnose(const BrokerAddress& address, const BrokerSettings& settings,
                                    std::chrono::milliseconds patience);

}  // namespace sitegate::mqtt
