// Who calls, from the headers of an INVITE. Pure. Sources: RFC 3261 20.10 and 25.1 (name-addr, addr-spec),
// 8.1.1.3 (From, anonymous.invalid); RFC 3325 9.1 (P-Asserted-Identity), 9.3 (Privacy: id); RFC 3323 4.2
// (Privacy: user, none).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devices/phone/phone_number.hpp"

namespace sitegate::devices::phone {

/// The address inside a From, To or P-Asserted-Identity header.
struct Party {
  std::string scheme;  ///< "sip", "sips" or "tel", lower case
  std::string user;    ///< as written, with its escapes; of tel: the number with its parameters
  std::string host;    ///< lower case, without port; empty for tel:
  bool operator==(const Party&) const = default;
};

/// `"Suzuki" <sip:+819012345678@trunk.example;user=phone>;tag=1`, or the same without name and brackets.
/// nullopt if it is no address of these three schemes or longer than 1024 bytes.
std::optional<Party> parse_party(std::string_view header_value);

/// Header values as received; the caller has made sure that the request comes from the trusted trunk.
struct CallerHeaders {
  std::string_view from;
  std::vector<std::string_view> asserted;  ///< P-Asserted-Identity, none if the trunk sends none
  std::string_view privacy;                ///< Privacy, empty if absent
};

/// The caller's number in E.164. P-Asserted-Identity is believed before From; whoever asked not to be shown
/// (Privacy id or user, or a From that says anonymous) is withheld even if the trunk passes the number on.
/// Errors: withheld, no_identity, bad_number.
Result<std::string> caller_number(const CallerHeaders& headers, const NumberPlan& plan);

}  // namespace sitegate::devices::phone
