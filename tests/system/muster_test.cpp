// Who is on site, when it matters: the gateway was killed, there is no cloud, no broker, and the site's other
// gateway has gone silent; and the list comes out of a printer.
#include <boost/test/unit_test.hpp>

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include "edge/muster/muster_json.hpp"
#include "shared/http/client.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr const char* browser = "/usr/bin/chromium";
using People = std::vector<int>;  // by their numbers in the installation

std::string url_of(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The gateway's list; nullopt while it does not answer.
std::optional<edge::SiteMuster> muster_of(std::uint16_t port, const std::string& query = {}) {
  http::Client client;
  http::ClientRequest request;
  request.url = url_of(port) + "/muster.json" + query;
  const auto response = client.call(request);
  if (!response || response.value().status != 200) return std::nullopt;
  const auto muster = edge::parse_site_muster(response.value().body);
  BOOST_REQUIRE_MESSAGE(muster.has_value(), response.value().body);
  return muster.value();
}

People people_of(const std::vector<edge::MusterPerson>& inside) {
  People people;
  for (const auto& person : inside)
    for (int i = 0; i < 10; ++i)
      if (Installation::technician(i).text() == person.key) people.push_back(i);
  std::sort(people.begin(), people.end());
  return people;
}

struct TwoGateways {
  TwoGateways()
      : installation({.technicians = 10,
                      .with_structure = true,
                      .edge_extra = fmt::format("[local_page]\nlisten = \"127.0.0.1:{}\"\n"
                                                "[muster]\ntitle = \"駅前新築工事\"\npeers = [\"{}\"]\n"
                                                "interval_s = 1\n",
                                                first_port, url_of(second_port))}) {}

  /// People who pass one after the other: a recording for a reader.
  std::string reader(const std::string& name, const People& people, const std::string& direction) {
    const auto file = installation.folder() / (name + ".reads");
    std::ofstream recording(file);
    bool first = true;
    for (const int i : people) {
      recording << (first ? "2023-07-31T07:50:00.000Z" : "+4") << " - card felica "
                << to_hex(Installation::card_of(i).uid) << "\n";
      first = false;
    }
    return "replay://" + file.string() + "?id=" + name + "&gate=1&direction=" + direction + "&speed=1";
  }
  void fetch_roster() {
    installation.start_cloud();
    installation.start_edge({});
    BOOST_REQUIRE(wait_until(
        [&] { return installation.edge_output().find("roster applied") != std::string::npos; }, 60s));
    BOOST_REQUIRE(installation.stop_edge() == 0);
  }
  /// A gateway of the same site that never had a broker; its roster came with it.
  void start_second(const std::vector<std::string>& readers) {
    const auto folder = installation.folder() / "second";
    std::filesystem::create_directories(folder / "edge" / "roster");
    std::filesystem::copy_file(installation.folder() / "edge" / "roster" / "roster.bin",
                               folder / "edge" / "roster" / "roster.bin");
    BOOST_REQUIRE(crypto::SigningKey::generate().save(folder / "signing.pem"));
    std::ofstream(folder / "gateway.toml") << fmt::format(
        "[gateway]\nid = \"gate-2\"\nsite = \"{}\"\ndata = \"edge\"\n"
        "[keys]\nsigning_key = \"signing.pem\"\ncloud_public_key = \"../cloud-public.pem\"\n"
        "[broker]\nurl = \"mqtt://127.0.0.1:{}\"\n[readers]\nurls = [\"{}\"]\n"
        "[local_page]\nlisten = \"127.0.0.1:{}\"\n",
        Installation::site().text(), free_port(), fmt::join(readers, "\", \""), second_port);
    second = std::make_unique<ChildProcess>(
        std::vector<std::string>{std::string(std::getenv("SITEGATE_BIN")) + "/sitegate-edge", "--settings",
                                 (folder / "gateway.toml").string()},
        installation.folder() / "second.log");
  }
  /// Waits until the first gateway's list holds just these.
  bool lists(const People& people, bool peer_answers) const {
    return wait_until(
        [&] {
          const auto muster = muster_of(first_port);
          return muster && muster->long_ago.empty() && people_of(muster->inside) == people &&
                 muster->sources.size() == 2 && muster->sources[1].answers == peer_answers;
        },
        60s);
  }

  const std::uint16_t first_port = free_port();
  const std::uint16_t second_port = free_port();
  Installation installation;
  std::unique_ptr<ChildProcess> second;
};

/// Prints what stands at `url` as a browser does; gives the PDF's bytes.
std::string printed(const std::string& url, const std::filesystem::path& folder) {
  ChildProcess chromium(
      {browser, "--headless", "--no-sandbox", "--disable-gpu",
       "--user-data-dir=" + (folder / "profile").string(),
       "--print-to-pdf=" + (folder / "muster.pdf").string(), "--no-pdf-header-footer", "--no-first-run",
       "--disable-background-networking", "--disable-component-update", "--disable-sync", url},
      folder / "chromium.log");
  BOOST_TEST(chromium.wait() == 0);
  return read_all(folder / "muster.pdf");
}

std::ptrdiff_t pages_of(const std::string& pdf) {
  static const std::regex page(R"(/Type\s*/Page[^s])");
  return std::distance(std::sregex_iterator(pdf.begin(), pdf.end(), page), std::sregex_iterator());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(muster)

BOOST_AUTO_TEST_CASE(the_list_survives_kills_without_a_network_and_joins_two_gateways) {
  TwoGateways site;
  Installation& installation = site.installation;
  site.fetch_roster();
  installation.start_edge({site.reader("in", {0, 1, 2, 3, 4}, "entry")});
  BOOST_REQUIRE(site.lists({0, 1, 2, 3, 4}, false));

  // Cloud and broker are gone, the gateway is killed: what it kept is enough.
  installation.kill_cloud();
  installation.broker().kill();
  installation.kill_edge();
  installation.start_edge({site.reader("out", {4}, "exit")});
  BOOST_REQUIRE(site.lists({0, 1, 2, 3}, false));
  const auto alone = muster_of(site.first_port);
  BOOST_REQUIRE(alone.has_value());
  BOOST_TEST(alone->inside[0].name == Installation::technician(0).text());
  BOOST_TEST(alone->title == "駅前新築工事");

  // The second gateway lets 3 out and 5 in.
  site.start_second({site.reader("second-out", {3}, "exit"), site.reader("second-in", {5}, "entry")});
  BOOST_REQUIRE(site.lists({0, 1, 2, 5}, true));
  const auto own = muster_of(site.first_port, "?scope=gateway");
  BOOST_REQUIRE(own.has_value());
  BOOST_TEST((people_of(own->inside) == People{0, 1, 2, 3}));
  BOOST_TEST(installation.run_tool({"muster", "--url", url_of(site.first_port)}) == 0);

  // It goes silent: its last list stays, marked, also over a kill of the first.
  site.second->signal(SIGKILL);
  site.second->wait();
  BOOST_REQUIRE(site.lists({0, 1, 2, 5}, false));
  installation.kill_edge();
  installation.start_edge({});
  BOOST_REQUIRE(site.lists({0, 1, 2, 5}, false));
  BOOST_TEST((muster_of(site.first_port)->sources[1].gateway->text() == "gate-2"));
  BOOST_TEST(installation.run_tool({"muster", "--url", url_of(site.first_port)}) == 3);
  BOOST_TEST(installation.tool_output().find("NOT REACHED: gate-2") != std::string::npos);

  if (std::filesystem::exists(browser)) {
    const std::string pdf = printed(url_of(site.first_port) + "/muster", installation.folder());
    BOOST_TEST(pdf.starts_with("%PDF-"));
    BOOST_TEST(pages_of(pdf) == 1);
  }
  BOOST_TEST(installation.stop_edge() == 0);

  // No program runs any more: the disk alone.
  const auto html = installation.folder() / "muster.html";
  BOOST_TEST(installation.run_tool({"muster", "--outbox", installation.outbox_folder(), "--gateway", "gate-1",
                                    "--html", html.string(), "--key", installation.public_key_file(),
                                    "--json"}) == 0);
  const std::string output = installation.tool_output();
  const auto start = output.rfind("{\"as_of\"");
  BOOST_REQUIRE(start != std::string::npos);
  const auto from_disk = edge::parse_site_muster(output.substr(start, output.find('\n', start) - start));
  BOOST_REQUIRE(from_disk);
  BOOST_TEST((people_of(from_disk.value().inside) == People{0, 1, 2, 5}));
  BOOST_TEST(read_all(html).find(Installation::technician(5).text()) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
