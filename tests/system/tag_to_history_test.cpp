// From a tap on an NFC tag to the registered work history: `sitegate token` → import → a phone that enrols
// and opens the tag's URL → sitegate-edge → Mosquitto → sitegate-cloud → store. Tags: NXP AN12196, see
// tests/devices/tag.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "devices/tag/tag_table.hpp"
#include "devices/tag/virtual_tag.hpp"
#include "shared/http/client.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

namespace tag = devices::tag;

constexpr std::string_view key_file = R"([meta]
aes128 = "0F1E2D3C4B5A69788796A5B4C3D2E1F0"
[file]
aes128 = "00112233445566778899AABBCCDDEEFF"
diversify_with = "3042F54E585020416275"
[enrolment]
aes128 = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF"
)";
constexpr std::string_view table_file = R"([table]
keys = "keys.toml"
enrolment_key = "enrolment"
[04A1B2C3D4E5F6]
name = "North"
direction = "entry"
meta_key = "meta"
file_key = "file"
[04A1B2C3D4E5F7]
name = "North, out"
direction = "exit"
meta_key = "meta"
file_key = "file"
)";

class Phone {
 public:
  explicit Phone(std::uint16_t port) : origin_("http://127.0.0.1:" + std::to_string(port)) {}

  http::Response send(const std::string& method, const std::string& target) {
    http::ClientRequest request;
    request.method = method;
    request.url = target.starts_with("http") ? target : origin_ + target;
    request.headers = {{"Accept-Language", "en"}};
    if (!cookie_.empty()) request.headers.push_back({"Cookie", cookie_});
    auto answer = client_->call(request);
    BOOST_REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text()));
    if (const auto set = answer.value().header("Set-Cookie"); !set.empty())
      cookie_ = set.substr(0, set.find(';'));
    return std::move(answer).value();
  }

 private:
  std::string origin_;
  std::unique_ptr<http::Client> client_ = std::make_unique<http::Client>();
  std::string cookie_;
};

bool says(const http::Response& response, std::string_view words) {
  return response.body.find(words) != std::string::npos;
}

/// An installation with two tags at its gate and two technicians whose phones are registered.
struct TagSite {
  Installation installation{{.technicians = 2, .with_structure = true, .edge_extra = ""}};
  std::uint16_t port = free_port();
  std::string table = (installation.folder() / "tags.toml").string();
  std::vector<std::string> links;

  TagSite() {
    const auto keys = (installation.folder() / "keys.toml").string();
    std::ofstream(keys) << key_file;
    BOOST_REQUIRE(::chmod(keys.c_str(), 0600) == 0);
    std::ofstream(table) << table_file;
    for (int i = 0; i < 2; ++i) links.push_back(registered_link(i, keys));
    installation.start_cloud();
    start_edge();
    BOOST_REQUIRE(wait_until(
        [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 30s));
  }
  void start_edge() {
    installation.start_edge({"tag+http://127.0.0.1:" + std::to_string(port) + "?id=phones&tags=" + table});
    BOOST_REQUIRE(wait_until([&] { return answers(port); }, 30s));
  }
  /// Makes a token with the tool, imports it for a technician, gives the enrolment link.
  std::string registered_link(int technician, const std::string& keys) {
    const auto before = installation.tool_output().size();
    BOOST_REQUIRE(installation.run_tool({"token", Installation::technician(technician).text(), "--gate",
                                         "http://127.0.0.1:" + std::to_string(port), "--key-file", keys,
                                         "--json"}) == 0);
    const auto made = nlohmann::json::parse(installation.tool_output().substr(before));
    const auto csv = (installation.folder() / "credentials.csv").string();
    std::ofstream(csv) << "technician_id,kind,uid\n"
                       << made["technician"].get<std::string>() << ",token," << made["uid"].get<std::string>()
                       << "\n";
    BOOST_REQUIRE(
        installation.run_tool({"import", "credentials", csv, "--store", installation.store_url()}) == 0);
    return made["link"];
  }
  [[nodiscard]] tag::VirtualTag chip(const std::string& uid) const {
    const auto tags = tag::TagTable::load(table);
    const auto* entry = tags.value().find(*tag::parse_uid(uid));
    BOOST_REQUIRE(entry != nullptr);
    return tag::VirtualTag({entry->uid, entry->meta_read_key, entry->file_read_key, ""});
  }
  /// A phone on which its owner has opened the link and pressed the button.
  [[nodiscard]] Phone enrolled(std::size_t technician) const {
    Phone phone(port);
    BOOST_TEST(says(phone.send("GET", links[technician]), "Register this phone?"));
    BOOST_TEST(phone.send("POST", links[technician]).status == 303u);
    BOOST_TEST(says(phone.send("GET", "/enrolled"), "Registered"));
    return phone;
  }
  void wait_for_receipts(Sequence through) {
    BOOST_REQUIRE(wait_until(
        [&] {
          const auto outbox = installation.outbox();
          return outbox && outbox->receipted_through == through && outbox->next_sequence == through + 1;
        },
        30s));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tag_to_history, TagSite)

BOOST_AUTO_TEST_CASE(a_phones_taps_become_a_history) {
  auto in = chip("04A1B2C3D4E5F6");
  auto out = chip("04A1B2C3D4E5F7");
  auto phone = enrolled(0);
  const auto url = "/t?" + in.tap();
  BOOST_TEST(says(phone.send("GET", url), "Entry recorded"));
  BOOST_TEST(says(phone.send("GET", url), "Entry recorded"));  // loaded again
  BOOST_TEST(says(phone.send("GET", "/t?" + out.tap()), "Exit recorded"));
  wait_for_receipts(2);

  const auto kept = installation.kept_passages();
  BOOST_REQUIRE(kept.size() == 2u);
  for (const auto& passage : kept) {
    BOOST_TEST((passage.evidence.front().method == Method::nfc_tag));
    BOOST_TEST(passage.reader == "phones");
  }
  const auto day = kept.front().work_date;
  const auto records = installation.records();
  const auto history = records->work_history(Installation::technician(0), Installation::site(), day).value();
  BOOST_REQUIRE(history.has_value());
  BOOST_TEST((history->method == Method::nfc_tag));
  BOOST_TEST(history->first_entry.has_value());
  BOOST_TEST(history->last_exit.has_value());
  // No secret in any log.
  const auto log = installation.edge_output();
  BOOST_TEST(log.find("cmac") == std::string::npos);
  BOOST_TEST(log.find(links[0].substr(links[0].find("token=") + 6, 64)) == std::string::npos);
  BOOST_TEST(installation.stop_edge() == 0);
  BOOST_TEST(installation.stop_cloud() == 0);
}

BOOST_AUTO_TEST_CASE(what_was_used_stays_used_when_the_gateway_is_killed) {
  auto in = chip("04A1B2C3D4E5F6");
  auto phone = enrolled(0);
  const auto url = "/t?" + in.tap();
  BOOST_TEST(says(phone.send("GET", url), "Entry recorded"));
  installation.kill_edge();
  start_edge();
  auto other = enrolled(1);
  BOOST_TEST(other.send("GET", url).status == 409u);
  BOOST_TEST(says(Phone(port).send("POST", links[1]), "This link was used before"));
  // The same phone's page, loaded again: told that it is recorded, and recorded no second time.
  BOOST_TEST(phone.send("GET", url).status == 200u);
  BOOST_TEST(says(other.send("GET", "/t?" + in.tap()), "Entry recorded"));
  BOOST_TEST(says(Phone(port).send("GET", "/t?" + in.tap()), "This phone is not registered"));
  wait_for_receipts(2);
  BOOST_TEST(installation.registered() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
