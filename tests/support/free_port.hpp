// TCP ports of this machine, for what a test starts.
#pragma once
#include <cstdint>

namespace sitegate::tests {

/// A TCP port on 127.0.0.1 that nobody listened on a moment ago.
std::uint16_t free_port();
/// True if a connection to 127.0.0.1:port is taken.
bool answers(std::uint16_t port);

}  // namespace sitegate::tests
