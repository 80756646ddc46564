// Everything the page /typed says, in each language.
#pragma once
#include <array>
#include <string_view>

#include "edge/kiosk/messages.hpp"
#include "edge/typed_entry/typed_entry.hpp"

namespace sitegate::edge {

/// UTF-8 without any markup.
struct TypedWords {
  std::string_view code;        ///< "ja", "en"
  std::string_view other_code;  ///< of the language to switch to
  std::string_view other_name;  ///< and its name
  std::string_view title;       ///< of the page
  std::string_view purpose;     ///< what it is for, and that approval follows
  std::string_view login, password, sign_in, sign_out, signed_in_as;
  std::string_view refused_sign_in, too_many_attempts, session_ended, bad_form;
  std::string_view search, search_hint, no_match, more_matches, choose;
  std::string_view passages, no_passages, correct, typed_by, corrects, day_before, day_after;
  std::string_view technician, direction, entry, exit, date, time, night_shift, gate, reason, clerk,
      work_date, number, method;
  std::array<std::string_view, 3> usual_reasons;
  std::string_view record, cancel, another;
  std::string_view recorded, repeated, awaiting, not_recorded, storage_full, try_again;
  std::array<std::string_view, typed_refusal_count> refusals;  ///< by TypedRefusal
};
const TypedWords& typed_words(Language language);

}  // namespace sitegate::edge
