// Every kind of entry device that speaks a protocol, at one gateway at once: simulated devices →
// sitegate-edge → Mosquitto → sitegate-cloud → one work history each, with its method; and what the gateway
// says of each reader's health; and what it says of garbage from each, after which the next good message
// works. Cards through pcscd: tap_to_report_test.cpp. Each protocol's standard: tests/devices/<kind>.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

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
#include "tests/support/raw_peer.hpp"
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
    return {
        "uhf+llrp://" + port(uhf->port()) + "?id=uhf&gate=uhf&direction=entry",
        "phone+sip://" + port(sip_port) + "?id=phone&trunk=127.0.0.1&numbers=+81312345678:gate=phone:entry",
        "scanner+serial://" + at + "/ttyScanner?id=scanner&gate=scanner&direction=entry",
        "terminal+zkteco://" + port(zkteco_port) + "?terminals=" + at + "/zkteco.toml&id=vein&gate=vein",
        "terminal+hikvision://" + port(hikvision_port) + "?terminals=" + at + "/isapi.toml&id=face&gate=face",
        "tag+http://" + port(tag_port) + "?tags=" + at + "/tags.toml&id=tag&gate=tag&direction=entry",
        "logger+file://" + at + "/touches?id=logger&gate=logger&poll_s=1"};
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

/// The gateway knows its roster and reads from every device.
void start(Installation& installation, const Devices& devices) {
  installation.start_cloud();
  installation.start_edge(devices.urls());
  const auto said = [&](std::string_view words) {
    return wait_until([&] { return installation.edge_output().find(words) != std::string::npos; }, 60s);
  };
  BOOST_REQUIRE_MESSAGE(said("roster applied"), installation.edge_output());
  BOOST_REQUIRE(said("reader=scanner listening"));
  BOOST_REQUIRE(said("reader=phone waits for calls"));
  BOOST_REQUIRE(wait_until([&] { return devices.uhf->counts().reading; }, 20s));
}

void everybody_comes(Devices& devices) {
  devices.uhf->see({{.epc = epc}});
  devices.call();
  BOOST_TEST(devices.scanner.scan("HELMET-0003"));
  devices.recognise_vein();
  devices.recognise_face();
  devices.open_tag_url();
  devices.empty_logger();
}

void check_histories(const Installation& installation) {
  BOOST_TEST(wait_until([&] { return installation.registered() == people; }, 60s));
  const std::vector<Method> expected{Method::uhf,  Method::phone,   Method::qr,  Method::finger_vein,
                                     Method::face, Method::nfc_tag, Method::card};
  for (int person = 0; person < people; ++person)
    BOOST_TEST((method_of(installation, person) == expected[static_cast<std::size_t>(person)]),
               "person " << person);
  BOOST_TEST(installation.kept_passages().size() == static_cast<std::size_t>(people));
}

void send_datagram(std::uint16_t port, std::string_view text) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  BOOST_TEST(::sendto(socket, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&address),
                      sizeof address) == static_cast<ssize_t>(text.size()));
  ::close(socket);
}

const std::string megabyte(1u << 20, 'x');
const std::string wrong_length =
    "POST /iclock/cdata?SN=VEIN1&table=ATTLOG HTTP/1.1\r\nContent-Length: 900\r\n\r\n1\t";

/// Waits until the gateway has said this, after the fault that it is of.
struct Log {
  const Installation& installation;
  std::size_t since = 0;
  void begin() { since = installation.edge_output().size(); }
  [[nodiscard]] bool has(std::string_view words) const {
    return installation.edge_output().find(words, since) != std::string::npos;
  }
  void expect(std::string_view words) const {
    BOOST_TEST(wait_until([&] { return has(words); }, 30s),
               "nothing said of " << words << " in " << installation.edge_output().substr(since));
  }
};

/// Garbage, wrong lengths, a cut, a megabyte to the servers of the gateway; what HTTP itself refuses is one
/// code for all of them (tests/shared/http/limits_test.cpp).
void spoil_http(const Devices& devices, Log& log) {
  const auto send = [&](std::uint16_t port, std::string_view bytes, std::string_view expected) {
    log.begin();
    RawPeer peer(port);
    peer.send(bytes);
    peer.finish_sending();
    static_cast<void>(peer.receive_all());
    log.expect(expected);
  };
  for (const auto port : {devices.zkteco_port, devices.hikvision_port, devices.tag_port}) {
    send(port, "\x16\x03\x01\x02\r\n\r\n", "status=400 refused: not a request of HTTP/1.1");
    send(port, "GET /" + megabyte + " HTTP/1.1\r\n\r\n", "status=431 refused: header too large");
    send(port, wrong_length, "went away in the middle of a request");
  }
  const auto post = [](const std::string& path, const std::string& body) {
    return "POST " + path +
           " HTTP/1.1\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  };
  send(devices.zkteco_port, post("/iclock/cdata?SN=VEIN1&table=ATTLOG", "garbage\n" + megabyte + "\n"),
       "terminal=vein line=1 cannot be used");
  send(devices.hikvision_port, post("/events/DS-1", megabyte), "terminal=face line=");
  send(devices.tag_port, "GET /t?picc_data=garbage HTTP/1.1\r\nConnection: close\r\n\r\n",
       "reader=tag peer=127.0.0.1 refused");
}

void spoil_phone(const Devices& devices, Log& log) {
  log.begin();
  send_datagram(devices.sip_port, "garbage\r\n\r\n");
  log.expect("a datagram of 11 bytes is no SIP message");
  // It says so at most once a second, so it is done until it is said.
  const auto send_until_said = [&](std::string_view bytes, std::string_view expected) {
    log.begin();
    BOOST_TEST(wait_until([&] {
                 RawPeer peer(devices.sip_port);
                 peer.send(bytes);
                 peer.finish_sending();
                 static_cast<void>(peer.receive_all());
                 return log.has(expected);
               }),
               expected);
  };
  send_until_said("GET / HTTP/1.1\r\nHost: gate\r\n\r\n", "a connection is closed: what it sent is no SIP");
  send_until_said("INVITE sip:+81312345678@gate SIP/2.0\r\nVia: ",
                  "a connection is closed: it ended in the middle of a message");
}

void spoil_uhf(Devices& devices, Log& log) {
  log.begin();
  devices.uhf->send_raw(
      {0x04, 0x3D, 0, 0, 0, 14, 0, 0, 0, 1, 0, 0xF0, 0xFF, 0xFF});  // a length too large inside
  log.expect("reader=uhf passed over a message");
  log.begin();
  devices.uhf->send_raw(to_bytes(as_bytes(megabyte)));
  log.expect("reader=uhf failed, trying again");
  BOOST_TEST(wait_until([&] { return devices.uhf->counts().connections == 2u; }, 30s));
  log.begin();
  devices.uhf->send_raw({0x04, 0x3D, 0, 0, 0, 40, 0, 0});  // cut off
  devices.uhf->drop();
  log.expect("reader=uhf failed, trying again");
  BOOST_TEST(wait_until([&] { return devices.uhf->counts().connections == 3u; }, 30s));
  devices.uhf->set_slow(true);
}

void spoil_scanner(Devices& devices, Log& log) {
  log.begin();
  BOOST_TEST(devices.scanner.send(megabyte + "\r"));
  log.expect("reader=scanner no read:");
  log.begin();
  BOOST_TEST(devices.scanner.send(std::string_view("\0\xff garbage\r", 11)));
  log.expect("reader=scanner no read:");
}

void spoil_logger(const Devices& devices, Log& log) {
  log.begin();
  std::ofstream(devices.folder / "touches" / "garbage.csv") << megabyte;
  log.expect("garbage.csv refused");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(every_device)

BOOST_AUTO_TEST_CASE(each_makes_one_work_history_with_its_method) {
  Installation installation(all_people());
  TemporaryFolder folder;
  Devices devices(folder.path());
  start(installation, devices);
  everybody_comes(devices);
  check_histories(installation);
  const auto passages = installation.kept_passages();
  const auto measured = std::ranges::find_if(
      passages, [](const Passage& passage) { return passage.evidence[0].body_temperature_c.has_value(); });
  BOOST_REQUIRE(measured != passages.end());
  BOOST_TEST(*measured->evidence[0].body_temperature_c == 36.4f);
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_CASE(garbage_from_each_is_said_and_the_next_good_message_works) {
  Installation installation(all_people());
  TemporaryFolder folder;
  Devices devices(folder.path());
  start(installation, devices);
  // Slow writers are there all the while.
  std::vector<std::unique_ptr<RawPeer>> slow;
  for (const auto port : {devices.sip_port, devices.zkteco_port, devices.hikvision_port, devices.tag_port}) {
    slow.push_back(std::make_unique<RawPeer>(port));
    slow.back()->send("POST ");
  }
  Log log{installation};
  spoil_http(devices, log);
  spoil_phone(devices, log);
  spoil_uhf(devices, log);
  spoil_scanner(devices, log);
  spoil_logger(devices, log);
  BOOST_REQUIRE(wait_until([&] { return devices.uhf->counts().reading; }, 20s));
  everybody_comes(devices);
  check_histories(installation);
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
