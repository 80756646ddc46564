// The pages as a phone shows them: a real Chromium enrols, taps, is refused, switches the language, gives and
// withholds its position. With SITEGATE_SCREENSHOTS=<folder> it leaves pictures there.
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "tests/devices/tag/gate_fixture.hpp"
#include "tests/support/browser.hpp"

namespace sitegate::devices::tag {
namespace {

constexpr std::string_view green = "rgb(10, 107, 48)";
constexpr std::string_view blue = "rgb(11, 74, 143)";
constexpr std::string_view red = "rgb(163, 18, 31)";

boost::test_tools::assertion_result browser_is_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(tests::Browser::is_installed());
  if (!there) there.message() << "Chromium is not installed";
  return there;
}

struct Phone : Gate {
  tests::Browser browser;
  VirtualTag north = north_tag();
  VirtualTag yard = yard_tag();

  // What a person does once: open the link, press the button.
  void enrol() {
    const EnrolmentLink link{DeviceToken::make(), clock.now() + std::chrono::hours(72)};
    browser.speak("ja");
    browser.open(origin() + "/enrol?" + enrolment_query(link, enrolment_key));
    check(Message::enrol, Language::japanese, blue);
    browser.click("button");
    BOOST_TEST(browser.shows(std::string(phrase(Language::japanese, Message::enrolled).title)));
    check(Message::enrolled, Language::japanese, green);
    BOOST_TEST(browser.evaluate("location.pathname + location.search") == "/enrolled");
    BOOST_TEST(browser.evaluate("document.cookie") == "");  // no script may read it
  }
  void tap(VirtualTag& chip) { browser.open(origin() + "/t?" + chip.tap()); }

  // Words, colour, and that everything fits on the screen of a small phone.
  void check(Message message, Language language, std::string_view colour) {
    const auto& said = phrase(language, message);
    BOOST_TEST_CONTEXT(said.title) {
      BOOST_TEST(browser.shows(std::string(said.title)));
      BOOST_TEST(browser.text().find(said.advice) != std::string::npos);
      BOOST_TEST(browser.evaluate("document.documentElement.lang") == code_of(language));
      BOOST_TEST(browser.evaluate("getComputedStyle(document.body).backgroundColor") == colour);
      BOOST_TEST(browser.evaluate("document.documentElement.scrollWidth <= innerWidth") == "true");
      BOOST_TEST(browser.evaluate(
                     "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize) >= 32") == "true");
    }
    photograph(message, language);
  }
  void photograph(Message message, Language language) {
    const char* folder_name = std::getenv("SITEGATE_SCREENSHOTS");
    if (folder_name == nullptr) return;
    browser.photograph(std::filesystem::path(folder_name) / (std::to_string(static_cast<int>(message)) + "-" +
                                                             std::string(code_of(language)) + ".png"));
  }
};

const std::pair<const char*, Language> spoken[] = {{"ja-JP,ja;q=0.9,en;q=0.8", Language::japanese},
                                                   {"en-US,en;q=0.9", Language::english},
                                                   {"vi-VN,vi;q=0.9,en;q=0.8", Language::vietnamese}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tag_in_chromium, Phone, *boost::unit_test::precondition(browser_is_there))

BOOST_AUTO_TEST_CASE(accepted_in_three_languages) {
  enrol();
  outcome.with([](ReadOutcome& next) { next.person = "グエン ヴァン ミン <b>&"; });
  std::size_t taps = 0;
  for (const auto& [header, language] : spoken) {
    browser.speak(header);
    tap(north);
    check(Message::entry, language, green);
    BOOST_TEST(browser.text().find("グエン ヴァン ミン <b>&") != std::string::npos);
    BOOST_TEST(browser.text().find("北門") != std::string::npos);
    BOOST_TEST(read_count() == ++taps);
    browser.reload();
    check(Message::entry, language, green);
    BOOST_TEST(read_count() == taps);
  }
}

BOOST_AUTO_TEST_CASE(refused_in_three_languages) {
  enrol();
  const auto kept = origin() + "/t?" + north.tap();
  tap(north);
  BOOST_TEST(browser.shows("北門"));
  VirtualTag foreign({*parse_uid("04FFFFFFFFFFFF"), std::nullopt, file_key, ""});
  for (const auto& [header, language] : spoken) {
    browser.speak(header);
    browser.open(kept);
    check(Message::replayed, language, red);
    tap(foreign);
    check(Message::foreign_tag, language, red);
    outcome.with([](ReadOutcome& next) {
      next = {.recorded = true, .person = "Yamada Taro", .reason = "not_on_roster"};
    });
    tap(north);
    check(Message::not_on_roster, language, red);
  }
}

BOOST_AUTO_TEST_CASE(a_phone_that_nobody_registered) {
  for (const auto& [header, language] : spoken) {
    browser.speak(header);
    tap(north);
    check(Message::no_token, language, red);
  }
  BOOST_TEST(read_count() == 0u);
}

BOOST_AUTO_TEST_CASE(the_language_switch) {
  enrol();
  browser.speak("en");
  tap(north);
  check(Message::entry, Language::english, green);
  browser.click("a[lang=vi]");
  check(Message::entry, Language::vietnamese, green);
  tap(north);  // remembered
  check(Message::entry, Language::vietnamese, green);
  BOOST_TEST(read_count() == 2u);
}

// The page asks, the script answers, the tap is recorded: nobody presses anything.
BOOST_AUTO_TEST_CASE(a_phone_that_says_where_it_is) {
  enrol();
  browser.be_at(origin(), tests::Browser::Place{35.6813, 139.7672, 12});
  tap(yard);
  check(Message::entry, Language::japanese, green);
  BOOST_TEST(read_count() == 1u);
  browser.reload();
  BOOST_TEST(read_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_phone_that_is_elsewhere) {
  enrol();
  browser.be_at(origin(), tests::Browser::Place{35.6909, 139.7002, 12});
  tap(yard);
  check(Message::position_far, Language::japanese, red);
  // The same tap, nearer: "try again" is enough.
  browser.be_at(origin(), tests::Browser::Place{35.6812, 139.7671, 12});
  browser.click("a.do");
  check(Message::entry, Language::japanese, green);
  BOOST_TEST(read_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_phone_that_does_not_say_where_it_is) {
  enrol();
  browser.be_at(origin(), std::nullopt);
  tap(yard);
  check(Message::position_missing, Language::japanese, red);
  BOOST_TEST(read_count() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
