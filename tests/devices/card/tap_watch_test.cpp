// PC/SC Workgroup, part 5, SCardGetStatusChange: state flags; pcsclite: the upper 16 bits of dwEventState
// count events.
#include "devices/card/tap_watch.hpp"

#include <winscard.h>

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::card {
namespace {

std::uint32_t empty(std::uint32_t count) {
  return count << 16 | SCARD_STATE_EMPTY;
}
std::uint32_t present(std::uint32_t count) {
  return count << 16 | SCARD_STATE_PRESENT;
}

struct Watching {
  TapWatch watch;
  Watching() { watch.update(empty(0)); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tap_watch)

BOOST_FIXTURE_TEST_CASE(a_card_put_on_is_a_tap, Watching) {
  BOOST_TEST((watch.update(present(1)) == TapEvent::tap));
  BOOST_TEST(watch.card_present());
}

BOOST_FIXTURE_TEST_CASE(a_card_that_stays_is_one_tap, Watching) {
  watch.update(present(1));
  BOOST_TEST((watch.update(present(1)) == TapEvent::none));
  BOOST_TEST((watch.update(present(1) | SCARD_STATE_INUSE) == TapEvent::none));
  BOOST_TEST((watch.update(present(1) | SCARD_STATE_UNPOWERED) == TapEvent::none));
}

BOOST_FIXTURE_TEST_CASE(taking_it_away_is_none, Watching) {
  watch.update(present(1));
  BOOST_TEST((watch.update(empty(2)) == TapEvent::none));
  BOOST_TEST(!watch.card_present());
  BOOST_TEST((watch.update(present(3)) == TapEvent::tap));
}

BOOST_AUTO_TEST_CASE(a_card_that_lies_there_at_the_start_is_none) {
  TapWatch watch;
  BOOST_TEST((watch.update(present(7)) == TapEvent::none));
  BOOST_TEST((watch.update(present(7) | SCARD_STATE_INUSE) == TapEvent::none));
  BOOST_TEST((watch.update(empty(8)) == TapEvent::none));
  BOOST_TEST((watch.update(present(9)) == TapEvent::tap));
}

BOOST_FIXTURE_TEST_CASE(another_card_between_two_looks_is_a_tap, Watching) {
  watch.update(present(1));
  BOOST_TEST((watch.update(present(3)) == TapEvent::tap));
}

BOOST_FIXTURE_TEST_CASE(come_and_gone_between_two_looks_is_missed, Watching) {
  BOOST_TEST((watch.update(empty(2)) == TapEvent::missed));
  BOOST_TEST((watch.update(empty(2)) == TapEvent::none));
}

// pcscd writes the state, then the count: a look in between must not make two taps of one card.
BOOST_FIXTURE_TEST_CASE(state_told_before_its_count, Watching) {
  BOOST_TEST((watch.update(present(0)) == TapEvent::tap));
  BOOST_TEST((watch.update(present(1)) == TapEvent::none));
  BOOST_TEST((watch.update(empty(1)) == TapEvent::none));
  BOOST_TEST((watch.update(empty(2)) == TapEvent::none));
}

BOOST_AUTO_TEST_CASE(the_count_wraps) {
  TapWatch watch;
  watch.update(empty(0xFFFF));
  BOOST_TEST((watch.update(present(0)) == TapEvent::tap));
  BOOST_TEST((watch.update(empty(1)) == TapEvent::none));
  watch.update(empty(0xFFFE));
  BOOST_TEST((watch.update(empty(0)) == TapEvent::missed));
}

// The reader was unplugged and is back, its count starts again: what lies there is not a tap.
BOOST_FIXTURE_TEST_CASE(a_count_that_went_back_is_another_life, Watching) {
  watch.update(present(5));
  BOOST_TEST((watch.update(present(0)) == TapEvent::none));
  BOOST_TEST((watch.update(empty(1)) == TapEvent::none));
  BOOST_TEST((watch.update(present(2)) == TapEvent::tap));
}

BOOST_FIXTURE_TEST_CASE(a_mute_card_is_a_tap_too, Watching) {
  BOOST_TEST((watch.update(present(1) | SCARD_STATE_MUTE) == TapEvent::tap));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::card
