// The list for people: page, spreadsheet (RFC 4180), terminal.
#include "edge/muster/muster_form.hpp"

#include "tests/edge/muster/muster_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

const UtcTime now = japan("2023-07-31T17:05");

SiteMuster list(const std::string& name, bool answers = true) {
  PeerMuster peer;
  peer.source = {
      .address = "http://south", .gateway = south, .as_of = japan("2023-07-31T16:40"), .answers = answers};
  peer.muster.people = {person(suzuki, "", Direction::entry, japan("2023-07-31T08:10"), south)};
  auto unsure = person(sato, "", Direction::entry, japan("2023-07-29T08:00"), north);
  unsure.time_sure = false;
  const auto known = person(yamada, name, Direction::entry, japan("2023-07-31T07:50"), north);
  return join({site, north, now, {known, unsure}}, {peer}, {}, "丸の内 <A棟>");
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}
bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(muster_form)

BOOST_AUTO_TEST_CASE(the_page_has_a_box_for_everyone_and_says_of_when_it_is) {
  for (const auto language : {MusterLanguage::japanese, MusterLanguage::english}) {
    const std::string html = to_html(list("山田 太郎"), language, false);
    BOOST_TEST(count(html, "<td class=box>") == 3u);
    BOOST_TEST(holds(html, "<b>3</b>"));
    BOOST_TEST(holds(html, "2023-07-31 17:05"));
    BOOST_TEST(holds(html, "山田 太郎"));
    BOOST_TEST(holds(html, "2023-07-29 08:00 ?"));
    BOOST_TEST(!holds(html, "class=alert>"));
    BOOST_TEST(!holds(html, "http-equiv"));
    BOOST_TEST(!holds(html, "{}"));
  }
}

BOOST_AUTO_TEST_CASE(a_gateway_that_is_not_reached_is_in_red_and_so_are_its_people) {
  const std::string html = to_html(list("山田 太郎", false), MusterLanguage::english, true);
  BOOST_TEST(count(html, "class=alert>") == 1u);
  BOOST_TEST(holds(html, "south: cannot be reached: its people are as they were (as of 2023-07-31 16:40)"));
  BOOST_TEST(count(html, "<tr class=old>") == 1u);
  BOOST_TEST(holds(to_table(list("山田 太郎", false)), "NOT REACHED: south"));
}

BOOST_AUTO_TEST_CASE(markup_in_a_name_stays_text) {
  const std::string html = to_html(list("<script>alert(1)</script>"), MusterLanguage::japanese, true);
  BOOST_TEST(!holds(html, "<script"));
  BOOST_TEST(holds(html, "&lt;script&gt;"));
  BOOST_TEST(holds(html, "丸の内 &lt;A棟&gt;"));
}

BOOST_AUTO_TEST_CASE(nobody_is_said_in_words) {
  const auto empty = join({site, north, now, {}}, {}, {}, "");
  BOOST_TEST(holds(to_html(empty, MusterLanguage::english, false), "Nobody is on site."));
  BOOST_TEST(holds(to_table(empty), "0 inside"));
}

BOOST_AUTO_TEST_CASE(csv_quotes_and_disarms_formulas) {
  const std::string csv = to_csv(list("=1+1,\"x\""));
  BOOST_TEST(csv.starts_with("\xEF\xBB\xBFstatus,name,person,"));
  BOOST_TEST(
      holds(csv, "\r\ninside,\"'=1+1,\"\"x\"\"\",00000000000001,,north,1,2023-07-31 07:50,card,sure,,\r\n"));
  BOOST_TEST(holds(csv, "\r\nlong_ago,,00000000000002,,north,1,2023-07-29 08:00,card,unsure,,\r\n"));
  BOOST_TEST(count(csv, "\r\n") == 4u);
}

BOOST_AUTO_TEST_CASE(the_table_has_one_line_for_each) {
  const std::string table = to_table(list("山田 太郎"));
  BOOST_TEST(holds(table, "3 inside, 1 of them since more than 20 h\n"));
  BOOST_TEST(count(table, "\n") == 5u);
}

BOOST_AUTO_TEST_CASE(it_is_counted_company_by_company) {
  SiteMuster muster = list("山田 太郎");
  BOOST_TEST(!holds(to_html(muster, MusterLanguage::english, false), "class=company"));
  auto& inside = muster.inside;
  inside.push_back(person(sato, "佐藤", Direction::entry, now, north));
  BOOST_REQUIRE(inside.size() == 3u);
  for (std::size_t i = 0; i < 2; ++i) {
    inside[i].company_id = "00000000000007";
    inside[i].company = "<田中組>";
  }
  const std::string html = to_html(muster, MusterLanguage::japanese, false);
  BOOST_TEST(count(html, "<tr class=company>") == 3u);  // the third: of the long ago, whose is not known
  BOOST_TEST(holds(html, "&lt;田中組&gt; <b>2 名</b>"));
  BOOST_TEST(holds(html, "所属事業者不明 <b>1 名</b>"));
  BOOST_TEST(count(html, "<td class=box>") == 4u);
  BOOST_TEST(holds(to_table(muster), "<田中組>: 2\n"));
  BOOST_TEST(holds(to_table(muster), "company not known: 1\n"));
  BOOST_TEST(holds(to_csv(muster), "card,sure,<田中組>,00000000000007\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
