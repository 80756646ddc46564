// What a gate's section means, and what is refused with the reason.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "edge/gateway/settings.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view rest = R"([gateway]
id = "gate-1"
site = "00000000000001"
data = "edge"
[keys]
signing_key = "signing.pem"
cloud_public_key = "cloud.pem"
[broker]
url = "mqtts://127.0.0.1:8883"
ca = "ca.pem"
certificate = "gateway.pem"
key = "gateway.key"
[readers]
urls = ["card+pcsc:///?gate=north", "uhf+llrp://10.0.0.9?gate=north", "card+pcsc:///B?gate=south"]
)";

Result<GatewaySettings> load(const std::string& more) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "gateway.toml") << rest << more;
  return load_settings(folder / "gateway.toml");
}

GatewaySettings loaded(const std::string& more) {
  auto settings = load(more);
  BOOST_REQUIRE_MESSAGE(settings.has_value(), (settings ? "" : settings.error().text()));
  return std::move(settings).value();
}

bool refused_because(const std::string& more, std::string_view word) {
  const auto settings = load(more);
  return !settings && settings.error().text().find(word) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gateway_settings)

BOOST_AUTO_TEST_CASE(a_gate_with_two_kinds_of_devices_joins_what_they_see_and_waits_for_it) {
  const auto settings = loaded("");
  BOOST_TEST((settings.fusion.at("north").window == milliseconds(3'000)));
  BOOST_TEST(!settings.fusion.contains("south"));
  BOOST_TEST((settings.publisher.settle == milliseconds(3'000)));
}

BOOST_AUTO_TEST_CASE(which_codes_are_taken) {
  const auto usual = loaded("").codes;
  BOOST_TEST(usual.printed);
  BOOST_TEST(usual.short_lived);
  BOOST_TEST(usual.short_lived_uses_max == 2);
  const auto codes =
      loaded(
          "[codes]\nallow = [\"short_lived\"]\nprinted_days_max = 30\nshort_lived_hours_max = 1\n"
          "short_lived_uses_max = 1\nshort_lived_gates_max = 3\nclock_tolerance_s = 5\n")
          .codes;
  BOOST_TEST(!codes.printed);
  BOOST_TEST(codes.short_lived);
  BOOST_TEST((codes.printed_age_max == std::chrono::hours(30 * 24)));
  BOOST_TEST((codes.short_lived_age_max == std::chrono::hours(1)));
  BOOST_TEST(codes.short_lived_uses_max == 1);
  BOOST_TEST(codes.short_lived_gates_max == 3);
  BOOST_TEST((codes.clock_tolerance == std::chrono::seconds(5)));
  const auto none = loaded("[codes]\nallow = [\"none\"]\n").codes;
  BOOST_TEST((!none.printed && !none.short_lived));
  BOOST_TEST(refused_because("[codes]\nallow = [\"eternal\"]\n", "codes.allow"));
}

BOOST_AUTO_TEST_CASE(two_may_be_required_and_nothing_need_stay_open_for_it) {
  const auto settings = loaded("[gates.north]\nrequire = 2\n");
  BOOST_TEST(settings.fusion.at("north").required == 2);
  BOOST_TEST((settings.fusion.at("north").window == milliseconds(10'000)));
  BOOST_TEST((settings.publisher.settle == milliseconds(0)));
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_refused_and_says_why) {
  BOOST_TEST(refused_because("[gates.south]\nrequire = 2\n", "one kind only"));
  BOOST_TEST(refused_because("[gates.west]\nrequire = 1\n", "no reader stands"));
  BOOST_TEST(refused_because("[gates.north]\nrequires = 2\n", "gates.north.requires"));
  BOOST_TEST(refused_because("[gates.north]\ncontradictions = \"no\"\n", "flag, ignore"));
}

BOOST_AUTO_TEST_CASE(the_example_can_be_loaded) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "gateway.toml") << example_settings();
  const auto settings = load_settings(folder / "gateway.toml");
  BOOST_TEST(settings.has_value(), (settings ? "" : settings.error().text()));
}

BOOST_AUTO_TEST_CASE(model_packs_and_how_long_a_card_expects_its_face) {
  const auto settings = loaded("");
  BOOST_TEST(settings.model_packs == "/usr/share/sitegate/models");
  BOOST_TEST((settings.expect == std::chrono::seconds(10)));
  const auto others = loaded("[models]\npacks = \"/srv/models\"\n[passage]\nexpect_s = 0\n");
  BOOST_TEST(others.model_packs == "/srv/models");
  BOOST_TEST((others.expect == std::chrono::seconds(0)));
  BOOST_TEST(refused_because("[passage]\nexpect_s = 600\n", "expect_s"));
}

BOOST_AUTO_TEST_SUITE_END()
