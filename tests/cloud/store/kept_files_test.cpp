// A store that an earlier version left behind: read, and gone on with.
#include "tests/cloud/store/conformance.hpp"
#include "tests/support/golden_file.hpp"

namespace sitegate::cloud::tests {
namespace {

const auto gateway = *GatewayId::parse("gate-north-1");

struct KeptStore {
  explicit KeptStore(const std::string& version) {
    sitegate::tests::copy_golden_database("store/" + version, folder / "store");
  }
  [[nodiscard]] std::unique_ptr<Store> open(bool read_only) const {
    return need(open_store("lmdb:" + (folder / "store").string(),
                           {.read_only = read_only, .map_size = std::size_t{1} << 30}));
  }
  sitegate::tests::TemporaryFolder folder;
};

void check_v1(const Store& store) {
  const auto reading = need(store.begin_read());
  const auto rollups = need(reading->rollups());
  BOOST_TEST((rollups == need(reading->recount({}))));
  std::uint64_t histories = 0;
  for (const auto& cell : rollups.histories) histories += cell.count;
  BOOST_TEST(histories == 23u);
  const auto record = need(reading->gateway(gateway));
  BOOST_REQUIRE(record.has_value());
  BOOST_TEST(!record->revoked);
  const auto positions = need(reading->positions());
  BOOST_REQUIRE(positions.size() == 1u);
  BOOST_TEST(positions[0].watermark == 50u);
  const auto kept = need(reading->kept_batches(gateway, positions[0].epoch, 1, 1'000));
  BOOST_REQUIRE(!kept.empty());
  BOOST_TEST(kept.front().first == 1u);
  BOOST_TEST(kept.back().through == 50u);
  BOOST_TEST(need(reading->roster_version(record->site)) > 0u);
  BOOST_TEST(need(reading->quarantine(1, 10)).empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kept_files)

BOOST_AUTO_TEST_CASE(version_1_is_gone_on_with) {
  const KeptStore kept("v1");
  {
    const auto store = kept.open(false);
    check_v1(*store);
    const auto writing = need(store->begin_write());
    need(writing->set_position({gateway, 7, 3, {}, {}}));
    need(writing->commit());
  }
  const auto store = kept.open(true);
  const auto reading = need(store->begin_read());
  const auto position = need(reading->position(gateway, 7));
  BOOST_REQUIRE(position.has_value());
  BOOST_TEST(position->watermark == 3u);
  BOOST_TEST(need(reading->positions()).size() == 2u);
}

BOOST_AUTO_TEST_CASE(version_1_is_whole_after_it_was_opened_again_and_again) {
  const KeptStore kept("v1");
  for (int i = 0; i < 3; ++i) check_v1(*kept.open(false));
  check_v1(*kept.open(true));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
