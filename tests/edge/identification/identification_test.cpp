// Who it is and whether he may pass: every outcome, at the first and the last day on which it holds.
#include <boost/test/unit_test.hpp>

#include "edge/identification/identification.hpp"
#include "tests/edge/site_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

CredentialRead read_of(const Credential& credential) {
  return {"north", UtcTime{}, MonotonicTime{0}, credential};
}

Admission admission(std::uint8_t last, const std::string& date, const SiteRoster& roster = example_roster()) {
  const Identified who = identify(read_of(card(last)), RosterIndex(roster), day(date));
  BOOST_REQUIRE(std::holds_alternative<Identification>(who));
  return std::get<Identification>(who).admission;
}

UnidentifiedReason reason(const CardCredential& credential, const SiteRoster& roster) {
  const Identified who = identify(read_of(credential), RosterIndex(roster), day("2023-07-31"));
  BOOST_REQUIRE(std::holds_alternative<Unidentified>(who));
  return std::get<Unidentified>(who).reason;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identification)

BOOST_AUTO_TEST_CASE(a_known_card_names_its_technician_with_the_card_as_evidence) {
  const Identified who = identify(read_of(card(1)), RosterIndex(example_roster()), day("2023-07-31"));
  const Evidence by_card{Method::card, std::nullopt, std::nullopt};
  BOOST_TEST((who == Identified(Identification{yamada, "山田 太郎", Admission::admitted, {by_card}})));
}

BOOST_AUTO_TEST_CASE(a_card_is_good_through_its_expiry_date) {
  BOOST_TEST((admission(2, "2023-07-31") == Admission::admitted));
  BOOST_TEST((admission(2, "2023-08-01") == Admission::credential_expired));
}

BOOST_AUTO_TEST_CASE(a_roster_entry_holds_from_its_first_through_its_last_day) {
  BOOST_TEST((admission(3, "2023-04-01") == Admission::admitted));
  BOOST_TEST((admission(3, "2023-07-31") == Admission::admitted));
  BOOST_TEST((admission(3, "2023-08-01") == Admission::not_on_roster));
  SiteRoster later = example_roster();
  later.technicians[2].from = day("2023-05-01");
  BOOST_TEST((admission(3, "2023-04-30", later) == Admission::not_on_roster));
}

BOOST_AUTO_TEST_CASE(a_closed_site_comes_before_every_other_reason) {
  BOOST_TEST((admission(1, "2023-03-31") == Admission::site_closed));
  BOOST_TEST((admission(1, "2023-08-31") == Admission::admitted));
  BOOST_TEST((admission(1, "2023-09-01") == Admission::site_closed));
  BOOST_TEST((admission(2, "2023-09-01") == Admission::site_closed));
  BOOST_TEST((admission(3, "2023-09-01") == Admission::site_closed));
}

BOOST_AUTO_TEST_CASE(nobody_can_be_named_and_why) {
  BOOST_TEST((reason(card(4), example_roster()) == UnidentifiedReason::unknown_credential));
  SiteRoster shared = example_roster();
  shared.technicians[1].credentials.push_back({card(1), std::nullopt});
  BOOST_TEST((reason(card(1), shared) == UnidentifiedReason::ambiguous_credential));
  BOOST_TEST((reason(card(1), SiteRoster{}) == UnidentifiedReason::no_roster));
}

BOOST_AUTO_TEST_SUITE_END()
