// Recorded reads: the file's form, what is refused, and playing against a clock that only the test moves.
#include "devices/replay/replay_reader.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

namespace sitegate::devices::replay {
namespace {

using std::chrono::milliseconds;

const ReaderPlace place{"player", "1", DirectionRule::entry};
const UtcTime start{milliseconds{1'690'000'000'000}};

std::vector<RecordedRead> parsed(std::string_view text) {
  return parse_recording(text, "test").value();
}
std::string refusal(std::string_view text) {
  const auto reads = parse_recording(text, "morning.reads");
  return reads ? "" : reads.error().detail;
}

// Moves the clock instead of waiting; can be told to request a stop at the n-th wait.
class MovingWaiter final : public Waiter {
 public:
  explicit MovingWaiter(ManualClock& clock) : clock_(clock) {}
  void wait(milliseconds how_long, std::stop_token) override {
    waits.push_back(how_long);
    clock_.advance(how_long);
    if (waits.size() == stop_at) stop.request_stop();
  }
  std::vector<milliseconds> waits;
  std::size_t stop_at = 0;
  std::stop_source stop;

 private:
  ManualClock& clock_;
};

struct Player {
  ManualClock clock{start};
  MovingWaiter waiter{clock};
  std::vector<CredentialRead> reads;
  milliseconds sink_takes{0};

  void play(std::string_view text, double speed) {
    ReplayReader reader(place, parsed(text), speed, clock, &waiter);
    const auto ran = reader.run(waiter.stop.get_token(), [this](CredentialRead read) {
      clock.advance(sink_takes);
      reads.push_back(std::move(read));
    });
    BOOST_REQUIRE(ran);
    state = reader.state();
  }
  std::string state;
};

constexpr std::string_view three =
    "2023-07-31T07:50:00.000Z north card felica 012E3D4C5B6A7988\n"
    "2023-07-31T07:50:01.500Z - card iso14443a 04958caa5c5e80\n"
    "+500 south card iso14443b 50123456\n";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(replay_reader, Player)

BOOST_AUTO_TEST_CASE(every_part_of_a_line) {
  const auto lines = parsed(three);
  BOOST_REQUIRE_EQUAL(lines.size(), 3u);
  BOOST_TEST((lines[0] ==
              RecordedRead{milliseconds{0}, "north",
                           CardCredential{CardTechnology::felica, from_hex("012e3d4c5b6a7988").value()}}));
  BOOST_TEST((lines[1].after_previous == milliseconds{1500}));
  BOOST_TEST(lines[1].reader_id == "");
  BOOST_TEST((lines[2].after_previous == milliseconds{500}));
}

BOOST_AUTO_TEST_CASE(comments_blank_lines_and_crlf) {
  BOOST_TEST(parsed("# a morning\r\n\r\n  \n+0 - card felica 012e3d4c5b6a7988\r\n").size() == 1u);
  BOOST_TEST(parsed("+0 - card felica 012e3d4c5b6a7988").size() == 1u);  // no newline at the end
  BOOST_TEST(parsed("").empty());
}

// After "+", an absolute time counts from where the relative ones have come to.
BOOST_AUTO_TEST_CASE(relative_and_absolute_times_mix) {
  const auto lines = parsed(
      "2023-07-31T07:50:00.000Z - card felica 01\n+400 - card felica 02\n2023-07-31T07:50:01.000Z - card "
      "felica 03\n");
  BOOST_TEST((lines[2].after_previous == milliseconds{600}));
}

BOOST_AUTO_TEST_CASE(damaged_lines_say_number_reason_and_form) {
  const std::pair<std::string_view, std::string_view> damaged[] = {
      {"+0 - card felica", "4 words"},
      {"+0 - card felica 01 02", "6 words"},
      {"yesterday - card felica 01", "no time"},
      {"+x - card felica 01", "no count"},
      {"+-5 - card felica 01", "no count"},
      {"+99999999999999999999 - card felica 01", "no count"},
      {"+9000000000000000000 - card felica 01", "more than a year"},
      {"2023-07-31T07:49:59.999Z - card felica 01", "before the line above"},
      {"2025-07-31T07:50:00.000Z - card felica 01", "more than a year"},
      {"+0 - finger felica 01", "\"finger\""},
      {"+0 - card mifare 01", "\"mifare\""},
      {"+0 - card felica 0", "no UID"},
      {"+0 - card felica zz", "no UID"},
      {"+0 - card felica 0102030405060708091011121314151617", "no UID"},
  };
  for (const auto& [line, reason] : damaged) {
    const auto text = refusal("2023-07-31T07:50:00.000Z - card felica 01\n" + std::string(line) +
                              "\n+0 - card felica 02\n");
    BOOST_TEST(text.find("morning.reads:2: ") == 0u, line << " -> " << text);
    BOOST_TEST(text.find(reason) != std::string::npos, line << " -> " << text);
    BOOST_TEST(text.find("<technology>") != std::string::npos, text);
  }
}

BOOST_AUTO_TEST_CASE(plays_with_the_recorded_gaps) {
  play(three, 1);
  BOOST_REQUIRE_EQUAL(reads.size(), 3u);
  BOOST_TEST((reads[0].event_time == start));
  BOOST_TEST((reads[1].event_time == start + milliseconds{1500}));
  BOOST_TEST((reads[2].event_time == start + milliseconds{2000}));
  BOOST_TEST((reads[2].monotonic == MonotonicTime{milliseconds{2000}}));
  BOOST_TEST(reads[0].reader_id == "north");
  BOOST_TEST(reads[1].reader_id == "player");
  BOOST_TEST(state == "recorded reads: 3 of 3 played");
}

BOOST_AUTO_TEST_CASE(plays_faster_and_slower) {
  play(three, 10);
  BOOST_TEST((reads[2].event_time == start + milliseconds{200}));
  Player slow;
  slow.play(three, 0.5);
  BOOST_TEST((slow.reads[2].event_time == start + milliseconds{4000}));
}

BOOST_AUTO_TEST_CASE(plays_without_waiting) {
  play(three, 0);
  BOOST_TEST(reads.size() == 3u);
  BOOST_TEST(waiter.waits.empty());
}

// Time spent in the sink is not added to the gaps.
BOOST_AUTO_TEST_CASE(a_slow_sink_makes_no_drift) {
  sink_takes = milliseconds{100};
  play(three, 1);
  BOOST_TEST((reads[1].event_time == start + milliseconds{1500}));
  BOOST_TEST((reads[2].event_time == start + milliseconds{2000}));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_it_in_a_gap) {
  waiter.stop_at = 1;
  play(three, 1);
  BOOST_TEST(reads.size() == 1u);
  BOOST_TEST(state == "recorded reads: 1 of 3 played");
}

BOOST_AUTO_TEST_CASE(what_is_recorded_can_be_played) {
  play(three, 1);
  std::string recording;
  for (const auto& read : reads) recording += recording_line(read);
  const auto again = parsed(recording);
  BOOST_REQUIRE_EQUAL(again.size(), 3u);
  for (std::size_t i = 0; i < again.size(); ++i) {
    BOOST_TEST((again[i].credential == reads[i].credential));
    BOOST_TEST(again[i].reader_id == reads[i].reader_id);
  }
  BOOST_TEST((again[1].after_previous == milliseconds{1500}));
}

// A reader id with a blank would break the line into too many words.
BOOST_AUTO_TEST_CASE(a_reader_id_with_blanks_stays_one_word) {
  const CredentialRead read{"north gate%1", start, MonotonicTime{0},
                            CardCredential{CardTechnology::felica, {1}}};
  BOOST_TEST(parsed(recording_line(read)).front().reader_id == "north gate%1");
}

BOOST_AUTO_TEST_CASE(whole_files) {
  const auto path = std::filesystem::temp_directory_path() / ("sitegate_replay_" + std::to_string(getpid()));
  std::ofstream(path) << three;
  BOOST_TEST(load_recording(path).value().size() == 3u);
  std::ofstream(path, std::ios::trunc);
  BOOST_TEST(load_recording(path).value().empty());
  std::filesystem::resize_file(path, recording_size_max + 1);
  BOOST_TEST(is(load_recording(path).error(), ReplayErrc::too_large));
  std::filesystem::remove(path);
  BOOST_TEST(is(load_recording(path).error(), ReplayErrc::cannot_read));
  BOOST_TEST(is(load_recording(path.parent_path()).error(), ReplayErrc::cannot_read));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::replay
