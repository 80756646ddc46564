// What every decoder here does first. Private to shared/wire.
#pragma once
#include <flatbuffers/flatbuffers.h>

#include <optional>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/civil_time.hpp"
#include "shared/base/ids.hpp"
#include "shared/model/credential.hpp"
#include "shared/wire/common_generated.h"
#include "shared/wire/errc.hpp"

namespace sitegate::wire {

inline constexpr std::uint16_t schema_version = 1;

/// FlatBuffers reads in place: the bytes must be aligned for their largest scalar. Copies only when they are
/// not.
class AlignedBytes {
 public:
  explicit AlignedBytes(ByteView bytes);
  [[nodiscard]] ByteView view() const { return view_; }

 private:
  Bytes copy_;
  ByteView view_;
};

/// The root table after verification (structure only: ranges and meaning are the caller's), or why not.
/// Limits: depth 16; 8 tables per 64 bytes is more than any honest message has.
template <typename Table>
Result<const Table*> verified_root(ByteView bytes, const char* identifier, std::size_t size_max) {
  if (bytes.size() > size_max) return fail(WireErrc::too_large, std::to_string(bytes.size()) + " bytes");
  if (bytes.size() < 16) return fail(WireErrc::malformed, "shorter than any message");
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), 16,
                                 static_cast<flatbuffers::uoffset_t>(bytes.size() / 8));
  if (!verifier.VerifyBuffer<Table>(identifier))
    return fail(WireErrc::malformed, identifier == nullptr ? "" : identifier);
  return flatbuffers::GetRoot<Table>(bytes.data());
}

/// The numbers of a vector, none if it is absent. They are copied because FlatBuffers 2.0 verifies that a
/// vector lies inside the buffer, but not that its 8-byte elements are aligned.
std::vector<std::uint64_t> read_numbers(const flatbuffers::Vector<std::uint64_t>* vector);

/// UTF-8 without control characters, within the size; an absent string counts as empty.
Result<std::string> checked_text(const flatbuffers::String* text, std::size_t size_min, std::size_t size_max,
                                 const char* field);
/// What checked_text takes, made of any bytes: control characters are dropped, bytes that are not UTF-8
/// become
/// '?', and what is over the size is cut between characters.
std::string presentable(const std::string& text, std::size_t size_max);
Result<GatewayId> checked_gateway(const flatbuffers::String* text);
Result<Date> checked_date(std::int32_t days, const char* field);             ///< 1970 to 2199
Result<UtcTime> checked_time(std::int64_t milliseconds, const char* field);  ///< 1970 to 2199
Result<void> checked_version(std::uint16_t version);
Result<Credential> checked_credential(const fb::Credential* credential);

flatbuffers::Offset<fb::Credential> put_credential(flatbuffers::FlatBufferBuilder& builder,
                                                   const Credential& credential);
Bytes take_bytes(const flatbuffers::FlatBufferBuilder& builder);
inline std::int32_t days_of(Date date) {
  return static_cast<std::int32_t>(date.time_since_epoch().count());
}

}  // namespace sitegate::wire
