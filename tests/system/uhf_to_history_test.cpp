// From a tag that is carried past a UHF reader to the registered work history: the simulated reader (and the
// dummy reader of llrpjs) → sitegate-edge → Mosquitto → sitegate-cloud. LLRP 1.0.1 over TCP, see
// tests/devices/uhf.
#include <boost/test/unit_test.hpp>

#include "devices/uhf/uhf_simulator.hpp"
#include "tests/devices/uhf/dummy_reader.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
using devices::uhf::DummyReader;
using devices::uhf::UhfSimulator;

namespace {

Bytes epc_of(int technician) {
  return {0x30, 0x08, 0x33, 0xb2, 0xdd, 0xd9, 0x01, static_cast<std::uint8_t>(technician)};
}

InstallationSettings settings_with(std::vector<CredentialAssignment> credentials) {
  return {.technicians = 3, .with_structure = true, .edge_extra = "", .credentials = std::move(credentials)};
}

bool roster_is_there(const Installation& installation) {
  return wait_until([&] { return installation.edge_output().find("roster applied") != std::string::npos; },
                    30s);
}

/// The day's history, as soon as `ready` holds of it.
template <typename Ready>
std::optional<WorkHistory> history_once(const Installation& installation, int technician, Ready ready) {
  std::optional<WorkHistory> history;
  static_cast<void>(wait_until(
      [&] {
        if (!installation.outbox() || installation.kept_passages().empty()) return false;
        const auto passages = installation.kept_passages();
        history = installation.records()
                      ->work_history(Installation::technician(technician), Installation::site(),
                                     passages.front().work_date)
                      .value();
        return history && ready(*history);
      },
      60s));
  return history;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(uhf_to_history)

BOOST_AUTO_TEST_CASE(who_walks_through_has_a_history_and_who_stands_near_has_none) {
  Installation installation(
      settings_with({{Installation::technician(0), UhfTagCredential{epc_of(0)}, std::nullopt},
                     {Installation::technician(1), UhfTagCredential{epc_of(1)}, std::nullopt}}));
  const SystemClock clock;
  const auto reader = UhfSimulator::start({}, clock).value();
  installation.start_cloud();
  installation.start_edge({"uhf+llrp://127.0.0.1:" + std::to_string(reader->port()) +
                           "?id=north&gate=1&antennas=outside:1,inside:2&settle_ms=300&gone_s=1"});
  BOOST_REQUIRE(roster_is_there(installation));
  BOOST_REQUIRE(wait_until([&] { return reader->counts().reading; }));

  for (const std::uint16_t antenna : {1, 1, 2, 2}) reader->see({{epc_of(0), antenna}, {epc_of(1), 1}});
  const auto entered = history_once(
      installation, 0, [](const WorkHistory& history) { return history.first_entry.has_value(); });
  BOOST_REQUIRE(entered.has_value());
  BOOST_TEST((entered->method == Method::uhf));
  BOOST_TEST(!entered->last_exit.has_value());
  for (const std::uint16_t antenna : {2, 2, 1, 1}) reader->see({{epc_of(0), antenna}});
  const auto left =
      history_once(installation, 0, [](const WorkHistory& history) { return history.last_exit.has_value(); });
  BOOST_REQUIRE(left.has_value());
  BOOST_TEST(left->last_exit.has_value());

  const auto passages = installation.kept_passages();
  BOOST_REQUIRE(passages.size() == 2u);
  BOOST_TEST((passages[0].evidence.front().method == Method::uhf));
  BOOST_TEST((passages[0].direction == Direction::entry && passages[1].direction == Direction::exit));
  const auto stood_near = installation.records()->work_history(
      Installation::technician(1), Installation::site(), passages.front().work_date);
  BOOST_TEST(!stood_near.value().has_value());
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(!reader->counts().reading);
  BOOST_TEST(installation.stop_cloud() == 0);
}

BOOST_AUTO_TEST_CASE(tags_read_by_a_reader_of_others_that_is_killed_and_restarted,
                     *boost::unit_test::precondition(devices::uhf::llrpjs_is_there)) {
  Installation installation(settings_with(
      {{Installation::technician(0), UhfTagCredential{DummyReader::drawn_epc_at_0_6()}, std::nullopt},
       {Installation::technician(1), UhfTagCredential{DummyReader::drawn_epc_at_0_8()}, std::nullopt}}));
  DummyReader reader("0.6");
  installation.start_cloud();
  installation.start_edge({});
  BOOST_REQUIRE(roster_is_there(installation));
  BOOST_TEST(installation.stop_edge() == 0);
  installation.start_edge(
      {"uhf+llrp://127.0.0.1:" + std::to_string(reader.port()) + "?id=north&direction=entry&keepalive_s=0"});
  const auto entered = [](const WorkHistory& found) { return found.first_entry.has_value(); };
  const auto first = history_once(installation, 0, entered);
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST((first->method == Method::uhf));
  reader.kill();
  reader.start("0.8");
  const auto second = history_once(installation, 1, entered);
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST((second->method == Method::uhf));
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(installation.stop_cloud() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
