// The nation at work: month by month the contract structures, roster entries and work histories of a
// population, in chunks that a store takes in one transaction each. Pure: no store. Not thread-safe.
#pragma once
#include <functional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cloud/registration/registration.hpp"
#include "cloud/simulation/site_choice.hpp"
#include "cloud/simulation/work_days.hpp"

namespace sitegate::cloud {

/// References within a chunk point to earlier or the same chunk: structure first, then roster, then
/// histories.
struct WorkChunk {
  Month month{};
  std::vector<ContractStructureEntry> structure;
  std::vector<RosterEntry> roster;     ///< by site and technician
  std::vector<WorkedDay> worked_days;  ///< of one month, by technician and date; each makes one history
};

class NationWork {
 public:
  /// The arguments must outlive it.
  NationWork(const Population& population, const Plan& plan, const NationSettings& settings);

  /// False when a month has more histories than its technicians have days; next() then asserts.
  [[nodiscard]] bool feasible() const { return feasible_; }
  /// At most about `days_max` histories and only of one month; a month without histories gives none.
  /// False at the end of the plan.
  bool next(WorkChunk& chunk, std::size_t days_max);

 private:
  /// A crew at a site.
  struct Stint {
    std::uint32_t site = 0;
    std::uint32_t number = 0;  ///< 0: none yet
    Date from{};
    Date until{};
  };
  /// What a crew does this month: its stints lie next to each other in month_stints_.
  struct CrewMonth {
    Stint last;
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
    int month = 0;
  };

  bool begin_next_month();
  void add_technician(const ActiveTechnician& active, WorkChunk& chunk);
  std::span<const Stint> stints_of(std::uint32_t crew);
  Stint new_stint(std::uint32_t crew, Date from);
  void put_on_roster(std::uint32_t technician, const Stint& stint, WorkChunk& chunk);
  RosterEntry roster_entry(std::uint32_t technician, const Stint& stint);
  void join_structure(std::uint32_t site, std::uint32_t company, WorkChunk& chunk);
  [[nodiscard]] WorkedDay worked_day(std::uint32_t technician, const Stint& stint, Date date) const;

  // constant after construction
  const Population& population_;
  const Plan& plan_;
  const NationSettings& settings_;
  const Draw draw_;
  bool feasible_ = true;

  // the month being worked on
  int month_;
  std::vector<ActiveTechnician> active_;
  std::size_t next_active_ = 0;
  std::optional<WorkCalendar> calendar_;
  std::vector<Stint> month_stints_;

  // what lasts from month to month
  SiteChoice site_choice_;
  std::uint32_t stints_made_ = 0;
  std::vector<CrewMonth> crews_;
  std::vector<std::uint32_t> seen_at_;                  // by technician: number of the stint last seen at
  std::vector<std::vector<std::uint32_t>> structures_;  // by site: companies, the prime contractor first
  std::unordered_set<std::uint64_t> joined_;            // site and company
  std::unordered_map<std::uint64_t, Date> rostered_;    // site and technician: first day on the roster
};

}  // namespace sitegate::cloud
