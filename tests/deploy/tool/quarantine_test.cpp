// `sitegate quarantine`: list, show, release, discard, as an operator types it.
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

#include "cloud/store/store.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/sample_world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

struct StoreWithForgery {
  StoreWithForgery() {
    const auto store = cloud::open_store(url()).value();
    const auto writing = store->begin_write().value();
    for (const char* reason : {"bad_signature", "bad_topic"})
      BOOST_REQUIRE(writing->add_to_quarantine({.received = sample_time,
                                                .source = "sitegate/v1/5/gate-1/history",
                                                .reason = reason,
                                                .detail = "detail",
                                                .size = 3,
                                                .bytes = {'a', 'b', 'c'}}));
    BOOST_REQUIRE(writing->commit());
  }
  [[nodiscard]] std::string url() const { return "lmdb:" + (folder / "store").string(); }
  const TemporaryFolder folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(quarantine, StoreWithForgery)

BOOST_AUTO_TEST_CASE(what_waits_is_listed_with_its_reason) {
  const auto listed = run_tool(0, {"quarantine", "list", "--store", url(), "--json"}).json();
  BOOST_REQUIRE(listed.size() == 2u);
  BOOST_TEST(listed[0]["reason"] == "bad_signature");
  BOOST_TEST(listed[0]["decision"].is_null());
  const auto one = run_tool(0, {"quarantine", "list", "--reason", "bad_topic", "--store", url()}).output;
  BOOST_TEST(one.find("1 entries wait") != std::string::npos, one);
}

BOOST_AUTO_TEST_CASE(an_entrys_bytes_can_be_looked_at) {
  const auto file = (folder / "bytes").string();
  run_tool(0, {"quarantine", "show", "1", "--bytes", file, "--store", url()});
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  BOOST_TEST(text.str() == "abc");
  run_tool(1, {"quarantine", "show", "3", "--store", url()});
}

BOOST_AUTO_TEST_CASE(a_decision_leaves_its_trace_and_a_release_that_is_refused_none) {
  run_tool(1, {"quarantine", "release", "1", "--by", "sato", "--why", "try", "--store", url()});
  run_tool(0, {"quarantine", "discard", "1", "--by", "sato", "--why", "forged", "--store", url()});
  run_tool(1, {"quarantine", "discard", "1", "--by", "sato", "--why", "forged", "--store", url()});
  run_tool(2, {"quarantine", "discard", "2", "--store", url()});  // nobody said who
  const auto waiting = run_tool(0, {"quarantine", "list", "--store", url(), "--json"}).json();
  BOOST_REQUIRE(waiting.size() == 1u);
  BOOST_TEST(waiting[0]["number"] == 2);
  const auto all = run_tool(0, {"quarantine", "list", "--all", "--store", url(), "--json"}).json();
  BOOST_TEST(all[0]["decision"]["outcome"] == "discarded");
  BOOST_TEST(all[0]["decision"]["by"] == "sato");
  BOOST_TEST(all[0]["decision"]["why"] == "forged");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
