// Presence and direction: which sightings are a passage, and which are somebody who stands near.
#include "devices/uhf/presence.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/base/retry_delay.hpp"

namespace sitegate::devices::uhf {
namespace {

using namespace std::chrono_literals;

const Bytes tag{0x30, 0x08, 0x01};
const Bytes other_tag{0x30, 0x08, 0x02};
constexpr std::uint16_t out = 1;
constexpr std::uint16_t in = 2;

PresenceSettings in_order() {
  PresenceSettings settings;
  settings.sides = {{out, Side::outside}, {in, Side::inside}};
  return settings;
}

/// A gate at which time goes on in steps of 0.1 s, as in the reader's loop.
class Gate {
 public:
  explicit Gate(PresenceSettings settings) : presence_(std::move(settings)) {}

  /// The antennas see the tag every 0.1 s, in turn, for so long; none: nobody sees it.
  Gate& seen_by(std::vector<std::uint16_t> antennas, std::chrono::milliseconds how_long,
                const Bytes& epc = tag) {
    for (const auto end = now_ + how_long; now_ < end; now_ += 100ms) {
      if (!antennas.empty()) presence_.see({epc, antennas[turn_++ % antennas.size()], 1, now_});
      presence_.pass_time(now_);
      for (auto& passage : presence_.take()) passages_.push_back(std::move(passage));
    }
    return *this;
  }
  Gate& unseen(std::chrono::milliseconds how_long) { return seen_by({}, how_long); }
  Gate& blind(std::chrono::milliseconds how_long) {
    now_ += how_long;
    presence_.skip(how_long);
    return *this;
  }
  /// "entry exit": the directions told so far; "-" for none.
  [[nodiscard]] std::string told() const {
    std::string text;
    for (const auto& passage : passages_)
      text +=
          (text.empty() ? "" : " ") + (passage.direction ? std::string(to_text(*passage.direction)) : "-");
    return text;
  }
  [[nodiscard]] const std::vector<TagPassage>& passages() const { return passages_; }
  [[nodiscard]] MonotonicTime now() const { return now_; }
  Presence& presence() { return presence_; }

 private:
  Presence presence_;
  MonotonicTime now_{1h};
  std::size_t turn_ = 0;
  std::vector<TagPassage> passages_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(presence_without_an_order)

BOOST_AUTO_TEST_CASE(many_reads_are_one) {
  Gate gate{PresenceSettings{}};
  gate.seen_by({1}, 60s);
  BOOST_TEST(gate.told() == "-");
  BOOST_TEST((gate.passages()[0].at == MonotonicTime(1h)));
  BOOST_TEST((gate.passages()[0].epc == tag));
}

BOOST_AUTO_TEST_CASE(read_anew_once_it_was_away) {
  Gate gate{PresenceSettings{}};
  gate.seen_by({1}, 1s).unseen(29s).seen_by({2}, 1s);
  BOOST_TEST(gate.told() == "-");
  gate.unseen(30s).seen_by({1}, 1s);
  BOOST_TEST(gate.told() == "- -");
}

BOOST_AUTO_TEST_CASE(tags_do_not_mix) {
  Gate gate{PresenceSettings{}};
  gate.seen_by({1}, 1s).seen_by({1}, 1s, other_tag).seen_by({1}, 1s);
  BOOST_REQUIRE(gate.passages().size() == 2u);
  BOOST_TEST((gate.passages()[1].epc == other_tag));
}

// While the reader was away nobody looked: who stands there has not left.
BOOST_AUTO_TEST_CASE(the_readers_absence_is_not_the_tags) {
  Gate gate{PresenceSettings{}};
  gate.seen_by({1}, 1s).blind(10min).seen_by({1}, 1s);
  BOOST_TEST(gate.told() == "-");
}

BOOST_AUTO_TEST_CASE(a_flood_of_tags_is_limited) {
  Presence presence{PresenceSettings{}};
  Bytes epc(4);
  for (std::size_t i = 0; i < Presence::tags_max + 500; ++i) {
    for (std::size_t k = 0; k < 4; ++k) epc[k] = static_cast<std::uint8_t>(i >> (8 * k));
    presence.see({epc, 1, 1, MonotonicTime(static_cast<std::int64_t>(i))});
  }
  BOOST_TEST(presence.take().size() == Presence::tags_max + 500);
  BOOST_TEST(presence.seen_since(MonotonicTime{0}) == Presence::tags_max);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(presence_with_an_order)

BOOST_AUTO_TEST_CASE(from_outside_to_inside_is_an_entry) {
  Gate gate(in_order());
  gate.seen_by({out}, 1s).seen_by({out, in}, 1s).seen_by({in}, 1s).unseen(10s);
  BOOST_TEST(gate.told() == "entry");
  // When it was seen inside and no more outside: 2 s after it came, the last of the overlap being of the
  // inside antenna.
  BOOST_TEST((gate.passages()[0].at - MonotonicTime(1h) >= 1900ms));
  BOOST_TEST((gate.passages()[0].at - MonotonicTime(1h) <= 2000ms));
}

BOOST_AUTO_TEST_CASE(from_inside_to_outside_is_an_exit) {
  Gate gate(in_order());
  gate.seen_by({in}, 1s).seen_by({out, in}, 1s).seen_by({out}, 1s).unseen(10s);
  BOOST_TEST(gate.told() == "exit");
}

BOOST_AUTO_TEST_CASE(told_as_soon_as_it_has_settled) {
  Gate gate(in_order());
  gate.seen_by({out}, 500ms).seen_by({in}, 1400ms);
  BOOST_TEST(gate.told() == "");
  gate.seen_by({in}, 300ms);
  BOOST_TEST(gate.told() == "entry");
  gate.seen_by({in}, 10min).unseen(10s);  // stands inside by the gate
  BOOST_TEST(gate.told() == "entry");
}

// A walk without overlap, with nothing seen in the middle, and the tag out of view at once.
BOOST_AUTO_TEST_CASE(a_fast_walk) {
  Gate gate(in_order());
  gate.seen_by({out}, 200ms).unseen(1s).seen_by({in}, 200ms).unseen(10s);
  BOOST_TEST(gate.told() == "entry");
}

BOOST_AUTO_TEST_CASE(who_is_seen_on_one_side_only_did_not_pass) {
  for (const auto antenna : {out, in}) {
    Gate gate(in_order());
    gate.seen_by({antenna}, 20min).unseen(10s).seen_by({antenna}, 2s).unseen(10s);
    BOOST_TEST(gate.told() == "");
  }
}

BOOST_AUTO_TEST_CASE(who_comes_near_and_goes_back_did_not_pass) {
  Gate gate(in_order());
  gate.seen_by({out}, 2s).seen_by({out, in}, 3s).seen_by({out}, 2s).unseen(10s);
  BOOST_TEST(gate.told() == "");
}

BOOST_AUTO_TEST_CASE(who_stands_between_the_antennas_does_not_pass) {
  Gate gate(in_order());
  gate.seen_by({out, in}, 20min);
  BOOST_TEST(gate.told() == "");
}

// Between the antennas a body hides the tag from one of them for seconds: that is no change of sides.
BOOST_AUTO_TEST_CASE(who_lingered_is_told_of_when_he_has_gone) {
  Gate gate(in_order());
  gate.seen_by({out}, 1s).seen_by({out, in}, 30s).seen_by({in}, 4s).seen_by({out, in}, 5s);
  BOOST_TEST(gate.told() == "");
  gate.seen_by({in}, 2s).unseen(4s);
  BOOST_TEST(gate.told() == "");
  gate.unseen(2s);
  BOOST_TEST(gate.told() == "entry");
}

BOOST_AUTO_TEST_CASE(who_lingered_and_went_back_did_not_pass) {
  Gate gate(in_order());
  gate.seen_by({out}, 1s).seen_by({out, in}, 30s).seen_by({in}, 4s).seen_by({out}, 1s).unseen(10s);
  BOOST_TEST(gate.told() == "");
}

// A wall reflects: single reads from the wrong side.
BOOST_AUTO_TEST_CASE(a_reflection_is_not_a_stay) {
  Gate gate(in_order());
  gate.seen_by({out}, 2s).seen_by({in}, 100ms).unseen(10s);
  BOOST_TEST(gate.told() == "");
  gate.seen_by({in}, 100ms).seen_by({out}, 5s).unseen(10s);
  BOOST_TEST(gate.told() == "");
  gate.seen_by({in}, 100ms).seen_by({out}, 5s).seen_by({in}, 3s).unseen(10s);
  BOOST_TEST(gate.told() == "entry");
}

// One sighting may stand for many reads.
BOOST_AUTO_TEST_CASE(summed_up_reads_count) {
  Presence presence(in_order());
  presence.see({tag, out, 5, MonotonicTime(1s)});
  presence.see({tag, in, 5, MonotonicTime(2s)});
  presence.pass_time(MonotonicTime(3s));
  const auto passages = presence.take();
  BOOST_REQUIRE(passages.size() == 1u);
  BOOST_TEST((passages[0] == TagPassage{tag, Direction::entry, MonotonicTime(2s)}));
}

// In and out again without leaving the view: the second change counts when it is out of view, by its side.
BOOST_AUTO_TEST_CASE(in_and_out_again) {
  Gate gate(in_order());
  gate.seen_by({out}, 1s).seen_by({in}, 3s).seen_by({out}, 3s).seen_by({in}, 3s).seen_by({out}, 3s);
  BOOST_TEST(gate.told() == "entry");
  gate.unseen(10s);
  BOOST_TEST(gate.told() == "entry exit");
  gate.seen_by({out}, 1s).seen_by({in}, 1s).unseen(10s);
  BOOST_TEST(gate.told() == "entry exit entry");
}

BOOST_AUTO_TEST_CASE(many_walk_at_once) {
  Presence presence(in_order());
  constexpr int people = 50;
  const auto epc = [](int person) { return Bytes{0x30, static_cast<std::uint8_t>(person)}; };
  std::size_t entries = 0;
  std::size_t exits = 0;
  for (int step = 0; step < 200; ++step) {
    const MonotonicTime now = step * 100ms;
    for (int person = 0; person < people; ++person) {
      const bool enters = person % 2 == 0;
      const int at = step - person;  // each comes 0.1 s after the one before
      if (at >= 0 && at < 20) presence.see({epc(person), (at < 10) == enters ? out : in, 1, now});
    }
    presence.pass_time(now);
    for (const auto& passage : presence.take()) ++(*passage.direction == Direction::entry ? entries : exits);
  }
  BOOST_TEST(entries == people / 2);
  BOOST_TEST(exits == people / 2);
}

BOOST_AUTO_TEST_CASE(antennas_outside_the_order_do_not_count) {
  Gate gate(in_order());
  gate.seen_by({out}, 1s).seen_by({3}, 1s).unseen(10s).seen_by({3}, 1s).seen_by({in}, 1s).unseen(10s);
  BOOST_TEST(gate.told() == "");
}

// Who walked through while the reader was away is told of all the same.
BOOST_AUTO_TEST_CASE(a_walk_while_the_reader_was_away) {
  Gate gate(in_order());
  gate.seen_by({out}, 2s).blind(5min).seen_by({in}, 2s).unseen(10s);
  BOOST_TEST(gate.told() == "entry");
}

// Whatever is seen, in and out alternate for each tag that never leaves the view for long enough to be
// forgotten, and nothing is told of a tag that one side alone has seen.
BOOST_AUTO_TEST_CASE(any_walk_alternates) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Random random(seed);
    auto settings = in_order();
    settings.gone = 1h;
    Gate gate(settings);
    for (int i = 0; i < 30; ++i)
      gate.seen_by(random() % 3 == 0 ? std::vector{out, in} : std::vector{random() % 2 == 0 ? out : in},
                   std::chrono::milliseconds(100 * (1 + random() % 40)));
    gate.unseen(2h);
    for (std::size_t i = 1; i < gate.passages().size(); ++i)
      BOOST_TEST((gate.passages()[i].direction != gate.passages()[i - 1].direction), "seed " << seed);
    BOOST_TEST(gate.passages().size() <= 2u, "seed " << seed);
    BOOST_TEST(gate.presence().seen_since(MonotonicTime{0}) == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::uhf
