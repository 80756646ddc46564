// A gate with readers: tap() lets a person tap a card and remembers what was decided, as the gateway does.
#pragma once
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>

#include "edge/passage/passage_maker.hpp"
#include "tests/edge/site_example.hpp"

namespace sitegate::edge::testing {

using devices::DirectionRule;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct GateFixture {
  PassageDecision ask(std::uint8_t card_number, DirectionRule rule = DirectionRule::toggle,
                      const std::string& gate = "1") {
    const RosterIndex index(roster);
    const CredentialRead read{gate + "-reader", clock.now(), clock.monotonic(), card(card_number)};
    return maker->decide(read, {gate + "-reader", gate, rule}, index);
  }
  /// The passage, or nullopt for a repeat.
  std::optional<Passage> tap(std::uint8_t card_number, DirectionRule rule = DirectionRule::toggle,
                             const std::string& gate = "1") {
    const PassageDecision decision = ask(card_number, rule, gate);
    const auto* made = std::get_if<NewPassage>(&decision);
    if (made == nullptr) return std::nullopt;
    maker->remember(made->passage, roster.settings);
    recorded.push_back(made->passage);
    return made->passage;
  }
  /// A tap that must be a passage.
  Passage pass(std::uint8_t card_number, DirectionRule rule = DirectionRule::toggle,
               const std::string& gate = "1") {
    const auto passage = tap(card_number, rule, gate);
    BOOST_REQUIRE(passage);
    return *passage;
  }
  /// What a device kept itself and reports now: it happened at `time`. nullopt for a repeat.
  std::optional<Passage> late(const Credential& credential, UtcTime time,
                              DirectionRule rule = DirectionRule::toggle) {
    const RosterIndex index(roster);
    CredentialRead read{"1-reader", time, clock.monotonic(), credential};
    read.device_event = DeviceEvent{"logger/1/" + sitegate::to_text(time), true};
    const auto decision = maker->decide(read, {"1-reader", "1", rule}, index);
    const auto* made = std::get_if<NewPassage>(&decision);
    if (made == nullptr) return std::nullopt;
    maker->remember(made->passage, roster.settings);
    recorded.push_back(made->passage);
    return made->passage;
  }
  void at(const std::string& local) {
    const auto by = japan(local) - clock.now();
    BOOST_REQUIRE(by.count() >= 0);
    clock.advance(by);
  }

  SiteRoster roster = example_roster();
  ManualClock clock{japan("2023-07-30T06:00")};
  std::unique_ptr<PassageMaker> maker = std::make_unique<PassageMaker>(clock);
  std::vector<Passage> recorded;
};

}  // namespace sitegate::edge::testing
