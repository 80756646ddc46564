// Which advice of the devices reaches the person, and how much there was: a camera advises many times a
// second.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>

#include "shared/base/error.hpp"
#include "shared/base/guarded.hpp"
#include "shared/model/advice.hpp"

namespace sitegate::edge {

/// Any thread.
class AdviceDesk {
 public:
  /// The same words at the same gate are not said again within this time: somebody reads them.
  static constexpr std::chrono::seconds said_again_after{5};

  /// Counts it; true: it is to be shown now.
  bool take(const Advice& advice, MonotonicTime now);
  /// "come_closer 12, unknown 3": since the start, of this reader; empty: none.
  [[nodiscard]] std::string counts(const std::string& reader_id) const;

 private:
  struct Reader {
    std::array<std::uint64_t, advice_kinds> counts{};
    std::map<std::string, std::array<std::optional<MonotonicTime>, advice_kinds>> shown;  // by gate
  };
  Guarded<std::map<std::string, Reader>> readers_;  // by ID: as many as the settings name
};

}  // namespace sitegate::edge
