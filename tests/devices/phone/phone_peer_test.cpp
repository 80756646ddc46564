// Programs of others call the gate: sipp 3.6 (200 calls a second), baresip 1.0 (hears the announcement),
// sipsak 0.9 (OPTIONS, trash).
#include <boost/test/unit_test.hpp>

#include "tests/devices/phone/baresip.hpp"
#include "tests/devices/phone/phone_fixture.hpp"
#include "tests/devices/phone/sipp.hpp"
#include "tests/support/child_process.hpp"

namespace sitegate::devices::phone {

BOOST_AUTO_TEST_SUITE(phone_peers)

BOOST_AUTO_TEST_CASE(sipp_200_calls_a_second_all_recorded_none_twice,
                     *boost::unit_test::precondition(Installed("sipp"))) {
  const PhoneGate gate("numbers=%2B81312345678:gate=1:entry");
  constexpr std::size_t calls = 1000;
  BOOST_TEST(Sipp().call(gate.address(), trunk_scenario("603"), 200, calls) == 0);
  const auto recorded = gate.recorded();
  BOOST_TEST(gate.reads().size() == calls);
  BOOST_TEST(recorded.size() == calls);
  BOOST_TEST(different(recorded) == calls);
}

BOOST_AUTO_TEST_CASE(sipp_200_calls_a_second_over_tcp, *boost::unit_test::precondition(Installed("sipp"))) {
  const PhoneGate gate("numbers=%2B81312345678:gate=1:entry");
  constexpr std::size_t calls = 400;
  BOOST_TEST(Sipp().call(gate.address(), trunk_scenario("603"), 200, calls, "t1") == 0);
  BOOST_TEST(gate.reads().size() == calls);
  BOOST_TEST(different(gate.recorded()) == calls);
}

BOOST_AUTO_TEST_CASE(sipp_hears_the_call_to_its_end, *boost::unit_test::precondition(Installed("sipp"))) {
  const PhoneGate gate("mode=answer");
  BOOST_TEST(Sipp().call(gate.address(), trunk_scenario("200", until_bye), 20, 40) == 0);
  BOOST_TEST(different(gate.recorded()) == 40u);
}

BOOST_AUTO_TEST_CASE(sipp_killed_in_the_middle_and_started_again,
                     *boost::unit_test::precondition(Installed("sipp"))) {
  const PhoneGate gate;
  const Sipp sipp;
  const auto file = write_file(sipp.folder, "endless.xml", trunk_scenario("603"));
  {
    tests::ChildProcess peer(
        {"sipp", gate.address(), "-sf", file, "-r", "100", "-i", "127.0.0.1", "-nostdin"},
        sipp.folder / "endless.log");
    BOOST_REQUIRE(tests::wait_until([&gate] { return gate.recorded().size() > 50; }, patience));
  }  // SIGKILL: calls without ACK stay behind
  const auto before = gate.recorded().size();
  BOOST_TEST(sipp.call(gate.address(), trunk_scenario("603"), 100, 100) == 0);
  BOOST_TEST(gate.recorded().size() >= before + 100);
  BOOST_TEST(gate.health().failures == 0u);
}

BOOST_AUTO_TEST_CASE(sipsak_asks_for_options_and_throws_trash,
                     *boost::unit_test::precondition(Installed("sipsak"))) {
  const PhoneGate gate;
  const tests::TemporaryFolder folder;
  const auto uri = "sip:gate@" + gate.address();
  BOOST_TEST(run_program({"sipsak", "-s", uri}, folder, "options") == 0);
  run_program({"sipsak", "-R", "-s", uri}, folder, "trash");
  BOOST_TEST(run_program({"sipsak", "-s", uri}, folder, "options") == 0);
  BOOST_TEST(gate.call().status == 603);
}

BOOST_AUTO_TEST_CASE(baresip_hears_the_announcement, *boost::unit_test::precondition(Installed("baresip"))) {
  const PhoneGate gate("mode=answer");
  const Baresip baresip("09012345678");
  BOOST_TEST(baresip.call("0312345678", gate.address()) == 0);
  BOOST_TEST(gate.recorded().count("+819012345678") == 1u);
  BOOST_TEST(baresip.log().find("session closed: Connection reset by peer") != std::string::npos);  // our BYE
  BOOST_TEST(baresip.heard_bytes() >= 2 * accepted_tones().size());  // 16 bit a sample
  BOOST_TEST_MESSAGE(baresip.log());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
