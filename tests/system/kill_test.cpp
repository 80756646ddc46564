// kill -9 of sitegate-edge, sitegate-cloud and Mosquitto, each twice at random moments while 2,000 people
// pass: nothing that the gate called accepted is lost, nothing is counted twice. SITEGATE_SEED=<seed> repeats
// a run's choice of moments.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <regex>

#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr int people = 2'000;

std::uint64_t chosen_seed() {
  if (const char* wanted = std::getenv("SITEGATE_SEED")) return std::strtoull(wanted, nullptr, 10);
  return std::random_device{}();
}

/// Whom the gate told "accepted": technician → the outbox's number, from the display's lines "[OK] … <ID> …
/// #<number>". Somebody who was recorded just before a kill is told that he is recorded already, without a
/// number: 0.
std::map<std::string, Sequence> told_accepted(const std::string& output) {
  std::map<std::string, Sequence> told;
  static const std::regex line(R"(\[OK\][^\n]*?(\d{14})(?:[^\n]*#(\d+))?[^\n]*\n)");
  for (auto match = std::sregex_iterator(output.begin(), output.end(), line); match != std::sregex_iterator();
       ++match)
    told.emplace((*match)[1], (*match)[2].matched ? std::stoull((*match)[2]) : 0);
  return told;
}

/// Those who have not been told yet come (again): a recording for the gateway's next life.
std::string queue_of(const Installation& installation, int life) {
  const auto told = told_accepted(installation.edge_output());
  const auto file = installation.folder() / ("life-" + std::to_string(life) + ".reads");
  std::ofstream recording(file);
  bool first = true;
  for (int i = 0; i < people; ++i) {
    if (told.contains(Installation::technician(i).text())) continue;
    recording << (first ? "2023-07-31T07:50:00.000Z" : "+4") << " - card felica "
              << to_hex(Installation::card_of(i).uid) << "\n";
    first = false;
  }
  return "replay://" + file.string() + "?id=north&gate=1&direction=entry&speed=1";
}

/// Moments, in people told, at which something is killed.
std::multimap<std::size_t, char> moments(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::multimap<std::size_t, char> moments;
  for (const char victim : {'e', 'e', 'c', 'c', 'b', 'b'})
    moments.emplace(std::uniform_int_distribution<std::size_t>(50, people - 50)(random), victim);
  return moments;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kill)

BOOST_AUTO_TEST_CASE(two_thousand_passages_survive_kills_of_every_part) {
  const std::uint64_t seed = chosen_seed();
  BOOST_TEST_MESSAGE("seed " << seed);
  BOOST_TEST_CONTEXT("seed " << seed) {
    Installation installation({.technicians = people,
                               .with_structure = true,
                               .edge_extra = "[publisher]\nreceipt_timeout_ms = 500\nbatch_passages = 50\n"});
    installation.start_cloud();
    // The roster comes first: people whom the gate does not know would not be let in.
    installation.start_edge({});
    BOOST_REQUIRE(wait_until(
        [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 60s));
    BOOST_REQUIRE(installation.stop_edge() == 0);
    int life = 1;
    installation.start_edge({queue_of(installation, life)});
    const auto told = [&] { return told_accepted(installation.edge_output()).size(); };
    for (const auto& [moment, victim] : moments(seed)) {
      BOOST_REQUIRE(wait_until([&] { return told() >= moment; }, 120s));
      BOOST_TEST_MESSAGE("kill -9 of " << victim << " after " << told() << " passages");
      if (victim == 'e') {
        installation.kill_edge();
        installation.start_edge({queue_of(installation, ++life)});
      } else if (victim == 'c') {
        installation.kill_cloud();
        installation.start_cloud();
      } else {
        installation.broker().kill();
        installation.broker().start();
      }
    }
    BOOST_REQUIRE(wait_until([&] { return told() == people; }, 120s));
    const auto drained = [&] {
      const auto outbox = installation.outbox();
      return outbox && outbox->receipted_through + 1 == outbox->next_sequence;
    };
    BOOST_REQUIRE(wait_until(drained, 120s));

    // Every number that a person was told stands in the outbox under that person.
    std::map<Sequence, std::string> kept;
    std::set<std::pair<TechnicianId, WorkDate>> accepted;
    for (const auto& passage : installation.kept_passages()) {
      const auto technician = std::get<TechnicianId>(passage.person);
      BOOST_TEST(kept.emplace(passage.sequence, technician.text()).second);
      accepted.emplace(technician, passage.work_date);
    }
    for (const auto& [technician, sequence] : told_accepted(installation.edge_output()))
      if (sequence != 0) BOOST_TEST(kept[sequence] == technician);
    BOOST_TEST(kept.size() >= static_cast<std::size_t>(people));

    // And each of these technician-days is registered, once.
    BOOST_TEST(installation.registered() == accepted.size());
    const auto records = installation.records();
    BOOST_TEST((records->rollups().value() == records->recount({}).value()));
    for (const auto& [technician, date] : accepted) {
      const auto history = records->work_history(technician, Installation::site(), date);
      BOOST_REQUIRE(history);
      BOOST_REQUIRE(history.value().has_value());
      BOOST_TEST(history.value()->structure.effective);
    }
    BOOST_TEST(records->quarantine(1, 10).value().empty());
    BOOST_TEST(installation.stop_edge() == 0);
    BOOST_TEST(installation.stop_cloud() == 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
