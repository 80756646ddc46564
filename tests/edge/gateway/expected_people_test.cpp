// Whom a card names, the readers of faces expect; for a few seconds, at that gate, and never because of a
// face.
#include "edge/gateway/expected_people.hpp"

#include "tests/edge/gateway/gate_fixture.hpp"

namespace sitegate::edge::testing {
namespace {

using namespace std::chrono_literals;

struct ExpectingGate : GateFixture {
  ExpectingGate() { gate->tell(&expected); }
  [[nodiscard]] std::optional<TechnicianId> at(const std::string& name) const {
    return expected.at(name, clock.monotonic());
  }
  ExpectedPeople expected{10s};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(expected_people, ExpectingGate)

BOOST_AUTO_TEST_CASE(a_card_names_whom_the_face_should_be) {
  BOOST_TEST(!at("1"));
  const auto outcome = give(read(card(1)));
  BOOST_TEST(outcome.accepted);
  BOOST_TEST((at("1") == yamada));
  BOOST_TEST(!at("2"));
  clock.advance(9s);
  BOOST_TEST((at("1") == yamada));
  clock.advance(1s);
  BOOST_TEST(!at("1"));
  give(read(card(1)));  // a repeat: he shows it again because he stands there
  BOOST_TEST((at("1") == yamada));
}

BOOST_AUTO_TEST_CASE(faces_strangers_and_late_events_name_nobody) {
  give(face(sato));
  BOOST_TEST(!at("1"));
  give(read(CardCredential{CardTechnology::felica, {9, 9, 9, 9, 9, 9, 9, 9}}));
  BOOST_TEST(!at("1"));
  give(read(card(1), "logger/1", true));
  BOOST_TEST(!at("1"));
}

BOOST_AUTO_TEST_CASE(the_last_one_counts) {
  give(read(card(1)));
  clock.advance(2s);
  give(read(card(2)));
  BOOST_TEST((at("1") == sato));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::edge::testing
