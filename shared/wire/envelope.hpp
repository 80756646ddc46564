// The signed envelope around every message. Order of checks on opening: size, structure, kind, signer,
// signature, and only then decompression: nothing unauthenticated is ever expanded.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"
#include "shared/crypto/signing.hpp"
#include "shared/wire/errc.hpp"

namespace sitegate::wire {

/// Values go on the wire: never renumber.
enum class MessageKind : std::uint8_t { history = 1, receipt = 2, roster = 3, health = 4 };
inline constexpr std::string_view cloud_signer = "cloud";

struct SealedMessage {
  Bytes bytes;    ///< what is published
  Digest hash{};  ///< SHA-256 of what was signed: the next batch's previous_hash
};

/// Compresses (zstd level 1) when that makes the payload smaller, and signs.
SealedMessage seal(MessageKind kind, std::string_view signer, ByteView payload,
                   const crypto::SigningKey& key);

struct OpenedMessage {
  std::string signer;
  Bytes payload;
  Digest hash{};
};

/// Gives the key of a signer, or nullopt where nobody of that name may speak.
using KeyOf = std::function<std::optional<PublicKey>(std::string_view signer)>;

/// `payload_size_max` bounds the payload after decompression; an envelope may be 1 KiB larger.
Result<OpenedMessage> open(ByteView bytes, MessageKind kind, std::size_t payload_size_max,
                           const KeyOf& key_of);

/// What an envelope says of itself, unproven: for looking at bytes, never for acting on them.
struct UnverifiedMessage {
  MessageKind kind = MessageKind::history;  ///< may be an unknown value
  std::string signer;
  Bytes payload;
  Digest hash{};
};
Result<UnverifiedMessage> open_unverified(ByteView bytes, std::size_t payload_size_max);

}  // namespace sitegate::wire
