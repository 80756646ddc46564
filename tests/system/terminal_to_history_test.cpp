// From terminals that match by themselves to registered histories: simulated finger-vein and face terminals
// (ZKTeco PUSH, both dialects; Hikvision ISAPI) → sitegate-edge → Mosquitto with mutual TLS → sitegate-cloud,
// with the gateway killed in the middle. Protocols: see tests/devices/terminal.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "devices/terminal/hikvision_simulator.hpp"
#include "devices/terminal/zkteco_simulator.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
using devices::terminal::Dialect;
using devices::terminal::HikvisionSimulator;
using devices::terminal::ZktecoSimulator;

namespace {

constexpr int people_each = 8;
constexpr int people = 3 * people_each;

std::string pin_of(int technician) {
  return std::to_string(1000 + technician);
}

// Three terminals of one list of users, and what the gateway is told of them.
struct Terminals {
  explicit Terminals(Installation& installation) : folder(installation.folder()) {
    face_log =
        HikvisionSimulator::start(
            {.gateway_url = isapi_url() + "/events/FACE1", .device_id = "FACE1", .password = "secret"}, clock)
            .value();
    write("digest.toml", "[digest]\nuser = \"admin\"\npassword = \"secret\"\n");
    write("push.toml", section("vein", "VEIN1", "finger_vein") + "dialect = \"security\"\n" +
                           section("thermal", "THERMAL1", "face"));
    write("isapi.toml", section("face", "FACE1", "face") + "url = \"" + face_log->url() +
                            "\"\ncredentials = \"digest.toml\"\n");
    enroll(installation);
  }
  // The users of the terminals' common list, as the registry knows them.
  static void enroll(const Installation& installation) {
    const auto store =
        cloud::open_store(installation.store_url(), {.map_size = std::size_t{1} << 30}).value();
    const auto transaction = store->begin_write().value();
    for (int i = 0; i < people; ++i) {
      const Credential user = TerminalUserCredential{"list", pin_of(i)};
      BOOST_REQUIRE(transaction->put(CredentialAssignment{Installation::technician(i), user, std::nullopt}));
    }
    BOOST_REQUIRE(transaction->commit());
  }
  static std::string section(const std::string& name, const std::string& serial, const std::string& method) {
    return "[" + name + "]\nserial = \"" + serial +
           "\"\naddress = \"127.0.0.1\"\nrealm = \"list\"\nmethod = \"" + method + "\"\n";
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder / name) << text; }

  [[nodiscard]] std::string push_url() const { return "http://127.0.0.1:" + std::to_string(push_port); }
  [[nodiscard]] std::string isapi_url() const { return "http://127.0.0.1:" + std::to_string(isapi_port); }
  [[nodiscard]] std::vector<std::string> reader_urls() const {
    const auto url = [&](const std::string& family, std::uint16_t port, const std::string& file) {
      return "terminal+" + family + "://127.0.0.1:" + std::to_string(port) + "?id=" + family +
             "&direction=entry&terminals=" + (folder / file).string();
    };
    return {url("zkteco", push_port, "push.toml"),
            url("hikvision", isapi_port, "isapi.toml") + "&catch_up_min=1"};
  }
  // One more person at each of them.
  void recognise(int i) {
    vein.recognise({.pin = pin_of(i), .verify = "21"});
    thermal.recognise({.pin = pin_of(people_each + i), .verify = "15", .temperature = "36.4"});
    face_log->recognise({.employee = pin_of(2 * people_each + i), .temperature_c = 36.6});
  }
  // Everything that can be sent is sent; terminals that are not answered try again.
  bool all_acknowledged() {
    static_cast<void>(vein.push());
    static_cast<void>(thermal.push());
    face_log->push();
    return vein.unacknowledged() + thermal.unacknowledged() == 0;
  }

  const std::filesystem::path folder;
  const std::uint16_t push_port = free_port();
  const std::uint16_t isapi_port = free_port();
  SystemClock clock;
  ZktecoSimulator vein{{push_url(), "VEIN1", Dialect::security}, clock};
  ZktecoSimulator thermal{{push_url(), "THERMAL1"}, clock};
  std::unique_ptr<HikvisionSimulator> face_log;
};

bool listens(const Terminals& terminals) {
  return answers(terminals.push_port) && answers(terminals.isapi_port);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(terminal_to_history)

BOOST_AUTO_TEST_CASE(three_terminals_and_a_gateway_that_is_killed) {
  Installation installation({.technicians = people, .with_structure = true, .edge_extra = ""});
  Terminals terminals(installation);
  installation.start_cloud();
  installation.start_edge(terminals.reader_urls());
  BOOST_REQUIRE(wait_until(
      [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 60s));
  BOOST_REQUIRE(wait_until([&] { return listens(terminals); }, 60s));

  for (int i = 0; i < people_each / 2; ++i) terminals.recognise(i);
  BOOST_TEST(wait_until([&] { return terminals.all_acknowledged(); }, 60s));
  // What is acknowledged is on the disk, whatever happens now.
  installation.kill_edge();
  BOOST_TEST(installation.kept_passages().size() == 3u * people_each / 2);
  for (int i = people_each / 2; i < people_each; ++i) terminals.recognise(i);
  BOOST_TEST(!terminals.all_acknowledged());
  terminals.face_log->forget_to_push();  // its log is the only way
  installation.start_edge(terminals.reader_urls());
  BOOST_TEST(wait_until([&] { return terminals.all_acknowledged(); }, 60s));
  BOOST_TEST(
      wait_until([&] { return installation.registered() == static_cast<std::uint64_t>(people); }, 60s));

  const auto kept = installation.kept_passages();
  BOOST_TEST(kept.size() == static_cast<std::size_t>(people));  // nobody twice
  const auto records = installation.records();
  for (int i = 0; i < people; ++i) {
    const auto history =
        records->work_history(Installation::technician(i), Installation::site(), kept.front().work_date)
            .value();
    BOOST_REQUIRE_MESSAGE(history.has_value(), "technician " << i);
    BOOST_TEST((history->method == (i < people_each ? Method::finger_vein : Method::face)),
               "technician " << i);
  }
  const auto measured = std::count_if(kept.begin(), kept.end(), [](const Passage& passage) {
    return passage.evidence.front().body_temperature_c.has_value();
  });
  BOOST_TEST(measured >= people_each);
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(installation.stop_cloud() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
