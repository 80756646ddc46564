// Who is on the list: the newest passage through an open gate decides, and nobody is hidden by doubt.
#include <chrono>

#include "tests/edge/muster/muster_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

struct BookFixture {
  void pass(std::variant<TechnicianId, Credential> who, Direction direction) {
    book.remember(passage(std::move(who), direction, clock));
  }
  /// Reported late, under no boot of this gateway.
  Passage late(TechnicianId who, Direction direction, UtcTime time) {
    Passage one = passage(who, direction, clock);
    one.event_time = time;
    one.boot_id = BootId{};
    one.monotonic = MonotonicTime{0};
    return one;
  }
  [[nodiscard]] GatewayMuster own() const {
    const Moment now{clock.now(), clock.monotonic(), clock.boot_id(), clock.state()};
    return {site, north, now.wall, book.people(now, north, roster)};
  }
  [[nodiscard]] SiteMuster list(const std::vector<PeerMuster>& peers = {}) const {
    return join(own(), peers, rules, "");
  }

  ManualClock clock{japan("2023-07-31T07:50")};
  RosterIndex roster{example_roster()};
  MusterBook book{days(30)};
  MusterRules rules{hours(20), days(30), minutes(540)};
};

PeerMuster peer(std::vector<MusterPerson> people, bool answers = true) {
  PeerMuster one;
  one.source = {.address = "http://south", .gateway = south, .as_of = UtcTime{}, .answers = answers};
  one.muster = {site, south, UtcTime{}, std::move(people)};
  return one;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(muster_of_a_gateway, BookFixture)

BOOST_AUTO_TEST_CASE(who_entered_is_inside_until_he_leaves) {
  pass(yamada, Direction::entry);
  pass(sato, Direction::entry);
  clock.advance(hours(4));
  pass(yamada, Direction::exit);
  const auto muster = list();
  BOOST_REQUIRE(muster.inside.size() == 1u);
  BOOST_TEST(muster.inside[0].key == sato.text());
  BOOST_TEST(muster.inside[0].name == "佐藤 花子");
  BOOST_TEST((muster.inside[0].since == japan("2023-07-31T07:50")));
  BOOST_TEST(muster.inside[0].time_sure);
}

BOOST_AUTO_TEST_CASE(a_gate_that_stayed_shut_moves_nobody) {
  Passage refused = passage(yamada, Direction::entry, clock);
  refused.gate_opened = false;
  book.remember(refused);
  BOOST_TEST(list().inside.empty());
  pass(yamada, Direction::entry);
  refused.direction = Direction::exit;
  book.remember(refused);
  BOOST_TEST(list().inside.size() == 1u);
}

BOOST_AUTO_TEST_CASE(unidentified_people_who_were_let_in_are_counted_each_and_leave_by_the_same_card) {
  pass(Credential(card(8)), Direction::entry);
  pass(Credential(card(9)), Direction::entry);
  BOOST_TEST(list().inside.size() == 2u);
  pass(Credential(card(9)), Direction::exit);
  const auto muster = list();
  BOOST_REQUIRE(muster.inside.size() == 1u);
  BOOST_TEST(muster.inside[0].key.starts_with("unidentified-"));
  BOOST_TEST(muster.inside[0].credential == masked_text(card(8)));
  BOOST_TEST(muster.inside[0].name.empty());
}

BOOST_AUTO_TEST_CASE(an_old_entry_is_listed_apart_and_never_left_out) {
  pass(yamada, Direction::entry);
  clock.advance(hours(20));
  BOOST_TEST(list().long_ago.empty());
  clock.advance(minutes(1));
  BOOST_TEST(list().inside.empty());
  BOOST_TEST((keys(list().long_ago) == std::vector{yamada.text()}));
  clock.advance(days(29));
  BOOST_TEST(list().long_ago.size() == 1u);
  clock.advance(days(1));
  BOOST_TEST(list().long_ago.empty());
}

BOOST_AUTO_TEST_CASE(a_clock_that_jumps_ahead_hides_nobody) {
  pass(yamada, Direction::entry);
  clock.reboot();
  clock.set_state(ClockState::unsynchronised);
  clock.step_to(japan("2033-01-01T00:00"));
  for (int i = 0; i < 300; ++i)
    pass(*TechnicianId::from_number(1'000u + static_cast<unsigned>(i)), Direction::exit);
  BOOST_TEST((keys(list().long_ago) == std::vector{yamada.text()}));
}

BOOST_AUTO_TEST_CASE(a_step_within_one_boot_does_not_change_how_long_somebody_is_inside) {
  clock.set_state(ClockState::unsynchronised);
  clock.step_to(japan("2020-01-01T00:00"));
  pass(yamada, Direction::entry);
  clock.advance(minutes(10));
  clock.step_to(japan("2023-07-31T08:00"));
  clock.set_state(ClockState::synchronised);
  const auto muster = list();
  BOOST_REQUIRE(muster.inside.size() == 1u);
  BOOST_TEST((muster.inside[0].since == japan("2023-07-31T07:50")));
  BOOST_TEST(muster.inside[0].time_sure);
}

BOOST_AUTO_TEST_CASE(times_of_a_clock_that_was_not_right_are_marked) {
  clock.set_state(ClockState::unsynchronised);
  pass(yamada, Direction::entry);
  clock.reboot();
  BOOST_TEST(!list().inside.at(0).time_sure);
}

BOOST_AUTO_TEST_CASE(what_is_reported_late_counts_only_if_it_is_newer) {
  pass(yamada, Direction::entry);
  book.remember(late(yamada, Direction::exit, clock.now() - hours(1)));
  BOOST_TEST(list().inside.size() == 1u);
  clock.advance(hours(2));
  book.remember(late(yamada, Direction::exit, clock.now() - hours(1)));
  BOOST_TEST(list().inside.empty());
}

BOOST_AUTO_TEST_CASE(a_typed_correction_of_the_last_passage_counts_though_its_time_is_earlier) {
  Passage mistaken = passage(yamada, Direction::exit, clock);
  mistaken.sequence = 7;
  book.remember(mistaken);
  Passage correction = late(yamada, Direction::entry, clock.now() - minutes(5));
  correction.typed = TypedEntry{"clerk", "tapped at the wrong reader", clock.now(), 6};
  book.remember(correction);
  BOOST_TEST(list().inside.empty());
  correction.typed->corrects = 7;
  book.remember(correction);
  BOOST_REQUIRE(list().inside.size() == 1u);
  BOOST_TEST(list().inside[0].typed);
}

BOOST_AUTO_TEST_CASE(the_oldest_are_forgotten_in_the_end) {
  pass(yamada, Direction::entry);
  clock.advance(days(31));
  for (int i = 0; i < 600; ++i)
    pass(*TechnicianId::from_number(1'000u + static_cast<unsigned>(i)), Direction::exit);
  BOOST_TEST(book.size() == 600u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(muster_of_a_site, BookFixture)

BOOST_AUTO_TEST_CASE(in_at_one_gateway_and_out_at_another_is_out) {
  pass(yamada, Direction::entry);
  clock.advance(hours(1));
  const auto left = [&](UtcTime time) {
    return list({peer({person(yamada, "", Direction::exit, time, south)})}).inside.empty();
  };
  BOOST_TEST(left(clock.now()));
  BOOST_TEST(!left(clock.now() - hours(2)));
}

BOOST_AUTO_TEST_CASE(who_entered_elsewhere_is_on_the_list_with_the_name_that_anyone_knows) {
  pass(yamada, Direction::exit);
  clock.advance(hours(1));
  const auto muster = list({peer({person(yamada, "", Direction::entry, clock.now(), south),
                                  person(suzuki, "鈴木", Direction::entry, clock.now(), south)})});
  BOOST_TEST((keys(muster.inside) == std::vector{yamada.text(), suzuki.text()}));
  BOOST_TEST(muster.inside[0].name == "山田 太郎");
  BOOST_TEST((muster.inside[0].gateway == south));
}

BOOST_AUTO_TEST_CASE(of_two_passages_at_the_same_time_the_entry_counts) {
  pass(yamada, Direction::entry);
  BOOST_TEST(list({peer({person(yamada, "", Direction::exit, clock.now(), south)})}).inside.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_gateway_that_does_not_answer_is_named_and_its_people_stay) {
  const auto muster = list({peer({person(sato, "", Direction::entry, clock.now(), south)}, false)});
  BOOST_TEST(muster.inside.size() == 1u);
  BOOST_REQUIRE(muster.sources.size() == 2u);
  BOOST_TEST((muster.sources[0].gateway == north));
  BOOST_TEST(!muster.sources[1].answers);
}

BOOST_AUTO_TEST_CASE(people_of_one_company_stand_together_those_without_one_last) {
  SiteRoster told = example_roster();
  const auto first = *CompanyId::from_number(5);
  const auto second = *CompanyId::from_number(4);
  told.technicians[0].company = second;
  told.technicians[1].company = first;
  told.companies = {{second, "B組"}, {first, "A組"}};
  const RosterIndex index(told);
  pass(yamada, Direction::entry);
  pass(suzuki, Direction::entry);
  pass(sato, Direction::entry);
  const Moment now{clock.now(), clock.monotonic(), clock.boot_id(), clock.state()};
  auto elsewhere = person(yamada, "", Direction::entry, clock.now() + minutes(1), south);
  const auto muster =
      join({site, north, now.wall, book.people(now, north, index)}, {peer({elsewhere})}, rules, "");
  BOOST_TEST((keys(muster.inside) == std::vector{sato.text(), yamada.text(), suzuki.text()}));
  BOOST_TEST(muster.inside[0].company == "A組");
  BOOST_TEST(muster.inside[0].company_id == first.text());
  BOOST_TEST(muster.inside[1].company == "B組");  // known here, though he came in elsewhere
  BOOST_TEST((muster.inside[1].gateway == south));
  BOOST_TEST(muster.inside[2].company_id.empty());
}

BOOST_AUTO_TEST_CASE(sorted_by_name_those_without_one_last) {
  pass(suzuki, Direction::entry);
  pass(Credential(card(9)), Direction::entry);
  pass(yamada, Direction::entry);
  pass(sato, Direction::entry);
  const auto muster = list();
  BOOST_REQUIRE(muster.inside.size() == 4u);
  BOOST_TEST(muster.inside[0].name == "佐藤 花子");
  BOOST_TEST(muster.inside[1].name == "山田 太郎");
  BOOST_TEST(muster.inside[2].key == suzuki.text());
}

BOOST_AUTO_TEST_SUITE_END()
