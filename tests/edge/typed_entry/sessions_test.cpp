// Sessions end by themselves and are bounded; guessing is, too.
#include "edge/typed_entry/sessions.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/edge/site_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace std::chrono_literals;

namespace {

struct SignedIn {
  ManualClock clock{testing::japan("2023-07-31T08:00")};
  Sessions sessions{clock};
  Attempts attempts{clock};
  const Clerk tanaka{"tanaka", "田中"};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sessions_and_attempts, SignedIn)

BOOST_AUTO_TEST_CASE(a_session_is_found_by_its_cookie_until_it_was_idle_for_long) {
  const std::string cookie = sessions.open(tanaka, Language::english).cookie;
  BOOST_TEST(cookie.size() == 64u);
  for (int i = 0; i < 3; ++i) {
    clock.advance(session_idle_max - 1s);
    BOOST_REQUIRE(sessions.find(cookie) != nullptr);
  }
  BOOST_TEST(sessions.find(cookie)->clerk.name == "田中");
  clock.advance(session_idle_max);
  BOOST_TEST(sessions.find(cookie) == nullptr);
  BOOST_TEST(sessions.find("") == nullptr);
  BOOST_TEST(sessions.find(cookie.substr(1)) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_closed_session_is_gone) {
  const std::string cookie = sessions.open(tanaka, Language::english).cookie;
  sessions.close(cookie);
  sessions.close(cookie);
  BOOST_TEST(sessions.find(cookie) == nullptr);
}

BOOST_AUTO_TEST_CASE(no_two_sessions_share_anything) {
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    const Session& session = sessions.open(tanaka, Language::english);
    BOOST_TEST(seen.insert(session.cookie).second);
    BOOST_TEST(seen.insert(session.form_token).second);
  }
}

BOOST_AUTO_TEST_CASE(of_too_many_the_one_nearest_to_its_end_goes) {
  const std::string first = sessions.open(tanaka, Language::english).cookie;
  clock.advance(1s);
  const std::string second = sessions.open(tanaka, Language::english).cookie;
  clock.advance(1s);
  for (std::size_t i = 1; i < session_count_max; ++i) sessions.open(tanaka, Language::english);
  BOOST_TEST(sessions.find(first) == nullptr);
  BOOST_TEST(sessions.find(second) != nullptr);
}

BOOST_AUTO_TEST_CASE(who_guesses_too_often_waits_and_nobody_else_does) {
  for (int i = 0; i < attempts_max; ++i) {
    BOOST_TEST(attempts.allowed("192.0.2.7"));
    attempts.failed("192.0.2.7");
  }
  BOOST_TEST(!attempts.allowed("192.0.2.7"));
  BOOST_TEST(attempts.allowed("192.0.2.8"));
  clock.advance(attempts_within - 1s);
  BOOST_TEST(!attempts.allowed("192.0.2.7"));
  clock.advance(1s);
  BOOST_TEST(attempts.allowed("192.0.2.7"));
}

BOOST_AUTO_TEST_SUITE_END()
