// Why bytes from outside are not taken.
#pragma once
#include <string_view>

#include "shared/base/error.hpp"

namespace sitegate::wire {

/// Why bytes from outside are not taken. The word (errc_word) stands in receipts and quarantine lists.
enum class WireErrc {
  too_large = 1,        ///< over the limit, before or after decompression
  malformed,            ///< not the expected FlatBuffer, or a required part is missing
  unsupported_version,  ///< a newer schema: this program must be upgraded first
  wrong_kind,           ///< another kind of message than the topic says
  unknown_signer,       ///< nobody with that name is registered, or it is revoked
  bad_signature,        ///< altered, or signed by another key
  bad_compression,      ///< not zstd, or not the size it claims
  bad_value,            ///< readable, but outside what the field may hold
};
const char* errc_category(WireErrc);
std::string_view errc_text(WireErrc);
/// "bad_signature", …; for an error of another module its category's name.
std::string errc_word(const Error& error);

}  // namespace sitegate::wire
