// Each kept passage once and in order, also while the publisher seals them.
#include "edge/muster/kept_passages.hpp"

#include "tests/edge/publisher/publisher_fixture.hpp"

using namespace sitegate;
using namespace sitegate::tests;

namespace {

std::vector<Sequence> one_to(Sequence last) {
  std::vector<Sequence> all;
  for (Sequence next = 1; next <= last; ++next) all.push_back(next);
  return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(kept_passages, PublisherFixture)

BOOST_AUTO_TEST_CASE(sealed_ones_and_those_not_sealed_yet) {
  record(30);
  edge::Sealer sealer(*outbox_, identity_, key_);
  BOOST_TEST(sealer.seal_next(10, clock_.now()).value() == 10u);
  BOOST_TEST(sealer.seal_next(10, clock_.now()).value() == 10u);
  reopen();
  std::vector<Sequence> taken;
  const auto take = [&](const Passage& passage) { taken.push_back(passage.sequence); };
  BOOST_TEST(edge::for_each_kept_passage(*outbox_, key_.public_key(), take).has_value());
  BOOST_TEST(taken == one_to(30));
}

// Pages of 256: what follows the first is sealed while the first is looked at.
BOOST_AUTO_TEST_CASE(what_is_sealed_while_it_is_read_is_missed_by_nobody_and_seen_once) {
  record(600);
  edge::Sealer sealer(*outbox_, identity_, key_);
  BOOST_TEST(sealer.seal_next(10, clock_.now()).value() == 10u);
  std::vector<Sequence> taken;
  const auto take = [&](const Passage& passage) {
    taken.push_back(passage.sequence);
    if (passage.sequence != 20) return;
    for (int batch = 0; batch < 5; ++batch) BOOST_TEST(sealer.seal_next(100, clock_.now()).value() == 100u);
  };
  BOOST_TEST(edge::for_each_kept_passage(*outbox_, key_.public_key(), take).has_value());
  BOOST_TEST(taken == one_to(600), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
