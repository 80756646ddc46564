// What a decision means for the person.
#include <boost/test/unit_test.hpp>

#include "edge/kiosk/outcome.hpp"
#include "tests/edge/site_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

NewPassage decision_of(std::uint8_t card_number, const std::string& date,
                       const SiteRoster& roster = example_roster()) {
  const ManualClock clock(japan(date + "T08:00"));
  const RosterIndex index(roster);
  const PassageMaker maker(clock);
  const CredentialRead read{"north", clock.now(), clock.monotonic(), card(card_number)};
  return std::get<NewPassage>(maker.decide(read, {"north", "1", devices::DirectionRule::entry}, index));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outcome)

BOOST_AUTO_TEST_CASE(admitted_and_recorded) {
  const PassageOutcome outcome = outcome_of_recorded(decision_of(1, "2023-07-31"), 17);
  BOOST_TEST((outcome ==
              PassageOutcome{true, OutcomeReason::admitted, Direction::entry, "山田 太郎", true, false, 17}));
  BOOST_TEST((sign_of(outcome) == Sign::ok));
}

BOOST_AUTO_TEST_CASE(refused_people_learn_the_true_reason) {
  const auto reason = [](std::uint8_t number, const std::string& date,
                         const SiteRoster& roster = example_roster()) {
    const PassageOutcome outcome = outcome_of_recorded(decision_of(number, date, roster), 1);
    BOOST_TEST(!outcome.accepted);
    BOOST_TEST(outcome.sequence.has_value());
    return outcome.reason;
  };
  BOOST_TEST((reason(2, "2023-08-01") == OutcomeReason::credential_expired));
  BOOST_TEST((reason(3, "2023-08-01") == OutcomeReason::not_on_roster));
  BOOST_TEST((reason(1, "2023-09-01") == OutcomeReason::site_closed));
  BOOST_TEST((reason(8, "2023-07-31") == OutcomeReason::unknown_credential));
  BOOST_TEST((reason(1, "2023-07-31", SiteRoster{}) == OutcomeReason::no_roster));
  SiteRoster shared = example_roster();
  shared.technicians[1].credentials.push_back({card(1), std::nullopt});
  BOOST_TEST((reason(1, "2023-07-31", shared) == OutcomeReason::ambiguous_credential));
}

BOOST_AUTO_TEST_CASE(let_through_but_not_in_order_asks_for_attention) {
  const PassageOutcome expired = outcome_of_recorded(decision_of(2, "2023-08-01"), 1);
  BOOST_TEST(expired.gate_opened);
  BOOST_TEST((sign_of(expired) == Sign::attention));
  BOOST_TEST((sign_of(outcome_of_recorded(decision_of(3, "2023-08-01"), 1)) == Sign::stop));
}

BOOST_AUTO_TEST_CASE(what_was_not_recorded_is_never_accepted) {
  for (const OutcomeReason why : {OutcomeReason::storage_full, OutcomeReason::storage_failed}) {
    const PassageOutcome outcome = outcome_of_not_recorded(decision_of(1, "2023-07-31"), why);
    BOOST_TEST(!outcome.accepted);
    BOOST_TEST(!outcome.gate_opened);
    BOOST_TEST(!outcome.sequence);
    BOOST_TEST((outcome.reason == why));
    BOOST_TEST((sign_of(outcome) == Sign::stop));
  }
}

BOOST_AUTO_TEST_CASE(without_a_name_the_id_stands_and_without_a_person_the_masked_card) {
  BOOST_TEST(outcome_of_recorded(decision_of(3, "2023-07-31"), 1).person == suzuki.text());
  BOOST_TEST(outcome_of_recorded(decision_of(8, "2023-07-31"), 1).person == masked_text(card(8)));
}

BOOST_AUTO_TEST_CASE(a_repeat_gets_the_first_answer_again) {
  const NewPassage first = decision_of(1, "2023-07-31");
  const Repeat repeat{Direction::entry, Admission::admitted, true, std::chrono::milliseconds(900), first.who};
  const PassageOutcome outcome = outcome_of_repeat(repeat, card(1));
  BOOST_TEST(outcome.accepted);
  BOOST_TEST(outcome.repeat);
  BOOST_TEST(!outcome.sequence);
  BOOST_TEST((sign_of(outcome) == Sign::ok));
}

BOOST_AUTO_TEST_SUITE_END()
