// A gate's telephone with a pipeline behind it that records in memory, and the programs of others that call
// it.
#pragma once
#include <atomic>
#include <boost/test/tree/test_unit.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "devices/phone/phone_reader.hpp"
#include "devices/phone/virtual_phone.hpp"
#include "devices/reader_loop.hpp"
#include "shared/base/guarded.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::phone {

inline constexpr std::chrono::seconds patience{30};  // until a condition that must come true

/// What the pipeline says of a read; by default it is recorded and accepted.
using Verdict = std::function<ReadOutcome(const CredentialRead&)>;
inline ReadOutcome outcome_of(bool recorded, bool accepted, std::string reason) {
  ReadOutcome outcome;
  outcome.recorded = recorded;
  outcome.accepted = accepted;
  outcome.direction = Direction::entry;
  outcome.reason = std::move(reason);
  return outcome;
}
inline ReadOutcome admitted(const CredentialRead&) {
  return outcome_of(true, true, "admitted");
}
inline ReadOutcome unknown(const CredentialRead&) {
  return outcome_of(true, false, "unknown_credential");
}

/// A phone reader under its loop, at a port of this machine. What it reads is recorded once for each device
/// event, as the outbox does, and answered on a thread of its own.
class PhoneGate {
 public:
  /// `query`: the URL's settings but trunk; the trunk is 127.0.0.1 unless it names another. Returns when
  /// calls are taken.
  explicit PhoneGate(const std::string& query = {}, Verdict verdict = admitted, std::uint16_t port = 0);
  ~PhoneGate();
  PhoneGate(const PhoneGate&) = delete;
  PhoneGate& operator=(const PhoneGate&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] ReaderHealth health() const { return loop_->health(); }
  /// Everything that was handed over, in order, repeats included.
  [[nodiscard]] std::vector<CredentialRead> reads() const;
  /// Numbers of the reads that were recorded, each device event once.
  [[nodiscard]] std::multiset<std::string> recorded() const;
  /// The gateway answers nothing from now on.
  void answer_nothing() { silent_ = true; }
  CallEnd call(const CallPlan& plan = {}) const;

 private:
  struct Records {
    std::vector<CredentialRead> reads;
    std::map<std::string, std::string> numbers;  // by the device event's key
  };
  void work();
  /// On the reader's thread, where nothing of Boost.Test may be called.
  void take(CredentialRead read);

  SystemClock clock_;
  SystemWaiter waiter_;
  const Verdict verdict_;
  const std::uint16_t port_;
  std::atomic<bool> silent_{false};
  std::atomic<bool> overrun_{false};
  Guarded<Records> records_;
  BoundedQueue<CredentialRead> queue_{100'000};
  std::jthread pipeline_;
  std::unique_ptr<ReaderLoop> loop_;  // last: its thread uses the rest
};

/// "+81901234567" of a read.
std::string number_of(const CredentialRead& read);

/// For precondition(): skips where a program is not installed.
class Installed {
 public:
  explicit Installed(std::string program) : program_(std::move(program)) {}
  boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const;

 private:
  std::string program_;
};

/// Runs a program to its end: exit code. Its output is in `folder`/<name>.log.
int run_program(const std::vector<std::string>& arguments, const tests::TemporaryFolder& folder,
                const std::string& name);
/// Writes text into a file of the folder; its path.
std::string write_file(const tests::TemporaryFolder& folder, const std::string& name,
                       const std::string& text);
std::string read_file(const std::filesystem::path& path);

}  // namespace sitegate::devices::phone
