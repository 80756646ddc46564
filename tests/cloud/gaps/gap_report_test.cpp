// The missing-record report: what is missing, since when, and how that is known; empty only when everything
// that was ever named is there.
#include "cloud/gaps/gap_report.hpp"

#include <boost/test/unit_test.hpp>

#include "cloud/gaps/reach.hpp"
#include "tests/support/sample_world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::cloud {
namespace {

using namespace sitegate::tests;
using std::chrono::hours;
using std::chrono::minutes;

const GatewayId other_gateway = *GatewayId::parse("gate-2");

class GapsFixture {
 public:
  GapsFixture() {
    reopen();
    const auto company = *CompanyId::from_number(5);
    const auto tokyo = *Prefecture::from_code(13);
    const Date day{std::chrono::days{19'000}};
    const auto corporation = CompanyClass::corporation;
    change([&](WriteTransaction& writing) {
      BOOST_REQUIRE(writing.put(Company{company, "company", tokyo, corporation, corporation, day}));
      BOOST_REQUIRE(writing.put(
          Site{sample_site, "site", tokyo, company, day, day, day + std::chrono::days{4'000}, false, {}}));
      for (const auto& id : {sample_gateway, other_gateway})
        BOOST_REQUIRE(
            writing.put(GatewayRecord{id, sample_site, sample_bucket, sample_key(1).public_key(), false}));
    });
  }

  void reopen() {
    store_.reset();
    store_ = open_store("lmdb:" + (folder_ / "store").string(), {.map_size = std::size_t{256} << 20}).value();
  }
  template <typename Change>
  void change(Change&& work) {
    auto writing = store_->begin_write().value();
    work(*writing);
    BOOST_REQUIRE(writing->commit());
  }
  void registered(Epoch epoch, Sequence watermark, UtcTime at) {
    change([&](WriteTransaction& writing) {
      BOOST_REQUIRE(writing.set_position({sample_gateway, epoch, watermark, {}, at}));
      BOOST_REQUIRE(note(writing, {sample_gateway, epoch, at, 0, 0, Witness::batch, {}}));
    });
  }
  void said(const Word& word) {
    change([&](WriteTransaction& writing) { BOOST_REQUIRE(note(writing, word)); });
  }
  void health(Epoch epoch, Sequence recorded, UtcTime at, Sequence promised = 0) {
    said({sample_gateway, epoch, at, recorded, promised, Witness::health, {}});
  }
  /// After closing and opening the store: what is kept must be enough.
  GapReport report(UtcTime now = sample_time) {
    reopen();
    return gap_report(*store_->begin_read().value(), now, hours(24)).value();
  }

 protected:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gap_report_of_a_store, GapsFixture)

BOOST_AUTO_TEST_CASE(a_gateway_that_was_never_heard_of_is_listed_apart_and_is_no_gap) {
  const auto empty = report();
  BOOST_TEST(empty.nothing_missing());
  BOOST_TEST(empty.complete.empty());
  BOOST_REQUIRE(empty.quiet.size() == 2u);
  BOOST_TEST(!empty.quiet[0].last_heard.has_value());
}

BOOST_AUTO_TEST_CASE(what_the_gateway_says_to_have_recorded_is_missing_until_it_is_registered) {
  registered(9, 10, sample_time);
  health(9, 25, sample_time + minutes(1));
  const auto some = report(sample_time + minutes(2));
  BOOST_REQUIRE(some.gaps.size() == 1u);
  BOOST_TEST(some.gaps[0].gateway.text() == sample_gateway.text());
  BOOST_TEST(some.gaps[0].site.text() == sample_site.text());
  BOOST_TEST(some.gaps[0].epoch == 9u);
  BOOST_TEST(some.gaps[0].first == 11u);
  BOOST_TEST(some.gaps[0].through == 25u);
  BOOST_TEST((some.gaps[0].since == sample_time + minutes(1)));
  BOOST_TEST((some.gaps[0].reason == GapReason::not_yet_sent));
  BOOST_TEST(!some.gaps[0].epoch_ended.has_value());

  registered(9, 25, sample_time + minutes(3));
  const auto none = report(sample_time + minutes(4));
  BOOST_TEST(none.nothing_missing());
  BOOST_REQUIRE(none.complete.size() == 1u);
  BOOST_TEST(none.complete[0].through == 25u);
  BOOST_TEST((none.complete[0].as_of == sample_time + minutes(3)));
}

BOOST_AUTO_TEST_CASE(ranges_are_cut_where_the_time_since_when_or_the_witness_changes) {
  registered(9, 10, sample_time);
  health(9, 20, sample_time + minutes(1));
  said({sample_gateway, 9, sample_time + minutes(2), 30, 0, Witness::batch, {}});
  health(9, 15, sample_time + minutes(3));  // an old one that came late says nothing new
  registered(9, 12, sample_time + minutes(4));
  const auto some = report(sample_time + minutes(5));
  BOOST_REQUIRE(some.gaps.size() == 2u);
  BOOST_TEST(some.gaps[0].first == 13u);
  BOOST_TEST(some.gaps[0].through == 20u);
  BOOST_TEST((some.gaps[0].since == sample_time + minutes(1)));
  BOOST_TEST((some.gaps[0].reason == GapReason::not_yet_sent));
  BOOST_TEST(some.gaps[1].first == 21u);
  BOOST_TEST(some.gaps[1].through == 30u);
  BOOST_TEST((some.gaps[1].since == sample_time + minutes(2)));
  BOOST_TEST((some.gaps[1].reason == GapReason::behind_a_gap));
}

BOOST_AUTO_TEST_CASE(a_store_that_came_back_from_a_backup_knows_what_its_receipts_had_promised) {
  registered(9, 10, sample_time);
  health(9, 32, sample_time + minutes(1), 30);
  const auto some = report(sample_time + minutes(2));
  BOOST_REQUIRE(some.gaps.size() == 2u);
  BOOST_TEST((some.gaps[0].reason == GapReason::promised_and_absent));
  BOOST_TEST(some.gaps[0].first == 11u);
  BOOST_TEST(some.gaps[0].through == 30u);
  BOOST_TEST((some.gaps[1].reason == GapReason::not_yet_sent));
  BOOST_TEST(some.gaps[1].through == 32u);
}

BOOST_AUTO_TEST_CASE(more_marks_than_are_kept_still_name_every_sequence_and_never_too_late_a_time) {
  for (Sequence i = 1; i <= 3 * reach_marks_max; ++i) health(9, i * 10, sample_time + minutes(i));
  const auto some = report(sample_time + hours(2));
  BOOST_REQUIRE(some.gaps.size() == reach_marks_max);
  Sequence next = 1;
  for (const auto& gap : some.gaps) {
    BOOST_TEST(gap.first == next);
    next = gap.through + 1;
  }
  BOOST_TEST(next == 30 * reach_marks_max + 1);
  BOOST_TEST((some.gaps.back().since == sample_time + minutes(reach_marks_max)));
}

BOOST_AUTO_TEST_CASE(a_new_outbox_under_the_same_identity_does_not_make_the_old_one_forgotten) {
  registered(9, 10, sample_time);
  health(9, 14, sample_time + minutes(1));
  health(77, 3, sample_time + hours(1));
  registered(77, 3, sample_time + hours(1) + minutes(1));
  const auto some = report(sample_time + hours(2));
  BOOST_REQUIRE(some.gaps.size() == 1u);
  BOOST_TEST(some.gaps[0].epoch == 9u);
  BOOST_TEST(some.gaps[0].first == 11u);
  BOOST_REQUIRE(some.gaps[0].epoch_ended.has_value());
  BOOST_TEST((*some.gaps[0].epoch_ended == sample_time + hours(1)));
}

BOOST_AUTO_TEST_CASE(what_a_gateway_lost_on_its_disk_is_missing_for_good) {
  registered(9, 10, sample_time);
  change([](WriteTransaction& writing) {
    BOOST_REQUIRE(writing.add_to_quarantine(
        {0, sample_time + minutes(1), "gate-1/9/7", std::string(lost_at_gateway_reason), "detail", 0, {}}));
    BOOST_REQUIRE(
        writing.add_to_quarantine({0, sample_time + minutes(1), "gate-1/9/8", "bad_value", "detail", 0, {}}));
    BOOST_REQUIRE(writing.add_to_quarantine(
        {0, sample_time, "not an event", std::string(lost_at_gateway_reason), "detail", 0, {}}));
  });
  const auto some = report();
  BOOST_TEST(some.quarantined == 3u);
  BOOST_REQUIRE(some.gaps.size() == 1u);
  BOOST_TEST(some.gaps[0].first == 7u);
  BOOST_TEST(some.gaps[0].through == 7u);
  BOOST_TEST(some.gaps[0].site.text() == sample_site.text());
  BOOST_TEST((some.gaps[0].reason == GapReason::lost_at_gateway));
}

BOOST_AUTO_TEST_CASE(contradicting_batches_are_two_gateways_once_both_are_heard_afterwards) {
  registered(9, 10, sample_time);
  said({sample_gateway, 9, sample_time + hours(1), 0, 0, Witness::batch, "conflicting_batch: other content"});
  const auto first = report(sample_time + hours(2));
  BOOST_REQUIRE(first.conflicts.size() == 1u);
  BOOST_TEST(first.conflicts[0].times == 1u);
  BOOST_TEST(first.conflicts[0].detail == "conflicting_batch: other content");
  BOOST_TEST(!first.conflicts[0].two_gateways());
  health(77, 3, sample_time + hours(2));
  BOOST_TEST(!report(sample_time + hours(2)).conflicts[0].two_gateways());
  health(9, 11, sample_time + hours(3));
  BOOST_TEST(report(sample_time + hours(3)).conflicts[0].two_gateways());
}

BOOST_AUTO_TEST_CASE(an_epoch_that_goes_on_beside_a_later_one_is_two_gateways) {
  health(9, 3, sample_time);
  health(77, 1, sample_time + hours(1));
  health(9, 3, sample_time + hours(1) + minutes(5));  // still under way when the other began
  BOOST_TEST(report(sample_time + hours(2)).conflicts.empty());
  health(9, 4, sample_time + hours(2));
  health(77, 2, sample_time + hours(2));
  const auto both = report(sample_time + hours(2)).conflicts;
  BOOST_REQUIRE(both.size() == 1u);
  BOOST_TEST(both[0].epoch == 9u);
  BOOST_TEST(both[0].two_gateways());
}

BOOST_AUTO_TEST_CASE(what_went_on_in_another_epoch_is_missing_until_it_is_registered_there) {
  registered(9, 10, sample_time);
  health(9, 30, sample_time);
  BOOST_REQUIRE(report().gaps.size() == 1u);
  change([&](WriteTransaction& writing) {
    BOOST_REQUIRE(note_continued(writing, sample_gateway, 9, sample_time + hours(1), {77, 11, 25}));
  });
  registered(77, 5, sample_time + hours(1));  // 11 to 15 of then
  auto gaps = report(sample_time + hours(2)).gaps;
  BOOST_REQUIRE(gaps.size() == 2u);
  BOOST_TEST(gaps[0].first == 16u);
  BOOST_TEST(gaps[0].through == 25u);
  BOOST_TEST(gaps[0].epoch == 9u);
  BOOST_TEST(gaps[1].first == 26u);  // recorded after its disk was copied
  BOOST_TEST(gaps[1].through == 30u);
  registered(77, 40, sample_time + hours(1));
  gaps = report(sample_time + hours(2)).gaps;
  BOOST_REQUIRE(gaps.size() == 1u);
  BOOST_TEST(gaps[0].first == 26u);
}

BOOST_AUTO_TEST_CASE(where_it_went_on_may_have_gone_on_again) {
  registered(9, 10, sample_time);
  health(9, 20, sample_time);
  change([&](WriteTransaction& writing) {
    BOOST_REQUIRE(note_continued(writing, sample_gateway, 9, sample_time + hours(1), {77, 11, 20}));
    BOOST_REQUIRE(note_continued(writing, sample_gateway, 77, sample_time + hours(2), {78, 4, 10}));
  });
  registered(77, 3, sample_time + hours(1));
  registered(78, 7, sample_time + hours(2));
  BOOST_TEST(report(sample_time + hours(3)).nothing_missing());
}

BOOST_AUTO_TEST_CASE(batches_that_were_asked_for_do_not_make_an_ended_epoch_live) {
  registered(9, 10, sample_time);
  change([&](WriteTransaction& writing) {
    BOOST_REQUIRE(note_continued(writing, sample_gateway, 9, sample_time + hours(1), {77, 11, 20}));
  });
  health(77, 3, sample_time + hours(1));
  registered(9, 11, sample_time + hours(3));
  health(77, 4, sample_time + hours(3));
  BOOST_TEST(report(sample_time + hours(4)).conflicts.empty());
}

BOOST_AUTO_TEST_CASE(who_is_silent_for_too_long_is_listed_apart_with_the_last_time) {
  health(9, 0, sample_time);
  BOOST_TEST(report(sample_time + hours(24)).quiet.size() == 1u);
  const auto late = report(sample_time + hours(24) + minutes(1));
  BOOST_REQUIRE(late.quiet.size() == 2u);
  BOOST_REQUIRE(late.quiet[0].last_heard.has_value());
  BOOST_TEST((*late.quiet[0].last_heard == sample_time));
  BOOST_TEST(late.nothing_missing());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud
