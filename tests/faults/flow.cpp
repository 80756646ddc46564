#include "tests/faults/flow.hpp"

#include <cstdlib>
#include <random>

#include "tests/support/loop_file_system.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::tests {

using namespace std::chrono_literals;

std::uint64_t printed_seed() {
  const char* given = std::getenv("SITEGATE_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  BOOST_TEST_MESSAGE("SITEGATE_SEED=" << seed);
  return seed;
}

int rounds(int count) {
  const char* given = std::getenv("SITEGATE_ROUNDS");
  return given != nullptr ? std::atoi(given) : count;
}

boost::test_tools::assertion_result has_loop_file_systems(boost::unit_test::test_unit_id) {
  static const std::string why = LoopFileSystem::unavailable();
  boost::test_tools::assertion_result result(why.empty());
  result.message() << why;
  return result;
}

std::string passing(const Installation& installation, int people, int count, int gap_ms) {
  const auto file = installation.folder() / "passing.reads";
  std::ofstream recording(file);
  for (int i = 0; i < count; ++i)
    recording << (i == 0 ? std::string("2023-07-31T07:50:00.000Z") : "+" + std::to_string(gap_ms))
              << " - card felica " << to_hex(Installation::card_of(i % people).uid) << "\n";
  return "replay://" + file.string() + "?id=north&gate=1&direction=entry&speed=1";
}

// ---- what was said ----

void LogReader::read() {
  std::ifstream stream(file_);
  stream.seekg(offset_);
  const std::string fresh((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  offset_ += static_cast<std::streamoff>(fresh.size());
  rest_ += fresh;
  for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
    const std::string line = rest_.substr(0, end + 1);
    rest_.erase(0, end + 1);
    recent_ += line;
    const auto number = line.rfind(" #");
    if (line.starts_with("[OK]") && number != std::string::npos)
      accepted_.insert(std::strtoull(line.c_str() + number + 2, nullptr, 10));
  }
}

const std::set<Sequence>& LogReader::accepted() {
  read();
  return accepted_;
}

bool LogReader::says(std::string_view text) {
  read();
  return recent_.find(text) != std::string::npos;
}

void LogReader::forget() {
  read();
  recent_.clear();
}

// ---- what must hold ----

void bring_roster(Installation& installation) {
  LogReader log(installation.folder() / "edge.log");
  installation.start_cloud();
  installation.start_edge({});
  BOOST_REQUIRE(wait_until([&] { return log.says("roster applied"); }, 60s));
  BOOST_REQUIRE(installation.stop_edge() == 0);
}

bool drained(const Installation& installation) {
  const auto outbox = installation.outbox();
  return outbox && outbox->receipted_through + 1 == outbox->next_sequence;
}

void check_told_are_kept(const Installation& installation, const std::set<Sequence>& told) {
  std::set<Sequence> kept;
  for (const auto& passage : installation.kept_passages()) BOOST_TEST(kept.insert(passage.sequence).second);
  for (const Sequence number : told) BOOST_TEST(kept.contains(number), "told and lost: " << number);
}

void check_nothing_is_lost(Installation& installation, LogReader& gate) {
  installation.start_edge({});
  BOOST_REQUIRE(wait_until([&] { return drained(installation); }, 120s));
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(installation.stop_cloud() == 0);
  check_told_are_kept(installation, gate.accepted());
  std::set<std::pair<TechnicianId, WorkDate>> days;
  for (const auto& passage : installation.kept_passages())
    if (passage.admission == Admission::admitted)
      days.emplace(std::get<TechnicianId>(passage.person), passage.work_date);
  BOOST_TEST(installation.registered() == days.size());
  const auto records = installation.records();
  BOOST_TEST((records->rollups().value() == records->recount({}).value()));
  BOOST_TEST(records->quarantine(1, 10).value().empty());
  BOOST_TEST_MESSAGE(gate.accepted().size() << " passages told accepted, all kept and registered");
}

}  // namespace sitegate::tests
