// Fills an empty store with the nation of the published month: real records, written as the registry writes
// them.
//
// Memory at scale 1: about 2.5 GB. The store should be opened with Durability::bulk: a run that breaks off
// leaves a store that is filled in part and has to be made again.
#pragma once
#include <functional>
#include <string_view>

#include "cloud/simulation/settings.hpp"
#include "cloud/store/store.hpp"

namespace sitegate::cloud {

enum class SimulationErrc {
  nothing_published = 1,  ///< no figures are known for the month asked for
  scale_too_coarse,       ///< so few people cannot have so many histories
  store_not_empty,        ///< simulated records must not mix with others
  counts_disagree         ///< the store counted something else than was put into it
};
const char* errc_category(SimulationErrc);
std::string_view errc_text(SimulationErrc);

struct NationCounts {
  std::uint64_t companies = 0;
  std::uint64_t technicians = 0;
  std::uint64_t credentials = 0;
  std::uint64_t sites = 0;
  std::uint64_t structure_entries = 0;
  std::uint64_t roster_entries = 0;  ///< put; an entry that was prolonged counts again
  std::uint64_t histories = 0;
  bool operator==(const NationCounts&) const = default;
};

/// Phases: "population", "companies", "technicians", "sites", "histories". From the calling thread.
using NationProgress = std::function<void(std::string_view phase, std::uint64_t done, std::uint64_t total)>;

/// `progress` may be empty. Uses a second thread.
Result<NationCounts> simulate_nation(Store& store, const NationSettings& settings,
                                     const NationProgress& progress);

}  // namespace sitegate::cloud
