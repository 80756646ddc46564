// Programs that nobody here wrote in the place of devices, up to the registered work history: socat as a
// serial scanner's line, umockdev as a keyboard scanner, baresip and sipsak as callers → sitegate-edge →
// Mosquitto with mutual TLS → sitegate-cloud. sipp: phone_calls_test.cpp; llrpjs: uhf_to_history_test.cpp;
// cards through pcscd: tap_to_report_test.cpp.
#include <boost/test/unit_test.hpp>

#include "devices/scanner/virtual_scanner.hpp"
#include "tests/devices/phone/baresip.hpp"
#include "tests/devices/phone/phone_fixture.hpp"
#include "tests/devices/scanner/mock_keyboard.hpp"
#include "tests/devices/scanner/socat.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
namespace phone = sitegate::devices::phone;
namespace scanner = sitegate::devices::scanner;

namespace {

/// Technician i is known by the i-th of these.
InstallationSettings known_by(const std::vector<Credential>& credentials) {
  InstallationSettings settings;
  settings.technicians = static_cast<int>(credentials.size());
  for (int i = 0; i < settings.technicians; ++i)
    settings.credentials.push_back(
        {Installation::technician(i), credentials[static_cast<std::size_t>(i)], std::nullopt});
  return settings;
}

/// The gateway knows its roster from here on, and does not run.
void learn_roster(Installation& installation) {
  installation.start_cloud();
  installation.start_edge({});
  BOOST_REQUIRE(wait_until(
      [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 60s));
  BOOST_REQUIRE(installation.stop_edge() == 0);
}

bool said_since(const Installation& installation, std::size_t start, std::string_view words) {
  return wait_until([&] { return installation.edge_output().find(words, start) != std::string::npos; }, 30s);
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

void check_histories(const Installation& installation, int people, Method method) {
  BOOST_TEST(
      wait_until([&] { return installation.registered() == static_cast<std::uint64_t>(people); }, 60s));
  const auto kept = installation.kept_passages();
  BOOST_REQUIRE(kept.size() == static_cast<std::size_t>(people));
  const auto records = installation.records();
  for (int i = 0; i < people; ++i) {
    const auto history =
        records->work_history(Installation::technician(i), Installation::site(), kept.front().work_date)
            .value();
    BOOST_REQUIRE_MESSAGE(history.has_value(), "technician " << i);
    BOOST_TEST((history->method == method), "technician " << i);
  }
}

/// sipsak sends it as it stands; RFC 3261, 7.1.
std::string invite_of(const std::string& caller, const std::string& address) {
  const auto uri = "sip:0312345678@" + address;
  return "INVITE " + uri + " SIP/2.0\r\nFrom: <sip:" + caller + "@127.0.0.1>;tag=sipsak\r\nTo: <" + uri +
         ">\r\nCall-ID: of-sipsak\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:" + caller +
         "@127.0.0.1>\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(peers_to_history)

BOOST_AUTO_TEST_CASE(socat_as_a_scanners_line_killed_and_started_again,
                     *boost::unit_test::precondition(scanner::socat_is_there)) {
  Installation installation(known_by({CodeCredential{"A-1"}, CodeCredential{"A-2"}, CodeCredential{"A-3"}}));
  scanner::Socat socat(installation.folder());
  learn_roster(installation);
  std::size_t since = installation.edge_output().size();
  installation.start_edge({"scanner+serial://" + socat.line() + "?id=desk&direction=entry"});
  for (int i = 1; i <= 3; ++i) {
    BOOST_REQUIRE(said_since(installation, since, "reader=desk listening"));
    socat.send("A-" + std::to_string(i) + "\r\n");
    BOOST_REQUIRE(keeps(installation, static_cast<std::uint64_t>(i)));
    if (i == 3) break;
    since = installation.edge_output().size();
    socat.send("HALF");  // and the line is gone
    socat.unplug();
    socat.plug_in();
  }
  check_histories(installation, 3, Method::qr);
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_CASE(umockdev_as_a_keyboard_scanner,
                     *boost::unit_test::precondition(scanner::umockdev_is_there)) {
  Installation installation(known_by({CodeCredential{"A_17@(x)"}, CodeCredential{"B-17"}}));
  learn_roster(installation);
  const std::string f5 = "E: 0.100 0001 003f 0001\nE: 0.100 0000 0000 0000\n";  // no character
  const scanner::MockKeyboard keyboard(
      installation.folder(), scanner::evemu_events("A_17@(x)\r", scanner::Layout::jp, 10) + f5 +
                                 scanner::evemu_events("garbage\rB-17\r", scanner::Layout::jp, 110));
  installation.run_edge_inside(keyboard.command());
  const auto start = installation.edge_output().size();
  installation.start_edge(
      {std::string("scanner+hid://") + keyboard.device + "?id=desk&direction=entry&layout=jp"});
  check_histories(installation, 2, Method::qr);
  BOOST_TEST(said_since(installation, start, "reader=desk no read:"));
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_CASE(baresip_is_spoken_to_and_killed_and_sipsak_is_declined,
                     *boost::unit_test::precondition(phone::Installed("baresip")) *
                         boost::unit_test::precondition(phone::Installed("sipsak"))) {
  Installation installation(known_by({PhoneCredential{"+819012345678"}, PhoneCredential{"+819012345679"},
                                      PhoneCredential{"+819011112222"}}));
  const auto at = [](std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); };
  const auto spoken = at(free_port());
  const auto declined = at(free_port());
  learn_roster(installation);
  installation.start_edge({"phone+sip://" + spoken + "?id=spoken&trunk=127.0.0.1&direction=entry&mode=answer",
                           "phone+sip://" + declined + "?id=declined&trunk=127.0.0.1&direction=entry"});
  BOOST_REQUIRE(said_since(installation, 0, "reader=spoken waits for calls"));
  BOOST_REQUIRE(said_since(installation, 0, "reader=declined waits for calls"));
  {
    const phone::Baresip baresip("09012345678");
    const auto killed_in_the_call = baresip.start("0312345678", spoken);
    BOOST_REQUIRE(keeps(installation, 1));
  }
  const phone::Baresip baresip("09012345679");
  BOOST_TEST(baresip.call("0312345678", spoken) == 0);
  BOOST_TEST(baresip.log().find("session closed") != std::string::npos, baresip.log());
  BOOST_REQUIRE(keeps(installation, 2));
  const TemporaryFolder folder;
  const auto invite = phone::write_file(folder, "invite.sip", invite_of("09011112222", declined));
  phone::run_program({"sipsak", "-vv", "-f", invite, "-s", "sip:0312345678@" + declined}, folder, "sipsak");
  const auto said = phone::read_file(folder / "sipsak.log");
  BOOST_TEST(said.find("SIP/2.0 603") != std::string::npos, said);
  check_histories(installation, 3, Method::phone);
  const int ended = installation.stop_edge();
  BOOST_TEST(ended == 0, installation.edge_output());
}

BOOST_AUTO_TEST_SUITE_END()
