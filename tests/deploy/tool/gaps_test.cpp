// `sitegate gaps`: 0 and empty when nothing is missing, 1 and the ranges when something is.
#include <boost/test/unit_test.hpp>

#include "cloud/gaps/reach.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/sample_world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

/// One gateway, of which everything up to 10 is registered.
struct StoreWithGateway {
  StoreWithGateway() {
    const auto company = *CompanyId::from_number(5);
    const auto tokyo = *Prefecture::from_code(13);
    const Date day = *parse_date("2023-01-01");
    const auto corporation = CompanyClass::corporation;
    write([&](cloud::WriteTransaction& writing) {
      BOOST_REQUIRE(writing.put(Company{company, "company", tokyo, corporation, corporation, day}));
      BOOST_REQUIRE(writing.put(Site{sample_site, "site", tokyo, company, day, day, day, false, {}}));
      BOOST_REQUIRE(writing.put(
          GatewayRecord{sample_gateway, sample_site, sample_bucket, sample_key(1).public_key(), false}));
      BOOST_REQUIRE(writing.set_position({sample_gateway, 9, 10, {}, sample_time}));
    });
  }
  template <typename Change>
  void write(Change&& change) const {
    const auto store = cloud::open_store(url()).value();
    const auto writing = store->begin_write().value();
    change(*writing);
    BOOST_REQUIRE(writing->commit());
  }
  void said(const cloud::Word& word) const {
    write([&](cloud::WriteTransaction& writing) { BOOST_REQUIRE(cloud::note(writing, word)); });
  }
  [[nodiscard]] std::string url() const { return "lmdb:" + (folder / "store").string(); }
  const TemporaryFolder folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gaps, StoreWithGateway)

BOOST_AUTO_TEST_CASE(nothing_missing_ends_with_0_and_says_up_to_where_and_when) {
  said({sample_gateway, 9, sample_time, 10, 10, cloud::Witness::health, {}});
  const auto seen = run_tool(0, {"gaps", "--store", url(), "--json"}).json();
  BOOST_TEST(seen["complete"] == true);
  BOOST_TEST(seen["gaps"].empty());
  const nlohmann::json expected{{"gateway", sample_gateway.text()},
                                {"site", sample_site.text()},
                                {"epoch", 9},
                                {"through", 10},
                                {"as_of", to_text(sample_time)}};
  BOOST_TEST(seen["complete_through"][0] == expected);
  // Not heard since 2023: listed apart.
  BOOST_TEST(seen["silent"][0]["last_heard"] == to_text(sample_time));
  const auto text = run_tool(0, {"gaps", "--store", url()}).output;
  BOOST_TEST(text.find(": none\n") != std::string::npos, text);
  BOOST_TEST(
      text.find("complete through sequence 10, last heard " + to_text(sample_time)) != std::string::npos,
      text);
}

BOOST_AUTO_TEST_CASE(a_gap_ends_with_1_and_is_listed_with_all_that_is_known) {
  said({sample_gateway, 9, sample_time, 25, 12, cloud::Witness::health, "conflicting_batch: other content"});
  const auto seen = run_tool(1, {"gaps", "--store", url(), "--json"}).json();
  BOOST_TEST(seen["complete"] == false);
  BOOST_REQUIRE(seen["gaps"].size() == 2u);
  const nlohmann::json promised{{"gateway", sample_gateway.text()},
                                {"site", sample_site.text()},
                                {"epoch", 9},
                                {"first_sequence", 11},
                                {"through", 12},
                                {"passages", 2},
                                {"since", to_text(sample_time)},
                                {"reason", "promised_and_absent"},
                                {"epoch_ended", nullptr}};
  BOOST_TEST(seen["gaps"][0] == promised);
  BOOST_TEST(seen["gaps"][1]["reason"] == "not_yet_sent");
  BOOST_TEST(seen["gaps"][1]["passages"] == 13);
  BOOST_TEST(seen["identity_conflicts"][0]["detail"] == "conflicting_batch: other content");
  const auto text = run_tool(1, {"gaps", "--store", url()}).output;
  BOOST_TEST(text.find("sequences 11 to 12, 2 passages") != std::string::npos, text);
  BOOST_TEST(run_tool(0, {"gaps", "--store", url(), "--gateway", "other", "--json"}).json()["gaps"].empty());
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_be_read_prints_no_report) {
  const auto run = run_tool(1, {"gaps", "--store", "lmdb:/nowhere/at/all"});
  BOOST_TEST(run.output.empty());
  BOOST_TEST(run.errors.find("/nowhere/at/all") != std::string::npos, run.errors);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
