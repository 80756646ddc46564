#include "edge/kiosk/outcome.hpp"

namespace sitegate::edge {
namespace {

OutcomeReason reason_of(Admission admission) {
  switch (admission) {
    case Admission::admitted:
      return OutcomeReason::admitted;
    case Admission::unknown_credential:
      return OutcomeReason::unknown_credential;
    case Admission::not_on_roster:
      return OutcomeReason::not_on_roster;
    case Admission::credential_expired:
      return OutcomeReason::credential_expired;
    case Admission::site_closed:
      return OutcomeReason::site_closed;
    case Admission::second_factor_missing:
      return OutcomeReason::second_factor_missing;
    case Admission::contradiction:
      return OutcomeReason::contradiction;
  }
  return OutcomeReason::unknown_credential;
}

OutcomeReason reason_of(UnidentifiedReason reason) {
  switch (reason) {
    case UnidentifiedReason::unknown_credential:
      return OutcomeReason::unknown_credential;
    case UnidentifiedReason::ambiguous_credential:
      return OutcomeReason::ambiguous_credential;
    case UnidentifiedReason::no_roster:
      return OutcomeReason::no_roster;
    case UnidentifiedReason::code_damaged:
      return OutcomeReason::code_damaged;
    case UnidentifiedReason::code_forged:
      return OutcomeReason::code_forged;
    case UnidentifiedReason::code_expired:
      return OutcomeReason::code_expired;
    case UnidentifiedReason::code_not_yet_valid:
      return OutcomeReason::code_not_yet_valid;
    case UnidentifiedReason::code_wrong_site:
      return OutcomeReason::code_wrong_site;
    case UnidentifiedReason::code_not_allowed:
      return OutcomeReason::code_not_allowed;
    case UnidentifiedReason::code_overused:
      return OutcomeReason::code_overused;
  }
  return OutcomeReason::unknown_credential;
}

OutcomeReason reason_of(const Identified& who) {
  if (const auto* known = std::get_if<Identification>(&who)) return reason_of(known->admission);
  return reason_of(std::get<Unidentified>(who).reason);
}

std::string person_text(const Identified& who, const Credential* credential) {
  if (const auto* known = std::get_if<Identification>(&who))
    return known->name.empty() ? known->technician.text() : known->name;
  return credential != nullptr ? masked_text(*credential) : std::string();
}

PassageOutcome outcome_of(const NewPassage& decision) {
  const Passage& passage = decision.passage;
  PassageOutcome outcome;
  outcome.reason = reason_of(decision.who);
  outcome.direction = passage.direction;
  outcome.person = person_text(decision.who, std::get_if<Credential>(&passage.person));
  return outcome;
}

}  // namespace

std::string_view to_text(OutcomeReason reason) {
  switch (reason) {
    case OutcomeReason::admitted:
      return "admitted";
    case OutcomeReason::unknown_credential:
      return "unknown_credential";
    case OutcomeReason::ambiguous_credential:
      return "ambiguous_credential";
    case OutcomeReason::no_roster:
      return "no_roster";
    case OutcomeReason::not_on_roster:
      return "not_on_roster";
    case OutcomeReason::credential_expired:
      return "credential_expired";
    case OutcomeReason::site_closed:
      return "site_closed";
    case OutcomeReason::second_factor_missing:
      return "second_factor_missing";
    case OutcomeReason::contradiction:
      return "contradiction";
    case OutcomeReason::code_damaged:
      return "code_damaged";
    case OutcomeReason::code_forged:
      return "code_forged";
    case OutcomeReason::code_expired:
      return "code_expired";
    case OutcomeReason::code_not_yet_valid:
      return "code_not_yet_valid";
    case OutcomeReason::code_wrong_site:
      return "code_wrong_site";
    case OutcomeReason::code_not_allowed:
      return "code_not_allowed";
    case OutcomeReason::code_overused:
      return "code_overused";
    case OutcomeReason::storage_full:
      return "storage_full";
    case OutcomeReason::storage_failed:
      return "storage_failed";
  }
  return "invalid";
}

PassageOutcome outcome_of_recorded(const NewPassage& decision, Sequence sequence) {
  PassageOutcome outcome = outcome_of(decision);
  outcome.accepted = outcome.reason == OutcomeReason::admitted;
  outcome.gate_opened = decision.passage.gate_opened;
  outcome.sequence = sequence;
  return outcome;
}

PassageOutcome outcome_of_not_recorded(const NewPassage& decision, OutcomeReason why) {
  PassageOutcome outcome = outcome_of(decision);
  outcome.reason = why;
  return outcome;
}

PassageOutcome outcome_of_repeat(const Repeat& decision, const Credential& credential) {
  PassageOutcome outcome;
  outcome.reason = reason_of(decision.who);
  outcome.accepted = outcome.reason == OutcomeReason::admitted;
  outcome.direction = decision.direction;
  outcome.person = person_text(decision.who, &credential);
  outcome.gate_opened = decision.gate_opened;
  outcome.repeat = true;
  return outcome;
}

PassageOutcome outcome_of_known_event(const NewPassage& decision) {
  PassageOutcome outcome = outcome_of(decision);
  outcome.accepted = outcome.reason == OutcomeReason::admitted;
  outcome.gate_opened = decision.passage.gate_opened;
  outcome.repeat = true;
  return outcome;
}

ReadOutcome answer_of(const PassageOutcome& outcome) {
  return {.recorded = outcome.repeat || outcome.sequence.has_value(),
          .accepted = outcome.accepted,
          .gate_opened = outcome.gate_opened,
          .repeat = outcome.repeat,
          .direction = outcome.direction,
          .person = outcome.person,
          .reason = std::string(to_text(outcome.reason))};
}

Sign sign_of(const PassageOutcome& outcome) {
  if (outcome.accepted) return Sign::ok;
  return outcome.gate_opened ? Sign::attention : Sign::stop;
}

}  // namespace sitegate::edge
