// What is wrong with a camera is said within 5 s, and only then.
#include "devices/camera/frame_watch.hpp"

#include <functional>

#include "tests/devices/camera/camera_fixture.hpp"

namespace sitegate::devices::camera {

using namespace std::chrono_literals;
using testing::scene;

namespace {

/// Ten pictures a second from a start on; tells when trouble was first said.
struct Show {
  FrameWatch watch;
  MonotonicTime now{0};

  explicit Show(bool live = true) : watch(live, MonotonicTime{0}) {}

  void play(std::chrono::milliseconds time, const std::function<cv::Mat(std::uint64_t)>& picture) {
    for (const auto end = now + time; now < end; now += 100ms)
      watch.see(picture(static_cast<std::uint64_t>(now.count())), now);
  }
  void silence(std::chrono::milliseconds time) { now += time; }
  [[nodiscard]] std::string trouble() const { return watch.health(now).trouble; }
};

cv::Mat living(std::uint64_t seed) {
  return scene(100, seed);
}
cv::Mat black(std::uint64_t seed) {
  cv::Mat image(120, 160, CV_8UC3);
  cv::RNG(seed).fill(image, cv::RNG::UNIFORM, 0, 10);
  return image;
}
cv::Mat covered(std::uint64_t seed) {
  cv::Mat image(120, 160, CV_8UC3, cv::Scalar(60, 80, 130));
  cv::Mat noise(image.size(), CV_8UC3);
  cv::RNG(seed).fill(noise, cv::RNG::UNIFORM, 0, 8);
  return image + noise;
}
cv::Mat blurred(std::uint64_t seed) {
  cv::Mat image;
  cv::GaussianBlur(scene(100, seed), image, {}, 14);
  return image;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frame_watch)

BOOST_AUTO_TEST_CASE(a_camera_that_is_well) {
  Show show;
  show.play(10s, living);
  const auto health = show.watch.health(show.now);
  BOOST_TEST(health.trouble == "");
  BOOST_TEST(health.open);
  BOOST_TEST(health.frames_per_second > 9);
  BOOST_TEST(health.frames_per_second < 11);
  BOOST_TEST((health.size == cv::Size(160, 120)));
  BOOST_TEST((health.age == 100ms));
}

BOOST_AUTO_TEST_CASE(each_fault_is_said_within_5_s_and_taken_back) {
  struct Fault {
    cv::Mat (*picture)(std::uint64_t);
    const char* word;
  };
  for (const auto& fault : {Fault{black, "dark"}, Fault{covered, "covered"}, Fault{blurred, "blurred"}}) {
    Show show;
    show.play(4s, living);
    show.play(1s, fault.picture);
    BOOST_TEST(show.trouble() == "", fault.word);  // a moment is no fault
    show.play(4s, fault.picture);
    BOOST_TEST(show.trouble() == fault.word);
    show.play(500ms, living);
    BOOST_TEST(show.trouble() == "", fault.word);
  }
}

BOOST_AUTO_TEST_CASE(pictures_that_stand_still_are_frozen) {
  Show show;
  const cv::Mat still = living(1);
  show.play(3s, [&](std::uint64_t) { return still.clone(); });
  BOOST_TEST(show.trouble() == "");
  show.play(2s, [&](std::uint64_t) { return still.clone(); });
  BOOST_TEST(show.trouble() == "frozen");
  show.play(500ms, living);
  BOOST_TEST(show.trouble() == "");
}

BOOST_AUTO_TEST_CASE(silence_is_said_with_its_length_and_cause) {
  Show show;
  show.play(3s, living);
  show.silence(2s);
  BOOST_TEST(show.trouble() == "");
  show.silence(2s);
  BOOST_TEST(show.trouble() == "no pictures for 4 s");
  show.watch.lost("unplugged", show.now);
  BOOST_TEST(show.trouble() == "no pictures for 4 s: unplugged");
  BOOST_TEST(!show.watch.health(show.now).open);
  show.play(200ms, living);
  BOOST_TEST(show.trouble() == "");
}

BOOST_AUTO_TEST_CASE(one_that_never_opened_is_said_at_once) {
  Show show;
  show.watch.lost("no such camera", show.now);
  BOOST_TEST(show.trouble() == "no such camera");
  show.silence(6s);
  BOOST_TEST(show.trouble() == "no pictures for 6 s: no such camera");
}

BOOST_AUTO_TEST_CASE(recordings_may_be_dark_and_still_and_end) {
  Show show(false);
  show.play(10s, [](std::uint64_t) { return black(1); });
  BOOST_TEST(show.trouble() == "");
  show.watch.ended(show.now);
  show.silence(1h);
  BOOST_TEST(show.trouble() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::camera
