// From a card's read to "accepted", against a bare LMDB commit with sync of the same bytes, in turn on the
// same disk. Prints JSON. The folder is the first argument (default: the working directory), so that the disk
// can be chosen.
#include <fmt/format.h>

#include <cstdio>

#include "edge/gateway/gate.hpp"
#include "shared/base/log.hpp"
#include "shared/lmdb/environment.hpp"
#include "shared/wire/passage.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/sample_world.hpp"

using namespace sitegate;
using namespace sitegate::tests;

namespace {

constexpr int taps = 2'000;

class NoDisplay final : public edge::OutcomeDisplay {
 public:
  void show(const edge::PassageOutcome&) override {}
};

CardCredential card_of(int technician) {
  return {
      CardTechnology::felica,
      {1, 2, 3, 4, 5, 6, static_cast<std::uint8_t>(technician >> 8), static_cast<std::uint8_t>(technician)}};
}

SiteRoster roster() {
  SiteRoster roster{.site = sample_site,
                    .version = 1,
                    .base_version = 0,
                    .opens_on = Date{std::chrono::days{0}},
                    .closes_on = Date{std::chrono::days{40'000}},
                    .settings = {},
                    .technicians = {},
                    .removed = {}};
  for (int i = 0; i < taps; ++i)
    roster.technicians.push_back(
        {sample_technician(i), "", roster.opens_on, roster.closes_on, {{card_of(i), std::nullopt}}});
  return roster;
}

/// One bare commit after the other: what the disk and LMDB alone cost.
class BareCommits {
 public:
  explicit BareCommits(const std::filesystem::path& folder)
      : environment_(lmdb::Environment::open(folder, {}).value()),
        table_(environment_->table("entries").value()) {}
  void commit(ByteView bytes) {
    auto transaction = environment_->begin_write().value();
    Bytes key;
    lmdb::put_big_endian(key, ++sequence_);
    SITEGATE_ASSERT(transaction.put(table_, key, bytes));
    SITEGATE_ASSERT(transaction.commit());
  }

 private:
  std::unique_ptr<lmdb::Environment> environment_;
  lmdb::Table table_;
  std::uint64_t sequence_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  log::set_up("tap_bench", "error");
  const std::filesystem::path folder = std::filesystem::path(argc > 1 ? argv[1] : ".") / "tap_bench.data";
  std::filesystem::remove_all(folder);
  const SystemClock clock;
  Random chance(1);
  const auto outbox = edge::Outbox::open(folder / "outbox", {}, chance).value();
  const auto book = edge::RosterBook::open(folder / "roster", sample_site).value();
  SITEGATE_ASSERT(book->apply(roster()));
  NoDisplay display;
  edge::Gate gate(*outbox, *book, display, clock, edge::debounce_default);
  BareCommits bare(folder / "bare");
  const Bytes bytes = wire::encode_passage(sample_passage(1, 1));
  const devices::ReaderPlace place{"north", "1", devices::DirectionRule::entry};

  std::vector<double> tap_seconds, bare_seconds, ratios;
  for (int i = 0; i < taps; ++i) {
    const CredentialRead read{"north", clock.now(), clock.monotonic(), card_of(i)};
    tap_seconds.push_back(seconds_of([&] { SITEGATE_ASSERT(gate.on_read(read, place).accepted); }));
    bare_seconds.push_back(seconds_of([&] { bare.commit(bytes); }));
    ratios.push_back(tap_seconds.back() / bare_seconds.back());
  }
  fmt::print(
      "{{\"bench\":\"tap_to_accepted\",\"taps\":{},\"tap_us_p50\":{:.0f},\"tap_us_p99\":{:.0f},\"bare_commit_"
      "us_p50\":{:.0f},"
      "\"bare_commit_us_p99\":{:.0f},\"ratio_of_medians\":{:.3f},\"median_of_ratios\":{:.3f}}}\n",
      taps, 1e6 * median(tap_seconds), 1e6 * quantile(tap_seconds, 0.99), 1e6 * median(bare_seconds),
      1e6 * quantile(bare_seconds, 0.99), median(tap_seconds) / median(bare_seconds), median(ratios));
  std::filesystem::remove_all(folder);
}
