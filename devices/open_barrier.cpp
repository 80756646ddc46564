// The one place that knows every kind of barrier: a new kind is one line in `kinds`.
#include <algorithm>
#include <array>

#include "devices/barrier.hpp"
#include "devices/barrier/barrier_kinds.hpp"

namespace sitegate::devices {
namespace {

struct Kind {
  std::string_view scheme;
  Result<std::unique_ptr<Barrier>> (*open)(const Url&, const ReaderSurroundings&);
};

constexpr std::array kinds{
    Kind{"barrier+modbus", barrier::open_modbus_barrier},
    Kind{"barrier+gpio", barrier::open_gpio_barrier},
    Kind{"barrier+none", barrier::open_no_barrier},
};

}  // namespace

Result<std::unique_ptr<Barrier>> open_barrier(const std::string& url,
                                              const ReaderSurroundings& surroundings) {
  SITEGATE_TRY(parsed, parse_url(url));
  const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                 [&](const Kind& each) { return each.scheme == parsed.scheme; });
  if (kind != kinds.end()) return kind->open(parsed, surroundings);
  return fail(ReaderErrc::unknown_scheme,
              parsed.scheme + ": in " + url + "; known are barrier+modbus:, barrier+gpio:, barrier+none:");
}

}  // namespace sitegate::devices
