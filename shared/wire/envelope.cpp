#include "shared/wire/envelope.hpp"

#include <zstd.h>

#include <algorithm>

#include "shared/crypto/digest.hpp"
#include "shared/wire/envelope_generated.h"
#include "shared/wire/flat.hpp"

namespace sitegate::wire {
namespace {

constexpr std::string_view domain = "sitegate/v1";
constexpr std::size_t envelope_overhead_max = 1024;
constexpr std::size_t signer_size_max = 48;

/// What the signature is over: the domain, then the whole envelope with zeros where the signature stands. So
/// no byte travels that is not signed, and two different envelopes never have the same proof.
Bytes signed_content(ByteView envelope, const fb::Envelope& table) {
  Bytes content(domain.size() + envelope.size());
  std::copy(domain.begin(), domain.end(), content.begin());
  std::copy(envelope.begin(), envelope.end(), content.begin() + domain.size());
  const auto offset = domain.size() + static_cast<std::size_t>(table.signature()->data() - envelope.data());
  std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(offset), table.signature()->size(), 0);
  return content;
}

Bytes unsigned_envelope(MessageKind kind, fb::Compression compression, std::size_t raw_size,
                        std::string_view signer, ByteView payload) {
  flatbuffers::FlatBufferBuilder builder(payload.size() + 256);
  const auto signer_text = builder.CreateString(signer.data(), signer.size());
  const auto payload_bytes = builder.CreateVector(payload.data(), payload.size());
  const auto signature_bytes = builder.CreateVector(std::vector<std::uint8_t>(sizeof(crypto::Signature)));
  builder.Finish(
      fb::CreateEnvelope(builder, static_cast<fb::MessageKind>(kind), compression,
                         static_cast<std::uint32_t>(raw_size), signer_text, payload_bytes, signature_bytes),
      fb::EnvelopeIdentifier());
  return take_bytes(builder);
}

Bytes compressed(ByteView payload) {
  Bytes packed(ZSTD_compressBound(payload.size()));
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), payload.data(), payload.size(), 1);
  SITEGATE_ASSERT(!ZSTD_isError(size));
  packed.resize(size);
  return packed;
}

Result<Bytes> expanded(const fb::Envelope& table, std::size_t size_max) {
  const ByteView payload(table.payload()->data(), table.payload()->size());
  if (table.raw_size() > size_max)
    return fail(WireErrc::too_large, std::to_string(table.raw_size()) + " bytes");
  if (table.compression() == fb::Compression::none) {
    if (payload.size() != table.raw_size()) return fail(WireErrc::bad_compression, "size differs");
    return to_bytes(payload);
  }
  Bytes raw(table.raw_size());
  const std::size_t size = ZSTD_decompress(raw.data(), raw.size(), payload.data(), payload.size());
  if (ZSTD_isError(size) || size != raw.size())
    return fail(WireErrc::bad_compression, ZSTD_isError(size) ? ZSTD_getErrorName(size) : "size differs");
  return raw;
}

Result<crypto::Signature> checked_form(const fb::Envelope& table, MessageKind kind) {
  if (table.kind() != static_cast<fb::MessageKind>(kind))
    return fail(WireErrc::wrong_kind, std::to_string(static_cast<int>(table.kind())));
  if (table.compression() > fb::Compression::MAX)
    return fail(WireErrc::bad_value, "compression: unknown value");
  crypto::Signature signature{};
  if (table.payload() == nullptr || table.signer() == nullptr || table.signer()->size() > signer_size_max ||
      table.signature() == nullptr || table.signature()->size() != signature.size())
    return fail(WireErrc::malformed, "payload, signer or signature is missing or of the wrong size");
  std::copy(table.signature()->begin(), table.signature()->end(), signature.begin());
  return signature;
}

}  // namespace

SealedMessage seal(MessageKind kind, std::string_view signer, ByteView payload,
                   const crypto::SigningKey& key) {
  SITEGATE_ASSERT(signer.size() <= signer_size_max);
  const Bytes packed = compressed(payload);
  const bool smaller = packed.size() < payload.size();
  Bytes bytes = unsigned_envelope(kind, smaller ? fb::Compression::zstd : fb::Compression::none,
                                  payload.size(), signer, smaller ? ByteView(packed) : payload);
  const auto* table = flatbuffers::GetRoot<fb::Envelope>(bytes.data());
  const Bytes content = signed_content(bytes, *table);
  const crypto::Signature signature = key.sign(content);
  std::copy(signature.begin(), signature.end(), bytes.begin() + (table->signature()->data() - bytes.data()));
  return {std::move(bytes), crypto::sha256(content)};
}

Result<OpenedMessage> open(ByteView bytes, MessageKind kind, std::size_t payload_size_max,
                           const KeyOf& key_of) {
  const AlignedBytes aligned(bytes);
  SITEGATE_TRY(table, verified_root<fb::Envelope>(aligned.view(), fb::EnvelopeIdentifier(),
                                                  payload_size_max + envelope_overhead_max));
  SITEGATE_TRY(signature, checked_form(*table, kind));
  const std::string signer = table->signer()->str();
  const auto key = key_of(signer);
  if (!key) return fail(WireErrc::unknown_signer, signer);
  const Bytes content = signed_content(aligned.view(), *table);
  if (!crypto::verify(*key, content, signature)) return fail(WireErrc::bad_signature, signer);
  SITEGATE_TRY(raw, expanded(*table, payload_size_max));
  return OpenedMessage{signer, std::move(raw), crypto::sha256(content)};
}

Result<UnverifiedMessage> open_unverified(ByteView bytes, std::size_t payload_size_max) {
  const AlignedBytes aligned(bytes);
  SITEGATE_TRY(table, verified_root<fb::Envelope>(aligned.view(), fb::EnvelopeIdentifier(),
                                                  payload_size_max + envelope_overhead_max));
  const auto kind = static_cast<MessageKind>(table->kind());
  SITEGATE_TRYV(checked_form(*table, kind));
  SITEGATE_TRY(raw, expanded(*table, payload_size_max));
  return UnverifiedMessage{kind, table->signer()->str(), std::move(raw),
                           crypto::sha256(signed_content(aligned.view(), *table))};
}

}  // namespace sitegate::wire
