// From a scanned code, and from a logging reader's file, to a registered history, through the real programs:
// sitegate-edge → Mosquitto with mutual TLS → sitegate-cloud → store.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "devices/logger/virtual_logger.hpp"
#include "devices/scanner/virtual_scanner.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
using devices::logger::VirtualLogger;
using devices::scanner::VirtualSerialScanner;

namespace {

namespace fs = std::filesystem;

/// As a registry import would, before the service runs.
void assign_code(const Installation& installation, int technician, const std::string& code) {
  const auto store = cloud::open_store(installation.store_url(), {.map_size = std::size_t{1} << 30});
  BOOST_REQUIRE(store);
  const auto writer = store.value()->begin_write();
  BOOST_REQUIRE(writer);
  BOOST_REQUIRE(writer.value()->put(
      CredentialAssignment{Installation::technician(technician), CodeCredential{code}, std::nullopt}));
  BOOST_REQUIRE(writer.value()->commit());
}

bool edge_said(const Installation& installation, std::string_view words) {
  return installation.edge_output().find(words) != std::string::npos;
}

/// Everything taken so far is in the cloud.
bool settled(const Installation& installation, std::uint64_t passages) {
  const auto outbox = installation.outbox();
  return outbox && outbox->next_sequence == passages + 1 && outbox->receipted_through == passages;
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scanned_and_stored)

BOOST_AUTO_TEST_CASE(a_scanned_code_and_a_card_face_become_histories_by_qr) {
  Installation installation({.technicians = 3, .with_structure = true, .edge_extra = ""});
  assign_code(installation, 0, "A-17");
  VirtualSerialScanner codes(installation.folder() / "codes");
  VirtualSerialScanner faces(installation.folder() / "faces");
  installation.start_cloud();
  installation.start_edge(
      {"scanner+serial://" + (installation.folder() / "codes").string() + "?id=codes&direction=entry",
       "scanner+serial://" + (installation.folder() / "faces").string() +
           "?id=faces&direction=entry&accept=technician_id"});
  BOOST_REQUIRE(wait_until([&] { return edge_said(installation, "roster applied"); }, 60s));
  BOOST_REQUIRE(wait_until(
      [&] {
        return edge_said(installation, "reader=codes listening") &&
               edge_said(installation, "reader=faces listening");
      },
      30s));
  BOOST_TEST(codes.scan("A-17"));
  BOOST_TEST(codes.send(std::string_view("\0\xff garbage\r", 11)));
  BOOST_TEST(codes.scan("B-99"));
  BOOST_TEST(faces.scan(Installation::technician(1).text()));
  BOOST_REQUIRE(wait_until([&] { return settled(installation, 3); }, 60s));

  // The scanner goes and comes back: the next code is read.
  codes.unplug();
  BOOST_REQUIRE(wait_until([&] { return edge_said(installation, "codes: unplugged"); }, 30s));
  codes.plug_in();
  BOOST_REQUIRE(wait_until(
      [&] {
        const auto output = installation.edge_output();
        return output.find("reader=codes listening", output.find("codes: unplugged")) != std::string::npos;
      },
      30s));
  BOOST_TEST(
      codes.scan(Installation::technician(2).text()));  // a number is no technician where codes are wanted
  BOOST_REQUIRE(wait_until([&] { return settled(installation, 4); }, 60s));

  const WorkDate today = installation.kept_passages().front().work_date;
  BOOST_TEST(installation.registered() == 2U);
  const auto records = installation.records();
  for (const int known : {0, 1}) {
    const auto history =
        records->work_history(Installation::technician(known), Installation::site(), today).value();
    BOOST_REQUIRE(history.has_value());
    BOOST_TEST((history->method == Method::qr));
    BOOST_TEST(history->structure.effective);
  }
  BOOST_TEST(records->unregistered_passages(Installation::site(), 10).value().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_logging_readers_file_becomes_histories_once) {
  Installation installation({.technicians = 3, .with_structure = true, .edge_extra = ""});
  const fs::path in = installation.folder() / "touches";
  fs::create_directories(in);
  const UtcTime morning = std::chrono::floor<std::chrono::days>(SystemClock().now()) - 48h;  // 09:00 in Japan
  VirtualLogger reader("BLR-0007", {morning, 5min, 0});
  reader.touch(Installation::card_of(0), morning);
  reader.touch(Installation::card_of(1), morning + 1min);
  reader.touch({CardTechnology::felica, {9, 9, 9, 9}}, morning + 2min);
  reader.touch(Installation::card_of(0), morning + 8h);
  const auto put = [&](const std::string& name) {
    std::ofstream(in / ".part") << reader.file(morning + 9h);
    fs::rename(in / ".part", in / name);
  };
  installation.start_cloud();
  const std::string url = "logger+file://" + in.string() + "?id=loggers&poll_s=1";
  installation.start_edge({url});
  BOOST_REQUIRE(wait_until([&] { return edge_said(installation, "roster applied"); }, 60s));
  put("monday.csv");
  BOOST_REQUIRE(wait_until([&] { return fs::exists(in / "done/monday.csv"); }, 60s));
  BOOST_REQUIRE(wait_until([&] { return settled(installation, 4); }, 60s));

  const auto report = content_of(in / "done/monday.csv.report.txt");
  BOOST_TEST(report.find("4 rows, 4 taken, 0 refused") != std::string::npos, report);
  BOOST_TEST(report.find("BLR-0007: clock +00 h 05 min 00 s against ours") != std::string::npos, report);
  const auto check_record = [&] {
    BOOST_TEST(installation.registered() == 2U);
    const auto records = installation.records();
    const auto date = work_date_of(morning, 540min, 240min);
    const auto history =
        records->work_history(Installation::technician(0), Installation::site(), date).value();
    BOOST_REQUIRE(history.has_value());
    BOOST_TEST((history->method == Method::card));
    BOOST_TEST((history->first_entry == morning));
    BOOST_TEST((history->last_exit == morning + 8h));
    BOOST_TEST(records->unregistered_passages(Installation::site(), 10).value().size() == 1U);
  };
  check_record();

  // Killed, started, and given the same file again: every touch is known by its key.
  installation.kill_edge();
  put("again.csv");
  installation.start_edge({url});
  BOOST_REQUIRE(wait_until([&] { return fs::exists(in / "done/again.csv"); }, 60s));
  BOOST_TEST(content_of(in / "done/again.csv.report.txt").find("  known: 4\n") != std::string::npos);
  BOOST_TEST(settled(installation, 4));
  check_record();

  // The same file imported in the cloud says nothing new either.
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(installation.stop_cloud() == 0);
  BOOST_TEST(installation.run_tool({"import", "touches", (in / "done/again.csv").string(), "--site",
                                    Installation::site().text(), "--store", installation.store_url()}) == 0);
  BOOST_TEST(installation.tool_output().find("  added: 0\n  changed: 0\n") != std::string::npos,
             installation.tool_output());
}

BOOST_AUTO_TEST_SUITE_END()
