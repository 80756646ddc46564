// Check digits and check characters: whether a scanned identifier was read (or typed) right. Which rule an
// identifier follows is a setting: for the numbers of the field none is publicly known, so none is assumed.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace sitegate::devices::scanner {

enum class CheckRule : std::uint8_t {
  none,
  mod10,    ///< weights 3 and 1: GS1 General Specifications, section 7.9 (EAN, GTIN, ITF-14)
  luhn,     ///< ISO/IEC 7812-1:2017, annex B
  mod43,    ///< Code 39: ISO/IEC 16388:2007, annex A
  mod11_2,  ///< ISO/IEC 7064:2003, MOD 11-2: digits, then a digit or X
  mod97     ///< ISO/IEC 7064:2003, MOD 97-10: digits, the last two of them the check
};
std::string_view to_text(CheckRule rule);
std::optional<CheckRule> parse_check_rule(std::string_view word);

/// How many characters at the end are the check.
std::size_t check_size(CheckRule rule);
/// True if `text` with its check at the end keeps the rule; false also for characters that the rule does not
/// know and for a text that is all check. Everything keeps CheckRule::none.
bool check_holds(CheckRule rule, std::string_view text);

}  // namespace sitegate::devices::scanner
