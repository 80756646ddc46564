// The gateway's first page says how it is, in both languages, and what went wrong.
#include "edge/local_page/status_page.hpp"

#include <boost/test/unit_test.hpp>

using namespace sitegate;
using namespace sitegate::edge;

namespace {

GatewayStatus good() {
  GatewayStatus status;
  status.gateway = *GatewayId::parse("gate-1");
  status.site = *SiteId::from_number(4'711);
  status.as_of = *parse_utc("2023-07-31T00:00:05.000Z");
  status.clock_state = ClockState::synchronised;
  status.connected = true;
  status.outbox.next_sequence = 11;
  status.outbox.receipted_through = 7;
  status.outbox.map_bytes = 100;
  status.outbox.used_bytes = 12;
  status.roster_version = 3;
  status.roster_people = 250;
  status.readers = {{"north", "1 reader: ACS <ACR122U>", 10, 2, *parse_utc("2023-07-30T23:00:00.000Z")}};
  return status;
}
bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gateway_status_page)

BOOST_AUTO_TEST_CASE(readers_outbox_and_link_are_there_in_both_languages) {
  const std::string english = status_page(good(), {{"/muster", "在場者名簿", "people on site"}}, false);
  BOOST_TEST(holds(english, "10 recorded, 3 not yet registered, 12 % used"));
  BOOST_TEST(holds(english, "250 people (version 3)"));
  BOOST_TEST(holds(english, "<td>north<td>1 reader: ACS &lt;ACR122U&gt;<td>10<td>2<td>2023-07-31 08:00:00"));
  BOOST_TEST(holds(english, "<a href=\"/muster\">people on site</a>"));
  BOOST_TEST(!holds(english, "class=bad"));
  const std::string japanese = status_page(good(), {}, true);
  BOOST_TEST(holds(japanese, "記録 10 件、登録待ち 3 件、使用 12 %"));
  BOOST_TEST(holds(japanese, "<html lang=ja>"));
}

BOOST_AUTO_TEST_CASE(whatever_is_wrong_is_marked) {
  const auto marked = [](auto change) {
    GatewayStatus status = good();
    change(status);
    return status_page(status, {}, false);
  };
  BOOST_TEST(holds(marked([](auto& s) { s.connected = false; }), "<td class=bad>not connected"));
  BOOST_TEST(
      holds(marked([](auto& s) { s.link_problem = "no <receipt>"; }), "<td class=bad>no &lt;receipt&gt;"));
  BOOST_TEST(holds(marked([](auto& s) { s.outbox.failure = "disk"; }), "<td class=bad>disk"));
  BOOST_TEST(holds(marked([](auto& s) { s.roster_version = 0; }), "<td class=bad>none received yet"));
  BOOST_TEST(
      holds(marked([](auto& s) { s.clock_state = ClockState::unsynchronised; }), "<td class=bad>not sync"));
}

BOOST_AUTO_TEST_SUITE_END()
