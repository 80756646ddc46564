// The dummy reader of llrpjs (npm), a program that nobody here wrote: a reader that reports tags drawn at
// random.
#pragma once
#include <signal.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::uhf {

/// The command, so that node finds llrpjs where deploy/install-dependencies puts it, or by a NODE_PATH of the
/// user's own.
inline std::vector<std::string> with_llrpjs(const std::vector<std::string>& command) {
  const auto value_of = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  const auto cache =
      value_of("XDG_CACHE_HOME").empty() ? value_of("HOME") + "/.cache" : value_of("XDG_CACHE_HOME");
  std::vector<std::string> all{
      "env", "NODE_PATH=" + value_of("NODE_PATH") + ":" + cache + "/sitegate/llrpjs-1.0.1/node_modules"};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

/// For precondition(): skips where node or its package is absent.
inline boost::test_tools::assertion_result llrpjs_is_there(boost::unit_test::test_unit_id) {
  const tests::TemporaryFolder folder;
  tests::ChildProcess node(with_llrpjs({"node", "-e", "require('llrpjs/package.json')"}), folder / "log");
  boost::test_tools::assertion_result there(node.wait() == 0);
  there.message()
      << "node, or npm's package llrpjs, is absent: deploy/install-dependencies tests, where npm is";
  return there;
}

/// It speaks as it is, but for two things: the port (it knows only 5084), and, if asked for, chance: then all
/// its tags are the one of drawn_epc_….
class DummyReader {
 public:
  explicit DummyReader(const std::string& chance = "random()") { start(chance); }
  void start(const std::string& chance = "random()") {
    const std::string program =
        "const random = Math.random; Math.random = () => " + chance +
        "; const server = require('net').Server.prototype; const listen = server.listen;"
        "server.listen = function () { return listen.call(this, +process.argv[1], '127.0.0.1'); };"
        "const package = require.resolve('llrpjs/package.json');"
        "require(require('path').dirname(package) + '/dist/test/dummy-reader.js');";
    reader_ = std::make_unique<tests::ChildProcess>(
        with_llrpjs({"node", "-e", program, std::to_string(port_)}), folder_ / "log");
    BOOST_REQUIRE(tests::wait_until([this] { return tests::answers(port_); }));
  }
  void kill() {
    reader_->signal(SIGKILL);
    reader_->wait();
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// With chance "0.6": 12 bytes, each 0.6 × 255; with "0.8": 0.8 × 255. Below 0.5 it draws other lengths.
  static Bytes drawn_epc_at_0_6() { return Bytes(12, 153); }
  static Bytes drawn_epc_at_0_8() { return Bytes(12, 204); }

 private:
  const tests::TemporaryFolder folder_;
  const std::uint16_t port_ = tests::free_port();
  std::unique_ptr<tests::ChildProcess> reader_;
};

}  // namespace sitegate::devices::uhf
