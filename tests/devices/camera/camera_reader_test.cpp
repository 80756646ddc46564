// The reader that every camera kind is: frames to the analyser, idle when there are none, errors out.
#include <atomic>
#include <thread>

#include "tests/devices/camera/camera_fixture.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::camera {

using namespace std::chrono_literals;
using testing::PictureFolder;
using testing::scene;

namespace {

struct Seen {
  std::atomic<int> looks{0};
  std::atomic<int> idles{0};
};

/// Reads a card's UID off each picture's number.
class Counter final : public FrameAnalyser {
 public:
  explicit Counter(Seen& seen, int throw_at = 0) : seen_(seen), throw_at_(throw_at) {}
  Result<void> look(const Frame& frame, const ReadSink& sink) override {
    if (++seen_.looks == throw_at_) cv::error(cv::Error::StsError, "of the test", "look", __FILE__, __LINE__);
    CredentialRead read;
    read.credential = CodeCredential{std::to_string(frame.number)};
    sink(std::move(read));
    return success();
  }
  Result<void> idle(MonotonicTime, const ReadSink&) override {
    ++seen_.idles;
    return success();
  }
  [[nodiscard]] std::string state() const override { return "counting"; }

 private:
  Seen& seen_;
  const int throw_at_;
};

const SystemClock system_clock;

struct Surrounded {
  std::unique_ptr<CameraHub> hub = make_camera_hub(system_clock);
  ReaderSurroundings around{system_clock, {}};
  Seen seen;
  std::vector<std::string> texts;
  ReadSink sink = [this](const CredentialRead& read) {
    texts.push_back(std::get<CodeCredential>(read.credential).text);
  };
  Surrounded() { around.cameras = hub.get(); }
  std::unique_ptr<Reader> reader(const std::string& url, int throw_at = 0) {
    return make_camera_reader(parse_url(url).value(), around, std::make_unique<Counter>(seen, throw_at));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(camera_reader, Surrounded)

BOOST_AUTO_TEST_CASE(a_recording_is_read_to_its_end) {
  const PictureFolder folder;
  for (int number = 1; number <= 5; ++number) folder.add(std::to_string(number) + ".bmp", scene(number * 10));
  const auto one = reader(folder.url("pace=all"));
  BOOST_TEST(one->run({}, sink).has_value());
  BOOST_TEST((texts == std::vector<std::string>{"1", "2", "3", "4", "5"}));
  BOOST_TEST(seen.idles >= 1);  // the last tracks end
  BOOST_TEST(one->state() == "no camera; counting");
}

BOOST_AUTO_TEST_CASE(trouble_stands_in_front_of_the_state) {
  const PictureFolder folder;
  const auto one = reader(folder.url("pace=all"));
  std::stop_source stop;
  std::jthread running([&] { static_cast<void>(one->run(stop.get_token(), sink)); });
  BOOST_TEST(
      tests::wait_until([&] { return one->state().starts_with("no pictures for ") && seen.idles > 0; }, 30s));
  BOOST_TEST(one->state().find("; counting") != std::string::npos);
  stop.request_stop();
}

BOOST_AUTO_TEST_CASE(what_opencv_throws_is_the_readers_error) {
  const PictureFolder folder;
  for (int number = 1; number <= 3; ++number) folder.add(std::to_string(number) + ".bmp", scene(number * 10));
  const auto one = reader(folder.url("pace=all&loop=yes"), 2);
  const auto ran = one->run({}, sink);
  BOOST_REQUIRE(!ran);
  BOOST_TEST(is(ran.error(), ReaderErrc::device_failed));
  BOOST_TEST(ran.error().text().find("of the test") != std::string::npos);
  BOOST_TEST(texts.size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_cameras_or_with_a_wrong_url_it_says_so) {
  BOOST_TEST(is(reader("qr+dir:///a?fps=0")->run({}, sink).error(), CameraErrc::bad_setting));
  around.cameras = nullptr;
  const auto ran = reader("qr+dir:///a")->run({}, sink);
  BOOST_REQUIRE(!ran);
  BOOST_TEST(ran.error().text().find("without cameras") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::camera
