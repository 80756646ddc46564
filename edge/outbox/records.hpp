// The outbox's records as bytes; the format is written out in README.md.
#pragma once
#include <optional>

#include "edge/outbox/outbox.hpp"

namespace sitegate::edge::records {

/// Of an outbox that has never ended an epoch.
inline constexpr std::uint32_t format_version = 1;
/// Its sequences are not those of the wire: programs that know version 1 only refuse it.
inline constexpr std::uint32_t format_version_epochs = 2;
/// CRC-32C, in front of every record.
inline constexpr std::size_t checksum_size = 4;
/// An envelope is cut into pieces of this size; two fill a page.
inline constexpr std::size_t piece_size = 2000;

Bytes sequence_key(Sequence sequence);
Bytes piece_key(Sequence first, std::uint32_t piece);
/// Of an entry's name by which a device calls it: the first is under the sequence alone.
Bytes event_key(Sequence sequence, std::uint8_t place);
inline constexpr std::uint8_t event_place_max = 15;

/// CRC-32C over payload and key, then the payload.
Bytes guard(ByteView key, ByteView payload);
/// The payload, or nullopt if checksum and record do not match.
std::optional<ByteView> unguard(ByteView key, ByteView record);

struct BatchHeader {
  Sequence first = 0;
  Sequence through = 0;
  UtcTime sealed_at{};
  std::optional<UtcTime> receipted_at;
  Digest hash{};
  std::uint32_t envelope_size = 0;
};
Bytes encode(const BatchHeader& header);
std::optional<BatchHeader> decode_batch_header(ByteView key, ByteView record);

/// Of an OutboxState only epoch, sealed_through, receipted_through and chain_head are kept.
Bytes encode(const OutboxState& state);
std::optional<OutboxState> decode_state(ByteView record);

/// Of an OutboxState only epoch_base and ended.
Bytes encode_epochs(const OutboxState& state);
bool decode_epochs(ByteView record, OutboxState& state);

inline const ByteView epochs_key = as_bytes("epochs");
inline const ByteView format_key = as_bytes("format");
inline const ByteView state_key = as_bytes("state");

}  // namespace sitegate::edge::records
