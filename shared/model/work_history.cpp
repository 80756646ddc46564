#include "shared/model/work_history.hpp"

#include <algorithm>
#include <tuple>

#include "shared/base/error.hpp"

namespace sitegate {
namespace {

UtcTime whole_seconds(UtcTime time) {
  return std::chrono::floor<std::chrono::seconds>(time);
}

/// Smaller = the record whose method is kept. A record with neither time has a rank of its own behind every
/// exit, however early: only then is merge associative for all values.
auto method_order(const WorkHistory& history) {
  if (history.first_entry) return std::tuple(0, history.first_entry->time_since_epoch(), history.method);
  if (history.last_exit) return std::tuple(1, -history.last_exit->time_since_epoch(), history.method);
  return std::tuple(2, UtcTime::duration::zero(), history.method);
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
