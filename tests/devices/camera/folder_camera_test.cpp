// A folder of pictures as a camera: at its rate or picture by picture, shared, with broken files among them.
#include <thread>

#include "tests/devices/camera/camera_fixture.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::camera {

using namespace std::chrono_literals;
using testing::opened;
using testing::PictureFolder;
using testing::scene;

namespace {

struct Taken {
  std::vector<std::uint64_t> numbers;
  bool ended = false;
};

/// Everything that a reader is given, until the recording ends.
Taken take_all(Camera& camera) {
  Taken taken;
  const std::stop_source never;
  for (int patience = 0; patience < 50 && !taken.ended; ++patience) {
    const auto last = taken.numbers.empty() ? 0 : taken.numbers.back();
    const auto frame = camera.newer_than(last, 1s, never.get_token());
    if (!frame) {
      taken.ended = is(frame.error(), CameraErrc::ended);
      break;
    }
    if (frame.value()) taken.numbers.push_back(frame.value()->number);
  }
  return taken;
}

const SystemClock system_clock;

}  // namespace

BOOST_AUTO_TEST_SUITE(folder_camera)

BOOST_AUTO_TEST_CASE(every_picture_in_the_order_of_names) {
  const PictureFolder folder;
  for (const int number : {3, 1, 2}) folder.add("f" + std::to_string(number) + ".png", scene(number * 20));
  const auto hub = make_camera_hub(system_clock);
  const auto camera = opened(*hub, folder.url("pace=all"));
  const std::stop_source never;
  std::uint64_t last = 0;
  for (const int shade : {20, 40, 60}) {
    const auto frame = camera->newer_than(last, 10s, never.get_token());
    BOOST_REQUIRE(frame);
    BOOST_REQUIRE(frame.value());
    BOOST_TEST(cv::norm(frame.value()->image, scene(shade), cv::NORM_INF) == 0);
    BOOST_TEST(frame.value()->number == last + 1);
    BOOST_TEST(frame.value()->image.isContinuous());
    last = frame.value()->number;
  }
  const auto end = camera->newer_than(last, 10s, never.get_token());
  BOOST_REQUIRE(!end);
  BOOST_TEST(is(end.error(), CameraErrc::ended));
  BOOST_TEST(camera->health().trouble == "");
}

BOOST_AUTO_TEST_CASE(broken_files_are_passed_over) {
  const PictureFolder folder;
  folder.add("1.jpg", scene(20));
  folder.add_bytes("2.jpg", "this is no picture");
  folder.add_bytes("3.png", std::string(100'000, '\0'));
  folder.add("4.bmp", scene(40));
  folder.add_bytes("notes.txt", "no picture's name");
  const auto hub = make_camera_hub(system_clock);
  const auto taken = take_all(*opened(*hub, folder.url("pace=all")));
  BOOST_TEST(taken.numbers.size() == 2u);
  BOOST_TEST(taken.ended);
}

BOOST_AUTO_TEST_CASE(two_readers_of_one_folder_both_see_every_picture) {
  const PictureFolder folder;
  for (int number = 10; number < 30; ++number) folder.add(std::to_string(number) + ".bmp", scene(number));
  const auto hub = make_camera_hub(system_clock);
  const auto first = opened(*hub, folder.url("pace=all"));
  const auto second = opened(*hub, "face" + folder.url("pace=all&gate=2").substr(2));
  Taken seen_by_second;
  {
    const std::jthread other([&] { seen_by_second = take_all(*second); });
    BOOST_TEST(take_all(*first).numbers.size() == 20u);
  }
  BOOST_TEST(seen_by_second.numbers.size() == 20u);
}

BOOST_AUTO_TEST_CASE(at_its_rate_the_newest_only_and_the_last_one_always) {
  const PictureFolder folder;
  for (int number = 10; number < 40; ++number) folder.add(std::to_string(number) + ".bmp", scene(number));
  const auto hub = make_camera_hub(system_clock);
  const auto camera = opened(*hub, folder.url("fps=100"));
  const std::stop_source never;
  const auto slow = [&] {  // until the recording is over
    return camera->newer_than(29, 20s, never.get_token());
  };
  const auto last = slow();
  BOOST_REQUIRE(last);
  BOOST_REQUIRE(last.value());
  BOOST_TEST(last.value()->number == 30u);
  BOOST_TEST(camera->newer_than(30, 20s, never.get_token()).has_error());
}

BOOST_AUTO_TEST_CASE(again_and_again) {
  const PictureFolder folder;
  folder.add("1.bmp", scene(20));
  folder.add("2.bmp", scene(40));
  const auto hub = make_camera_hub(system_clock);
  const auto camera = opened(*hub, folder.url("pace=all&loop=yes"));
  const std::stop_source never;
  for (std::uint64_t last = 0; last < 9; ++last) {
    const auto frame = camera->newer_than(last, 10s, never.get_token());
    BOOST_REQUIRE(frame);
    BOOST_REQUIRE(frame.value());
    BOOST_TEST(cv::norm(frame.value()->image, scene(last % 2 == 0 ? 20 : 40), cv::NORM_INF) == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_comes_later_is_found) {
  const PictureFolder folder;
  const auto hub = make_camera_hub(system_clock);
  const auto camera = opened(*hub, folder.url("pace=all"));
  BOOST_TEST(
      tests::wait_until([&] { return camera->health().trouble.find("no .jpg") != std::string::npos; }));
  BOOST_TEST(!camera->health().open);
  folder.add("1.png", scene(20));
  BOOST_TEST(take_all(*camera).numbers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(waiting_ends_with_a_stop) {
  const PictureFolder folder;
  const auto hub = make_camera_hub(system_clock);
  const auto camera = opened(*hub, folder.url("pace=all"));
  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  const auto frame = camera->newer_than(0, 1h, stop.get_token());
  BOOST_REQUIRE(frame);
  BOOST_TEST(!frame.value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::camera
