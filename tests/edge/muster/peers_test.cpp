// Gateways that ask each other: over real HTTP, with peers that are silent, of another site, or talk
// nonsense.
#include "edge/muster/peers.hpp"

#include <atomic>
#include <fstream>

#include "edge/local_page/local_page.hpp"
#include "edge/muster/muster_json.hpp"
#include "tests/edge/muster/muster_example.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;
using namespace std::chrono_literals;
using tests::wait_until;

namespace {

/// A peer's local page that says what the test wants.
struct SpokenPeer {
  explicit SpokenPeer(const std::string& password_file = {}) {
    page = LocalPage::open({.listen = "127.0.0.1:0", .password_file = password_file}).value();
    page->add("GET", "/muster/own.json", [this](const http::Request&, http::Responder respond) {
      respond({.status = status,
               .body = words.with([](const std::string& text) { return text; }),
               .content_type = "application/json"});
    });
    BOOST_REQUIRE(page->start());
  }
  void say(const std::string& text) {
    words.with([&](std::string& spoken) { spoken = text; });
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(page->port()); }

  Guarded<std::string> words;
  std::atomic<unsigned> status{200};
  std::unique_ptr<LocalPage> page;
};

struct PeersFixture {
  [[nodiscard]] PeerSettings settings(const std::vector<std::string>& urls) const {
    return {
        .urls = urls, .interval = 20ms, .timeout = 2s, .folder = folder.path(), .site = site, .own = north};
  }
  [[nodiscard]] GatewayMuster muster() const {
    const auto known = person(yamada, "山田 太郎", Direction::entry, clock.now() - 1h, south);
    return {site, south, clock.now(), {known}};
  }
  static bool answers(const PeerWatch& watch) { return watch.peers().at(0).source.answers; }

  tests::TemporaryFolder folder;
  ManualClock clock{japan("2023-07-31T08:00")};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(muster_peers, PeersFixture)

BOOST_AUTO_TEST_CASE(a_peers_list_is_had_and_follows_it) {
  SpokenPeer peer;
  peer.say(to_json(muster()));
  const auto watch = PeerWatch::start(settings({peer.url()}), clock);
  BOOST_REQUIRE(wait_until([&] { return answers(*watch); }));
  BOOST_TEST((watch->peers()[0].muster == muster()));
  auto later = muster();
  later.people[0].direction = Direction::exit;
  peer.say(to_json(later));
  BOOST_TEST(wait_until([&] { return watch->peers()[0].muster == later; }));
}

BOOST_AUTO_TEST_CASE(a_silent_peers_last_list_stays_with_its_time_also_over_a_restart) {
  std::string url;
  {
    SpokenPeer peer;
    url = peer.url();
    peer.say(to_json(muster()));
    const auto watch = PeerWatch::start(settings({url}), clock);
    BOOST_REQUIRE(wait_until([&] { return !kept_peers(folder.path()).empty(); }));
    peer.page->stop();
    BOOST_REQUIRE(wait_until([&] { return !answers(*watch); }));
    clock.advance(10min);
    BOOST_TEST((watch->peers()[0].source.as_of == japan("2023-07-31T08:00")));
    BOOST_TEST(!watch->peers()[0].source.problem.empty());
  }
  const auto again = kept_peer(folder.path(), url);
  BOOST_TEST((again.source.gateway == south));
  BOOST_TEST((again.source.as_of == japan("2023-07-31T08:00")));
  BOOST_TEST(!again.source.answers);
  BOOST_REQUIRE(again.muster.people.size() == 1u);
  BOOST_TEST(again.muster.people[0].name == "山田 太郎");
  const auto watch = PeerWatch::start(settings({url}), clock);
  BOOST_TEST(watch->peers()[0].muster.people.size() == 1u);
}

BOOST_AUTO_TEST_CASE(nonsense_changes_nothing_and_the_next_good_list_is_taken) {
  SpokenPeer peer;
  peer.say(to_json(muster()));
  const auto watch = PeerWatch::start(settings({peer.url()}), clock);
  BOOST_REQUIRE(wait_until([&] { return answers(*watch); }));
  for (const std::string& nonsense : {std::string("<html>"), std::string(200'000, '['), std::string()}) {
    peer.say(nonsense);
    BOOST_REQUIRE(wait_until([&] { return !answers(*watch); }));
    BOOST_TEST(watch->peers()[0].muster.people.size() == 1u);
    peer.say(to_json(muster()));
    BOOST_REQUIRE(wait_until([&] { return answers(*watch); }));
  }
  peer.status = 500;
  BOOST_TEST(wait_until([&] { return !answers(*watch); }));
}

BOOST_AUTO_TEST_CASE(a_kept_list_that_is_damaged_is_passed_over) {
  SpokenPeer peer;
  peer.say(to_json(muster()));
  {
    const auto watch = PeerWatch::start(settings({peer.url()}), clock);
    BOOST_REQUIRE(wait_until([&] { return !kept_peers(folder.path()).empty(); }));
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    std::ofstream(entry.path()) << "{\"format\":1";
  BOOST_TEST(!kept_peer(folder.path(), peer.url()).source.gateway.has_value());
  BOOST_TEST(kept_peers(folder.path()).empty());
}

BOOST_AUTO_TEST_CASE(another_site_and_this_gateway_itself_are_no_peers) {
  const auto refused = [&](const GatewayMuster& list) {
    return accept_peer(to_json(list), settings({}), "http://x", clock.now()).error();
  };
  auto list = muster();
  list.site = *SiteId::from_number(1);
  BOOST_TEST(is(refused(list), MusterErrc::wrong_site));
  list = muster();
  list.gateway = north;
  BOOST_TEST(is(refused(list), MusterErrc::not_a_peer));
  list = muster();
  list.people[0].gateway = north;
  BOOST_TEST(is(refused(list), MusterErrc::bad_list));
}

BOOST_AUTO_TEST_CASE(a_peers_wrong_clock_is_put_right_and_named) {
  auto ahead = muster();
  ahead.as_of += 3h;
  ahead.people[0].since += 3h;
  const auto peer = accept_peer(to_json(ahead), settings({}), "http://x", clock.now()).value();
  BOOST_TEST((peer.source.clock_offset == -3h));
  BOOST_TEST((peer.muster.people[0].since == clock.now() - 1h));
  const auto near = accept_peer(to_json(muster()), settings({}), "http://x", clock.now() + 4s).value();
  BOOST_TEST((near.source.clock_offset == 0s));
}

BOOST_AUTO_TEST_CASE(the_sites_password_is_given_to_the_peer) {
  const tests::TemporaryFolder secrets;
  std::ofstream(secrets / "password") << "blue helmet 42\n";
  SpokenPeer peer(secrets / "password");
  peer.say(to_json(muster()));
  const auto without = PeerWatch::start(settings({peer.url()}), clock);
  const auto refused = [&] { return without->peers()[0].source.problem.find("401") != std::string::npos; };
  BOOST_TEST(wait_until(refused));
  auto known = settings({peer.url()});
  known.password = "blue helmet 42";
  const auto with = PeerWatch::start(known, clock);
  BOOST_TEST(wait_until([&] { return answers(*with); }));
}

BOOST_AUTO_TEST_SUITE_END()
