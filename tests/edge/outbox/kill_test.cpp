// kill -9 at any moment: everything that was acknowledged is there, and the numbers have no gap (faults 1 and
// 15).
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "tests/edge/outbox/outbox_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct Acknowledged {
  Sequence appended;
  Sequence sealed;
  Sequence receipted;
};

void acknowledge(int pipe, const Outbox& outbox) {
  const OutboxState state = outbox.state();
  const Acknowledged done{state.next_sequence - 1, state.sealed_through, state.receipted_through};
  if (::write(pipe, &done, sizeof done) != sizeof done) ::_exit(2);
}

/// The child's whole life: works until it is killed. The environment is opened here, never across fork.
[[noreturn]] void work_until_killed(const std::filesystem::path& folder, int pipe) {
  Random chance{1};
  auto opened = Outbox::open(folder, {}, chance);
  if (!opened) ::_exit(3);
  Outbox& outbox = *opened.value();
  for (;;) {
    const Sequence next = outbox.state().next_sequence;
    if (!outbox.append(entry_bytes(next))) ::_exit(4);
    acknowledge(pipe, outbox);
    if (next % 5 != 0) continue;
    const Sequence first = outbox.state().sealed_through + 1;
    if (!outbox.seal(first, next, envelope_bytes(first, next), hash_of(next), morning)) ::_exit(5);
    acknowledge(pipe, outbox);
    if (next % 15 != 0) continue;
    if (!outbox.receipt(next, morning)) ::_exit(6);
    acknowledge(pipe, outbox);
    if (next % 45 == 0 && !outbox.expire(morning, std::chrono::hours(0))) ::_exit(7);
  }
}

/// Kills the child after `count` acknowledgements; gives the last one that it managed to send.
Acknowledged run_and_kill(const std::filesystem::path& folder, int count) {
  int ends[2];
  BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
  const pid_t child = ::fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    work_until_killed(folder, ends[1]);
  }
  ::close(ends[1]);
  Acknowledged last{};
  for (int seen = 0; ::read(ends[0], &last, sizeof last) == sizeof last; ++seen)
    if (seen == count) ::kill(child, SIGKILL);  // and go on reading what it sent before it died
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_REQUIRE_MESSAGE(WIFSIGNALED(status), "the child ended by itself: " << WEXITSTATUS(status));
  return last;
}

void check_contents(Outbox& outbox, const Acknowledged& promised) {
  const OutboxState state = outbox.state();
  BOOST_TEST(state.next_sequence > promised.appended);
  BOOST_TEST(state.next_sequence <=
             promised.appended + 2);  // at most one more, whose acknowledgement was cut
  BOOST_TEST(state.sealed_through >= promised.sealed);
  BOOST_TEST(state.receipted_through >= promised.receipted);
  Sequence expected = state.sealed_through;
  for (const OutboxEntry& entry : must(outbox.unsealed(all, all))) {
    BOOST_TEST(entry.sequence == ++expected);
    BOOST_TEST(entry.bytes == entry_bytes(entry.sequence));
  }
  BOOST_TEST(expected + 1 == state.next_sequence);
  const auto batches = must(outbox.batches(0, all, all));
  Sequence through = batches.empty() ? state.sealed_through : batches.front().first - 1;
  for (const SealedBatch& batch : batches) {
    BOOST_TEST(batch.first == through + 1);
    BOOST_TEST(batch.envelope == envelope_bytes(batch.first, batch.through));
    through = batch.through;
  }
  BOOST_TEST(through == state.sealed_through);
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(nothing_acknowledged_is_lost_by_kill_9, OutboxFixture) {
  const char* given = std::getenv("SITEGATE_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 20230731;
  BOOST_TEST_MESSAGE("SITEGATE_SEED=" << seed);
  Random random(seed);
  for (int round = 0; round < 25; ++round) {
    const Acknowledged promised = run_and_kill(folder.path(), static_cast<int>(random() % 60));
    BOOST_TEST_CONTEXT("round " << round) {
      check_contents(reopen(), promised);
    }
    outbox.reset();
  }
}
