// When the gate's barrier is asked to open: for whom the site lets through, whether or not the record
// succeeds, never for the past.
#include "tests/edge/gateway/gate_fixture.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct BarrierFixture : GateFixture {
  BarrierFixture() {
    gate.emplace(*outbox, *roster, display, clock, std::chrono::seconds(60), Fusion(),
                 [this](const std::string& name) { opened.push_back(name); });
  }
  std::vector<std::string> opened;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gate_and_barrier, BarrierFixture)

BOOST_AUTO_TEST_CASE(it_opens_once_for_an_admitted_person) {
  give(read(card(1)));
  BOOST_TEST(opened == std::vector<std::string>{"1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_stays_shut_for_a_stranger) {
  give(read(card(9)));
  BOOST_TEST(opened.empty());
}

BOOST_AUTO_TEST_CASE(it_opens_again_for_who_taps_again_but_not_for_who_is_seen_again) {
  give(read(card(1)));
  give(read(card(1)));
  BOOST_TEST(opened.size() == 2u);
  give(face(yamada));
  BOOST_TEST(opened.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_late_event_opens_nothing) {
  give(read(card(1), "zkteco/SN1/9", true));
  BOOST_TEST(passages().size() == 1u);
  BOOST_TEST(opened.empty());
}

BOOST_AUTO_TEST_CASE(what_the_device_names_is_the_gate_that_opens) {
  CredentialRead one = read(card(1));
  one.gate = "south";
  give(one);
  BOOST_TEST(opened == std::vector<std::string>{"south"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_known_to_refuse_keeps_it_shut_and_says_so) {
  OutboxOptions small;
  small.sync = false;
  small.map_size = std::size_t{12} << 20;
  small.reserve = outbox_reserve_min;
  gate.reset();
  outbox = Outbox::open(folder / "small", small, chance).value();
  while (outbox->append(Bytes(2000, 1))) {
  }
  gate.emplace(*outbox, *roster, display, clock, std::chrono::seconds(60), Fusion(),
               [this](const std::string& name) { opened.push_back(name); });
  const PassageOutcome first = give(read(card(1)));
  BOOST_TEST((first.reason == OutcomeReason::storage_full));
  BOOST_TEST(first.gate_opened);
  const PassageOutcome second = give(read(card(2)));
  BOOST_TEST(!second.gate_opened);
  BOOST_TEST(!answers.back().recorded);
  BOOST_TEST(opened.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
