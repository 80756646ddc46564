// Readers are named by URLs: what is understood, and what is said of what is not.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "devices/reader.hpp"

namespace sitegate::devices {
namespace {

ManualClock any_clock{UtcTime{std::chrono::milliseconds{0}}};

struct Recording {
  std::filesystem::path path;
  explicit Recording(std::string_view text) {
    auto pattern = (std::filesystem::temp_directory_path() / "sitegate_reads_XXXXXX").string();
    close_file(mkstemp(pattern.data()));
    path = pattern;
    std::ofstream(path) << text;
  }
  ~Recording() { std::filesystem::remove(path); }
  static void close_file(int file) {
    if (file >= 0) std::fclose(fdopen(file, "w"));
  }
};

// The error's text, or "" if the URL opens.
std::string refusal(const std::string& url) {
  const auto reader = open_reader(url, {any_clock, {}});
  return reader ? "" : reader.error().text();
}

bool says(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(open_reader_urls)

BOOST_AUTO_TEST_CASE(place) {
  const auto stands = reader_place("card+pcsc:///ACR1252?id=north-1&gate=North%20gate&direction=exit");
  BOOST_REQUIRE(stands);
  BOOST_TEST((stands.value() == ReaderPlace{"north-1", "North gate", DirectionRule::exit}));
}

BOOST_AUTO_TEST_CASE(place_left_unsaid) {
  BOOST_TEST(
      (reader_place("card+pcsc:///").value() == ReaderPlace{"1-card+pcsc", "1", DirectionRule::toggle}));
  BOOST_TEST((reader_place("replay:/x?gate=B").value().id == "B-replay"));
}

BOOST_AUTO_TEST_CASE(place_that_cannot_be) {
  BOOST_TEST(is(reader_place("card+pcsc:///?direction=in").error(), ReaderErrc::bad_setting));
  BOOST_TEST(is(reader_place("card+pcsc:///?id=").error(), ReaderErrc::bad_setting));
  BOOST_TEST(is(reader_place("card+pcsc:///?gate=a%0Ab").error(), ReaderErrc::bad_setting));
  BOOST_TEST(is(reader_place("card+pcsc:///?id=" + std::string(65, 'x')).error(), ReaderErrc::bad_setting));
  BOOST_TEST(reader_place("card+pcsc:///?id=" + std::string(64, 'x')).has_value());
  BOOST_TEST(is(reader_place("nothing").error(), UrlErrc::no_scheme));
}

BOOST_AUTO_TEST_CASE(unknown_scheme_names_the_known_ones) {
  const auto text = refusal("eye+rtsp://10.0.0.1/");
  BOOST_TEST(says(text, "eye+rtsp"));
  BOOST_TEST(says(text, "card+pcsc:"));
  BOOST_TEST(says(text, "replay:"));
}

BOOST_AUTO_TEST_CASE(every_reader_with_a_camera_takes_every_source) {
  for (const char* word : {"qr", "marker"})
    for (const char* source : {"v4l2:///dev/video0", "rtsp://10.0.0.1/a", "http://10.0.0.1/a",
                               "https://10.0.0.1/a", "file:///a.mp4", "dir:///frames"}) {
      const auto text = refusal(std::string(word) + "+" + source);
#if SITEGATE_CAMERAS
      BOOST_TEST(text == "");
#else
      BOOST_TEST(says(text, "this build has no cameras"));
#endif
    }
  BOOST_TEST(says(refusal("qr+ftp://10.0.0.1/a"), "known are"));
}

BOOST_AUTO_TEST_CASE(unknown_key_names_the_known_ones) {
  const auto card = refusal("card+pcsc:///?dirction=entry");
  BOOST_TEST(says(card, "\"dirction\""));
  BOOST_TEST(says(card, "id gate direction"));
  BOOST_TEST(!says(card, "speed"));
  BOOST_TEST(says(refusal("replay:///x?sped=1"), "id gate direction speed"));
}

BOOST_AUTO_TEST_CASE(card_reader_opens_without_a_device) {
  const auto reader = open_reader("card+pcsc:///ACR1252?gate=1&direction=entry", {any_clock, {}});
  BOOST_REQUIRE(reader);
  BOOST_TEST(reader.value()->state() == "not started");
  BOOST_TEST(says(refusal("card+pcsc://ACR1252"), "card+pcsc:///"));
}

BOOST_AUTO_TEST_CASE(replay_opens_its_file_at_once) {
  const Recording good("+0 - card felica 012e3d4c5b6a7988\n");
  const auto reader = open_reader("replay://" + good.path.string() + "?speed=0", {any_clock, {}});
  BOOST_REQUIRE(reader);
  BOOST_TEST(reader.value()->state() == "recorded reads: 0 of 1 played");
  const Recording bad("+0 - card felica 012e3d4c5b6a7988\n+0 - card felica 01zz\n");
  BOOST_TEST(says(refusal("replay://" + bad.path.string()), bad.path.string() + ":2: "));
  BOOST_TEST(says(refusal("replay:///no/such/file"), "/no/such/file"));
  BOOST_TEST(says(refusal("replay://" + good.path.string() + "?speed=fast"), "speed=fast"));
  BOOST_TEST(says(refusal("replay://" + good.path.string() + "?speed=-1"), "speed=-1"));
  BOOST_TEST(says(refusal("replay://" + good.path.string() + "?speed=nan"), "speed=nan"));
  BOOST_TEST(says(refusal("replay://host/file"), "replay:///"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices
