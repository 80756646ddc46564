// A camera reader's URL names its source.
#include "devices/camera/source_settings.hpp"

#include <boost/test/unit_test.hpp>

#include "devices/camera/camera.hpp"

namespace sitegate::devices::camera {
namespace {

Result<SourceSettings> settings_of(const std::string& url) {
  return source_settings(parse_url(url).value());
}
bool refused(const std::string& url) {
  const auto settings = settings_of(url);
  return !settings && is(settings.error(), CameraErrc::bad_setting);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(source_settings_of_urls)

BOOST_AUTO_TEST_CASE(network_cameras_keep_their_password_to_themselves) {
  const auto settings = settings_of("qr+rtsp://user:secret@10.0.0.9:554/stream1%3Fchannel=2?gate=1").value();
  BOOST_TEST((settings.kind == SourceKind::rtsp));
  BOOST_TEST(settings.address == "rtsp://user:secret@10.0.0.9:554/stream1?channel=2");
  BOOST_TEST(settings.name == "rtsp://10.0.0.9:554/stream1");
  BOOST_TEST(settings.live());
  BOOST_TEST(settings_of("face+https://cam/video feed").value().address == "https://cam/video%20feed");
}

BOOST_AUTO_TEST_CASE(two_readers_of_one_source_share_it) {
  BOOST_TEST((settings_of("face+http://cam/v?gate=1&id=a").value() ==
              settings_of("qr+http://cam/v?gate=2&id=b").value()));
  BOOST_TEST((settings_of("qr+dir:///a?fps=5").value() != settings_of("qr+dir:///a?fps=6").value()));
}

BOOST_AUTO_TEST_CASE(recordings) {
  const auto folder = settings_of("qr+dir:///frames?fps=12.5&loop=yes&pace=all").value();
  BOOST_TEST((folder.kind == SourceKind::folder));
  BOOST_TEST(folder.frames_per_second == 12.5);
  BOOST_TEST(folder.loop);
  BOOST_TEST(folder.every_frame);
  BOOST_TEST(!folder.live());
  BOOST_TEST(settings_of("qr+dir:///frames").value().frames_per_second == 10);
  BOOST_TEST(settings_of("qr+file:///a.mp4").value().frames_per_second == 0);
  BOOST_TEST(settings_of("vein+v4l2:///dev/video0?width=640&height=480").value().width == 640);
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  BOOST_TEST(refused("qr+ftp://cam/v"));
  BOOST_TEST(refused("qr+rtsp:///v"));
  BOOST_TEST(refused("qr+dir://host/v"));
  BOOST_TEST(refused("qr+dir:relative"));
  BOOST_TEST(refused("qr+dir:///a%0Ab"));
  BOOST_TEST(refused("qr+dir:///a?fps=0"));
  BOOST_TEST(refused("qr+dir:///a?fps=121"));
  BOOST_TEST(refused("qr+dir:///a?fps=ten"));
  BOOST_TEST(refused("qr+dir:///a?loop=1"));
  BOOST_TEST(refused("qr+dir:///a?pace=fast"));
  BOOST_TEST(refused("qr+rtsp://cam/a?loop=yes"));
  BOOST_TEST(refused("qr+v4l2:///dev/video0?width=9999"));
}

BOOST_AUTO_TEST_CASE(unknown_keys_are_refused_with_the_known_ones) {
  BOOST_TEST(
      check_camera_keys(parse_url("qr+dir:///a?gate=1&fps=5&codes=qr").value(), {"codes"}).has_value());
  const auto wrong = check_camera_keys(parse_url("qr+dir:///a?codec=5").value(), {"codes"});
  BOOST_REQUIRE(!wrong);
  BOOST_TEST(is(wrong.error(), ReaderErrc::bad_setting));
  for (const char* word : {"codec", "codes", "fps", "gate"})
    BOOST_TEST(wrong.error().text().find(word) != std::string::npos, word);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::camera
