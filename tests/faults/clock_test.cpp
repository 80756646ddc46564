// Faults of time (38, 40, 42) on the real programs: libfaketime gives the gateway another wall clock, and
// steps it while it runs. Skipped where the package libfaketime is not installed.
#include <unistd.h>

#include <fstream>

#include "shared/base/clock.hpp"
#include "tests/faults/flow.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

const char* const library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
constexpr int people = 100;
const char* const settings =
    "[passage]\ndebounce_s = 0\n[publisher]\nreceipt_timeout_ms = 1000\nbatch_passages = 10\n";

boost::test_tools::assertion_result has_faketime(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(::access(library, R_OK) == 0);
  result.message() << "libfaketime is not installed";
  return result;
}

/// A wall clock that the test sets; time since boot goes on as it does.
class FakedClock {
 public:
  FakedClock() { set("+0"); }
  /// "@1970-01-01 00:01:00" starts there, "+3600" is so many seconds off.
  void set(const std::string& what) const {
    std::ofstream(folder_ / "next") << what << "\n";
    std::filesystem::rename(folder_ / "next", folder_ / "now");
  }
  [[nodiscard]] std::vector<std::string> command() const {
    const char* sanitizer = std::getenv("ASAN_OPTIONS");
    return {
        "env",
        std::string("LD_PRELOAD=") + library,
        "ASAN_OPTIONS=" + std::string(sanitizer == nullptr ? "" : sanitizer) + ":verify_asan_link_order=0",
        "FAKETIME_TIMESTAMP_FILE=" + (folder_ / "now").string(),
        "FAKETIME_NO_CACHE=1",
        "FAKETIME_DONT_FAKE_MONOTONIC=1"};
  }

 private:
  TemporaryFolder folder_;
};

struct WrongClock {
  WrongClock() { bring_roster(installation); }
  void start() { installation.start_edge({passing(installation, people, 100'000, 20)}); }
  Sequence recorded() { return installation.outbox()->next_sequence - 1; }
  bool records_more(Sequence count) {
    const Sequence before = recorded();
    return wait_until([&] { return recorded() >= before + count; }, 60s);
  }
  bool receipts_come() {
    const Sequence before = installation.outbox()->receipted_through;
    return wait_until([&] { return installation.outbox()->receipted_through > before + 5; }, 120s);
  }

  FakedClock clock;
  Installation installation{{.technicians = people, .edge_extra = settings, .edge_prefix = clock.command()}};
  LogReader gate{installation.folder() / "edge.log"};
};

std::string year_of(const Passage& passage) {
  return to_text(passage.event_time).substr(0, 4);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clocks, WrongClock, *boost::unit_test::precondition(has_faketime))

BOOST_AUTO_TEST_CASE(a_gateway_that_boots_in_1970_keeps_every_passage_and_sends_it_once_the_clock_is_right) {
  clock.set("@1970-01-01 00:01:00");
  start();
  BOOST_TEST(records_more(20));
  BOOST_TEST(wait_until([&] { return gate.says("not yet valid"); }, 60s));  // the broker's certificate
  BOOST_TEST(installation.outbox()->receipted_through == 0u);
  BOOST_TEST(year_of(installation.kept_passages().front()) == "1970");
  clock.set("+0");  // NTP, late
  BOOST_TEST(receipts_come());
  BOOST_TEST(records_more(20));
  BOOST_TEST(installation.stop_edge() == 0);
  check_nothing_is_lost(installation, gate);
}

BOOST_AUTO_TEST_CASE(steps_of_an_hour_back_and_a_year_forward_lose_and_double_nothing) {
  start();
  BOOST_TEST(receipts_come());
  for (const auto* step : {"-3600", "+0", "+31536000", "+0"}) {
    clock.set(step);
    BOOST_TEST_CONTEXT("step " << step) {
      BOOST_TEST(records_more(30));
      BOOST_TEST(receipts_come());
    }
  }
  BOOST_TEST(installation.stop_edge() == 0);
  check_nothing_is_lost(installation, gate);
}

BOOST_AUTO_TEST_CASE(after_2038_it_records_as_before) {
  clock.set("@2040-02-01 08:00:00");
  start();
  BOOST_TEST(records_more(20));
  BOOST_TEST(year_of(installation.kept_passages().front()) == "2040");
  BOOST_TEST(gate.accepted().size() > 0u);
  BOOST_TEST(wait_until([&] { return gate.says("expired"); }, 60s));  // the certificates
  BOOST_TEST(installation.stop_edge() == 0);
  clock.set("+0");
  check_nothing_is_lost(installation, gate);
}

BOOST_AUTO_TEST_SUITE_END()
