// The gate's account at a registrar: RFC 3261 10.2 (REGISTER, refresh, removal), 22.4 and RFC 2617
// (digest), 10.3 (423 and Min-Expires). The registrar is sipp, which checks the digest by itself.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "tests/devices/phone/phone_fixture.hpp"
#include "tests/support/child_process.hpp"

namespace sitegate::devices::phone {
namespace {

std::string answer(const std::string& status, const std::string& lines) {
  return "  <send><![CDATA[\nSIP/2.0 " + status +
         "\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]R[call_number]\n[last_Call-ID:]\n[last_CSeq:]\n" +
         lines + "Content-Length: 0\n]]></send>\n";
}

// Asks for the password, then grants 2 s; a wrong password is told 403.
std::string registrar_scenario(const std::string& password) {
  return R"(<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="registrar">
  <recv request="REGISTER"/>
)" +
         answer("401 Unauthorized",
                "WWW-Authenticate: Digest realm=\"trunk.example\", "
                "nonce=\"47ebe028cda119c35d4877b383027d28\", algorithm=MD5, qop=\"auth\"\n") +
         R"(  <recv request="REGISTER">
    <action>
      <verifyauth assign_to="valid" username="0312345678" password=")" +
         password + R"("/>
    </action>
  </recv>
  <nop hide="true" test="valid" next="granted"/>
)" + answer("403 Forbidden", "") +
         R"(  <nop hide="true" next="end"/>
  <label id="granted"/>
)" + answer("200 OK", "Contact: <sip:0312345678@127.0.0.1>;expires=2\n") +
         R"(  <label id="end"/>
</scenario>
)";
}

/// A registrar of the test, at a port of its own.
class Registrar {
 public:
  Registrar() { start("s3cret"); }
  void start(const std::string& password) {
    const auto file = write_file(folder_, "registrar.xml", registrar_scenario(password));
    process_.reset();
    process_ = std::make_unique<tests::ChildProcess>(
        std::vector<std::string>{"sipp", "-sf", file, "-i", "127.0.0.1", "-p", std::to_string(port_),
                                 "-nostdin", "-deadcall_wait", "0", "-trace_msg", "-message_file",
                                 (folder_ / "messages.log").string()},
        folder_ / "registrar.log");
  }
  void kill() { process_.reset(); }
  /// The account's part of the phone's URL.
  [[nodiscard]] std::string account() const {
    const auto file = write_file(folder_, "password", "s3cret\n");
    ::chmod(file.c_str(), 0600);
    return "register=0312345678@127.0.0.1:" + std::to_string(port_) + "&password=" + file;
  }
  [[nodiscard]] std::string log() const { return read_file(folder_ / "messages.log"); }

 private:
  tests::TemporaryFolder folder_;
  std::uint16_t port_ = tests::free_port();
  std::unique_ptr<tests::ChildProcess> process_;
};

bool becomes(const PhoneGate& gate, std::string_view text) {
  return tests::wait_until([&] { return gate.health().state.find(text) != std::string::npos; }, patience);
}

std::size_t count_of(const std::string& text, std::string_view word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_registration, *boost::unit_test::precondition(Installed("sipp")))

BOOST_AUTO_TEST_CASE(rfc_3261_22_4_the_password_is_shown_as_a_digest_only) {
  const Registrar registrar;
  {
    const PhoneGate gate(registrar.account());
    BOOST_TEST(becomes(gate, "registered as 0312345678 at 127.0.0.1"));
    BOOST_TEST(becomes(gate, "for 2 s"));
    BOOST_TEST(gate.call().status == 603);
  }
  const auto log = registrar.log();
  BOOST_TEST(count_of(log, "Authorization: Digest username=\"0312345678\"") >= 1u);
  BOOST_TEST(count_of(log, "s3cret") == 0u);
  BOOST_TEST(count_of(log, ";expires=0") >= 1u);  // taken back at the end
}

BOOST_AUTO_TEST_CASE(rfc_3261_10_2_4_the_binding_is_renewed_before_it_ends) {
  const Registrar registrar;
  const PhoneGate gate(registrar.account());
  BOOST_TEST(
      tests::wait_until([&registrar] { return count_of(registrar.log(), "SIP/2.0 200 OK") >= 3; }, patience));
  BOOST_TEST(becomes(gate, "for 2 s"));
}

BOOST_AUTO_TEST_CASE(a_registrar_that_was_away_knows_us_again) {
  Registrar registrar;
  const PhoneGate gate(registrar.account());
  BOOST_REQUIRE(becomes(gate, "for 2 s"));
  registrar.kill();
  BOOST_TEST(becomes(gate, "not registered"));
  BOOST_TEST(gate.call().status == 603);  // who knows the way still gets through
  registrar.start("s3cret");
  BOOST_TEST(becomes(gate, "for 2 s"));
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_said) {
  Registrar registrar;
  registrar.start("another");
  const PhoneGate gate(registrar.account());
  BOOST_TEST(becomes(gate, "not registered as 0312345678 at 127.0.0.1"));
  BOOST_TEST(becomes(gate, "403"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
