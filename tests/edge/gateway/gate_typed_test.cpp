// What a clerk typed at the gate: on the disk once, told after the commit, and nobody's presence is touched.
#include "edge/gateway/kept_passages.hpp"
#include "tests/edge/gateway/gate_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct TypedFixture : GateFixture {
  TypedRecord typed(const std::string& direction, const std::string& time, TechnicianId who = yamada) {
    const TypedRequest request{.technician = who.text(),
                               .direction = direction,
                               .date = "2023-07-31",
                               .time = time,
                               .gate = "1",
                               .reason = "forgot the card",
                               .by = "田中"};
    const auto current = roster->current();
    const auto made =
        typed_record(request, {*current, rules, clock.now(), outbox->state().next_sequence - 1});
    BOOST_REQUIRE(std::holds_alternative<TypedRecord>(made));
    return std::get<TypedRecord>(made);
  }
  Direction tap() {
    return gate->on_read(read(card(1)), {"north", "1", devices::DirectionRule::toggle}).direction;
  }
  /// As after a restart of the program.
  void start_again() {
    gate.emplace(*outbox, *roster, display, clock, std::chrono::seconds(60));
    BOOST_REQUIRE(gate->recall(key.public_key()));
  }
  const crypto::SigningKey key = crypto::SigningKey::from_seed({7});
  TypedRules rules{std::chrono::days(7), {"1"}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gate_typed, TypedFixture)

BOOST_AUTO_TEST_CASE(a_typed_passage_is_on_the_disk_when_it_is_answered) {
  const TypedOutcome outcome = gate->on_typed(typed("entry", "07:30"));
  BOOST_TEST((outcome.sequence == 1u));
  BOOST_TEST(!outcome.repeat);
  BOOST_REQUIRE(passages().size() == 1u);
  const Passage kept = passages().front();
  BOOST_TEST(kept.typed->by == "田中");
  BOOST_TEST((kept.event_time == japan("2023-07-31T07:30")));
  BOOST_TEST(gate->counts().typed == 1u);
  BOOST_TEST(gate->counts().reads == 0u);
  BOOST_TEST(display.shown.empty());
}

BOOST_AUTO_TEST_CASE(the_same_typed_again_is_recorded_once_also_after_a_restart) {
  gate->on_typed(typed("entry", "07:30"));
  const TypedOutcome again = gate->on_typed(typed("entry", "07:30"));
  BOOST_TEST(again.repeat);
  BOOST_TEST((again.sequence == 1u));
  start_again();
  BOOST_TEST(gate->on_typed(typed("entry", "07:30")).repeat);
  BOOST_TEST(!gate->on_typed(typed("entry", "07:31")).repeat);
  BOOST_TEST(passages().size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_typed_moves_nobody) {
  BOOST_TEST((tap() == Direction::entry));
  clock.advance(std::chrono::minutes(10));
  gate->on_typed(typed("exit", "07:59"));
  gate->on_typed(typed("entry", "08:00", sato));
  clock.advance(std::chrono::minutes(10));
  BOOST_TEST((tap() == Direction::exit));
  BOOST_TEST((gate->on_read(read(card(2)), {"north", "1", devices::DirectionRule::toggle}).direction ==
              Direction::entry));
}

BOOST_AUTO_TEST_CASE(what_is_typed_moves_nobody_after_a_restart_either) {
  tap();
  clock.advance(std::chrono::minutes(10));
  gate->on_typed(typed("exit", "07:59"));
  start_again();
  clock.advance(std::chrono::minutes(10));
  BOOST_TEST((tap() == Direction::exit));
}

BOOST_AUTO_TEST_CASE(whoever_watches_the_gate_is_told_of_what_was_typed) {
  std::vector<Passage> told;
  gate->watch([&](const Passage& passage) { told.push_back(passage); });
  tap();
  gate->on_typed(typed("exit", "07:40"));
  gate->on_typed(typed("exit", "07:40"));
  BOOST_REQUIRE(told.size() == 2u);
  BOOST_TEST(told[1].sequence == 2u);
  BOOST_TEST(told[1].typed.has_value());
}

BOOST_AUTO_TEST_CASE(a_tap_right_after_is_no_repeat_of_it) {
  gate->on_typed(typed("entry", "07:50"));
  BOOST_TEST(!gate->on_read(read(card(1)), {"north", "1", devices::DirectionRule::entry}).repeat);
  BOOST_TEST(passages().size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_kept_is_said_to_be_not_recorded) {
  TypedRecord large = typed("entry", "07:30");
  large.passage.typed->reason = std::string(outbox_entry_size_max, 'x');
  const TypedOutcome outcome = gate->on_typed(large);
  BOOST_TEST(!outcome.sequence.has_value());
  BOOST_TEST(outcome.problem == "storage_failed");
  BOOST_TEST(passages().empty());
  BOOST_TEST(gate->counts().typed == 0u);
}

BOOST_AUTO_TEST_CASE(kept_passages_are_those_of_a_day_with_their_numbers) {
  tap();
  gate->on_typed(typed("entry", "07:30", sato));
  gate->on_typed(typed("exit", "03:00", suzuki));
  const auto numbers = [&](const std::string& date, Sequence count_max) {
    std::vector<Sequence> all;
    for (const auto& passage : kept_passages(*outbox, key.public_key(), day(date), count_max))
      all.push_back(passage.sequence);
    return all;
  };
  BOOST_TEST((numbers("2023-07-31", 100) == std::vector<Sequence>{1, 2}));
  BOOST_TEST((numbers("2023-07-30", 100) == std::vector<Sequence>{3}));
  BOOST_TEST((numbers("2023-07-31", 2) == std::vector<Sequence>{2}));
  BOOST_TEST(numbers("2023-07-29", 100).empty());
}

BOOST_AUTO_TEST_SUITE_END()
