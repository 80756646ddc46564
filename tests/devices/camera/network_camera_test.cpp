// Real peers on the network: MJPEG over HTTP from ffmpeg, RTSP from GStreamer's server, and what is none of
// both.
#include "tests/devices/camera/camera_fixture.hpp"
#include "tests/support/picture_streams.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::camera {

using namespace std::chrono_literals;
using testing::opened;
using tests::MjpegCamera;
using tests::RtspCamera;
using tests::wait_until;

namespace {

const std::vector<std::string> moving{"-f", "lavfi", "-i", "testsrc=size=320x240:rate=10"};
const std::vector<std::string> black{"-f", "lavfi", "-i", "color=black:size=320x240:rate=10"};
const std::vector<std::string> still{"-f", "lavfi", "-i", "smptebars=size=320x240:rate=10"};

boost::test_tools::assertion_result with_ffmpeg(boost::unit_test::test_unit_id) {
  return MjpegCamera::is_installed();
}
boost::test_tools::assertion_result with_gstreamer(boost::unit_test::test_unit_id) {
  return RtspCamera::is_installed();
}

bool gets_pictures(Camera& camera, std::uint64_t count = 5) {
  const auto before = camera.newer_than(0, 30s, {});
  if (!before || !before.value()) return false;
  const auto after = camera.newer_than(before.value()->number + count, 30s, {});
  return after && after.value() && after.value()->image.type() == CV_8UC3;
}

bool says(const Camera& camera, std::string_view words, std::chrono::milliseconds limit = 30s) {
  return wait_until([&] { return camera.health().trouble.find(words) != std::string::npos; }, limit);
}

bool is_well(const Camera& camera) {
  return wait_until([&] { return camera.health().trouble.empty() && camera.health().open; }, 30s);
}

const SystemClock system_clock;

}  // namespace

BOOST_AUTO_TEST_SUITE(network_camera)

BOOST_AUTO_TEST_CASE(mjpeg_unplugged_and_back_black_and_frozen,
                     *boost::unit_test::precondition(with_ffmpeg)) {
  MjpegCamera peer(moving);
  const auto hub = make_camera_hub(system_clock);
  const auto camera = opened(*hub, "qr+" + peer.address());
  BOOST_REQUIRE(gets_pictures(*camera));
  BOOST_TEST(is_well(*camera));
  BOOST_TEST((camera->health().size == cv::Size(320, 240)));

  peer.kill();
  BOOST_TEST(says(*camera, "no pictures for "));
  peer.start(black);
  BOOST_TEST(says(*camera, "dark"));
  peer.kill();
  peer.start(still);
  BOOST_TEST(says(*camera, "frozen"));
  peer.kill();
  peer.start(moving);
  BOOST_TEST(is_well(*camera));
  peer.pause();  // connected, and silent
  BOOST_TEST(says(*camera, "no pictures for "));
}

BOOST_AUTO_TEST_CASE(what_is_no_camera_is_said, *boost::unit_test::precondition(with_ffmpeg)) {
  MjpegCamera peer(moving);
  tests::TcpProxy proxy(peer.port());
  proxy.answer("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + std::string(200'000, '\x5a'));
  const auto hub = make_camera_hub(system_clock);
  const auto camera = opened(*hub, "qr+http://127.0.0.1:" + std::to_string(proxy.port()) + "/");
  BOOST_TEST(says(*camera, "no pictures for "));
  proxy.answer("");
  BOOST_TEST(gets_pictures(*camera));
  BOOST_TEST(is_well(*camera));
}

BOOST_AUTO_TEST_CASE(rtsp_goes_and_comes_back, *boost::unit_test::precondition(with_gstreamer)) {
  RtspCamera peer("videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=10/1");
  const auto hub = make_camera_hub(system_clock);
  const auto camera = opened(*hub, "qr+" + peer.address());
  BOOST_REQUIRE(gets_pictures(*camera));
  peer.kill();
  BOOST_TEST(says(*camera, "no pictures for "));
  peer.start();
  BOOST_TEST(is_well(*camera));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::camera
