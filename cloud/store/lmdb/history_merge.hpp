// Merging contributions into the records of technician_months and site_months, each record read and written
// once a call.
#pragma once
#include <span>
#include <unordered_map>
#include <vector>

#include "cloud/store/lmdb/counters.hpp"
#include "cloud/store/lmdb/queries.hpp"

namespace sitegate::cloud {

class HistoryMerge {
 public:
  HistoryMerge(Records& records, const Queries& queries, Counts& counts)
      : records_(records), queries_(queries), counts_(counts) {}

  /// Once per object. missing_reference and invalid come before anything is written.
  Result<MergeCounts> merge(std::span<const WorkHistory> contributions);

 private:
  struct Incoming {
    std::uint64_t month_technician;  // month << 32 | technician number
    std::uint64_t site_day;          // as StoredDay's
    const WorkHistory* history;
    const SiteFacts* site;
  };
  struct Presence {
    std::uint64_t month_site;  // month << 32 | site number
    SiteMonthForm::Entry entry;
  };

  Result<void> resolve(std::span<const WorkHistory> contributions);
  Result<Incoming> resolve(const WorkHistory& contribution);
  Result<Number> technician_number(TechnicianId id);
  Result<void> merge_record(std::span<const Incoming> incoming);
  Result<void> add_day(const Incoming& incoming, std::vector<StoredDay>& days);
  Result<void> join_day(const Incoming& incoming, StoredDay& day);
  Result<StoredDay> to_stored(const WorkHistory& history, Number site) const;
  void note_presence(const Incoming& incoming);
  Result<void> write_presences();

  Records& records_;
  const Queries& queries_;
  Counts& counts_;
  MergeCounts result_;
  std::vector<Incoming> incoming_;
  std::vector<Presence> presences_;
  std::unordered_map<std::uint64_t, Number> technicians_;
  TechnicianId last_technician_;
  Number last_number_ = 0;
  std::vector<StoredDay> stored_;  // scratch: as read
  std::vector<StoredDay> days_;    // scratch: as written
  RecordWriter record_;            // scratch
};

}  // namespace sitegate::cloud
