#include "shared/wire/flat.hpp"

#include <flatbuffers/util.h>

#include <algorithm>

#include "shared/model/passage.hpp"

namespace sitegate::wire {
namespace {

constexpr std::int32_t days_end = 84'006;  // 2200-01-01

bool valid_utf8(const std::string& text) {
  const char* position = text.c_str();
  const char* end = position + text.size();
  while (position < end)
    if (flatbuffers::FromUTF8(&position) < 0) return false;
  return position == end;
}

}  // namespace

AlignedBytes::AlignedBytes(ByteView bytes) : view_(bytes) {
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % 16 == 0) return;
  copy_ = to_bytes(bytes);
  view_ = copy_;
}

Result<std::string> checked_text(const flatbuffers::String* text, std::size_t size_min, std::size_t size_max,
                                 const char* field) {
  std::string value = text == nullptr ? std::string() : text->str();
  const bool printable = std::none_of(
      value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (value.size() < size_min || value.size() > size_max || !printable || !valid_utf8(value))
    return fail(WireErrc::bad_value, std::string(field) + ": not text of " + std::to_string(size_min) +
                                         " to " + std::to_string(size_max) + " bytes");
  return value;
}

Result<GatewayId> checked_gateway(const flatbuffers::String* text) {
  const auto id = text == nullptr ? std::nullopt : GatewayId::parse(text->string_view());
  if (!id) return fail(WireErrc::bad_value, "gateway: not 1 to 48 of A-Z a-z 0-9 -");
  return *id;
}

Result<Date> checked_date(std::int32_t days, const char* field) {
  if (days < 0 || days >= days_end)
    return fail(WireErrc::bad_value, std::string(field) + ": not in 1970 to 2199");
  return Date{std::chrono::days{days}};
}

Result<UtcTime> checked_time(std::int64_t milliseconds, const char* field) {
  if (milliseconds < 0 || milliseconds >= std::int64_t{days_end} * 86'400'000)
    return fail(WireErrc::bad_value, std::string(field) + ": not in 1970 to 2199");
  return UtcTime{std::chrono::milliseconds{milliseconds}};
}

Result<void> checked_version(std::uint16_t version) {
  if (version == 0) return fail(WireErrc::malformed, "no schema version");
  if (version > schema_version) return fail(WireErrc::unsupported_version, std::to_string(version));
  return success();
}

Result<Credential> checked_credential(const fb::Credential* credential) {
  if (credential == nullptr || credential->kind() != fb::CredentialKind::card)
    return fail(WireErrc::bad_value, "credential: no known kind");
  if (credential->technology() > fb::CardTechnology::MAX)
    return fail(WireErrc::bad_value, "credential: unknown card technology");
  const auto* bytes = credential->bytes();
  if (bytes == nullptr || bytes->size() == 0 || bytes->size() > card_uid_size_max)
    return fail(WireErrc::bad_value, "credential: not 1 to 16 bytes");
  return Credential{CardCredential{static_cast<CardTechnology>(credential->technology()),
                                   Bytes(bytes->begin(), bytes->end())}};
}

flatbuffers::Offset<fb::Credential> put_credential(flatbuffers::FlatBufferBuilder& builder,
                                                   const Credential& credential) {
  const auto& card = std::get<CardCredential>(credential);
  const auto bytes = builder.CreateVector(card.uid);
  return fb::CreateCredential(builder, fb::CredentialKind::card,
                              static_cast<fb::CardTechnology>(card.technology), bytes);
}

Bytes take_bytes(const flatbuffers::FlatBufferBuilder& builder) {
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

}  // namespace sitegate::wire
