// The outcome of one read, in the terms of the person who stands at the gate.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "edge/passage/passage_maker.hpp"
#include "shared/model/advice.hpp"

namespace sitegate::edge {

enum class OutcomeReason : std::uint8_t {
  admitted,
  unknown_credential,
  ambiguous_credential,
  no_roster,
  not_on_roster,
  credential_expired,
  site_closed,
  second_factor_missing,
  contradiction,
  code_damaged,
  code_forged,
  code_expired,
  code_not_yet_valid,
  code_wrong_site,
  code_not_allowed,
  code_overused,
  storage_full,    ///< nothing was recorded
  storage_failed,  ///< nothing was recorded
};
inline constexpr std::size_t outcome_reason_count = 18;
/// "not_on_roster", …: for logs.
std::string_view to_text(OutcomeReason reason);

enum class Sign : std::uint8_t { ok, attention, stop };

struct PassageOutcome {
  bool accepted = false;  ///< on the disk (now or a moment ago) and admitted
  OutcomeReason reason = OutcomeReason::admitted;
  Direction direction = Direction::entry;
  std::string person;  ///< the technician's name or ID, else the masked credential
  bool gate_opened = false;
  bool repeat = false;
  std::optional<Sequence>
      sequence;  ///< of the entry in the outbox; unset for repeats and where nothing was recorded
  bool operator==(const PassageOutcome&) const = default;
};

/// The outbox has it.
PassageOutcome outcome_of_recorded(const NewPassage& decision, Sequence sequence);
/// The outbox refused it: `why` is storage_full or storage_failed. Nobody is accepted, and the gate stays
/// shut.
PassageOutcome outcome_of_not_recorded(const NewPassage& decision, OutcomeReason why);
PassageOutcome outcome_of_repeat(const Repeat& decision, const Credential& credential);
/// The device reported the event before, and it is in the outbox: as `decision`, but nothing new is recorded.
PassageOutcome outcome_of_known_event(const NewPassage& decision);
/// What the device that read it is told.
ReadOutcome answer_of(const PassageOutcome& outcome);

Sign sign_of(const PassageOutcome& outcome);

class OutcomeDisplay {
 public:
  virtual ~OutcomeDisplay() = default;
  /// Called on the pipeline's thread, once for each read; must not block.
  virtual void show(const PassageOutcome& outcome) = 0;
  /// Likewise, for a person who was seen and not recognised. A display that has no place for it leaves it.
  virtual void advise(const Advice& /*advice*/) {}
};

}  // namespace sitegate::edge
