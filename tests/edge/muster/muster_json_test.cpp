// Lists as JSON, there and back, and what is not taken.
#include "edge/muster/muster_json.hpp"

#include "tests/edge/muster/muster_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

GatewayMuster gateway_list() {
  auto unsure = person(sato, "佐藤 \"花子\"", Direction::exit, japan("2023-07-31T07:51"), north);
  unsure.time_sure = false;
  unsure.typed = true;
  unsure.method = Method::finger_vein;
  MusterPerson stranger;
  stranger.key = "unidentified-0011223344556677";
  stranger.credential = "card felica …4E10";
  stranger.since = japan("2023-07-31T07:52");
  stranger.gateway = north;
  stranger.gate = "north/2";
  auto known = person(yamada, "山田 太郎", Direction::entry, japan("2023-07-31T07:50"), north);
  known.company_id = "00000000000007";
  known.company = "田中組";
  return {site, north, japan("2023-07-31T08:00"), {known, unsure, stranger}};
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(muster_json)

BOOST_AUTO_TEST_CASE(a_gateways_list_comes_back_as_it_was) {
  const auto back = parse_gateway_muster(to_json(gateway_list()));
  BOOST_REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().text()));
  BOOST_TEST((back.value() == gateway_list()));
}

BOOST_AUTO_TEST_CASE(a_sites_list_comes_back_as_it_was) {
  PeerMuster silent;
  silent.source = {.address = "http://10.0.0.7:8080",
                   .gateway = {},
                   .as_of = {},
                   .answers = false,
                   .problem = "http: unreachable",
                   .clock_offset = std::chrono::seconds(-7)};
  const auto list = join(gateway_list(), {silent}, {}, "丸の内");
  BOOST_TEST(list.inside.size() == 2u);
  const auto back = parse_site_muster(to_json(list));
  BOOST_REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().text()));
  BOOST_TEST((back.value() == list));
}

BOOST_AUTO_TEST_CASE(a_list_of_a_gateway_that_knows_no_companies_is_taken) {
  auto told = gateway_list();
  told.people[0].company_id.clear();
  told.people[0].company.clear();
  std::string old = to_json(told);
  for (const std::string member : {"\"company\":\"\",", "\"company_id\":\"\","})
    for (auto at = old.find(member); at != std::string::npos; at = old.find(member))
      old.erase(at, member.size());
  BOOST_REQUIRE(old.find("company") == std::string::npos);
  const auto back = parse_gateway_muster(old);
  BOOST_REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().text()));
  BOOST_TEST((back.value() == told));
}

BOOST_AUTO_TEST_CASE(a_list_that_breaks_a_rule_is_refused_with_the_place) {
  const std::string good = to_json(gateway_list());
  const std::pair<std::string, std::string> changes[] = {
      {"\"format\":1", "\"format\":2"},
      {"\"entry\"", "\"sideways\""},
      {"\"finger_vein\"", "\"guess\""},
      {"\"00000000000001\"", "\"1\""},
      {"\"unidentified-0011223344556677\"", "\"unidentified-001122334455667z\""},
      {"\"2023-07-30T22:50:00.000Z\"", "\"yesterday\""},
      {"\"gate\":\"north/2\"", "\"gate\":\"" + std::string(65, 'x') + "\""},
      {"\"name\":\"山田 太郎\"", "\"name\":7"},
      {"\"company_id\":\"00000000000007\"", "\"company_id\":\"7\""},
      {"\"company\":\"田中組\"", "\"company\":\"" + std::string(129, 'x') + "\""},
      {"\"typed\":false", "\"typed\":0"},
      {"\"gateway\":\"north\",\"people\"", "\"gateway\":\"no such name\",\"people\""},
      {"\"people\":[", "\"people\":[[],"},
  };
  for (const auto& [from, to] : changes) {
    const auto refused = parse_gateway_muster(with(good, from, to));
    BOOST_REQUIRE_MESSAGE(!refused, from);
    BOOST_TEST(is(refused.error(), MusterErrc::bad_list), from);
  }
  const auto why = parse_gateway_muster(with(good, "\"finger_vein\"", "\"guess\"")).error().detail;
  BOOST_TEST(why.starts_with("people[1].method"), why);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_list_are_refused) {
  const std::string good = to_json(gateway_list());
  for (std::size_t cut = 0; cut + 2 < good.size(); cut += 7)
    BOOST_TEST(!parse_gateway_muster(std::string_view(good).substr(0, cut)));
  BOOST_TEST(!parse_gateway_muster(std::string(100'000, '[')));
  BOOST_TEST(!parse_gateway_muster(with(good, "山", "\xE5")));
  BOOST_TEST(!parse_site_muster(good));
  BOOST_TEST(!parse_site_muster("null"));
}

BOOST_AUTO_TEST_SUITE_END()
