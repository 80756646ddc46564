#include "shared/wire/flat.hpp"

#include <flatbuffers/util.h>

#include <cstring>

#include "shared/model/passage.hpp"

namespace sitegate::wire {
namespace {

constexpr std::int32_t days_end = 84'006;  // 2200-01-01

bool is_control(int character) {
  return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

/// UTF-8 throughout, and no control character. `text` ends with a NUL behind its size, as FromUTF8 needs.
bool presentable_utf8(const char* text, std::size_t size) {
  const char* position = text;
  while (position < text + size)
    if (is_control(flatbuffers::FromUTF8(&position))) return false;  // -1, not UTF-8, is one as well
  return true;
}

}  // namespace

AlignedBytes::AlignedBytes(ByteView bytes) : view_(bytes) {
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % 16 == 0) return;
  copy_ = to_bytes(bytes);
  view_ = copy_;
}

std::vector<std::uint64_t> read_numbers(const flatbuffers::Vector<std::uint64_t>* vector) {
  std::vector<std::uint64_t> numbers(vector == nullptr ? 0 : vector->size());
  if (!numbers.empty()) std::memcpy(numbers.data(), vector->Data(), numbers.size() * sizeof(std::uint64_t));
  for (auto& number : numbers) number = flatbuffers::EndianScalar(number);
  return numbers;
}

Result<std::string> checked_text(const flatbuffers::String* text, std::size_t size_min, std::size_t size_max,
                                 const char* field) {
  const std::size_t size = text == nullptr ? 0 : text->size();
  if (size < size_min || size > size_max || (size > 0 && !presentable_utf8(text->c_str(), size)))
    return fail(WireErrc::bad_value, std::string(field) + ": not text of " + std::to_string(size_min) +
                                         " to " + std::to_string(size_max) + " bytes");
  return size == 0 ? std::string() : text->str();
}

std::string presentable(const std::string& text, std::size_t size_max) {
  std::string shown;
  const char* position = text.c_str();
  const char* const end = position + text.size();
  while (position < end) {
    const char* const start = position;
    const int character = flatbuffers::FromUTF8(&position);
    if (character < 0) position = start + 1;
    const auto size = static_cast<std::size_t>(position - start);
    if (shown.size() + size > size_max) break;
    if (character < 0)
      shown += '?';
    else if (!is_control(character))
      shown.append(start, size);
  }
  return shown;
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
  if (credential == nullptr || credential->kind() == fb::CredentialKind::none ||
      credential->kind() > fb::CredentialKind::MAX)
    return fail(WireErrc::bad_value, "credential: no known kind");
  if (credential->technology() > fb::CardTechnology::MAX)
    return fail(WireErrc::bad_value, "credential: unknown card technology");
  const auto* bytes = credential->bytes();
  if (bytes == nullptr || bytes->size() == 0 || bytes->size() > credential_value_size_max)
    return fail(WireErrc::bad_value, "credential: not 1 to 64 bytes");
  SITEGATE_TRY(realm, checked_text(credential->realm(), 0, credential_realm_size_max, "credential: realm"));
  auto known = credential_of({static_cast<CredentialKind>(credential->kind()),
                              static_cast<CardTechnology>(credential->technology()), std::move(realm),
                              Bytes(bytes->begin(), bytes->end())});
  if (!known) return fail(WireErrc::bad_value, "credential: beyond the limits of its kind");
  return std::move(*known);
}

flatbuffers::Offset<fb::Credential> put_credential(flatbuffers::FlatBufferBuilder& builder,
                                                   const Credential& credential) {
  const CredentialForm form = form_of(credential);
  const auto bytes = builder.CreateVector(form.value);
  const auto realm = form.realm.empty() ? flatbuffers::Offset<flatbuffers::String>()
                                        : builder.CreateSharedString(form.realm);
  return fb::CreateCredential(builder, static_cast<fb::CredentialKind>(form.kind),
                              static_cast<fb::CardTechnology>(form.technology), bytes, realm);
}

Bytes take_bytes(const flatbuffers::FlatBufferBuilder& builder) {
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

}  // namespace sitegate::wire
