// Programs of others call the gate: sipp 3.6 (200 calls a second), baresip 1.0 (hears the announcement),
// sipsak 0.9 (OPTIONS, trash).
#include <boost/test/unit_test.hpp>
#include <filesystem>

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
  const tests::TemporaryFolder folder;
  const std::string modules = "/usr/lib/baresip/modules";
  BOOST_REQUIRE(std::filesystem::exists(modules));
  // baresip needs something to say: a second of silence, 16 bit at 8000 Hz.
  std::string silence(
      "RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x80\x3e\0\0",
      44);
  silence += std::string(16000, '\0');
  const auto said = write_file(folder, "said.wav", silence);
  write_file(folder, "config",
             "module_path " + modules +
                 "\nsip_listen 127.0.0.1:0\nmodule g711.so\nmodule aufile.so\nmodule sndfile.so\nmodule_tmp "
                 "account.so\n"
                 "module_app menu.so\naudio_source aufile," +
                 said + "\nsnd_path " + folder.path().string() + "\n");
  write_file(folder, "accounts", "<sip:09012345678@127.0.0.1>;regint=0;audio_codecs=PCMU\n");
  write_file(folder, "contacts", "");
  BOOST_TEST(run_program({"baresip", "-f", folder.path().string(), "-e",
                          "/dial sip:0312345678@" + gate.address(), "-t", "3"},
                         folder, "baresip") == 0);
  BOOST_TEST(gate.recorded().count("+819012345678") == 1u);
  const auto log = read_file(folder / "baresip.log");
  BOOST_TEST(log.find("session closed: Connection reset by peer") != std::string::npos);  // our BYE
  std::uintmax_t heard = 0;
  for (const auto& each : std::filesystem::directory_iterator(folder.path()))
    if (each.path().string().ends_with("-dec.wav")) heard = each.file_size();
  BOOST_TEST(heard >= 2 * accepted_tones().size());  // 16 bit a sample
  BOOST_TEST_MESSAGE(log);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
