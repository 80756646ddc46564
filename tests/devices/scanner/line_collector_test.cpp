// From bytes to lines: endings, limits, pauses, garbage. Time is the test's own.
#include "devices/scanner/line_collector.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace sitegate::devices::scanner {

namespace {

using std::chrono::milliseconds;

struct Collected {
  explicit Collected(Ending ending = Ending::any)
      : lines(ending, idle_default, [this](Line&& line) {
          texts.push_back(line.mistake.empty() ? line.text : "!" + line.mistake);
        }) {}
  void feed(std::string_view text) { lines.feed(as_bytes(text), now); }
  void wait(milliseconds time) {
    now += time;
    lines.expire(now);
  }
  std::vector<std::string> texts;
  MonotonicTime now{std::chrono::hours{5}};
  LineCollector lines;
};

void check(const Collected& made, const std::vector<std::string>& expected) {
  BOOST_TEST(made.texts == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(line_collector)

BOOST_AUTO_TEST_CASE(every_usual_ending_ends_a_line) {
  Collected any;
  any.feed(
      "A1\rB2\nC3\r\nD4\t\x02"
      "E5\x03\r\r\n\n");
  check(any, {"A1", "B2", "C3", "D4", "E5"});
}

BOOST_AUTO_TEST_CASE(a_setting_names_the_one_ending) {
  Collected enter(Ending::enter);
  enter.feed("A\tB\rC\n");
  check(enter, {"A\tB", "C"});
  Collected tab(Ending::tab);
  tab.feed("A\rB\tC\t");
  check(tab, {"A\rB", "C"});
  Collected etx(Ending::etx);
  etx.feed(
      "\x02"
      "A\x03\x02"
      "B\x03");
  check(etx, {"A", "B"});
  for (const auto ending : {Ending::any, Ending::enter, Ending::tab, Ending::etx, Ending::idle})
    BOOST_TEST((parse_ending(to_text(ending)) == ending));
  BOOST_TEST(!parse_ending("crlf"));
}

BOOST_AUTO_TEST_CASE(bytes_may_come_one_by_one) {
  Collected slow;
  for (const char* byte : {"C", "O", "D", "E", "\r", "\n"}) {
    slow.feed(byte);
    slow.wait(idle_default - milliseconds{1});
  }
  check(slow, {"CODE"});
  BOOST_TEST(!slow.lines.deadline());
}

BOOST_AUTO_TEST_CASE(a_half_line_is_dropped_and_the_next_stands_alone) {
  Collected made;
  made.feed("HALF");
  BOOST_TEST((*made.lines.deadline() == made.now + idle_default));
  made.wait(idle_default);
  made.feed("WHOLE\r");
  BOOST_REQUIRE(made.texts.size() == 2U);
  BOOST_TEST(made.texts[0].starts_with("!a half code: no end came for 500 ms"), made.texts[0]);
  BOOST_TEST(made.texts[1] == "WHOLE");
}

BOOST_AUTO_TEST_CASE(a_half_line_is_dropped_too_when_nobody_looked_at_the_clock_in_between) {
  Collected made;
  made.feed("HALF");
  made.now += idle_default;
  made.feed("WHOLE\r");
  BOOST_REQUIRE(made.texts.size() == 2U);
  BOOST_TEST(made.texts[1] == "WHOLE");
}

BOOST_AUTO_TEST_CASE(a_pause_ends_the_line_of_a_scanner_without_endings) {
  Collected idle(Ending::idle);
  idle.feed("A1");
  idle.wait(milliseconds{100});
  idle.feed("B2");
  check(idle, {});
  idle.wait(idle_default);
  check(idle, {"A1B2"});
}

BOOST_AUTO_TEST_CASE(a_megabyte_without_an_end_costs_one_line) {
  Collected made;
  const std::string block(4096, 'x');
  for (int i = 0; i < 256; ++i) made.feed(block);
  made.feed("\rGOOD\r");
  check(made, {"!longer than 1024 bytes (1048576 bytes)", "GOOD"});
  for (int i = 0; i < 256; ++i) made.feed(block);
  made.wait(idle_default);
  made.feed("GOOD\r");
  check(made, {"!longer than 1024 bytes (1048576 bytes)", "GOOD", "!longer than 1024 bytes (1048576 bytes)",
               "GOOD"});
}

BOOST_AUTO_TEST_CASE(a_line_at_the_limit_is_whole) {
  Collected made;
  made.feed(std::string(line_size_max, 'x') + "\r");
  made.feed(std::string(line_size_max + 1, 'x') + "\r");
  check(made, {std::string(line_size_max, 'x'), "!longer than 1024 bytes (1025 bytes)"});
}

BOOST_AUTO_TEST_CASE(lost_keys_spoil_the_line_they_were_part_of) {
  const std::string lost = "!keystrokes were lost";
  Collected made;
  made.feed("AB");
  made.lines.spoil("keystrokes were lost", made.now);
  made.feed("C\rGOOD\r");
  check(made, {lost, "GOOD"});
  // With nothing before them, long after the last code: the rest of the new one is still to come.
  made.now += std::chrono::minutes{5};
  made.lines.spoil("keystrokes were lost", made.now);
  made.wait(milliseconds{10});
  made.feed("C\rGOOD\r");
  check(made, {lost, "GOOD", lost, "GOOD"});
  // A half code that has waited for too long is another one.
  made.feed("HALF");
  made.now += idle_default;
  made.lines.spoil("keystrokes were lost", made.now);
  made.wait(idle_default);
  BOOST_TEST(made.texts.size() == 6U);
  BOOST_TEST(made.texts.back() == lost);
}

BOOST_AUTO_TEST_CASE(an_stx_inside_a_line_is_part_of_it) {
  Collected made;
  made.feed(
      "A\x02"
      "B\r");
  check(made, {"A\x02"
               "B"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::scanner
