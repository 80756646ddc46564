// The Basic scheme (RFC 7617): a name and a password with every request, readable by whoever listens on the
// way.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/http/message.hpp"

namespace sitegate::http {

/// The value of an Authorization header. The user's name has no colon in it.
std::string basic_authorization(const Credentials& credentials);
/// nullopt: another scheme, no base64 (RFC 4648, 4), or no colon inside.
std::optional<Credentials> parse_basic(std::string_view authorization);

}  // namespace sitegate::http
