#include "shared/model/work_history.hpp"

#include <algorithm>
#include <tuple>

#include "shared/base/error.hpp"

namespace sitegate {
namespace {

UtcTime whole_seconds(UtcTime time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

/// Smaller = the record whose method is kept.
auto method_order(const WorkHistory& history) {
  const bool no_entry = !history.first_entry;
  const auto time = no_entry ? -history.last_exit.value_or(UtcTime{}).time_since_epoch()
                             : history.first_entry->time_since_epoch();
  return std::tuple(no_entry, time, history.method);
}

auto structure_order(const StructureSnapshot& structure) {
  return std::tuple(!structure.effective, structure);
}

std::optional<UtcTime> earliest(std::optional<UtcTime> a, std::optional<UtcTime> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

std::optional<UtcTime> latest(std::optional<UtcTime> a, std::optional<UtcTime> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

}  // namespace

WorkHistory contribution(const Passage& passage, TechnicianId technician, SiteId site,
                         const StructureSnapshot& structure) {
  WorkHistory history{.technician = technician,
                      .site = site,
                      .work_date = passage.work_date,
                      .first_entry = {},
                      .last_exit = {},
                      .method = passage.evidence.front().method,
                      .structure = structure};
  (passage.direction == Direction::entry ? history.first_entry : history.last_exit) =
      whole_seconds(passage.event_time);
  return history;
}

WorkHistory merge(const WorkHistory& a, const WorkHistory& b) {
  SITEGATE_ASSERT(a.technician == b.technician && a.site == b.site && a.work_date == b.work_date);
  WorkHistory joined = a;
  joined.method = method_order(a) <= method_order(b) ? a.method : b.method;
  joined.first_entry = earliest(a.first_entry, b.first_entry);
  joined.last_exit = latest(a.last_exit, b.last_exit);
  joined.structure = structure_order(a.structure) <= structure_order(b.structure) ? a.structure : b.structure;
  return joined;
}

}  // namespace sitegate
