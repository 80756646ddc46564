// Random operations, re-opening among them, against a model of ten lines: they always agree.
#include <algorithm>
#include <cstdlib>
#include <map>

#include "tests/edge/outbox/outbox_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct Model {
  std::map<Sequence, Bytes> entries;
  std::map<Sequence, SealedBatch> batches;
  Sequence next = 1;
  Sequence sealed = 0;
  Sequence receipted = 0;
  Digest head{};
};

class Run : public OutboxFixture {
 public:
  explicit Run(std::uint64_t seed) : random_(seed) {
    options.sync = false;
    epoch_ = reopen().state().epoch;
  }
  void step() {
    now_ += std::chrono::minutes(random_() % 90);
    switch (random_() % 12) {
      case 0:
        reopen();
        break;
      case 1:
      case 2:
        seal_some();
        break;
      case 3:
        receipt_some();
        break;
      case 4:
        expire_some();
        break;
      default:
        append_one();
    }
  }
  void compare() {
    const OutboxState state = outbox->state();
    BOOST_TEST(state.epoch == epoch_);
    BOOST_TEST(state.next_sequence == model_.next);
    BOOST_TEST(state.sealed_through == model_.sealed);
    BOOST_TEST(state.receipted_through == model_.receipted);
    BOOST_TEST((state.chain_head == model_.head));
    BOOST_TEST(state.pending_bytes == pending_bytes());
    std::map<Sequence, Bytes> entries;
    for (OutboxEntry& entry : must(outbox->unsealed(all, all)))
      entries[entry.sequence] = std::move(entry.bytes);
    BOOST_TEST((entries == model_.entries));
    std::map<Sequence, SealedBatch> batches;
    for (SealedBatch& batch : must(outbox->batches(0, all, all))) batches[batch.first] = std::move(batch);
    BOOST_TEST((batches == model_.batches));
  }

 private:
  Sequence between(Sequence low, Sequence high) { return low + random_() % (high - low + 1); }
  std::uint64_t pending_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [sequence, entry] : model_.entries) bytes += entry.size();
    for (const auto& [first, batch] : model_.batches)
      if (!batch.receipted_at) bytes += batch.envelope.size();
    return bytes;
  }
  void append_one() {
    const Bytes bytes = entry_bytes(model_.next, between(10, outbox_entry_size_max));
    BOOST_TEST(must(outbox->append(bytes)) == model_.next);
    model_.entries[model_.next++] = bytes;
  }
  void seal_some() {
    if (model_.sealed + 1 == model_.next) return;
    const Sequence first = model_.sealed + 1;
    const Sequence through = between(first, model_.next - 1);
    const SealedBatch batch{first, through, now_, {}, hash_of(through), envelope_bytes(first, through)};
    must(outbox->seal(first, through, batch.envelope, batch.hash, now_));
    model_.batches[first] = batch;
    model_.entries.erase(model_.entries.begin(), model_.entries.upper_bound(through));
    model_.sealed = through;
    model_.head = batch.hash;
  }
  void receipt_some() {
    const Sequence through = between(0, model_.sealed + 1);
    const auto done = outbox->receipt(through, now_);
    if (through > model_.sealed) return fails_with(done, OutboxErrc::receipt_beyond);
    must(done);
    model_.receipted = std::max(model_.receipted, through);
    for (auto& [first, batch] : model_.batches)
      if (batch.through <= model_.receipted && !batch.receipted_at) batch.receipted_at = now_;
  }
  void expire_some() {
    const std::chrono::hours retention(between(1, 30));
    const auto forgotten = std::erase_if(model_.batches, [&](const auto& item) {
      return item.second.receipted_at && *item.second.receipted_at + retention <= now_;
    });
    BOOST_TEST(must(outbox->expire(now_, retention)) == forgotten);
  }

  Random random_;
  Model model_;
  Epoch epoch_ = 0;
  UtcTime now_ = morning;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_outbox_behaves_like_its_model) {
  const char* given = std::getenv("SITEGATE_SEED");
  const std::uint64_t start = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  for (std::uint64_t seed = start; seed < start + 6; ++seed) {
    BOOST_TEST_CONTEXT("SITEGATE_SEED=" << seed) {
      Run run(seed);
      for (int step = 0; step < 300; ++step) {
        run.step();
        if (step % 10 == 9) run.compare();
      }
      run.reopen();
      run.compare();
    }
  }
}
