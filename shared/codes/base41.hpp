// Bytes as characters that every QR code and every scanner carries unharmed.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"

namespace sitegate::codes {

/// Two bytes are three characters, a last single byte two: as base 45 (RFC 9285) counts, with 41 letters, all
/// of QR's alphanumeric set (ISO/IEC 18004, table 5). Left out are the blank, which scanners drop at either
/// end, and $ % *, which some take for Code 39's full ASCII.
inline constexpr std::string_view base41_letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-./:";

std::string to_base41(ByteView bytes);
/// nullopt: another letter, a length that cannot be, or a group that stands for no bytes.
std::optional<Bytes> from_base41(std::string_view text);

}  // namespace sitegate::codes
