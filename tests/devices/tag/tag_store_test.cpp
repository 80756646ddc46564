// The counters on the disk: rising only, across re-opening and kill -9; links that work once.
#include "devices/tag/tag_store.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "tests/devices/tag/tag_fixture.hpp"

namespace sitegate::devices::tag {
namespace {

using std::chrono::minutes;
using News = CounterBook::News;

const UtcTime morning{std::chrono::milliseconds{1'690'756'200'000}};
const TagUid uid{0x04, 1, 2, 3, 4, 5, 6};
const TagUid other_uid{0x04, 1, 2, 3, 4, 5, 7};
constexpr minutes window{10};

Digest phone(std::uint8_t number) {
  Digest digest{};
  digest.fill(number);
  return digest;
}

struct Store {
  tests::TemporaryFolder folder;
  std::unique_ptr<TagStore> store;

  Store() { reopen(); }
  void reopen() {
    store.reset();
    store = must(TagStore::open(folder / "tag"));
  }
  News take(std::uint32_t counter, std::uint8_t holder = 1, UtcTime now = morning) {
    return must(store->take({uid, counter}, phone(holder), now, window)).news;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tag_store, Store)

BOOST_AUTO_TEST_CASE(a_counter_rises) {
  BOOST_TEST((take(5) == News::fresh));
  BOOST_TEST((take(6) == News::fresh));
  BOOST_TEST((take(900) == News::fresh));  // taps that nobody brought to us
  BOOST_TEST((take(899) == News::replayed));
  BOOST_TEST((take(6) == News::replayed));
  BOOST_TEST((take(0) == News::replayed));
  BOOST_TEST((take(counter_max) == News::fresh));
}

BOOST_AUTO_TEST_CASE(the_first_tap_may_have_any_counter) {
  BOOST_TEST((take(0) == News::fresh));
}

BOOST_AUTO_TEST_CASE(each_tag_has_its_own) {
  BOOST_TEST((take(500) == News::fresh));
  const auto other = store->take({other_uid, 1}, phone(1), morning, window);
  BOOST_TEST((other.value().news == News::fresh));
}

BOOST_AUTO_TEST_CASE(the_same_phone_within_some_minutes) {
  take(5);
  BOOST_TEST((take(5, 1, morning + minutes(10)) == News::again));
  BOOST_TEST((take(5, 2, morning) == News::replayed));
  BOOST_TEST((take(5, 1, morning + minutes(11)) == News::replayed));
  // A clock set back by an hour does not make it new.
  BOOST_TEST((take(5, 1, morning - minutes(60)) == News::replayed));
  take(6);
  BOOST_TEST((take(5, 1, morning) == News::replayed));
}

BOOST_AUTO_TEST_CASE(it_says_when_the_tap_was) {
  take(5);
  const auto again = store->take({uid, 5}, phone(1), morning + minutes(3), window);
  BOOST_TEST((again.value().at == morning));
}

BOOST_AUTO_TEST_CASE(looking_writes_nothing) {
  for (int i = 0; i < 2; ++i)
    BOOST_TEST((store->look({uid, 5}, phone(1), morning, window).value().news == News::fresh));
  take(5);
  BOOST_TEST((store->look({uid, 5}, phone(2), morning, window).value().news == News::replayed));
}

BOOST_AUTO_TEST_CASE(all_of_it_is_there_after_re_opening) {
  take(5, 7);
  reopen();
  BOOST_TEST((take(5, 7) == News::again));
  BOOST_TEST((take(5, 8) == News::replayed));
  BOOST_TEST((take(4, 7) == News::replayed));
  BOOST_TEST((take(6, 8) == News::fresh));
}

// What a killed program had called fresh is never fresh again.
BOOST_AUTO_TEST_CASE(a_kill_forgets_no_counter) {
  store.reset();
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
      auto opened = TagStore::open(folder / "tag");
      if (!opened) ::_exit(3);
      for (auto counter = static_cast<std::uint32_t>(round) * 1'000'000 + 1;; ++counter) {
        const auto taken = opened.value()->take({uid, counter}, phone(1), morning, window);
        if (!taken || taken.value().news != News::fresh) ::_exit(4);
        if (::write(ends[1], &counter, sizeof counter) != sizeof counter) ::_exit(5);
      }
    }
    ::close(ends[1]);
    std::uint32_t last = 0;
    for (int seen = 0; ::read(ends[0], &last, sizeof last) == sizeof last; ++seen)
      if (seen == round * 3) ::kill(child, SIGKILL);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_REQUIRE_MESSAGE(WIFSIGNALED(status), "the child ended by itself: " << WEXITSTATUS(status));
    reopen();
    BOOST_TEST((take(last, 2) == News::replayed));
    BOOST_TEST((take(last + 2, 2) == News::fresh));  // at most one more, whose answer was cut
    store.reset();
  }
}

// A changed byte on the disk is found: the tag is refused until somebody looks.
BOOST_AUTO_TEST_CASE(a_damaged_record_is_an_error) {
  take(5);
  store.reset();
  {
    auto environment =
        lmdb::Environment::open(folder / "tag", {.map_size = 64u << 20, .tables_max = 4}).value();
    const auto table = environment->table("counters").value();
    auto transaction = environment->begin_write().value();
    auto record = to_bytes(transaction.get(table, uid).value().value());
    record[3] = 1;  // the counter, set back
    BOOST_REQUIRE(transaction.put(table, uid, record));
    BOOST_REQUIRE(transaction.commit());
  }
  reopen();
  const auto taken = store->take({uid, 3}, phone(1), morning, window);
  BOOST_REQUIRE(!taken);
  BOOST_TEST(is(taken.error(), TagErrc::damaged_record));
}

BOOST_AUTO_TEST_CASE(a_link_is_used_once) {
  BOOST_TEST(store->use(phone(1), morning + minutes(60), morning).value());
  BOOST_TEST(!store->use(phone(1), morning + minutes(60), morning).value());
  BOOST_TEST(store->use(phone(2), morning + minutes(60), morning).value());
  reopen();
  BOOST_TEST(!store->use(phone(1), morning + minutes(60), morning).value());
}

// Links that have ended are refused for that; to remember them, too, would fill the disk.
BOOST_AUTO_TEST_CASE(ended_links_are_forgotten) {
  for (std::uint8_t i = 1; i < 50; ++i)
    BOOST_TEST(store->use(phone(i), morning + minutes(i), morning).value());
  BOOST_TEST(store->use(phone(99), morning + minutes(99), morning + minutes(30)).value());
  store.reset();
  auto environment =
      lmdb::Environment::open(folder / "tag", {.map_size = 64u << 20, .tables_max = 4}).value();
  const auto table = environment->table("links").value();
  BOOST_TEST(environment->begin_read().value().count(table).value() == 21u);  // 30 to 49, and the last
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
