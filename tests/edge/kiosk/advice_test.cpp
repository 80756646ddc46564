// Advice: said in the person's language, not over and over, and counted.
#include <boost/test/unit_test.hpp>
#include <set>
#include <sstream>

#include "edge/kiosk/advice_desk.hpp"
#include "edge/kiosk/console_display.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace std::chrono_literals;

namespace {

Advice advice(AdviceKind kind, const std::string& gate = "1") {
  return {.reader_id = "faces", .gate = gate, .method = Method::face, .kind = kind};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(advice_to_people)

BOOST_AUTO_TEST_CASE(the_same_words_are_not_said_again_at_once) {
  AdviceDesk desk;
  BOOST_TEST(desk.take(advice(AdviceKind::come_closer), 10s));
  BOOST_TEST(!desk.take(advice(AdviceKind::come_closer), 11s));
  BOOST_TEST(desk.take(advice(AdviceKind::unknown), 11s));           // another kind
  BOOST_TEST(desk.take(advice(AdviceKind::come_closer, "2"), 11s));  // other people
  BOOST_TEST(desk.take(advice(AdviceKind::come_closer), 15s));
  BOOST_TEST(desk.counts("faces") == "unknown 1, come_closer 4");
  BOOST_TEST(desk.counts("another") == "");
}

BOOST_AUTO_TEST_CASE(a_device_that_invents_gates_fills_no_memory) {
  AdviceDesk desk;
  int said = 0;
  for (int i = 0; i < 1'000; ++i)
    said += desk.take(advice(AdviceKind::unknown, std::to_string(i)), 1s) ? 1 : 0;
  BOOST_TEST(said == 64);
}

BOOST_AUTO_TEST_CASE(every_kind_has_words_of_its_own_in_both_languages) {
  for (const Language language : {Language::japanese, Language::english}) {
    const auto& words = messages(language).advice;
    BOOST_TEST(std::set<std::string_view>(words.begin(), words.end()).size() == advice_kinds);
    for (const auto text : words) BOOST_TEST(!text.empty());
  }
}

BOOST_AUTO_TEST_CASE(the_line_names_the_gate) {
  std::ostringstream shown;
  ConsoleDisplay display(shown, Language::english);
  display.advise(advice(AdviceKind::hold_still, "North"));
  BOOST_TEST(shown.str() == "[..] gate North: hold still for a moment\n");
  BOOST_TEST(line_of(advice(AdviceKind::unknown), Language::japanese).find("名簿の人と一致しません") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
