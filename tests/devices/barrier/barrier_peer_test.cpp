// Programs and libraries of others: a server of libmodbus 3.1.6, a server of python3-pymodbus 3.0, read back
// with mbpoll 1.4.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "tests/devices/barrier/barrier_fixture.hpp"
#include "tests/devices/barrier/libmodbus_server.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::barrier {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

int run(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  return tests::ChildProcess(arguments, log).wait();
}

boost::test_tools::assertion_result pymodbus_is_there(boost::unit_test::test_unit_id) {
  const tests::TemporaryFolder folder;
  if (run({"/usr/bin/python3", "-c", "import pymodbus.server"}, folder / "log") == 0 &&
      run({"mbpoll", "-V"}, folder / "log") == 0)
    return true;
  boost::test_tools::assertion_result skipped(false);
  skipped.message() << "python3-pymodbus or mbpoll is not installed (deploy/install-dependencies tests)";
  return skipped;
}

const char* const pymodbus_relay = R"(
import sys
from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartTcpServer
store = ModbusSlaveContext(co=ModbusSequentialDataBlock(0, [0] * 300), hr=ModbusSequentialDataBlock(0, [0] * 300),
                           zero_mode=True)
StartTcpServer(context=ModbusServerContext(slaves=store, single=True), address=("127.0.0.1", int(sys.argv[1])),
               allow_reuse_address=True)
)";

class Pymodbus {
 public:
  Pymodbus() { start(); }
  void start() {
    std::ofstream(folder_ / "relay.py") << pymodbus_relay;
    process_ = std::make_unique<tests::ChildProcess>(
        std::vector<std::string>{"/usr/bin/python3", folder_ / "relay.py", std::to_string(port_)},
        folder_ / "log");
    BOOST_REQUIRE_MESSAGE(tests::wait_until([this] { return tests::answers(port_); }, patience),
                          read_file(folder_ / "log"));
  }
  void kill() { process_.reset(); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// What mbpoll reads: "[0]: 	1" of a coil (type 0) or register (type 4).
  [[nodiscard]] std::string polled(const std::string& type, int place) const {
    const auto log = folder_ / "mbpoll";
    std::filesystem::remove(log);
    BOOST_TEST(run({"mbpoll", "-0", "-1", "-a", "1", "-t", type, "-r", std::to_string(place), "-p",
                    std::to_string(port_), "127.0.0.1"},
                   log) == 0);
    const auto text = read_file(log);
    const auto at = text.find("[" + std::to_string(place) + "]:");
    const auto value = at == std::string::npos ? at : text.find_first_not_of(" \t", text.find(':', at) + 1);
    return value == std::string::npos ? text : text.substr(value, text.find_first_of(" \n", value) - value);
  }

 private:
  tests::TemporaryFolder folder_;
  std::uint16_t port_ = tests::free_port();
  std::unique_ptr<tests::ChildProcess> process_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(barrier_peers)

BOOST_AUTO_TEST_CASE(a_server_of_libmodbus) {
  const auto port = tests::free_port();
  const LibmodbusServer server(port);
  const auto barrier = barrier_at(port, "timer=preset:100&coil=3&pulse_ms=300");
  BOOST_REQUIRE(becomes_ready(*barrier));
  BOOST_TEST(tests::wait_until([&server] { return server.reg(103) == 3; }, patience));
  BOOST_TEST(barrier->open("1"));
  BOOST_REQUIRE(has_opened(*barrier, 1));
  BOOST_TEST(tests::wait_until([&server] { return server.coil(3); }, patience));
  // It has no timers: the gate would stand open. We notice and close.
  BOOST_TEST(tests::wait_until([&server] { return !server.coil(3); }, patience));
  BOOST_TEST(server.times_on() == 1);
}

BOOST_AUTO_TEST_CASE(a_server_of_libmodbus_by_hand) {
  const auto port = tests::free_port();
  const LibmodbusServer server(port);
  const auto barrier = barrier_at(port, "timer=none&untimed=permitted&pulse_ms=50");
  BOOST_REQUIRE(becomes_ready(*barrier));
  for (std::uint64_t count = 1; count <= 10; ++count) {
    BOOST_TEST(barrier->open("1"));
    BOOST_REQUIRE(has_opened(*barrier, count));
    BOOST_TEST(tests::wait_until([&server] { return !server.coil(0); }, patience));
  }
  BOOST_TEST(server.times_on() == 10);
}

BOOST_AUTO_TEST_CASE(a_server_of_pymodbus_read_back_with_mbpoll,
                     *boost::unit_test::precondition(pymodbus_is_there)) {
  Pymodbus relay;
  const auto barrier = barrier_at(relay.port(),
                                  "timer=command:10&timer_base=0x0600&timer_unit_ms=1000&pulse_ms=2000&"
                                  "coil=5&watchdog=register:8&watchdog_s=30");
  BOOST_REQUIRE(becomes_ready(*barrier));
  BOOST_TEST(relay.polled("4", 8) == "30");
  BOOST_TEST(barrier->open("1"));
  BOOST_REQUIRE(has_opened(*barrier, 1));
  BOOST_TEST(relay.polled("4", 15) == "1538");  // 0x0602
  relay.kill();
  relay.start();
  BOOST_TEST(barrier->open("1"));
  BOOST_REQUIRE(has_opened(*barrier, 2));
  BOOST_TEST(relay.polled("4", 15) == "1538");
}

BOOST_AUTO_TEST_CASE(a_coil_of_pymodbus_read_back_with_mbpoll,
                     *boost::unit_test::precondition(pymodbus_is_there)) {
  const Pymodbus relay;
  const auto barrier = barrier_at(relay.port(), "timer=preset:100&coil=2&pulse_ms=1500");
  BOOST_REQUIRE(becomes_ready(*barrier));
  BOOST_TEST(relay.polled("4", 102) == "15");
  BOOST_TEST(relay.polled("0", 2) == "0");
  BOOST_TEST(barrier->open("1"));
  BOOST_REQUIRE(has_opened(*barrier, 1));
  BOOST_TEST(relay.polled("0", 2) == "1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::barrier
