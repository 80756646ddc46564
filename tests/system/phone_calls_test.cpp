// A telephone line at full load into the real gateway: sipp, 200 calls a second → sitegate-edge → its outbox
// on the disk → Mosquitto → sitegate-cloud. Each call is one passage, however often it is told. RFC 3261.
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/devices/phone/sipp.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
namespace phone = sitegate::devices::phone;

namespace {

std::set<std::string> numbers_of(const std::vector<Passage>& passages) {
  std::set<std::string> numbers;
  for (const auto& passage : passages)
    if (const auto* credential = std::get_if<Credential>(&passage.person))
      if (const auto* caller = std::get_if<PhoneCredential>(credential)) numbers.insert(caller->number);
  return numbers;
}

/// Of the calls answered so far, all are on the disk.
bool keeps(const Installation& installation, std::size_t count) {
  return wait_until(
      [&] {
        const auto outbox = installation.outbox();
        return outbox && outbox->next_sequence == count + 1 && outbox->receipted_through == count;
      },
      60s);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_calls, *boost::unit_test::precondition(phone::Installed("sipp")))

BOOST_AUTO_TEST_CASE(two_hundred_calls_a_second_are_all_on_the_disk_and_none_twice) {
  constexpr std::size_t calls = 1000;
  // Of all callers only sipp's first is known.
  Installation installation(
      {.technicians = 2,
       .credentials = {{Installation::technician(0), PhoneCredential{"+8190100000"}, std::nullopt}}});
  const auto port = std::to_string(free_port());
  installation.start_cloud();
  installation.start_edge(
      {"phone+sip://127.0.0.1:" + port + "?id=phone&trunk=127.0.0.1&numbers=+81312345678:gate=north:entry"});
  BOOST_REQUIRE(wait_until(
      [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 30s));
  const phone::Sipp sipp;
  // 603 is said after the commit only: each call that sipp counts as good is on the disk.
  BOOST_TEST(sipp.call("127.0.0.1:" + port, phone::trunk_scenario("603"), 200, calls) == 0);
  BOOST_TEST(keeps(installation, calls));
  const auto passages = installation.kept_passages();
  BOOST_TEST(passages.size() == calls);
  BOOST_TEST(numbers_of(passages).size() == calls - 1);  // and the one who is known
  for (const auto& passage : passages) {
    BOOST_REQUIRE((passage.evidence.front().method == Method::phone));
    BOOST_REQUIRE((passage.direction == Direction::entry));
    BOOST_REQUIRE(passage.gate == "north");
  }
  BOOST_TEST(installation.registered() == 1u);
  const auto history =
      installation.records()
          ->work_history(Installation::technician(0), Installation::site(), passages.front().work_date)
          .value();
  BOOST_REQUIRE(history.has_value());
  BOOST_TEST((history->method == Method::phone));
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(installation.stop_cloud() == 0);
}

BOOST_AUTO_TEST_CASE(a_gateway_killed_in_the_middle_of_calls_has_lost_none_that_was_answered) {
  Installation installation({.technicians = 2, .with_structure = true, .edge_extra = ""});
  const auto port = std::to_string(free_port());
  const std::vector<std::string> readers{"phone+sip://127.0.0.1:" + port + "?id=phone&trunk=127.0.0.1"};
  installation.start_cloud();
  installation.start_edge(readers);
  BOOST_REQUIRE(wait_until(
      [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 30s));
  const phone::Sipp sipp;
  const auto log = sipp.folder / "killed.log";
  // The callers who were told 603, by sipp's own record: its Call-ID is "<call number>-<pid>@<address>". The
  // record's last message may be cut off.
  const auto answered = [&] {
    const auto text = phone::read_file(sipp.folder / "messages.log");
    std::set<std::string> numbers;
    constexpr std::string_view good = "SIP/2.0 603";
    constexpr std::string_view name = "Call-ID: ";
    for (auto at = text.find(good); at != std::string::npos; at = text.find(good, at + 1)) {
      const auto id = text.find(name, at);
      if (id == std::string::npos || text.find('@', id) == std::string::npos) break;
      const auto end = text.find('-', id + name.size());
      numbers.insert("+8190" + text.substr(id + name.size(), end - id - name.size()) + "00000");
    }
    return numbers;
  };
  const auto file = phone::write_file(sipp.folder, "endless.xml", phone::trunk_scenario("603"));
  {
    ChildProcess peer({"sipp", "127.0.0.1:" + port, "-sf", file, "-r", "100", "-i", "127.0.0.1", "-nostdin",
                       "-trace_msg", "-message_file", (sipp.folder / "messages.log").string()},
                      log);
    BOOST_REQUIRE(wait_until([&] { return answered().size() > 100; }, 30s));
    installation.kill_edge();
    installation.start_edge(readers);
    const auto before = answered().size();
    // Its trunk tells the calls again that had no answer, and new ones come.
    BOOST_REQUIRE(wait_until([&] { return answered().size() > before + 100; }, 60s));
  }
  const auto told = answered();
  const auto passages = installation.kept_passages();
  const auto numbers = numbers_of(passages);
  BOOST_TEST(numbers.size() == passages.size());  // none twice
  for (const auto& number : told) BOOST_TEST(numbers.contains(number), number << " is not on the disk");
  BOOST_TEST(installation.stop_edge() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
