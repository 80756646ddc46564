#include "edge/outbox/records.hpp"

#include <algorithm>

namespace sitegate::edge::records {
namespace {

constexpr std::size_t batch_header_size = 8 + 8 + 8 + 32 + 4;
constexpr std::size_t state_size = 8 + 8 + 8 + 32;

/// 0 = unset; so an instant of exactly 1970-01-01T00:00Z, as an unset clock may give, is kept as the next
/// millisecond.
void put_time(Bytes& bytes, std::optional<UtcTime> time) {
  std::int64_t milliseconds = 0;
  if (time) milliseconds = *time == UtcTime{} ? 1 : time->time_since_epoch().count();
  lmdb::put_big_endian(bytes, static_cast<std::uint64_t>(milliseconds));
}

UtcTime get_time(ByteView bytes) {
  return UtcTime{
      std::chrono::milliseconds{static_cast<std::int64_t>(lmdb::get_big_endian<std::uint64_t>(bytes))}};
}

Digest get_digest(ByteView bytes) {
  Digest digest{};
  std::copy_n(bytes.begin(), digest.size(), digest.begin());
  return digest;
}

}  // namespace

Bytes sequence_key(Sequence sequence) {
  Bytes key;
  lmdb::put_big_endian(key, sequence);
  return key;
}

Bytes piece_key(Sequence first, std::uint32_t piece) {
  Bytes key = sequence_key(first);
  lmdb::put_big_endian(key, piece);
  return key;
}

Bytes event_key(Sequence sequence, std::uint8_t place) {
  Bytes key = sequence_key(sequence);
  if (place > 0) key.push_back(place);
  return key;
}

Bytes guard(ByteView key, ByteView payload) {
  Bytes guarded;
  guarded.reserve(checksum_size + payload.size() + key.size());
  guarded.assign(checksum_size, 0);
  guarded.insert(guarded.end(), payload.begin(), payload.end());
  guarded.insert(guarded.end(), key.begin(), key.end());
  Bytes checksum;
  lmdb::put_big_endian(checksum, crc32c(ByteView(guarded).subspan(checksum_size)));
  std::copy(checksum.begin(), checksum.end(), guarded.begin());
  guarded.resize(checksum_size + payload.size());
  return guarded;
}

std::optional<ByteView> unguard(ByteView key, ByteView record) {
  if (record.size() < checksum_size) return std::nullopt;
  const ByteView payload = record.subspan(checksum_size);
  Bytes checked(payload.begin(), payload.end());
  checked.insert(checked.end(), key.begin(), key.end());
  if (crc32c(checked) != lmdb::get_big_endian<std::uint32_t>(record)) return std::nullopt;
  return payload;
}

Bytes encode(const BatchHeader& header) {
  Bytes payload;
  lmdb::put_big_endian(payload, header.through);
  put_time(payload, header.sealed_at);
  put_time(payload, header.receipted_at);
  payload.insert(payload.end(), header.hash.begin(), header.hash.end());
  lmdb::put_big_endian(payload, header.envelope_size);
  return guard(sequence_key(header.first), payload);
}

std::optional<BatchHeader> decode_batch_header(ByteView key, ByteView record) {
  const auto payload = unguard(key, record);
  if (key.size() != sizeof(Sequence) || !payload || payload->size() != batch_header_size) return std::nullopt;
  BatchHeader header;
  header.first = lmdb::get_big_endian<std::uint64_t>(key);
  header.through = lmdb::get_big_endian<std::uint64_t>(*payload);
  header.sealed_at = get_time(payload->subspan(8));
  if (const UtcTime time = get_time(payload->subspan(16)); time != UtcTime{}) header.receipted_at = time;
  header.hash = get_digest(payload->subspan(24));
  header.envelope_size = lmdb::get_big_endian<std::uint32_t>(payload->subspan(56));
  if (header.through < header.first || header.envelope_size > outbox_envelope_size_max) return std::nullopt;
  return header;
}

Bytes encode(const OutboxState& state) {
  Bytes payload;
  lmdb::put_big_endian(payload, state.epoch);
  lmdb::put_big_endian(payload, state.sealed_through);
  lmdb::put_big_endian(payload, state.receipted_through);
  payload.insert(payload.end(), state.chain_head.begin(), state.chain_head.end());
  return guard(state_key, payload);
}

std::optional<OutboxState> decode_state(ByteView record) {
  const auto payload = unguard(state_key, record);
  if (!payload || payload->size() != state_size) return std::nullopt;
  OutboxState state;
  state.epoch = lmdb::get_big_endian<std::uint64_t>(*payload);
  state.sealed_through = lmdb::get_big_endian<std::uint64_t>(payload->subspan(8));
  state.receipted_through = lmdb::get_big_endian<std::uint64_t>(payload->subspan(16));
  state.chain_head = get_digest(payload->subspan(24));
  if (state.epoch == 0 || state.receipted_through > state.sealed_through) return std::nullopt;
  return state;
}

Bytes encode_epochs(const OutboxState& state) {
  Bytes payload;
  lmdb::put_big_endian(payload, state.epoch_base);
  for (const EndedEpoch& ended : state.ended) {
    lmdb::put_big_endian(payload, ended.epoch);
    lmdb::put_big_endian(payload, ended.base);
    lmdb::put_big_endian(payload, ended.through);
  }
  return guard(epochs_key, payload);
}

bool decode_epochs(ByteView record, OutboxState& state) {
  constexpr std::size_t base_size = sizeof(Sequence);
  constexpr std::size_t ended_size = 3 * sizeof(std::uint64_t);
  const auto payload = unguard(epochs_key, record);
  if (!payload || payload->size() < base_size || (payload->size() - base_size) % ended_size != 0)
    return false;
  state.epoch_base = lmdb::get_big_endian<std::uint64_t>(*payload);
  state.ended.clear();
  for (ByteView rest = payload->subspan(base_size); !rest.empty(); rest = rest.subspan(ended_size))
    state.ended.push_back({lmdb::get_big_endian<std::uint64_t>(rest),
                           lmdb::get_big_endian<std::uint64_t>(rest.subspan(8)),
                           lmdb::get_big_endian<std::uint64_t>(rest.subspan(16))});
  return state.ended.size() <= ended_epochs_max && state.epoch_base <= state.receipted_through;
}

}  // namespace sitegate::edge::records
