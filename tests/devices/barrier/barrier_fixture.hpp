// A barrier at a relay of this machine.
#pragma once
#include <boost/test/unit_test.hpp>

#include "devices/barrier.hpp"
#include "devices/barrier/virtual_relay.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::barrier {

inline constexpr std::chrono::seconds patience{30};  // until a condition that must come true

inline const SystemClock& system_clock() {
  static const SystemClock clock;
  return clock;
}

inline std::unique_ptr<Barrier> barrier_at(std::uint16_t port, const std::string& query) {
  auto barrier = open_barrier("barrier+modbus://127.0.0.1:" + std::to_string(port) + "?" + query,
                              ReaderSurroundings{system_clock(), {}});
  BOOST_REQUIRE_MESSAGE(barrier.has_value(), (barrier ? "" : barrier.error().text()));
  return std::move(barrier).value();
}

inline bool becomes_ready(const Barrier& barrier) {
  return tests::wait_until([&barrier] { return barrier.health().ready; }, patience);
}
inline bool has_opened(const Barrier& barrier, std::uint64_t count) {
  return tests::wait_until([&] { return barrier.health().opened >= count; }, patience);
}

}  // namespace sitegate::devices::barrier
