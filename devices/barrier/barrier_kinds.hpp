// The kinds of barriers, each made from its URL.
#pragma once
#include "devices/barrier.hpp"

namespace sitegate::devices::barrier {

/// A relay with Modbus TCP.
Result<std::unique_ptr<Barrier>> open_modbus_barrier(const Url& url, const ReaderSurroundings& surroundings);
/// A line of this machine's GPIO.
Result<std::unique_ptr<Barrier>> open_gpio_barrier(const Url& url, const ReaderSurroundings& surroundings);
/// Nothing stands there.
Result<std::unique_ptr<Barrier>> open_no_barrier(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::barrier
