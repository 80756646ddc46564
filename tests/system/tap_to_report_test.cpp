// From a card laid on a reader to the month's report, in one go: virtual cards → pcscd → sitegate-edge →
// Mosquitto with mutual TLS → sitegate-cloud → store → operating status → report. Card protocol: PC/SC part 3
// (storage cards), see tests/devices/card.
#include <boost/test/unit_test.hpp>

#include <cstdlib>

#include "cloud/report/report.hpp"
#include "cloud/statistics/operating_status.hpp"
#include "devices/card/virtual_readers.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
using devices::card::InsertedCard;
using devices::card::VirtualCard;
using devices::card::VirtualReaders;

namespace {

constexpr int people = 4;

std::string script() {
  return std::string(std::getenv("SITEGATE_SOURCE")) + "/deploy/virtual-readers";
}

boost::test_tools::assertion_result readers_can_run(boost::unit_test::test_unit_id) {
  TemporaryFolder folder;
  const auto readers = VirtualReaders::start(script(), folder.path(), 1);
  boost::test_tools::assertion_result can(readers.has_value());
  if (!readers) can.message() << readers.error().text();
  return can;
}

/// Lies on the reader until it was read; returns when the gate has said something about it.
void tap(Installation& installation, const CardCredential& card, std::uint16_t port) {
  const auto lines = [&] {
    const std::string output = installation.edge_output();
    return std::count(output.begin(), output.end(), '[');
  };
  const auto before = lines();
  const auto inserted = InsertedCard::insert(VirtualCard(card.technology, card.uid), "127.0.0.1", port);
  BOOST_REQUIRE(inserted);
  BOOST_REQUIRE(wait_until([&] { return lines() > before; }, 20s));
}

std::string url_of(const devices::card::VirtualReader& reader, const std::string& direction) {
  std::string name;
  for (const char c : reader.name) name += c == ' ' ? std::string("%20") : std::string(1, c);
  return "card+pcsc:///" + name + "?id=" + direction + "&gate=1&direction=" + direction;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tap_to_report)

BOOST_AUTO_TEST_CASE(cards_become_histories_in_the_months_report,
                     *boost::unit_test::precondition(readers_can_run)) {
  Installation installation({.technicians = people, .with_structure = true, .edge_extra = ""});
  const auto readers = VirtualReaders::start(script(), installation.folder() / "readers", 2);
  BOOST_REQUIRE(readers);
  ::setenv("PCSCLITE_CSOCK_NAME", readers.value().socket().c_str(), 1);
  const auto& in = readers.value().readers()[0];
  const auto& out = readers.value().readers()[1];
  installation.start_cloud();
  installation.start_edge({url_of(in, "entry"), url_of(out, "exit")});
  BOOST_REQUIRE(wait_until(
      [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 30s));

  const CardCredential stranger{CardTechnology::iso14443a, {4, 1, 2, 3, 4, 5, 6}};
  for (int i = 0; i < people; ++i) tap(installation, Installation::card_of(i), in.port);
  tap(installation, stranger, in.port);
  tap(installation, Installation::card_of(0), out.port);
  const auto settled = [&] {
    const auto outbox = installation.outbox();
    return outbox && outbox->next_sequence == people + 3 && outbox->receipted_through == people + 2;
  };
  BOOST_REQUIRE(wait_until(settled, 30s));

  // Histories: one for each technician; the one who left has both times; the stranger is recorded with the
  // reason and counts for nobody.
  const auto kept = installation.kept_passages();
  BOOST_REQUIRE(kept.size() == people + 2u);
  const WorkDate today = kept.front().work_date;
  const auto records = installation.records();
  BOOST_TEST(records->technicians_on(Installation::site(), today).value().size() ==
             static_cast<std::size_t>(people));
  const auto first = records->work_history(Installation::technician(0), Installation::site(), today).value();
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(first->first_entry.has_value());
  BOOST_TEST(first->last_exit.has_value());
  BOOST_TEST(first->structure.effective);
  BOOST_TEST((first->method == Method::card));
  BOOST_TEST((kept[people].admission == Admission::unknown_credential));
  BOOST_TEST(!kept[people].gate_opened);
  const auto unregistered = records->unregistered_passages(Installation::site(), 10).value();
  BOOST_REQUIRE(unregistered.size() == 1u);
  BOOST_TEST(unregistered[0].reason == "unknown_credential");

  // The report.
  const auto status = cloud::operating_status(records->rollups().value(), month_of(today));
  const std::string csv =
      cloud::render(status, {}, cloud::Format::csv, cloud::Language::en, SystemClock().now());
  const std::string line =
      "work_histories,histories," + to_text(month_of(today)) + "," + std::to_string(people) + "\n";
  BOOST_TEST(csv.find(line) != std::string::npos);
  // The proofs: the gateway's chain as the cloud keeps it, and the outbox against the record.
  BOOST_TEST(installation.run_tool({"verify", "gateway", "gate-1", "--store", installation.store_url()}) ==
             0);
  BOOST_TEST(installation.run_tool({"verify", "delivery", installation.outbox_folder(), "--key",
                                    installation.public_key_file(), "--store", installation.store_url()}) ==
             0);
  BOOST_TEST(installation.tool_output().find("\"double_counted\":0") != std::string::npos);
  BOOST_TEST(installation.tool_output().find("\"lost\":0,") != std::string::npos);
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(installation.stop_cloud() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
