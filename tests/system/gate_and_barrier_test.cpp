// A gate that opens: a running gateway, devices, and a relay board of libmodbus behind the turnstile (MODBUS
// Application Protocol V1.1b3, 6.5, 6.6); and a gate at which two devices must agree before it does.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "devices/barrier/virtual_relay.hpp"
#include "devices/scanner/virtual_scanner.hpp"
#include "devices/terminal/hikvision_simulator.hpp"
#include "tests/devices/barrier/libmodbus_server.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
using devices::barrier::LibmodbusServer;
using devices::barrier::RelayFault;
using devices::barrier::VirtualRelay;
using devices::terminal::HikvisionSimulator;

namespace {

std::string code_of(int technician) {
  return "HELMET-" + std::to_string(technician);
}
std::string pin_of(int technician) {
  return std::to_string(1001 + technician);
}

/// Everybody is known by a code and to the face terminal.
InstallationSettings settings_of(int people, const std::string& edge_extra) {
  InstallationSettings settings;
  settings.technicians = people;
  settings.edge_extra = edge_extra;
  for (int i = 0; i < people; ++i)
    for (const Credential& credential :
         {Credential(CodeCredential{code_of(i)}), Credential(TerminalUserCredential{"site", pin_of(i)})})
      settings.credentials.push_back({Installation::technician(i), credential, std::nullopt});
  return settings;
}

std::string barriers(const std::string& url) {
  return "[barriers]\nurls = [\"" + url + "\"]\n";
}

bool said(const Installation& installation, std::string_view words, std::size_t start = 0) {
  return wait_until([&] { return installation.edge_output().find(words, start) != std::string::npos; }, 60s);
}

/// So many passages are on the gateway's disk.
bool keeps(const Installation& installation, std::uint64_t passages) {
  return wait_until(
      [&] {
        const auto outbox = installation.outbox();
        return outbox && outbox->next_sequence == passages + 1;
      },
      30s);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gate_and_barrier)

BOOST_AUTO_TEST_CASE(a_relay_board_opens_for_who_is_admitted_and_the_record_goes_on_without_it) {
  constexpr int people = 4;
  const auto port = free_port();
  Installation installation(
      settings_of(people, barriers("barrier+modbus://127.0.0.1:" + std::to_string(port) +
                                   "?id=turnstile&gate=1&coil=3&timer=none&untimed=permitted&pulse_ms=100")));
  auto relay = std::make_unique<LibmodbusServer>(port);
  const devices::scanner::VirtualSerialScanner scanner(installation.folder() / "scanner");
  installation.start_cloud();
  installation.start_edge({"scanner+serial://" + (installation.folder() / "scanner").string() +
                           "?id=desk&gate=1&direction=entry"});
  BOOST_REQUIRE(said(installation, "roster applied"));
  BOOST_REQUIRE(said(installation, "reader=desk listening"));

  BOOST_TEST(scanner.scan(code_of(0)));
  BOOST_TEST(wait_until([&] { return relay->times_on() == 1; }));
  BOOST_TEST(wait_until([&] { return !relay->coil(3); }));
  BOOST_TEST(scanner.scan("HELMET-OF-NOBODY"));
  BOOST_REQUIRE(keeps(installation, 2));

  // Without the relay people are recorded as before, and nothing waits.
  relay.reset();
  const auto start = installation.edge_output().size();
  BOOST_TEST(scanner.scan(code_of(1)));
  BOOST_TEST(scanner.scan(code_of(2)));
  BOOST_REQUIRE(keeps(installation, 4));
  BOOST_TEST(wait_until([&] { return installation.registered() == 3u; }, 60s));
  BOOST_TEST(said(installation, "barrier=turnstile gate=1 did not open:", start));

  // It comes back: the next person passes, and nobody for whom it was too late.
  relay = std::make_unique<LibmodbusServer>(port);
  BOOST_TEST(scanner.scan(code_of(3)));
  BOOST_TEST(wait_until([&] { return relay->times_on() == 1; }, 40s));
  BOOST_TEST(wait_until([&] { return installation.registered() == 4u; }, 60s));
  BOOST_TEST(wait_until([&] { return !relay->coil(3); }));
  BOOST_TEST(relay->times_on() == 1);
  BOOST_TEST(installation.kept_passages().size() == 5u);
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_CASE(a_gate_of_two_opens_for_a_code_and_a_face_of_the_same_person_only) {
  constexpr int people = 4;
  VirtualRelay relay(devices::barrier::RelayFamily::flash);
  Installation installation(
      settings_of(people, barriers("barrier+modbus://127.0.0.1:" + std::to_string(relay.port()) +
                                   "?id=turnstile&gate=1&timer=flash&pulse_ms=100&timeout_ms=100") +
                              "[gates.1]\nrequire = 2\nfusion_window_ms = 4000\n"));
  const auto port = free_port();
  const SystemClock clock;
  const auto terminal =
      HikvisionSimulator::start({.gateway_url = "http://127.0.0.1:" + std::to_string(port) + "/events",
                                 .device_id = "DS-1",
                                 .password = "secret"},
                                clock)
          .value();
  const auto folder = installation.folder();
  std::ofstream(folder / "isapi.toml")
      << "[face]\nserial = \"DS-1\"\naddress = \"127.0.0.1\"\nrealm = \"site\"\nmethod = \"face\"\n";
  const devices::scanner::VirtualSerialScanner scanner(folder / "scanner");
  installation.start_cloud();
  installation.start_edge(
      {"scanner+serial://" + (folder / "scanner").string() + "?id=desk&gate=1&direction=entry",
       "terminal+hikvision://127.0.0.1:" + std::to_string(port) +
           "?id=faces&gate=1&direction=entry&terminals=" + (folder / "isapi.toml").string()});
  BOOST_REQUIRE(said(installation, "roster applied"));
  BOOST_REQUIRE(said(installation, "reader=desk listening"));
  BOOST_REQUIRE(wait_until([&] { return answers(port); }));
  const auto show_face = [&](int technician) {
    terminal->recognise({.employee = pin_of(technician)});
    BOOST_TEST((terminal->push() == std::vector<unsigned>{200}));
  };

  // Both of one person, though the relay answers with garbage first.
  relay.set_fault(RelayFault::garbage);
  BOOST_TEST(scanner.scan(code_of(0)));
  show_face(0);
  BOOST_REQUIRE(keeps(installation, 1));
  BOOST_TEST(said(installation, "barrier=turnstile failed"));
  relay.set_fault(RelayFault::none);
  BOOST_TEST(wait_until([&] { return !relay.coil(0); }));  // it did as it was told, whatever it answered
  const auto opened_before = relay.pulses().size();
  BOOST_TEST(scanner.scan(code_of(1)));
  show_face(1);
  BOOST_REQUIRE(keeps(installation, 2));
  BOOST_TEST(wait_until([&] { return relay.pulses().size() > opened_before; }));
  const auto opened = relay.pulses().size();

  // The code of one and the face of another; then a code alone.
  BOOST_TEST(scanner.scan(code_of(2)));
  show_face(3);
  BOOST_REQUIRE(keeps(installation, 3));
  BOOST_TEST(scanner.scan(code_of(3)));
  BOOST_REQUIRE(keeps(installation, 4));

  BOOST_TEST(wait_until([&] { return installation.registered() == 2u; }, 60s));
  const auto kept = installation.kept_passages();
  BOOST_REQUIRE(kept.size() == 4u);
  for (const std::size_t both : {0u, 1u}) {
    BOOST_TEST(kept[both].evidence.size() == 2u);
    const auto history = installation.records()
                             ->work_history(Installation::technician(static_cast<int>(both)),
                                            Installation::site(), kept[both].work_date)
                             .value();
    BOOST_REQUIRE(history.has_value());
  }
  BOOST_TEST((kept[2].admission == Admission::contradiction));
  BOOST_TEST((kept[3].admission == Admission::second_factor_missing));
  BOOST_TEST(relay.pulses().size() == opened);
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
