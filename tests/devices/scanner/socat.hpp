// socat as the line to a scanner: http://www.dest-unreach.org/socat
#pragma once
#include <signal.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/child_process.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::scanner {

/// Joins two pseudo-terminals: the gateway listens at one, the "scanner" writes into the other.
class Socat {
 public:
  explicit Socat(std::filesystem::path folder) : folder_(std::move(folder)) { plug_in(); }
  void plug_in() {
    process_ = std::make_unique<tests::ChildProcess>(
        std::vector<std::string>{"socat", "PTY,rawer,link=" + line(), "PTY,rawer,link=" + handheld()},
        folder_ / "socat.log");
    BOOST_REQUIRE(tests::wait_until(
        [this] { return std::filesystem::exists(line()) && std::filesystem::exists(handheld()); }));
  }
  void unplug() {
    process_->signal(SIGTERM);  // takes its links away, too
    process_->wait();
    BOOST_REQUIRE(!std::filesystem::exists(line()));
  }
  void send(std::string_view bytes) const {
    std::ofstream out(handheld(), std::ios::binary);
    out << bytes << std::flush;
    BOOST_REQUIRE(out.good());
  }
  /// The gateway's end.
  [[nodiscard]] std::string line() const { return folder_ / "gateway"; }

 private:
  [[nodiscard]] std::string handheld() const { return folder_ / "handheld"; }
  const std::filesystem::path folder_;
  std::unique_ptr<tests::ChildProcess> process_;
};

/// For precondition(): skips where socat is not installed.
inline boost::test_tools::assertion_result socat_is_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(::access("/usr/bin/socat", X_OK) == 0);
  there.message() << "socat is not installed (deploy/install-dependencies tests)";
  return there;
}

}  // namespace sitegate::devices::scanner
