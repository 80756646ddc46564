// Those who may not pass: recorded with the true reason; whether the gate opens is the site's setting.
#include "tests/edge/passage/passage_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

BOOST_FIXTURE_TEST_SUITE(passage_refused, GateFixture)

BOOST_AUTO_TEST_CASE(an_unknown_card_is_recorded_as_it_was_read) {
  const Passage passage = pass(8);
  BOOST_TEST((passage.admission == Admission::unknown_credential));
  BOOST_TEST((std::get<Credential>(passage.person) == Credential(card(8))));
  BOOST_TEST(!passage.gate_opened);
}

BOOST_AUTO_TEST_CASE(each_reason_has_its_setting) {
  SiteSettings settings;
  BOOST_TEST(gate_opens(Admission::admitted, settings));
  BOOST_TEST(!gate_opens(Admission::unknown_credential, settings));
  BOOST_TEST(!gate_opens(Admission::not_on_roster, settings));
  BOOST_TEST(gate_opens(Admission::credential_expired, settings));
  BOOST_TEST(!gate_opens(Admission::site_closed, settings));
  settings = {540, 240, 16, true, true, false, true};
  BOOST_TEST(gate_opens(Admission::unknown_credential, settings));
  BOOST_TEST(gate_opens(Admission::not_on_roster, settings));
  BOOST_TEST(!gate_opens(Admission::credential_expired, settings));
  BOOST_TEST(gate_opens(Admission::site_closed, settings));
}

BOOST_AUTO_TEST_CASE(refused_with_the_gate_shut_toggles_nothing) {
  for (int i = 0; i < 3; ++i) {
    const Passage passage = pass(8);
    BOOST_TEST((passage.direction == Direction::entry));
    clock.advance(minutes(5));
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_card_at_an_open_gate_comes_and_goes) {
  roster.settings.open_for_unknown_credential = true;
  BOOST_TEST(pass(8).gate_opened);
  clock.advance(hours(9));
  const Passage exit = pass(8);
  BOOST_TEST((exit.direction == Direction::exit));
  BOOST_TEST((exit.admission == Admission::unknown_credential));
  BOOST_TEST((pass(9).direction == Direction::entry));  // another unknown card is another person
}

BOOST_AUTO_TEST_CASE(an_expired_card_lets_its_holder_in_and_out) {
  at("2023-08-01T08:00");
  const Passage entry = pass(2);
  BOOST_TEST((entry.admission == Admission::credential_expired));
  BOOST_TEST(entry.gate_opened);
  at("2023-08-01T17:00");
  BOOST_TEST((pass(2).direction == Direction::exit));
}

BOOST_AUTO_TEST_CASE(ended_roster_entries_and_closed_sites_are_refused) {
  at("2023-08-01T08:00");
  const Passage ended = pass(3);
  BOOST_TEST((ended.admission == Admission::not_on_roster));
  BOOST_TEST((std::get<TechnicianId>(ended.person) == suzuki));
  BOOST_TEST(!ended.gate_opened);
  at("2023-09-01T08:00");
  const Passage closed = pass(1);
  BOOST_TEST((closed.admission == Admission::site_closed));
  BOOST_TEST(!closed.gate_opened);
}

BOOST_AUTO_TEST_CASE(the_refused_are_debounced_too) {
  pass(8);
  clock.advance(seconds(20));
  const auto repeat = ask(8);
  BOOST_REQUIRE(std::holds_alternative<Repeat>(repeat));
  BOOST_TEST(!std::get<Repeat>(repeat).gate_opened);
  BOOST_TEST((std::get<Repeat>(repeat).admission == Admission::unknown_credential));
}

BOOST_AUTO_TEST_CASE(whoever_is_put_on_the_roster_a_moment_later_is_admitted_at_once) {
  at("2023-08-01T08:00");
  pass(3);
  clock.advance(seconds(20));
  roster.technicians[2].until = day("2023-08-31");
  const Passage admitted = pass(3);
  BOOST_TEST((admitted.admission == Admission::admitted));
  BOOST_TEST((admitted.direction == Direction::entry));
}

BOOST_AUTO_TEST_SUITE_END()
