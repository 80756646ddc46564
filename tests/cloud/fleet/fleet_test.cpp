// A gateway's health message is answered with the roster it lacks, unless the roster is too large for the
// broker.
#include "cloud/fleet/fleet.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/wire/receipt.hpp"
#include "tests/support/recording_transport.hpp"
#include "tests/support/sample_world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::cloud {
namespace {

using namespace sitegate::tests;

constexpr int technicians = 3;
const std::string health_topic = "sitegate/v1/5/gate-1/health";

/// A site with three technicians and one gateway, whose key is 1; the cloud's is 200.
class FleetFixture {
 public:
  FleetFixture() {
    const auto company = *CompanyId::from_number(5);
    const auto tokyo = *Prefecture::from_code(13);
    const auto corporation = CompanyClass::corporation;
    const Date day{std::chrono::days{19'000}};
    const Date end = day + std::chrono::days{4'000};
    const auto transaction = store_->begin_write().value();
    BOOST_REQUIRE(transaction->put(Company{company, "company", tokyo, corporation, corporation, day}));
    BOOST_REQUIRE(transaction->put(Site{sample_site, "site", tokyo, company, day, day, end, false, {}}));
    for (int i = 0; i < technicians; ++i) {
      const auto id = sample_technician(i);
      BOOST_REQUIRE(transaction->put(Technician{id, id.text(), tokyo, day, company}));
      BOOST_REQUIRE(
          transaction->put(RosterEntry{sample_site, id, company, 1'001, Position::worker, day, end}));
    }
    BOOST_REQUIRE(transaction->put(
        GatewayRecord{sample_gateway, sample_site, sample_bucket, key_.public_key(), false}));
    BOOST_REQUIRE(transaction->commit());
  }

  static wire::Health words_of(std::uint64_t roster_version, Sequence recorded, Sequence promised) {
    wire::Health health;
    health.sequence_last = recorded;
    health.sealed_through = recorded;
    health.receipted_through = promised;
    health.gateway = sample_gateway;
    health.epoch = 9;
    health.site = sample_site;
    health.time = sample_time;
    health.roster_version = roster_version;
    return health;
  }
  static Bytes signed_with(const crypto::SigningKey& key, const wire::Health& health) {
    return wire::seal(wire::MessageKind::health, sample_gateway.text(), wire::encode(health), key).bytes;
  }
  /// As a gateway says it: signed with `key`, holding `roster_version`.
  static Bytes health(const crypto::SigningKey& key, std::uint64_t roster_version, Sequence recorded = 0,
                      Sequence promised = 0) {
    return signed_with(key, words_of(roster_version, recorded, promised));
  }

  /// Holding the newest roster, so that receipts are all that is sent.
  Bytes health_of(Sequence recorded, Sequence promised) {
    return health(key_, store_->begin_read().value()->roster_version(sample_site).value(), recorded,
                  promised);
  }

  void registered(Sequence watermark, const Digest& head) {
    const auto writing = store_->begin_write().value();
    BOOST_REQUIRE(writing->set_position({sample_gateway, 9, watermark, head, sample_time}));
    BOOST_REQUIRE(writing->commit());
  }

  std::vector<wire::Receipt> receipts() {
    std::vector<wire::Receipt> receipts;
    for (const auto& sent : transport_.take()) {
      BOOST_TEST(sent.topic == "sitegate/v1/5/gate-1/receipt");
      const auto opened =
          wire::open(sent.payload, wire::MessageKind::receipt, wire::receipt_size_max,
                     [this](std::string_view) { return std::optional(cloud_key_.public_key()); });
      receipts.push_back(wire::decode_receipt(opened.value().payload).value());
    }
    return receipts;
  }

  EpochReach reach() {
    BOOST_REQUIRE(fleet_.keep());
    return store_->begin_read().value()->reach(sample_gateway, 9).value().value_or(EpochReach{});
  }

  /// What was sent since the last call.
  std::vector<SiteRoster> rosters() {
    std::vector<SiteRoster> rosters;
    for (const auto& sent : transport_.take()) {
      BOOST_TEST(sent.topic == "sitegate/v1/5/gate-1/roster");
      const auto opened =
          wire::open(sent.payload, wire::MessageKind::roster, wire::roster_size_max,
                     [this](std::string_view) { return std::optional(cloud_key_.public_key()); });
      rosters.push_back(wire::decode_site_roster(opened.value().payload).value());
    }
    return rosters;
  }

 protected:
  TemporaryFolder folder_;
  ManualClock clock_{sample_time};
  crypto::SigningKey key_ = sample_key(1);
  crypto::SigningKey cloud_key_ = sample_key(200);
  RecordingTransport transport_;
  std::unique_ptr<Store> store_ =
      open_store("lmdb:" + (folder_ / "store").string(), {.map_size = std::size_t{256} << 20}).value();
  Fleet fleet_{*store_, transport_, clock_, cloud_key_};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(fleet, FleetFixture)

BOOST_AUTO_TEST_CASE(a_gateway_without_a_roster_is_sent_all_of_it_and_then_nothing) {
  BOOST_REQUIRE(fleet_.on_health(health_topic, health(key_, 0)));
  const auto sent = rosters();
  BOOST_REQUIRE(sent.size() == 1u);
  BOOST_TEST(sent[0].technicians.size() == std::size_t{technicians});
  BOOST_TEST(sent[0].base_version == 0u);
  BOOST_REQUIRE(fleet_.on_health(health_topic, health(key_, sent[0].version)));
  BOOST_TEST(rosters().empty());
  const auto statuses = fleet_.statuses();
  BOOST_REQUIRE(statuses.contains(sample_gateway));
  BOOST_TEST((statuses.at(sample_gateway).received == sample_time));
}

BOOST_AUTO_TEST_CASE(a_gateway_with_an_older_roster_is_sent_the_change) {
  BOOST_REQUIRE(fleet_.on_health(health_topic, health(key_, 0)));
  const auto before = rosters().at(0).version;
  const auto transaction = store_->begin_write().value();
  BOOST_REQUIRE(transaction->remove_roster_entry(sample_site, sample_technician(1)));
  BOOST_REQUIRE(transaction->commit());
  BOOST_REQUIRE(fleet_.on_health(health_topic, health(key_, before)));
  const auto sent = rosters();
  BOOST_REQUIRE(sent.size() == 1u);
  BOOST_TEST(sent[0].base_version == before);
  BOOST_TEST((sent[0].removed == std::vector{sample_technician(1)}));
}

BOOST_AUTO_TEST_CASE(what_is_not_the_gateways_own_word_is_refused) {
  BOOST_TEST(!fleet_.on_health(health_topic, health(sample_key(2), 0)));
  BOOST_TEST(is(fleet_.on_health("sitegate/v1/5/gate-2/health", health(key_, 0)).error(),
                FleetErrc::unknown_gateway));
  BOOST_TEST(
      is(fleet_.on_health("sitegate/v1/5/gate-1/history", health(key_, 0)).error(), FleetErrc::bad_topic));
  BOOST_TEST(rosters().empty());
  BOOST_TEST(fleet_.statuses().empty());
}

// The broker would disconnect the cloud over it, again with every health message of that gateway.
BOOST_AUTO_TEST_CASE(a_roster_above_the_brokers_limit_is_not_sent_and_says_so) {
  Fleet narrow(*store_, transport_, clock_, cloud_key_, 100);
  const auto told = narrow.on_health(health_topic, health(key_, 0));
  BOOST_REQUIRE(!told);
  BOOST_TEST(is(told.error(), FleetErrc::roster_too_large), told.error().text());
  BOOST_TEST(told.error().text().find("3 technicians") != std::string::npos, told.error().text());
  BOOST_TEST(rosters().empty());
}

BOOST_AUTO_TEST_CASE(a_store_from_a_backup_asks_for_what_it_no_longer_has_at_the_first_health_message) {
  const Digest head{7, 7, 7};
  registered(10, head);
  BOOST_REQUIRE(fleet_.on_health(health_topic, health_of(25, 20)));
  const auto asked = receipts();
  BOOST_REQUIRE(asked.size() == 1u);
  BOOST_TEST(asked[0].epoch == 9u);
  BOOST_TEST(asked[0].sequence_through == 10u);
  BOOST_TEST((asked[0].chain_head == head));
  BOOST_REQUIRE(asked[0].gaps.size() == 1u);
  BOOST_TEST(asked[0].gaps[0].first == 11u);
  BOOST_TEST(asked[0].gaps[0].through == 20u);
  const EpochReach known = reach();
  BOOST_TEST(known.promised_through == 20u);
  BOOST_TEST(known.told_through == 25u);
}

BOOST_AUTO_TEST_CASE(what_a_gateway_has_receipts_for_under_an_epoch_that_it_has_ended_is_asked_for_too) {
  registered(10, {});
  const auto held = store_->begin_read().value()->roster_version(sample_site).value();
  auto words = words_of(held, 0, 0);
  words.epoch = 77;
  words.ended = {{9, 20}};
  BOOST_REQUIRE(fleet_.on_health(health_topic, signed_with(key_, words)));
  const auto asked = receipts();
  BOOST_REQUIRE(asked.size() == 1u);
  BOOST_TEST(asked[0].epoch == 9u);
  BOOST_TEST(asked[0].sequence_through == 10u);
  BOOST_REQUIRE(asked[0].gaps.size() == 1u);
  BOOST_TEST(asked[0].gaps[0].through == 20u);
  const EpochReach known = reach();
  BOOST_TEST(known.promised_through == 20u);
}

BOOST_AUTO_TEST_CASE(where_both_agree_nothing_is_asked_and_what_is_under_way_is_known_to_be_missing) {
  registered(10, {});
  BOOST_REQUIRE(fleet_.on_health(health_topic, health_of(25, 10)));
  BOOST_TEST(receipts().empty());
  const EpochReach known = reach();
  BOOST_REQUIRE(known.marks.size() == 1u);
  BOOST_TEST(known.marks[0].through == 25u);
}

BOOST_AUTO_TEST_CASE(a_gateway_that_knows_of_less_than_is_registered_is_told_how_far_and_by_what_hash) {
  const Digest head{7, 7, 7};
  registered(10, head);
  BOOST_REQUIRE(fleet_.on_health(health_topic, health_of(6, 6)));
  const auto told = receipts();
  BOOST_REQUIRE(told.size() == 1u);
  BOOST_TEST(told[0].sequence_through == 10u);
  BOOST_TEST(told[0].gaps.empty());
  BOOST_TEST((told[0].chain_head == head));
}

BOOST_AUTO_TEST_CASE(that_a_gateway_is_still_there_is_written_down_once_in_a_minute) {
  BOOST_REQUIRE(fleet_.on_health(health_topic, health_of(0, 0)));
  BOOST_TEST((reach().last_heard == sample_time));
  clock_.advance(std::chrono::seconds(59));
  BOOST_REQUIRE(fleet_.on_health(health_topic, health_of(0, 0)));
  BOOST_TEST((reach().last_heard == sample_time));
  clock_.advance(std::chrono::seconds(1));
  BOOST_REQUIRE(fleet_.on_health(health_topic, health_of(0, 0)));
  BOOST_TEST((reach().last_heard == sample_time + std::chrono::seconds(60)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud
