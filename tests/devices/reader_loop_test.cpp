// The reader loop: run, on failure back off and run again, stop at once. Time is the test's own.
#include "devices/reader_loop.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <future>

namespace sitegate::devices {
namespace {

constexpr std::chrono::seconds patience{30};

CredentialRead some_read(UtcTime at) {
  return CredentialRead{"gate", at, MonotonicTime{1},
                        CardCredential{CardTechnology::felica, {1, 2, 3, 4, 5, 6, 7, 8}}};
}

// What one run() of the device does.
struct Turn {
  int reads = 0;
  bool fails = true;
  std::chrono::milliseconds lasts{0};
};

// A device whose runs are laid down in advance; after the last it works until stopped.
class ScriptedReader final : public Reader {
 public:
  ScriptedReader(std::deque<Turn> turns, ManualClock& clock) : turns_(std::move(turns)), clock_(clock) {}

  Result<void> run(std::stop_token stop, const ReadSink& sink) override {
    if (turns_.empty()) {
      waiter_.wait(patience, stop);
      return success();
    }
    const Turn turn = turns_.front();
    turns_.pop_front();
    for (int i = 0; i < turn.reads; ++i) sink(some_read(clock_.now()));
    clock_.advance(turn.lasts);
    if (turn.fails) return fail(ReaderErrc::device_failed, "unplugged");
    return success();
  }
  [[nodiscard]] std::string state() const override { return "scripted"; }
  [[nodiscard]] std::uint64_t failed_reads() const override { return 7; }

 private:
  std::deque<Turn> turns_;
  ManualClock& clock_;
  SystemWaiter waiter_;
};

// Does not wait; notes how long it was asked to, and tells when it was asked `wanted` times.
class NotingWaiter final : public Waiter {
 public:
  explicit NotingWaiter(std::size_t wanted) : wanted_(wanted) {}
  void wait(std::chrono::milliseconds how_long, std::stop_token) override {
    waits_.push_back(how_long);
    if (waits_.size() == wanted_) reached_.set_value();
  }
  /// The waits, once there are as many as wanted.
  std::vector<std::chrono::milliseconds> waits() {
    BOOST_REQUIRE(reached_.get_future().wait_for(patience) == std::future_status::ready);
    return waits_;
  }

 private:
  const std::size_t wanted_;
  std::vector<std::chrono::milliseconds> waits_;  // of the loop's thread, until reached_
  std::promise<void> reached_;
};

struct World {
  ManualClock clock{UtcTime{std::chrono::milliseconds{1'690'000'000'000}}};
  std::unique_ptr<Reader> reader(std::deque<Turn> turns) {
    return std::make_unique<ScriptedReader>(std::move(turns), clock);
  }
};

constexpr auto ignore = [](CredentialRead) {};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reader_loop, World)

BOOST_AUTO_TEST_CASE(waits_grow_and_have_a_limit) {
  NotingWaiter waiter(40);
  const ReaderLoop loop("gate", reader(std::deque<Turn>(40)), ignore, clock, waiter, 42);
  const auto waits = waiter.waits();
  for (std::size_t i = 0; i < waits.size(); ++i) {
    const auto ceiling = std::min<std::int64_t>(200LL << std::min<std::size_t>(i, 20), 30'000);
    BOOST_TEST((waits[i].count() >= 1 && waits[i].count() <= ceiling),
               "wait " << i << " was " << waits[i].count());
  }
  BOOST_TEST((*std::max_element(waits.begin(), waits.end()) > std::chrono::seconds(10)));
}

BOOST_AUTO_TEST_CASE(a_read_starts_the_waits_again) {
  std::deque<Turn> turns(20);
  turns.push_back(Turn{.reads = 1});
  NotingWaiter waiter(21);
  const ReaderLoop loop("gate", reader(turns), ignore, clock, waiter, 42);
  BOOST_TEST((waiter.waits().back() <= std::chrono::milliseconds(200)));
}

BOOST_AUTO_TEST_CASE(a_long_run_starts_the_waits_again) {
  std::deque<Turn> turns(20);
  turns.push_back(Turn{.lasts = std::chrono::seconds(31)});
  NotingWaiter waiter(21);
  const ReaderLoop loop("gate", reader(turns), ignore, clock, waiter, 42);
  BOOST_TEST((waiter.waits().back() <= std::chrono::milliseconds(200)));
}

BOOST_AUTO_TEST_CASE(health_counts) {
  NotingWaiter waiter(2);
  std::atomic<int> handed_over{0};
  const ReaderLoop loop(
      "north", reader({Turn{.reads = 3}, Turn{}}), [&](CredentialRead) { ++handed_over; }, clock, waiter, 1);
  waiter.waits();
  const auto health = loop.health();
  BOOST_TEST(health.id == "north");
  BOOST_TEST(health.reads == 3u);
  BOOST_TEST(handed_over == 3);
  BOOST_TEST(health.failures == 2u);
  BOOST_TEST(health.failed_reads == 7u);
  BOOST_TEST((health.last_read == clock.now()));
  BOOST_TEST(health.state == "scripted");
  BOOST_TEST(health.last_error == fail(ReaderErrc::device_failed, "unplugged").text());
}

BOOST_AUTO_TEST_CASE(a_source_that_has_ended_is_not_started_again) {
  NotingWaiter waiter(1);
  std::promise<void> read;
  auto last = reader({Turn{.reads = 1, .fails = false}, Turn{.reads = 1}});
  {
    const ReaderLoop loop(
        "gate", std::move(last), [&](CredentialRead) { read.set_value(); }, clock, waiter, 1);
    BOOST_REQUIRE(read.get_future().wait_for(patience) == std::future_status::ready);
  }  // a second read would have set the promise twice: that throws
}

BOOST_AUTO_TEST_CASE(stop_ends_a_wait) {
  SystemWaiter waiter;
  const auto started = std::chrono::steady_clock::now();
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    ReaderLoop loop("gate", reader(std::deque<Turn>(1'000'000)), ignore, clock, waiter, seed);
    loop.stop();
  }
  BOOST_TEST((std::chrono::steady_clock::now() - started < patience));
}

BOOST_AUTO_TEST_CASE(stop_ends_a_run) {
  SystemWaiter waiter;
  const auto started = std::chrono::steady_clock::now();
  { const ReaderLoop loop("gate", reader({}), ignore, clock, waiter, 1); }
  BOOST_TEST((std::chrono::steady_clock::now() - started < patience));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices
