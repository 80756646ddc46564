// The lines on the console: one for each outcome, in both languages, saying what to do.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <sstream>

#include "edge/kiosk/console_display.hpp"

using namespace sitegate;
using namespace sitegate::edge;

namespace {

PassageOutcome accepted() {
  return {true, OutcomeReason::admitted, Direction::entry, "山田 太郎", true, false, 17};
}
PassageOutcome refused(OutcomeReason reason) {
  return {false, reason, Direction::exit, "card felica …0508", false, false, std::nullopt};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(console_display)

BOOST_AUTO_TEST_CASE(an_accepted_person_reads_a_green_line) {
  BOOST_TEST(line_of(accepted(), Language::english) == "[OK] entry  山田 太郎  recorded #17");
  BOOST_TEST(line_of(accepted(), Language::japanese) == "[OK] 入場  山田 太郎  記録しました #17");
}

BOOST_AUTO_TEST_CASE(a_repeat_says_that_it_is_known) {
  PassageOutcome outcome = accepted();
  outcome.repeat = true;
  outcome.sequence.reset();
  BOOST_TEST(line_of(outcome, Language::english) == "[OK] entry  山田 太郎  already recorded a moment ago");
}

BOOST_AUTO_TEST_CASE(a_refused_person_reads_what_to_do) {
  BOOST_TEST(
      line_of(refused(OutcomeReason::not_on_roster), Language::english) ==
      "[--] exit  card felica …0508  not on the roster: ask your foreman to put you on this site's roster "
      "[gate stays shut]");
  BOOST_TEST(line_of(refused(OutcomeReason::storage_full), Language::english).find("tell the site office") !=
             std::string::npos);
  BOOST_TEST(
      line_of(refused(OutcomeReason::storage_failed), Language::japanese).find("現場事務所に知らせて") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(let_through_with_a_reason_is_a_yellow_line) {
  PassageOutcome outcome = refused(OutcomeReason::credential_expired);
  outcome.gate_opened = true;
  BOOST_TEST(line_of(outcome, Language::english) ==
             "[!!] exit  card felica …0508  your card has expired: please renew it [you may pass]");
}

BOOST_AUTO_TEST_CASE(every_reason_has_words_of_its_own_in_both_languages) {
  for (const Language language : {Language::japanese, Language::english}) {
    const auto& reasons = messages(language).reasons;
    BOOST_TEST(std::none_of(reasons.begin(), reasons.end(), [](auto text) { return text.empty(); }));
    BOOST_TEST(std::set<std::string_view>(reasons.begin(), reasons.end()).size() == outcome_reason_count);
  }
}

BOOST_AUTO_TEST_CASE(the_stream_gets_one_line_for_each_read) {
  std::ostringstream stream;
  ConsoleDisplay display(stream, Language::english);
  display.show(accepted());
  display.show(refused(OutcomeReason::site_closed));
  const std::string text = stream.str();
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 2);
  BOOST_TEST(text.back() == '\n');
}

BOOST_AUTO_TEST_CASE(languages_have_names) {
  BOOST_TEST((parse_language("ja") == Language::japanese));
  BOOST_TEST((parse_language("en") == Language::english));
  BOOST_TEST(!parse_language("fr"));
}

BOOST_AUTO_TEST_SUITE_END()
