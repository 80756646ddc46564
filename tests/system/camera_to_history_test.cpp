// From pictures to registered histories, through the real programs: folders of pictures, MJPEG over HTTP from
// ffmpeg, RTSP from GStreamer's server → sitegate-edge → Mosquitto with mutual TLS → sitegate-cloud → store.
// And cameras that fail: said within 5 s, no other device touched, back by themselves.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>

#include "devices/scanner/virtual_scanner.hpp"
#include "shared/base/guarded.hpp"
#include "shared/http/client.hpp"
#include "shared/mqtt/client.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/health.hpp"
#include "shared/wire/topic.hpp"
#include "tests/devices/marker/marker_scene.hpp"
#include "tests/devices/qr/qr_scene.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/picture_streams.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
using devices::marker::testing::stick;
using devices::marker::testing::yard;

namespace {

namespace fs = std::filesystem;

boost::test_tools::assertion_result with_streams(boost::unit_test::test_unit_id) {
  return MjpegCamera::is_installed() && RtspCamera::is_installed();
}
boost::test_tools::assertion_result with_ffmpeg(boost::unit_test::test_unit_id) {
  return MjpegCamera::is_installed();
}

/// Pictures 000.png, 001.png, … in a folder made for them.
class Film {
 public:
  explicit Film(fs::path folder) : folder_(std::move(folder)) { fs::create_directories(folder_); }
  void add(const cv::Mat& picture) {
    char name[16];
    std::snprintf(name, sizeof name, "%03d.png", count_++);
    BOOST_REQUIRE(cv::imwrite((folder_ / name).string(), picture));
  }
  /// A sensor's noise: no two pictures are the same.
  void add_noisy(const cv::Mat& picture) {
    cv::Mat noise(picture.size(), CV_8UC3);
    cv::RNG(static_cast<std::uint64_t>(count_ + 1)).fill(noise, cv::RNG::UNIFORM, 0, 6);
    add(picture + noise);
  }
  /// Somebody with this marker walks through the picture from left to right.
  void add_walk(std::string_view family, std::uint32_t id) {
    for (float x = 50; x < 600; x += 25) {
      cv::Mat scene = yard({640, 480}, static_cast<std::uint64_t>(x));
      stick(scene, {.family = family, .id = id, .side = 60}, {x, 240});
      add(scene);
    }
  }
  [[nodiscard]] std::string path() const { return folder_.string(); }

 private:
  const fs::path folder_;
  int count_ = 0;
};

/// `sitegate qr` with the installation's key.
std::string code_for(const Installation& installation, int technician, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"qr",       Installation::technician(technician).text(),
                                     "--key",    (installation.folder() / "cloud-signing.pem").string(),
                                     "--format", "text"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto before = installation.tool_output().size();
  BOOST_REQUIRE(installation.run_tool(arguments) == 0);
  auto text = installation.tool_output().substr(before);
  text.erase(text.find('\n'));
  return text;
}

InstallationSettings settings_of(int people, std::vector<CredentialAssignment> credentials,
                                 std::uint16_t page = 0) {
  InstallationSettings settings;
  settings.technicians = people;
  settings.credentials = std::move(credentials);
  if (page != 0) settings.edge_extra = "[local_page]\nlisten = \"127.0.0.1:" + std::to_string(page) + "\"\n";
  return settings;
}

CredentialAssignment assigned(int technician, Credential credential) {
  return {Installation::technician(technician), std::move(credential), std::nullopt};
}

bool said(const Installation& installation, std::string_view words) {
  return wait_until([&] { return installation.edge_output().find(words) != std::string::npos; }, 60s);
}

/// The gateway's own page, where the state of its readers stands.
class Page {
 public:
  explicit Page(std::uint16_t port) : address_("http://127.0.0.1:" + std::to_string(port) + "/?lang=en") {}
  [[nodiscard]] std::string text() {
    http::ClientRequest request;
    request.url = address_;
    const auto response = client_.call(request);
    return response ? response.value().body : std::string();
  }
  [[nodiscard]] bool says(std::string_view words, std::chrono::milliseconds limit = 60s) {
    return wait_until([&] { return text().find(words) != std::string::npos; }, limit);
  }

 private:
  const std::string address_;
  http::Client client_;
};

/// Takes the gateway's health messages from the broker: the state of the last one's only reader.
class HealthListener {
 public:
  explicit HealthListener(Installation& installation) : key_(installation.gateway_key().public_key()) {
    const auto files = installation.broker().client("cloud");
    mqtt::BrokerSettings settings;
    settings.url = installation.broker().url();
    settings.client_id = "cloud";
    settings.ca_file = files.ca_file;
    settings.certificate_file = files.certificate_file;
    settings.key_file = files.key_file;
    mqtt::TransportEvents events;
    events.message = [this](std::string_view, ByteView payload) { take(payload); };
    client_ = mqtt::Client::start(settings, {wire::topic_filter(wire::Channel::health)}, events).value();
  }
  /// Of a reader without trouble the state begins with the pictures' size.
  [[nodiscard]] bool hears(std::string_view beginning, std::chrono::milliseconds limit) {
    return wait_until([&] { return state_.with([&](auto& state) { return state.starts_with(beginning); }); },
                      limit);
  }

 private:
  void take(ByteView payload) {
    const auto key_of = [this](std::string_view) { return std::optional(key_); };
    const auto opened = wire::open(payload, wire::MessageKind::health, wire::health_size_max, key_of);
    if (!opened) return;
    const auto health = wire::decode_health(opened.value().payload);
    if (health && !health.value().readers.empty())
      state_.with([&](auto& state) { state = health.value().readers.front().state; });
  }

  const PublicKey key_;
  Guarded<std::string> state_;
  std::unique_ptr<mqtt::Client> client_;
};

Method method_of(const Installation& installation, int technician) {
  const WorkDate today = installation.kept_passages().front().work_date;
  const auto history = installation.records()
                           ->work_history(Installation::technician(technician), Installation::site(), today)
                           .value();
  BOOST_REQUIRE(history.has_value());
  return history->method;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(camera_to_history)

BOOST_AUTO_TEST_CASE(folders_of_pictures_become_histories_by_qr_and_marker) {
  Installation installation(settings_of(
      4, {assigned(1, CodeCredential{"HELMET-1"}), assigned(2, MarkerCredential{"aruco-6x6-1000", 5})}));
  Film codes(installation.folder() / "codes");
  for (int i = 0; i < 3; ++i) codes.add_noisy(devices::qr::testing::qr_scene(code_for(installation, 0)));
  codes.add_noisy(devices::qr::testing::qr_scene("HELMET-1"));
  const auto for_elsewhere = code_for(installation, 3, {"--site", "00000000000001"});
  codes.add_noisy(devices::qr::testing::qr_scene(for_elsewhere));
  Film helmets(installation.folder() / "helmets");
  helmets.add_walk("aruco-6x6-1000", 5);
  installation.start_cloud();
  // The roster first: a recording does not wait for it.
  installation.start_edge({});
  BOOST_REQUIRE(said(installation, "roster applied"));
  BOOST_TEST(installation.stop_edge() == 0);
  installation.start_edge({"qr+dir://" + codes.path() + "?id=codes&pace=all&direction=entry",
                           "marker+dir://" + helmets.path() + "?id=helmets&pace=all&entry=right"});
  BOOST_TEST(wait_until([&] { return installation.registered() == 3u; }, 90s));
  BOOST_TEST(wait_until([&] { return installation.kept_passages().size() >= 4u; }, 30s));
  BOOST_TEST((method_of(installation, 0) == Method::qr));
  BOOST_TEST((method_of(installation, 1) == Method::qr));
  BOOST_TEST((method_of(installation, 2) == Method::marker));
  for (const auto& passage : installation.kept_passages())
    BOOST_TEST((passage.direction == Direction::entry));
  // The code of another site is refused with its reason, and stands in no file and no line.
  BOOST_TEST(said(installation, "this code is for another site"));
  BOOST_TEST(installation.edge_output().find(for_elsewhere.substr(40)) == std::string::npos);
  BOOST_TEST(wait_until([&] {
    return installation.records()->unregistered_passages(Installation::site(), 10).value().size() == 1u;
  }));
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_CASE(mjpeg_and_rtsp_become_histories_by_qr_and_marker,
                     *boost::unit_test::precondition(with_streams)) {
  Installation installation(settings_of(2, {assigned(1, MarkerCredential{"apriltag-36h11", 9})}));
  Film phone(installation.folder() / "phone");
  const auto code =
      code_for(installation, 0, {"--kind", "short_lived", "--site", Installation::site().text()});
  for (int i = 0; i < 10; ++i) phone.add_noisy(devices::qr::testing::qr_scene(code));
  Film helmet(installation.folder() / "helmet");
  helmet.add_walk("apriltag-36h11", 9);
  MjpegCamera mjpeg({"-stream_loop", "-1", "-framerate", "10", "-i", phone.path() + "/%03d.png"});
  RtspCamera rtsp("multifilesrc location=" + helmet.path() +
                  "/%03d.png index=0 loop=true caps=image/png,framerate=10/1 ! pngdec ! identity sync=true");
  installation.start_cloud();
  installation.start_edge({"qr+" + mjpeg.address() + "?id=codes&gate=1&direction=entry",
                           "marker+" + rtsp.address() + "?id=helmets&gate=2&entry=right"});
  BOOST_TEST(wait_until([&] { return installation.registered() == 2u; }, 90s));
  BOOST_TEST((method_of(installation, 0) == Method::qr));
  BOOST_TEST((method_of(installation, 1) == Method::marker));
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_CASE(cameras_that_fail_are_said_and_come_back_and_nobody_else_is_touched,
                     *boost::unit_test::precondition(with_ffmpeg)) {
  const auto port = free_port();
  Installation installation(
      settings_of(4,
                  {assigned(0, CodeCredential{"A-0"}), assigned(1, CodeCredential{"A-1"}),
                   assigned(2, CodeCredential{"A-2"})},
                  port));
  const devices::scanner::VirtualSerialScanner scanner(installation.folder() / "scanner");
  const std::vector<std::string> moving{"-f", "lavfi", "-i", "testsrc=size=320x240:rate=10"};
  MjpegCamera camera(moving);
  TcpProxy line(camera.port());
  installation.start_cloud();
  installation.start_edge({"qr+http://127.0.0.1:" + std::to_string(line.port()) + "/?id=camera",
                           "scanner+serial://" + (installation.folder() / "scanner").string() +
                               "?id=desk&gate=2&direction=entry"});
  BOOST_REQUIRE(said(installation, "roster applied"));
  BOOST_REQUIRE(said(installation, "reader=desk listening"));
  Page page(port);
  BOOST_REQUIRE(page.says("320x240"));

  camera.kill();  // unplugged
  BOOST_TEST(page.says("no pictures", 5s));
  BOOST_TEST(scanner.scan("A-0"));
  BOOST_TEST(wait_until([&] { return installation.registered() == 1u; }, 60s));
  camera.start({"-f", "lavfi", "-i", "color=black:size=320x240:rate=10"});
  BOOST_TEST(page.says("dark"));
  camera.kill();
  camera.start({"-f", "lavfi", "-i", "smptebars=size=320x240:rate=10"});
  BOOST_TEST(page.says("frozen"));
  BOOST_TEST(scanner.scan("A-1"));
  BOOST_TEST(wait_until([&] { return installation.registered() == 2u; }, 60s));
  line.answer("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + std::string(200'000, '\x5a'));
  camera.kill();  // what it connects to from now on sends garbage
  BOOST_TEST(page.says("no pictures"));
  BOOST_TEST(scanner.scan("A-2"));
  BOOST_TEST(wait_until([&] { return installation.registered() == 3u; }, 60s));
  camera.start(moving);
  line.answer("");
  BOOST_TEST(wait_until(
      [&] {
        const auto text = page.text();
        return text.find("320x240") != std::string::npos && text.find("no pictures") == std::string::npos &&
               text.find("frozen") == std::string::npos;
      },
      60s));
  // A handheld reads the same signed codes as a camera.
  BOOST_TEST(scanner.scan(code_for(installation, 3)));
  BOOST_TEST(wait_until([&] { return installation.registered() == 4u; }, 60s));
  camera.pause();  // connected, and silent
  BOOST_TEST(page.says("no pictures", 5s));
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_CASE(a_health_message_says_it_within_5_s_however_rare_they_are,
                     *boost::unit_test::precondition(with_ffmpeg)) {
  auto settings = settings_of(1, {});
  settings.health_interval_s = 3'600;
  Installation installation(settings);
  HealthListener cloud(installation);  // in the cloud's place
  MjpegCamera camera({"-f", "lavfi", "-i", "testsrc=size=320x240:rate=10"});
  installation.start_edge({"qr+" + camera.address() + "?id=camera"});
  BOOST_REQUIRE(cloud.hears("320x240", 60s));
  camera.kill();
  BOOST_TEST(cloud.hears("no pictures", 5s));
  camera.start({"-f", "lavfi", "-i", "testsrc=size=320x240:rate=10"});
  BOOST_TEST(cloud.hears("320x240", 60s));
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
