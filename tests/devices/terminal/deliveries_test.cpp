// A message is answered when all its reads are.
#include "devices/terminal/deliveries.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "tests/devices/terminal/ledger.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::terminal {
namespace {

using tests::Ledger;
using tests::wait_until;

std::vector<CredentialRead> reads(std::size_t count, const std::string& name) {
  std::vector<CredentialRead> list(count);
  for (std::size_t i = 0; i < count; ++i) list[i].device_event = DeviceEvent{name + std::to_string(i), false};
  return list;
}

struct Running {
  explicit Running(std::size_t in_flight_max = 4, std::size_t waiting_max = 4)
      : deliveries(std::make_unique<Deliveries>(in_flight_max, waiting_max)) {
    thread = std::jthread([this](const std::stop_token& stop) {
      deliveries->run(stop, [this](CredentialRead read) { ledger.take(std::move(read)); });
    });
  }
  // Keeps the outcomes of one message.
  Deliveries::Completion into(std::vector<ReadOutcome>& outcomes) {
    return [this, &outcomes](const std::vector<ReadOutcome>& all) {
      outcomes = all;
      ++completed;
    };
  }
  Ledger ledger;
  std::atomic<int> completed{0};
  std::unique_ptr<Deliveries> deliveries;
  std::jthread thread;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(deliveries)

BOOST_AUTO_TEST_CASE(complete_when_all_are_recorded_and_not_before) {
  Running run;
  run.ledger.set_mood(Ledger::Mood::waits);
  std::vector<ReadOutcome> outcomes;
  BOOST_TEST(run.deliveries->add(reads(10, "a"), run.into(outcomes)));
  BOOST_REQUIRE(wait_until([&] { return run.ledger.waiting() == 4; }));  // not all at once
  BOOST_TEST(run.completed == 0);
  BOOST_TEST(wait_until([&] {
    run.ledger.commit();
    return run.completed == 1;
  }));
  BOOST_TEST(outcomes.size() == 10u);
  BOOST_TEST(all_recorded(outcomes));
  BOOST_TEST(run.ledger.read_count() == 10u);
}

BOOST_AUTO_TEST_CASE(after_a_refusal_the_rest_is_not_handed_over) {
  Running run;
  run.ledger.set_mood(Ledger::Mood::refuses);
  std::vector<ReadOutcome> outcomes;
  run.deliveries->add(reads(100, "a"), run.into(outcomes));
  BOOST_REQUIRE(wait_until([&] { return run.completed == 1; }));
  BOOST_TEST(outcomes.size() == 100u);
  BOOST_TEST(!all_recorded(outcomes));
  BOOST_TEST(run.ledger.read_count() < 100u);
  run.ledger.set_mood(Ledger::Mood::records);
  run.deliveries->add(reads(100, "a"), run.into(outcomes));
  BOOST_REQUIRE(wait_until([&] { return run.completed == 2; }));
  BOOST_TEST(all_recorded(outcomes));
}

BOOST_AUTO_TEST_CASE(a_person_who_waits_goes_before_a_backlog) {
  Running run(1);
  run.ledger.set_mood(Ledger::Mood::waits);
  std::vector<ReadOutcome> backlog, person;
  run.deliveries->add(reads(3, "backlog"), run.into(backlog));
  BOOST_REQUIRE(wait_until([&] { return run.ledger.waiting() == 1; }));
  run.deliveries->add(reads(1, "person"), run.into(person), Deliveries::Urgency::person_waits);
  run.ledger.commit();
  BOOST_REQUIRE(wait_until([&] { return run.ledger.waiting() == 1; }));
  run.ledger.commit();
  BOOST_TEST(wait_until([&] { return run.completed == 1; }));
  BOOST_TEST(person.size() == 1u);
  BOOST_TEST(wait_until([&] {
    run.ledger.commit();
    return run.completed == 2;
  }));
}

BOOST_AUTO_TEST_CASE(persons_who_wait_keep_their_order) {
  Running run(1);
  run.ledger.set_mood(Ledger::Mood::waits);
  std::vector<ReadOutcome> outcomes;
  run.deliveries->add(reads(2, "backlog"), run.into(outcomes));
  BOOST_REQUIRE(wait_until([&] { return run.ledger.waiting() == 1; }));
  for (const char* name : {"first", "second", "third"})
    run.deliveries->add(reads(1, name), run.into(outcomes), Deliveries::Urgency::person_waits);
  BOOST_TEST(wait_until([&] {
    run.ledger.commit();
    return run.completed == 4;
  }));
  std::vector<std::string> order;
  for (const auto& read : run.ledger.reads()) order.push_back(read.device_event->key);
  BOOST_TEST((order == std::vector<std::string>{"backlog0", "first0", "second0", "third0", "backlog1"}));
}

BOOST_AUTO_TEST_CASE(messages_beyond_the_limit_are_refused) {
  Running run(1, 2);
  run.ledger.set_mood(Ledger::Mood::waits);
  std::vector<ReadOutcome> outcomes;
  BOOST_TEST(run.deliveries->add(reads(2, "a"), run.into(outcomes)));
  BOOST_TEST(run.deliveries->add(reads(2, "b"), run.into(outcomes)));
  BOOST_TEST(!run.deliveries->add(reads(2, "c"), run.into(outcomes)));
  BOOST_TEST(run.deliveries->add({}, run.into(outcomes)));  // nothing to wait for
  BOOST_TEST(run.completed == 1);
}

BOOST_AUTO_TEST_CASE(the_end_drops_what_is_not_complete_and_late_answers_do_no_harm) {
  Running run(1);
  run.ledger.set_mood(Ledger::Mood::waits);
  auto kept = std::make_shared<int>(1);
  run.deliveries->add(reads(2, "a"), [&run, kept](const auto&) { ++run.completed; });
  BOOST_REQUIRE(wait_until([&] { return run.ledger.waiting() == 1; }));
  run.thread = {};
  run.deliveries.reset();
  run.ledger.commit();
  BOOST_TEST(run.completed == 0);
  BOOST_TEST(kept.use_count() == 1);  // the completion is gone, and with it what it held
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::terminal
