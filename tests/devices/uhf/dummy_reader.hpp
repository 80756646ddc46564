// The dummy reader of llrpjs (npm), a program that nobody here wrote: a reader that reports tags drawn at
// random.
#pragma once
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::uhf {

/// For precondition(): skips where node or its package is absent.
inline boost::test_tools::assertion_result llrpjs_is_there(boost::unit_test::test_unit_id) {
  const tests::TemporaryFolder folder;
  tests::ChildProcess node({"node", "-e", "require('llrpjs/package.json')"}, folder / "log");
  boost::test_tools::assertion_result there(node.wait() == 0);
  there.message()
      << "node, or its package llrpjs, is absent (npm install llrpjs; NODE_PATH names its node_modules)";
  return there;
}

/// It speaks as it is, but for two things: the port (it knows only 5084), and, if asked for, chance: then all
/// its tags are the one of drawn_epc().
class DummyReader {
 public:
  explicit DummyReader(std::string chance = "random()") : chance_(std::move(chance)) { start(); }
  void start() {
    const std::string program =
        "const random = Math.random; Math.random = () => " + chance_ +
        "; const server = require('net').Server.prototype; const listen = server.listen;"
        "server.listen = function () { return listen.call(this, +process.argv[1], '127.0.0.1'); };"
        "const package = require.resolve('llrpjs/package.json');"
        "require(require('path').dirname(package) + '/dist/test/dummy-reader.js');";
    reader_ = std::make_unique<tests::ChildProcess>(
        std::vector<std::string>{"node", "-e", program, std::to_string(port_)}, folder_ / "log");
    BOOST_REQUIRE(tests::wait_until([this] { return tests::answers(port_); }));
  }
  void kill() {
    reader_->signal(SIGKILL);
    reader_->wait();
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// With chance "0.6": 12 bytes, each 0.6 × 255.
  static Bytes drawn_epc() { return Bytes(12, 153); }

 private:
  const std::string chance_;
  const tests::TemporaryFolder folder_;
  const std::uint16_t port_ = tests::free_port();
  std::unique_ptr<tests::ChildProcess> reader_;
};

}  // namespace sitegate::devices::uhf
