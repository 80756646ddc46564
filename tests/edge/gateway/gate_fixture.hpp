// A gate over a real outbox in a temporary folder: give() hands a read in as the pipeline does.
#pragma once
#include <boost/test/unit_test.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/gateway/gate.hpp"
#include "shared/wire/passage.hpp"
#include "tests/edge/site_example.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::edge::testing {

struct RecordingDisplay final : OutcomeDisplay {
  std::vector<PassageOutcome> shown;
  void show(const PassageOutcome& outcome) override { shown.push_back(outcome); }
};

struct GateFixture {
  /// `sync`: commits reach the disk, as in a gateway; slow.
  explicit GateFixture(Fusion fusion = Fusion(), bool sync = false) {
    OutboxOptions options;
    options.sync = sync;
    outbox = Outbox::open(folder / "outbox", options, chance).value();
    roster = RosterBook::open(folder / "roster", site).value();
    BOOST_REQUIRE(roster->apply(example_roster()));
    gate.emplace(*outbox, *roster, display, clock, std::chrono::seconds(60), std::move(fusion));
  }

  CredentialRead read(const Credential& credential, const std::string& event = {}, bool late = false) {
    CredentialRead one{"north", clock.now(), clock.monotonic(), credential};
    if (!event.empty()) one.device_event = DeviceEvent{event, late};
    one.answer = [this](const ReadOutcome& outcome) {
      recorded_at_answer.push_back(outbox->state().next_sequence - 1);
      answers.push_back(outcome);
    };
    return one;
  }
  /// Somebody's face, as the gateway's own matching names it.
  CredentialRead face(TechnicianId technician, const std::string& event = {}) {
    CredentialRead one = read(TechnicianCredential{technician}, event);
    one.method = Method::face;
    one.confidence = 0.9F;
    return one;
  }
  PassageOutcome give(const CredentialRead& one) {
    return gate->on_read(one, {"north", "1", devices::DirectionRule::entry});
  }
  [[nodiscard]] std::vector<Passage> passages() const {
    std::vector<Passage> all;
    const auto entries = outbox->unsealed(1'000, 1 << 20);
    for (const auto& entry : entries.value()) all.push_back(wire::decode_passage(entry.bytes).value());
    return all;
  }

  tests::TemporaryFolder folder;
  Random chance{7};
  ManualClock clock{japan("2023-07-31T07:50")};
  RecordingDisplay display;
  std::unique_ptr<Outbox> outbox;
  std::unique_ptr<RosterBook> roster;
  std::optional<Gate> gate;
  std::deque<ReadOutcome> answers;
  std::vector<Sequence> recorded_at_answer;
};

}  // namespace sitegate::edge::testing
