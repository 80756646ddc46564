// People who pass while something breaks, what the gate told them, and what must hold afterwards.
#pragma once
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "shared/base/retry_delay.hpp"
#include "tests/system/installation.hpp"

namespace sitegate::tests {

/// $SITEGATE_SEED, or one of this run's own; printed, so that a run can be repeated.
std::uint64_t printed_seed();
/// How often a fault strikes: `count`, or $SITEGATE_ROUNDS while a test is being worked on.
int rounds(int count);

/// Precondition of a test case: this machine can make loop file systems; if not, it is skipped with the
/// reason.
boost::test_tools::assertion_result has_loop_file_systems(boost::unit_test::test_unit_id);

/// A recording in which one of the installation's people taps every `gap_ms`, `count` times, and its reader's
/// URL.
std::string passing(const Installation& installation, int people, int count, int gap_ms);

/// Follows a growing log. Not thread-safe.
class LogReader {
 public:
  explicit LogReader(std::filesystem::path file) : file_(std::move(file)) {}
  /// Numbers of the passages that the gate called accepted, so far.
  const std::set<Sequence>& accepted();
  /// Whether `text` stands in what was written since the last forget().
  bool says(std::string_view text);
  void forget();

 private:
  void read();
  std::filesystem::path file_;
  std::streamoff offset_ = 0;
  std::string recent_;  // since forget(), whole lines
  std::string rest_;    // a line not yet ended
  std::set<Sequence> accepted_;
};

/// With the roster in the gateway's hands; it is stopped again, the cloud runs on.
void bring_roster(Installation& installation);
/// The gateway's outbox has a receipt for everything.
bool drained(const Installation& installation);
/// Each number that was told stands in the outbox.
void check_told_are_kept(const Installation& installation, const std::set<Sequence>& told);
/// Starts the gateway without readers, waits until all is sent, ends both with exit code 0; then: what was
/// told is kept, what is kept is registered, each technician-day once, counters are their recount.
void check_nothing_is_lost(Installation& installation, LogReader& gate);

}  // namespace sitegate::tests
