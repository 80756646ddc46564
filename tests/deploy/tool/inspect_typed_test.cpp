// `sitegate inspect store` lists what clerks typed: who, where, when, why, by whom, and that it awaits
// approval.
#include <boost/test/unit_test.hpp>

#include "cloud/store/store.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

const SiteId site = *SiteId::from_number(4'711);
const SiteId other_site = *SiteId::from_number(4'712);
const TechnicianId known = *TechnicianId::from_number(1);
const TechnicianId stranger = *TechnicianId::from_number(2);

cloud::TypedPassage typed(SiteId where, TechnicianId who, Sequence sequence, Sequence corrects) {
  Passage passage;
  passage.sequence = sequence;
  passage.person = who;
  passage.gate = "north";
  passage.reader = "typed";
  passage.direction = Direction::exit;
  passage.evidence = {{Method::typed, std::nullopt, std::nullopt}};
  passage.work_date = *parse_date("2023-07-31");
  passage.event_time = *parse_utc("2023-07-31T08:05:00.000Z");
  passage.typed = TypedEntry{"田中", "カード忘れ", *parse_utc("2023-07-31T09:00:00.000Z"), corrects};
  return {{*GatewayId::parse("gate-1"), 77, sequence}, where, passage};
}

struct StoreWithTyped {
  StoreWithTyped() {
    const auto company = *CompanyId::from_number(5);
    const auto tokyo = *Prefecture::from_code(13);
    const Date day = *parse_date("2023-01-01");
    const auto store = cloud::open_store(url()).value();
    const auto writing = store->begin_write().value();
    const auto corporation = CompanyClass::corporation;
    BOOST_REQUIRE(writing->put(Company{company, "company", tokyo, corporation, corporation, day}));
    BOOST_REQUIRE(writing->put(Technician{known, "山田 太郎", tokyo, day, company}));
    BOOST_REQUIRE(writing->add_typed(typed(site, known, 8, 3)));
    BOOST_REQUIRE(writing->add_typed(typed(site, stranger, 9, 0)));
    BOOST_REQUIRE(writing->add_typed(typed(other_site, known, 10, 0)));
    BOOST_REQUIRE(writing->commit());
  }
  [[nodiscard]] std::string url() const { return "lmdb:" + (folder / "store").string(); }
  const TemporaryFolder folder;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(inspect_typed)

BOOST_FIXTURE_TEST_CASE(typed_passages_are_listed_with_all_that_an_approval_needs, StoreWithTyped) {
  const auto seen = run_tool(0, {"inspect", "store", url(), "--json"}).json();
  BOOST_TEST(seen["awaiting_approval"] == (nlohmann::json{{site.text(), 2}, {other_site.text(), 1}}));
  BOOST_REQUIRE(seen["typed_passages"].size() == 3u);
  const nlohmann::json expected{{"gateway", "gate-1"},
                                {"epoch", 77},
                                {"sequence", 8},
                                {"site", site.text()},
                                {"technician", known.text()},
                                {"name", "山田 太郎"},
                                {"approval", "awaiting"},
                                {"work_date", "2023-07-31"},
                                {"direction", "exit"},
                                {"event_time", "2023-07-31T08:05:00.000Z"},
                                {"gate", "north"},
                                {"reason", "カード忘れ"},
                                {"by", "田中"},
                                {"typed_at", "2023-07-31T09:00:00.000Z"},
                                {"corrects_sequence", 3}};
  BOOST_TEST(seen["typed_passages"][0] == expected);
  BOOST_TEST(seen["typed_passages"][1]["technician"] == stranger.text());
  BOOST_TEST(!seen["typed_passages"][1].contains("name"));
  BOOST_TEST(!seen["typed_passages"][1].contains("corrects_sequence"));
  BOOST_TEST(seen["counts"]["work_histories"] == 0);
}

BOOST_FIXTURE_TEST_CASE(they_are_listed_for_one_site_and_as_text, StoreWithTyped) {
  const auto one = run_tool(0, {"inspect", "store", url(), "--site", other_site.text(), "--json"}).json();
  BOOST_REQUIRE(one["typed_passages"].size() == 1u);
  BOOST_TEST(one["typed_passages"][0]["sequence"] == 10);
  const auto text = run_tool(0, {"inspect", "store", url()}).output;
  BOOST_TEST(text.find("awaiting_approval:\n") != std::string::npos, text);
  BOOST_TEST(text.find("カード忘れ") != std::string::npos, text);
  run_tool(1, {"inspect", "store", url(), "--site", "12", "--json"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
