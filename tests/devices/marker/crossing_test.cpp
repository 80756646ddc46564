// Who passes which way, from where a marker is in each picture.
#include "devices/marker/crossing.hpp"

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::marker {

using namespace std::chrono_literals;

namespace {

const MarkerCredential helmet{"aruco-6x6-1000", 7};
const MarkerCredential other{"aruco-6x6-1000", 8};

/// A walk through places at ten pictures a second: what was made of it.
struct Walk {
  Crossings crossings;
  MonotonicTime now{0};
  std::vector<std::optional<Direction>> made;

  explicit Walk(CrossingRule rule) : crossings(rule) {}
  void step(cv::Point2f place, const MarkerCredential& marker = helmet) {
    if (const auto crossing = crossings.see(marker, place, now)) made.push_back(crossing->direction);
    now += 100ms;
  }
  void sideways(std::initializer_list<float> xs, const MarkerCredential& marker = helmet) {
    for (const float x : xs) step({x, 0.5F}, marker);
  }
};
using Made = std::vector<std::optional<Direction>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(crossing)

BOOST_AUTO_TEST_CASE(across_the_line_and_back) {
  Walk walk({.entry = EntryMoves::right});
  walk.sideways({0.1F, 0.3F, 0.48F, 0.52F, 0.7F, 0.9F});
  BOOST_TEST((walk.made == Made{Direction::entry}));
  walk.sideways({0.7F, 0.5F, 0.3F});
  BOOST_TEST((walk.made == Made{Direction::entry, Direction::exit}));
}

BOOST_AUTO_TEST_CASE(each_way_of_entry) {
  struct Way {
    EntryMoves entry;
    cv::Point2f from, to;
  };
  for (const auto& way :
       {Way{EntryMoves::right, {0.1F, 0.9F}, {0.9F, 0.1F}}, Way{EntryMoves::left, {0.9F, 0.9F}, {0.1F, 0.1F}},
        Way{EntryMoves::down, {0.9F, 0.1F}, {0.1F, 0.9F}}, Way{EntryMoves::up, {0.1F, 0.9F}, {0.2F, 0.1F}}}) {
    Walk in({.entry = way.entry});
    in.step(way.from);
    in.step(way.to);
    BOOST_TEST((in.made == Made{Direction::entry}));
    Walk out({.entry = way.entry});
    out.step(way.to);
    out.step(way.from);
    BOOST_TEST((out.made == Made{Direction::exit}));
  }
}

BOOST_AUTO_TEST_CASE(who_stands_at_the_line_or_turns_back_does_not_pass) {
  Walk walk({.entry = EntryMoves::right});
  walk.sideways({0.3F, 0.46F, 0.52F, 0.48F, 0.53F, 0.47F, 0.3F, 0.2F});
  BOOST_TEST(walk.made.empty());
}

BOOST_AUTO_TEST_CASE(a_line_that_is_not_in_the_middle) {
  Walk walk({.entry = EntryMoves::right, .line = 0.8F});
  walk.sideways({0.1F, 0.4F, 0.6F, 0.7F});
  BOOST_TEST(walk.made.empty());
  walk.sideways({0.9F});
  BOOST_TEST((walk.made == Made{Direction::entry}));
}

BOOST_AUTO_TEST_CASE(who_was_out_of_sight_begins_anew) {
  Walk walk({.entry = EntryMoves::right});
  walk.sideways({0.3F});
  walk.now += 3s;
  walk.sideways({0.7F});
  BOOST_TEST(walk.made.empty());
  walk.sideways({0.3F});
  BOOST_TEST((walk.made == Made{Direction::exit}));
}

BOOST_AUTO_TEST_CASE(two_people_pass_each_other) {
  Walk walk({.entry = EntryMoves::right});
  for (const float x : {0.1F, 0.3F, 0.7F, 0.9F}) {
    walk.step({x, 0.4F}, helmet);
    walk.step({1 - x, 0.6F}, other);
  }
  BOOST_TEST((walk.made == Made{Direction::entry, Direction::exit}));
  BOOST_TEST(walk.crossings.in_view() == 2u);
}

BOOST_AUTO_TEST_CASE(without_a_way_a_sight_is_a_read_once_for_each_coming) {
  Walk walk({});
  walk.sideways({0.5F});
  BOOST_TEST(walk.made.empty());  // one picture may be a misreading
  walk.sideways({0.5F, 0.6F, 0.7F});
  BOOST_TEST((walk.made == Made{std::nullopt}));
  walk.now += 3s;
  walk.sideways({0.5F, 0.5F});
  BOOST_TEST(walk.made.size() == 2u);
  walk.crossings.expire(walk.now + 3s);
  BOOST_TEST(walk.crossings.in_view() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::marker
