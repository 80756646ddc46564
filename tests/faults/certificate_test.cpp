// Fault 43 on the real programs: a gateway whose certificate has expired records on, says why nothing is
// sent, and sends as soon as a new certificate lies in its place.
#include "shared/crypto/certificate.hpp"
#include "shared/base/clock.hpp"
#include "tests/faults/flow.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(certificates)

BOOST_AUTO_TEST_CASE(an_expired_certificate_stops_sending_only_and_a_new_one_is_used_without_a_restart) {
  constexpr int people = 100;
  Installation installation(
      {.technicians = people,
       .edge_extra =
           "[passage]\ndebounce_s = 0\n[publisher]\nreceipt_timeout_ms = 1000\nbatch_passages = 10\n"});
  bring_roster(installation);
  LogReader gate(installation.folder() / "edge.log");
  const TemporaryFolder other;
  const auto put = [&](const std::filesystem::path& certificate, const std::filesystem::path& key) {
    const ClientFiles files = installation.broker().client("gate-1");
    const auto overwrite = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(certificate, files.certificate_file, overwrite);
    std::filesystem::copy_file(key, files.key_file, overwrite);
  };
  const auto issue = [&](const std::string& folder, UtcTime at) {
    std::filesystem::create_directory(other / folder);
    return crypto::issue_client(installation.broker().authority(), other / folder, "gate-1", at).value();
  };
  const auto expired = issue("expired", SystemClock().now() - std::chrono::days(400));
  const auto renewed = issue("renewed", SystemClock().now());

  put(expired.certificate, expired.key);
  gate.forget();
  installation.start_edge({passing(installation, people, 100'000, 20)});
  BOOST_TEST(wait_until([&] { return gate.says("certificate expired"); }, 60s));
  BOOST_TEST(wait_until([&] { return gate.accepted().size() >= 50; }, 60s));
  BOOST_TEST(installation.outbox()->receipted_through == 0u);
  put(renewed.certificate, renewed.key);
  BOOST_TEST(wait_until([&] { return installation.outbox()->receipted_through >= 50; }, 150s));
  BOOST_TEST(installation.stop_edge() == 0);
  check_nothing_is_lost(installation, gate);
}

BOOST_AUTO_TEST_SUITE_END()
