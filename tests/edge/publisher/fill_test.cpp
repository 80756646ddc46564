// How full, since when, and what is forgotten for the sake of what nobody has yet.
#include <boost/test/unit_test.hpp>

#include "edge/publisher/publisher.hpp"
#include "shared/wire/passage.hpp"
#include "tests/edge/publisher/publisher_fixture.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
using edge::Fill;
using edge::FillWatch;

namespace {

constexpr std::uint64_t room = 1'000;

/// Gives the last of `count` looks, a minute apart, that begin with `used` and rise by `more`.
Fill looks(FillWatch& watch, std::uint64_t used, std::uint64_t more, int count, MonotonicTime start = 0ns) {
  Fill fill;
  for (int i = 0; i < count; ++i)
    fill = watch.look(used + more * static_cast<std::uint64_t>(i), room, start + i * 60s);
  return fill;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fill)

BOOST_AUTO_TEST_CASE(alarms_stand_at_70_85_and_95_and_do_not_flutter) {
  FillWatch watch;
  const auto level = [&](std::uint64_t used) { return watch.look(used, room, 0ns).level; };
  BOOST_TEST(level(699) == 0);
  BOOST_TEST(level(700) == 70);
  BOOST_TEST(level(690) == 70);
  BOOST_TEST(level(679) == 0);
  BOOST_TEST(level(690) == 0);
  BOOST_TEST(level(850) == 85);
  BOOST_TEST(level(950) == 95);
  BOOST_TEST(level(940) == 95);
  BOOST_TEST(level(929) == 85);
  BOOST_TEST(level(1'200) == 95);
  BOOST_TEST(watch.look(1'200, room, 0ns).percent == 100);
}

BOOST_AUTO_TEST_CASE(the_time_to_full_is_that_of_the_last_hours_rate) {
  FillWatch watch;
  const Fill fill = looks(watch, 700, 2, 11);  // 720 after ten minutes: 2 a minute
  BOOST_REQUIRE(fill.full_in.has_value());
  BOOST_TEST(fill.full_in->count() == 140);
  BOOST_TEST(edge::to_text(fill) == "outbox 72 % full, in about 2 h no passage can be taken any more");
  // The slow hours before are forgotten.
  FillWatch long_watch;
  looks(long_watch, 100, 0, 300);
  const Fill later = looks(long_watch, 100, 10, 62, 300 * 60s);
  BOOST_REQUIRE(later.full_in.has_value());
  BOOST_TEST(later.full_in->count() <= 30);
}

BOOST_AUTO_TEST_CASE(what_does_not_fill_has_no_such_time) {
  FillWatch watch;
  BOOST_TEST(!looks(watch, 900, 0, 30).full_in.has_value());
  BOOST_TEST(edge::to_text(looks(watch, 900, 0, 1, 1'800s)) == "outbox 90 % full, not filling now");
  FillWatch emptying;
  BOOST_TEST(!emptying.look(900, room, 0ns).full_in.has_value());
  BOOST_TEST(!emptying.look(800, room, 60s).full_in.has_value());
  BOOST_TEST(edge::to_text(emptying.look(100, room, 120s)).empty());
}

/// A small outbox, so that it fills.
class SmallOutboxFixture : public PublisherFixture {
 public:
  SmallOutboxFixture() {
    publisher_.reset();
    outbox_.reset();
    Random chance(4);
    outbox_ =
        edge::Outbox::open(
            folder_ / "small",
            {.map_size = std::size_t{14} << 20, .reserve = edge::outbox_reserve_min, .sync = false}, chance)
            .value();
    begin();
  }
  void begin() {
    publisher_ = std::make_unique<edge::Publisher>(*outbox_, transport_, clock_, identity_, key_,
                                                   cloud_key_.public_key(), settings_, 1);
  }
  /// The batch of the first passage is kept here.
  [[nodiscard]] bool keeps_the_first() const {
    const auto held = outbox_->batches(1, 1, 1'000'000).value();
    return !held.empty() && held.front().first == 1;
  }
  /// Fills the room with what no cloud takes, up to so many per cent.
  void fill_up_to(int percent) {
    const Bytes large(edge::outbox_entry_size_max, 7);
    while (outbox_->state().used_bytes * 100 <
           outbox_->state().room_bytes * static_cast<std::uint64_t>(percent))
      BOOST_REQUIRE(outbox_->append(large));
  }
};

BOOST_FIXTURE_TEST_CASE(copies_of_what_is_registered_go_before_a_passage_is_refused, SmallOutboxFixture) {
  record(10);
  run(1ms);
  give(receipt_through(10));
  settings_.settle = 10h;  // what comes now stays as it is
  begin();
  fill_up_to(90);
  run(1s);
  BOOST_TEST(publisher_->state().fill.level == 85);
  BOOST_TEST(keeps_the_first());
  fill_up_to(96);
  run(2s);
  BOOST_TEST(publisher_->state().fill.level == 95);
  BOOST_TEST(!keeps_the_first());
  BOOST_TEST(outbox_->state().receipted_through == 10u);
  // What has no receipt is all there.
  const auto state = outbox_->state();
  BOOST_TEST(outbox_->unsealed(1, 1'000'000).value().front().sequence == 11u);
  BOOST_TEST(state.unsealed_count == state.next_sequence - 11);
  BOOST_TEST(state.unsealed_count > 2'000u);
}

BOOST_AUTO_TEST_SUITE_END()
