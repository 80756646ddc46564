#include "tests/devices/phone/phone_fixture.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/child_process.hpp"

namespace sitegate::devices::phone {
namespace {

std::unique_ptr<Reader> open(std::uint16_t port, const std::string& query, const Clock& clock) {
  auto text = "phone+sip://127.0.0.1:" + std::to_string(port) + "?id=phone";
  if (!query.empty()) text += "&" + query;
  if (query.find("trunk=") == std::string::npos) text += "&trunk=127.0.0.1";
  auto reader = open_phone_reader(parse_url(text).value(), ReaderSurroundings{clock, {}});
  BOOST_REQUIRE_MESSAGE(reader.has_value(), (reader ? "" : reader.error().text()));
  return std::move(reader).value();
}

}  // namespace

PhoneGate::PhoneGate(const std::string& query, Verdict verdict, std::uint16_t port)
    : verdict_(std::move(verdict)),
      port_(port == 0 ? tests::free_port() : port),
      pipeline_([this] { work(); }),
      loop_(std::make_unique<ReaderLoop>(
          "phone", open(port_, query, clock_), [this](CredentialRead read) { take(std::move(read)); }, clock_,
          waiter_, 1)) {
  BOOST_REQUIRE(
      tests::wait_until([this] { return health().state.find("waiting") != std::string::npos; }, patience));
}

PhoneGate::~PhoneGate() {
  loop_.reset();
  queue_.close();
  BOOST_TEST(!overrun_);
}

void PhoneGate::take(CredentialRead read) {
  if (!queue_.push(std::move(read))) overrun_ = true;
}

void PhoneGate::work() {
  while (!queue_.closed()) {
    auto read = queue_.pop(std::chrono::seconds(1));
    if (!read) continue;
    const auto outcome = verdict_(*read);
    const auto answer = read->answer;
    records_.with([&](Records& records) {
      if (outcome.recorded) records.numbers.emplace(read->device_event.value().key, number_of(*read));
      records.reads.push_back(std::move(*read));
    });
    if (!silent_) answer(outcome);
  }
}

std::vector<CredentialRead> PhoneGate::reads() const {
  return records_.with([](const Records& records) { return records.reads; });
}

std::multiset<std::string> PhoneGate::recorded() const {
  return records_.with([](const Records& records) {
    std::multiset<std::string> numbers;
    for (const auto& [key, number] : records.numbers) numbers.insert(number);
    return numbers;
  });
}

CallEnd PhoneGate::call(const CallPlan& plan) const {
  const auto end = place_call("127.0.0.1", port_, plan, patience);
  BOOST_REQUIRE_MESSAGE(end.has_value(), (end ? "" : end.error().text()));
  return end.value();
}

std::string number_of(const CredentialRead& read) {
  return std::get<PhoneCredential>(read.credential).number;
}

boost::test_tools::assertion_result Installed::operator()(boost::unit_test::test_unit_id) const {
  std::istringstream folders(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((folder + "/" + program_).c_str(), X_OK) == 0) return true;
  boost::test_tools::assertion_result skipped(false);
  skipped.message() << program_ << " is not installed (deploy/install-dependencies tests)";
  return skipped;
}

int run_program(const std::vector<std::string>& arguments, const tests::TemporaryFolder& folder,
                const std::string& name) {
  return tests::ChildProcess(arguments, folder / (name + ".log")).wait();
}

std::string write_file(const tests::TemporaryFolder& folder, const std::string& name,
                       const std::string& text) {
  const auto path = folder / name;
  std::ofstream(path) << text;
  return path.string();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

}  // namespace sitegate::devices::phone
