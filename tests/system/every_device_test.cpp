// Every kind of entry device that speaks a protocol, at one gateway at once: simulated devices →
// sitegate-edge → Mosquitto → sitegate-cloud → one work history each, with its method; and what the gateway
// says of each reader's health. Cards through pcscd: tap_to_report_test.cpp. Each protocol's standard:
// tests/devices/<kind>.
#include <boost/test/unit_test.hpp>

#include <fstream>

#include "devices/logger/virtual_logger.hpp"
#include "devices/phone/virtual_phone.hpp"
#include "devices/scanner/virtual_scanner.hpp"
#include "devices/tag/device_token.hpp"
#include "devices/tag/virtual_tag.hpp"
#include "devices/terminal/hikvision_simulator.hpp"
#include "devices/terminal/zkteco_simulator.hpp"
#include "devices/uhf/uhf_simulator.hpp"
#include "shared/http/client.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

// Who uses which device.
enum Person { by_uhf, by_phone, by_code, by_vein, by_face, by_tag, by_logger, people };

const Bytes epc{0xE2, 0x80, 0x11, 0x70, 0x00, 0x00, 0x02, 0x0F, 0x12, 0x34, 0xAB, 0xCD};
const auto token = devices::tag::DeviceToken::make();
constexpr std::string_view chip_key = "00112233445566778899aabbccddeeff";
const devices::tag::VirtualTagSettings chip_settings{
    {0x04, 0x95, 0x8C, 0xAA, 0x5C, 0x5E, 0x80}, std::nullopt, *crypto::AesKey::from_hex(chip_key), ""};

InstallationSettings all_people() {
  InstallationSettings settings;
  settings.technicians = people;
  const auto knows = [&](Person person, const Credential& credential) {
    settings.credentials.push_back({Installation::technician(person), credential, std::nullopt});
  };
  knows(by_uhf, UhfTagCredential{epc});
  knows(by_phone, PhoneCredential{"+819012345678"});
  knows(by_code, CodeCredential{"HELMET-0003"});
  knows(by_vein, TerminalUserCredential{"site", "1001"});
  knows(by_face, TerminalUserCredential{"site", "2002"});
  knows(by_tag, TokenCredential{token.hash()});
  return settings;
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file) << text;
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

/// The devices of a morning, and the URLs that name them to the gateway.
struct Devices {
  explicit Devices(const std::filesystem::path& at)
      : folder(at),
        uhf(devices::uhf::UhfSimulator::start({}, clock).value()),
        scanner(at / "ttyScanner"),
        vein({"http://127.0.0.1:" + std::to_string(zkteco_port), "VEIN1",
              devices::terminal::Dialect::attendance},
             clock),
        face(devices::terminal::HikvisionSimulator::start(
                 {.gateway_url = "http://127.0.0.1:" + std::to_string(hikvision_port) + "/events",
                  .device_id = "DS-1",
                  .password = "secret"},
                 clock)
                 .value()) {
    const std::string terminal = "address = \"127.0.0.1\"\nrealm = \"site\"\ndirection = \"state\"\n";
    write(folder / "zkteco.toml", "[vein]\nserial = \"VEIN1\"\nmethod = \"finger_vein\"\n" + terminal);
    write(folder / "isapi.toml", "[face]\nserial = \"DS-1\"\nmethod = \"face\"\n" + terminal);
    write(
        folder / "tags.toml",
        "[table]\nkeys = \"tag-keys.toml\"\n[04958CAA5C5E80]\nname = \"north\"\nfile_key = \"site-file\"\n");
    write(folder / "tag-keys.toml", "[site-file]\naes128 = \"" + std::string(chip_key) + "\"\n");
    std::filesystem::create_directory(folder / "touches");
  }

  [[nodiscard]] std::vector<std::string> urls() const {
    const auto port = [](std::uint16_t number) { return "127.0.0.1:" + std::to_string(number); };
    const std::string at = folder.string();
    return {"uhf+llrp://" + port(uhf->port()) + "?gate=uhf&direction=entry",
            "phone+sip://" + port(sip_port) + "?trunk=127.0.0.1&numbers=+81312345678:gate=phone:entry",
            "scanner+serial://" + at + "/ttyScanner?gate=scanner&direction=entry",
            "terminal+zkteco://" + port(zkteco_port) + "?terminals=" + at + "/zkteco.toml&gate=vein",
            "terminal+hikvision://" + port(hikvision_port) + "?terminals=" + at + "/isapi.toml&gate=face",
            "tag+http://" + port(tag_port) + "?tags=" + at + "/tags.toml&gate=tag&direction=entry",
            "logger+file://" + at + "/touches?gate=logger&poll_s=1"};
  }

  void call() const {
    devices::phone::CallPlan plan;
    plan.from = "<sip:09012345678@trunk.example>";
    const auto end = devices::phone::place_call("127.0.0.1", sip_port, plan);
    BOOST_REQUIRE_MESSAGE(end.has_value(), (end ? "" : end.error().text()));
    BOOST_TEST(end.value().status == 603);
  }
  void recognise_vein() {
    BOOST_REQUIRE(wait_until([&] { return vein.connect().has_value(); }, 20s));
    vein.recognise({.pin = "1001", .verify = "21", .status = 0, .temperature = "36.4"});
    const auto pushed = vein.push();
    BOOST_REQUIRE_MESSAGE(pushed.has_value(), (pushed ? "" : pushed.error().text()));
    BOOST_TEST(vein.unacknowledged() == 0u);
  }
  void recognise_face() const {
    face->recognise({.employee = "2002", .code = 75, .attendance_status = "checkIn"});
    BOOST_TEST((face->push() == std::vector<unsigned>{200}));
  }
  void open_tag_url() {
    http::Client phone;
    http::ClientRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(tag_port) + "/t?" + chip.tap();
    request.headers = {{"Cookie", "sitegate_token=" + token.text()}, {"Accept-Language", "en"}};
    const auto page = phone.call(request);
    BOOST_REQUIRE_MESSAGE(page.has_value(), (page ? "" : page.error().text()));
    BOOST_TEST(page.value().status == 200u);
  }
  void empty_logger() const {
    devices::logger::VirtualLogger logger("LOG-1", {clock.now(), 90s});
    logger.touch(Installation::card_of(by_logger), clock.now() - 26h, Direction::entry);
    std::ofstream(folder / "touches" / "export.tmp") << logger.file(clock.now());
    std::filesystem::rename(folder / "touches" / "export.tmp", folder / "touches" / "export.csv");
  }

  const std::filesystem::path folder;
  const std::uint16_t sip_port = free_port();
  const std::uint16_t zkteco_port = free_port();
  const std::uint16_t hikvision_port = free_port();
  const std::uint16_t tag_port = free_port();
  SystemClock clock;
  std::unique_ptr<devices::uhf::UhfSimulator> uhf;
  devices::scanner::VirtualSerialScanner scanner;
  devices::terminal::ZktecoSimulator vein;
  std::unique_ptr<devices::terminal::HikvisionSimulator> face;
  devices::tag::VirtualTag chip{chip_settings};
};

Method method_of(const Installation& installation, int person) {
  const auto histories = installation.records()->histories_of(
      Installation::technician(person), Date{std::chrono::days{0}}, Date{std::chrono::days{40'000}});
  BOOST_REQUIRE(histories);
  BOOST_REQUIRE_MESSAGE(histories.value().size() == 1u, "person " << person);
  return histories.value().front().method;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(every_device)

BOOST_AUTO_TEST_CASE(each_makes_one_work_history_with_its_method) {
  Installation installation(all_people());
  TemporaryFolder folder;
  Devices devices(folder.path());
  installation.start_cloud();
  installation.start_edge(devices.urls());
  const bool ready = wait_until(
      [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 60s);
  BOOST_REQUIRE_MESSAGE(ready, installation.edge_output());
  BOOST_REQUIRE(wait_until([&] { return devices.uhf->counts().reading; }, 20s));
  devices.uhf->see({{.epc = epc}});
  devices.call();
  BOOST_TEST(devices.scanner.scan("HELMET-0003"));
  devices.recognise_vein();
  devices.recognise_face();
  devices.open_tag_url();
  devices.empty_logger();
  BOOST_TEST(wait_until([&] { return installation.registered() == people; }, 60s));

  const std::vector<Method> expected{Method::uhf,  Method::phone,   Method::qr,  Method::finger_vein,
                                     Method::face, Method::nfc_tag, Method::card};
  for (int person = 0; person < people; ++person)
    BOOST_TEST((method_of(installation, person) == expected[static_cast<std::size_t>(person)]),
               "person " << person);
  const auto passages = installation.kept_passages();
  BOOST_TEST(passages.size() == static_cast<std::size_t>(people));
  const auto measured = std::ranges::find_if(
      passages, [](const Passage& passage) { return passage.evidence[0].body_temperature_c.has_value(); });
  BOOST_REQUIRE(measured != passages.end());
  BOOST_TEST(*measured->evidence[0].body_temperature_c == 36.4f);
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
