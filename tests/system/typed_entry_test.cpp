// What a clerk types on the page of a running gateway reaches the cloud's list of what awaits approval, and
// counts nowhere: browser → sitegate-edge → Mosquitto with mutual TLS → sitegate-cloud → store → inspect.
#include <boost/test/unit_test.hpp>

#include <fstream>

#include "shared/http/client.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr int people = 3;

/// What follows `mark` in `text`, up to `end`.
std::string after(const std::string& text, const std::string& mark, char end) {
  const auto at = text.find(mark);
  if (at == std::string::npos) return {};
  const auto begin = at + mark.size();
  return text.substr(begin, text.find(end, begin) - begin);
}

/// A browser without scripts.
class Browser {
 public:
  explicit Browser(std::uint16_t port) : page_("http://127.0.0.1:" + std::to_string(port) + "/typed") {}

  http::Response get(const std::string& query = "") {
    http::ClientRequest request;
    request.url = page_ + query;
    return call(std::move(request));
  }
  http::Response post(const std::string& form) {
    http::ClientRequest request;
    request.method = "POST";
    request.url = page_;
    request.body = form;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    return call(std::move(request));
  }
  bool sign_in(const std::string& login, const std::string& password) {
    return post("do=sign_in&login=" + login + "&password=" + password).status == 303;
  }
  /// Chooses the technician, leaves date and time as the form proposes them (now), and sends it.
  http::Response type(TechnicianId technician, const std::string& direction,
                      const std::string& corrects = "") {
    const std::string form = get("?technician=" + technician.text()).body;
    return post("do=record&token=" + after(form, "name=\"token\" value=\"", '"') +
                "&technician=" + technician.text() + "&direction=" + direction +
                "&date=" + after(form, "name=\"date\" value=\"", '"') +
                "&time=" + after(form, "name=\"time\" value=\"", '"') +
                "&gate=1&reason=forgot+the+card&corrects=" + corrects);
  }

 private:
  http::Response call(http::ClientRequest request) {
    if (!cookie_.empty()) request.headers.push_back({"Cookie", cookie_});
    const auto response = client_.call(request);
    if (!response) return {.status = 0, .body = response.error().text()};
    if (const std::string set(response.value().header("Set-Cookie")); !set.empty())
      cookie_ = set.substr(0, set.find(';'));
    return response.value();
  }
  const std::string page_;
  std::string cookie_;
  http::Client client_;
};

/// Technician 0 taps once.
std::string one_tap(const Installation& installation) {
  const auto file = installation.folder() / "one.reads";
  std::ofstream(file) << "2023-07-31T07:50:00.000Z - card felica " << to_hex(Installation::card_of(0).uid)
                      << "\n";
  return "replay://" + file.string() + "?id=north&gate=1&direction=entry&speed=1";
}

bool receipted(const Installation& installation, Sequence through) {
  const auto outbox = installation.outbox();
  return outbox && outbox->receipted_through == through;
}

void check_cloud(const Installation& installation, WorkDate today) {
  BOOST_TEST(installation.registered() == 1u);
  const auto records = installation.records();
  const auto listed = records->typed_passages(Installation::site(), 10).value();
  BOOST_REQUIRE(listed.size() == 2u);
  for (const auto& one : listed) {
    BOOST_TEST((one.approval == cloud::Approval::awaiting));
    BOOST_TEST(one.passage.typed->by == "Tanaka");
    BOOST_TEST(one.passage.typed->reason == "forgot the card");
    BOOST_TEST((one.passage.evidence.front().method == Method::typed));
    const bool corrects =
        one.passage.person == std::variant<TechnicianId, Credential>(Installation::technician(0));
    BOOST_TEST(one.passage.typed->corrects == (corrects ? 1u : 0u));
  }
  BOOST_TEST((records->rollups().value() == records->recount({}).value()));
  BOOST_TEST((records->technicians_on(Installation::site(), today).value() ==
              std::vector{Installation::technician(0)}));
  const auto history =
      records->work_history(Installation::technician(0), Installation::site(), today).value();
  BOOST_REQUIRE(history.has_value());
  BOOST_TEST(!history->last_exit.has_value());
  BOOST_TEST((history->method == Method::card));
  BOOST_TEST(records->quarantine(1, 10).value().empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(typed_entry)

BOOST_AUTO_TEST_CASE(what_a_clerk_types_awaits_approval_and_does_not_count) {
  const std::uint16_t port = free_port();
  Installation installation({.technicians = people,
                             .with_structure = true,
                             .edge_extra = "[local_page]\nlisten = \"127.0.0.1:" + std::to_string(port) +
                                           "\"\n[typed_entry]\nclerks = \"clerks.toml\"\ngates = [\"1\"]\n"});
  std::ofstream(installation.folder() / "password") << "open-sesame\n";
  BOOST_REQUIRE(installation.run_tool({"provision", "clerk", "tanaka", "--name", "Tanaka", "--file",
                                       (installation.folder() / "clerks.toml").string(), "--password-file",
                                       (installation.folder() / "password").string()}) == 0);
  installation.start_cloud();
  installation.start_edge({});
  BOOST_REQUIRE(wait_until(
      [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 60s));
  BOOST_REQUIRE(installation.stop_edge() == 0);
  installation.start_edge({one_tap(installation)});
  BOOST_REQUIRE(wait_until([&] { return receipted(installation, 1) && answers(port); }, 60s));

  Browser browser(port);
  BOOST_TEST(!browser.sign_in("tanaka", "open-barley"));
  BOOST_TEST(!browser.sign_in("suzuki", "open-sesame"));
  BOOST_TEST(browser.get().body.find(Installation::technician(0).text()) == std::string::npos);
  BOOST_REQUIRE(browser.sign_in("tanaka", "open-sesame"));
  BOOST_TEST(browser.get().body.find("?corrects=1&amp;") != std::string::npos);
  const auto entry = browser.type(Installation::technician(1), "entry");
  BOOST_TEST(entry.status == 200u, entry.body);
  BOOST_TEST(entry.body.find("awaits approval") != std::string::npos);
  BOOST_TEST(browser.type(Installation::technician(0), "exit", "1").status == 200u);
  BOOST_REQUIRE(wait_until([&] { return receipted(installation, 3); }, 60s));

  check_cloud(installation, installation.kept_passages().front().work_date);
  BOOST_TEST(installation.run_tool({"inspect", "store", installation.store_url()}) == 0);
  BOOST_TEST(installation.tool_output().find("\"reason\":\"forgot the card\"") != std::string::npos);
  BOOST_TEST(installation.run_tool({"verify", "delivery", installation.outbox_folder(), "--key",
                                    installation.public_key_file(), "--store", installation.store_url()}) ==
             0);
  BOOST_TEST(installation.tool_output().find("\"typed\":2") != std::string::npos);
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(installation.stop_cloud() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
