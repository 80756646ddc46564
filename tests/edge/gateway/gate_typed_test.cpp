// What a clerk typed at the gate: on the disk once, told after the commit, and nobody's presence is touched.
#include <algorithm>

#include "edge/gateway/kept_passages.hpp"
#include "edge/muster/muster.hpp"
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
    watch_for_muster();
    BOOST_REQUIRE(gate->recall(key.public_key()));
  }
  void watch_for_muster() {
    muster = MusterBook();
    gate->watch([this](const Passage& passage) { muster.remember(passage); });
  }
  /// Who would be looked for now: the ID, and whether a clerk typed it.
  [[nodiscard]] std::vector<std::pair<std::string, bool>> inside() const {
    const Moment now{clock.now(), clock.monotonic(), clock.boot_id(), clock.state()};
    const GatewayId north = *GatewayId::parse("north");
    const GatewayMuster own{site, north, now.wall, muster.people(now, north, *roster->current())};
    std::vector<std::pair<std::string, bool>> people;
    for (const auto& one : join(own, {}, {}, "").inside) people.emplace_back(one.key, one.typed);
    std::ranges::sort(people);
    return people;
  }
  TypedRecord correcting(Sequence sequence, const std::string& direction, const std::string& time) {
    TypedRecord record = typed(direction, time);
    record.passage.typed->corrects = sequence;
    return record;
  }
  MusterBook muster;
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

BOOST_AUTO_TEST_CASE(who_was_typed_in_or_out_is_on_the_muster_list_or_off_it_and_a_restart_changes_nothing) {
  using People = std::vector<std::pair<std::string, bool>>;
  watch_for_muster();
  tap();
  clock.advance(std::chrono::minutes(20));
  BOOST_TEST((inside() == People{{yamada.text(), false}}));
  gate->on_typed(typed("exit", "08:00"));
  gate->on_typed(typed("entry", "08:05", sato));
  BOOST_TEST((inside() == People{{sato.text(), true}}));
  start_again();
  BOOST_TEST((inside() == People{{sato.text(), true}}));
  BOOST_TEST((tap() == Direction::exit));  // at the gate nobody was moved
  BOOST_TEST(gate->counts().accepted == 1u);
}

BOOST_AUTO_TEST_CASE(a_typed_correction_puts_the_muster_list_right_and_a_restart_changes_nothing) {
  using People = std::vector<std::pair<std::string, bool>>;
  watch_for_muster();
  tap();
  clock.advance(std::chrono::minutes(10));
  BOOST_TEST((tap() == Direction::exit));  // by mistake
  BOOST_TEST(inside().empty());
  clock.advance(std::chrono::minutes(5));
  gate->on_typed(correcting(2, "entry", "07:55"));
  BOOST_TEST((inside() == People{{yamada.text(), true}}));
  start_again();
  BOOST_TEST((inside() == People{{yamada.text(), true}}));
  gate->on_typed(correcting(3, "exit", "07:54"));
  BOOST_TEST(inside().empty());
  start_again();
  BOOST_TEST(inside().empty());
}

BOOST_AUTO_TEST_CASE(typed_in_any_order_the_newest_time_tells_where_somebody_is) {
  watch_for_muster();
  clock.advance(std::chrono::minutes(60));
  gate->on_typed(typed("exit", "08:40"));
  gate->on_typed(typed("entry", "08:05"));
  BOOST_TEST(inside().empty());
  start_again();
  BOOST_TEST(inside().empty());
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
