// Telephone numbers as trunks write them, made into the one form that names a line anywhere. Pure. Sources:
// ITU-T E.164 (11/2010) 6 (at most 15 digits); RFC 3966 3 and 5.1 (visual separators, phone-context).
#pragma once
#include <string>
#include <string_view>

#include "devices/phone/errc.hpp"

namespace sitegate::devices::phone {

/// How numbers without "+" are dialled where the trunk stands. Digits only.
struct NumberPlan {
  std::string country = "81";         ///< country code, 1 to 3 digits
  std::string international = "010";  ///< dialled before a foreign number
};

inline constexpr std::size_t number_size_max = 128;  // of the text as received

/// "+819012345678" of "090-1234-5678", "01081 90 1234 5678", "+81(90)12345678", "819012345678" or
/// "1234;phone-context=+81901"; percent escapes as in SIP URIs are undone. bad_number if it is nothing of the
/// kind: an extension, a name, too short (under 7 digits) or too long (over 15).
Result<std::string> to_e164(std::string_view text, const NumberPlan& plan);

/// "+81901…78": for logs; the middle is not shown.
std::string masked_number(std::string_view number);

}  // namespace sitegate::devices::phone
