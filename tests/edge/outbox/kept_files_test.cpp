// An outbox that an earlier version left behind: read without touching it, and gone on with.
#include <boost/test/unit_test.hpp>

#include "edge/outbox/outbox.hpp"
#include "shared/crypto/digest.hpp"
#include "tests/support/golden_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::edge {
namespace {

constexpr std::size_t all = 1'000'000;
constexpr Epoch epoch_of_v1 = 17'859'522'136'574'369'516U;
const OutboxOptions options{.map_size = std::size_t{1} << 30, .sync = false};

struct KeptOutbox {
  explicit KeptOutbox(const std::string& version) {
    tests::copy_golden_database("outbox/" + version, folder / "outbox");
  }
  [[nodiscard]] std::unique_ptr<Outbox> open() {
    auto opened = Outbox::open(folder / "outbox", options, chance);
    BOOST_REQUIRE_MESSAGE(opened, (opened.has_error() ? opened.error().text() : std::string()));
    return std::move(opened).value();
  }
  tests::TemporaryFolder folder;
  Random chance{1};
};

void check_v1(const Outbox& outbox) {
  const auto state = outbox.state();
  BOOST_TEST(state.sealed_through == 50u);
  BOOST_TEST(state.receipted_through == 50u);
  const auto batches = outbox.batches(1, all, all).value();
  BOOST_REQUIRE(!batches.empty());
  BOOST_TEST(batches.front().first == 1u);
  BOOST_TEST(batches.back().through == 50u);
  BOOST_TEST(to_hex(batches.front().hash) ==
             "19b9cb71aeff4f225447e8da18741df0322e2f952ea484f207f325d48e519603");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kept_files)

BOOST_AUTO_TEST_CASE(format_1_is_read_and_left_as_it_is) {
  KeptOutbox kept("v1");
  const auto before = tests::bytes_of(kept.folder / "outbox/data.mdb");
  {
    const auto outbox = Outbox::open_read_only(kept.folder / "outbox").value();
    BOOST_TEST(outbox->state().epoch == epoch_of_v1);
    check_v1(*outbox);
  }
  BOOST_TEST((tests::bytes_of(kept.folder / "outbox/data.mdb") == before));
}

BOOST_AUTO_TEST_CASE(format_1_is_gone_on_with) {
  KeptOutbox kept("v1");
  {
    const auto outbox = kept.open();
    BOOST_TEST(outbox->append(Bytes{1, 2, 3}).value() == 51u);
  }
  const auto outbox = kept.open();
  BOOST_TEST(outbox->state().epoch == epoch_of_v1);
  check_v1(*outbox);
  BOOST_TEST(outbox->unsealed(10, all).value().front().sequence == 51u);
}

BOOST_AUTO_TEST_CASE(format_1_becomes_format_2_when_another_epoch_begins) {
  KeptOutbox kept("v1");
  {
    const auto outbox = kept.open();
    BOOST_REQUIRE(outbox->begin_epoch(
        7, 50,
        [](const SealedBatch&, const OutboxState&) -> Result<ResealedBatch> { return ResealedBatch{}; }));
  }
  const auto outbox = kept.open();
  const auto state = outbox->state();
  BOOST_TEST(state.epoch == 7u);
  BOOST_REQUIRE(state.ended.size() == 1u);
  BOOST_TEST(state.ended[0].epoch == epoch_of_v1);
  check_v1(*outbox);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::edge
