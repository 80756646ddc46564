// What an operator does with the quarantine list: releases an entry or discards it, and leaves a trace.
#pragma once
#include "cloud/ingest/ingest.hpp"

namespace sitegate::cloud {

enum class QuarantineErrc {
  not_listed = 1,  ///< no such number
  decided,         ///< released or discarded before
  cut,             ///< the message was larger than what is kept of one: its gateway must send it again
  still_refused,   ///< today's reason is in the detail; nothing was changed
};
const char* errc_category(QuarantineErrc);
std::string_view errc_text(QuarantineErrc);

/// Who decides, and why: limits as in QuarantineDecision.
struct Operator {
  std::string name;
  std::string why;
};

/// Takes in what was refused. A message is ingested as if it came at `now`, a passage is read again from its
/// kept batch; then the decision is written down. Repeating it after a crash in between counts nothing twice.
/// Gives what was registered by it. Errors: QuarantineErrc, and the store's.
Result<RegistrationCounts> release(Store& store, std::uint64_t number, const Operator& by,
                                   const Clock& clock);
/// It stays listed and will never count. Errors likewise.
Result<void> discard(Store& store, std::uint64_t number, const Operator& by, UtcTime now);

}  // namespace sitegate::cloud

template <>
struct std::is_error_code_enum<sitegate::cloud::QuarantineErrc> : std::true_type {};
