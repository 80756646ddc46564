#include "shared/wire/envelope.hpp"

#include <zstd.h>

#include "shared/crypto/digest.hpp"
#include "shared/wire/envelope_generated.h"
#include "shared/wire/flat.hpp"

namespace sitegate::wire {
namespace {

constexpr std::string_view domain = "sitegate/v1";
constexpr std::size_t envelope_overhead_max = 1024;
constexpr std::size_t signer_size_max = 48;

void append(Bytes& content, ByteView bytes) {
  content.insert(content.end(), bytes.begin(), bytes.end());
}

/// What the signature is over; the layout stands in envelope.fbs.
Bytes signed_content(fb::MessageKind kind, fb::Compression compression, std::uint32_t raw_size,
                     std::string_view signer, ByteView payload) {
  Bytes content;
  content.reserve(domain.size() + 7 + signer.size() + payload.size());
  append(content, as_bytes(domain));
  content.push_back(static_cast<std::uint8_t>(kind));
  content.push_back(static_cast<std::uint8_t>(compression));
  for (int shift = 0; shift < 32; shift += 8) content.push_back(static_cast<std::uint8_t>(raw_size >> shift));
  content.push_back(static_cast<std::uint8_t>(signer.size()));
  append(content, as_bytes(signer));
  append(content, payload);
  return content;
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
  const auto compression = smaller ? fb::Compression::zstd : fb::Compression::none;
  const ByteView sent = smaller ? ByteView(packed) : payload;
  const auto raw_size = static_cast<std::uint32_t>(payload.size());
  const Bytes content =
      signed_content(static_cast<fb::MessageKind>(kind), compression, raw_size, signer, sent);
  const crypto::Signature signature = key.sign(content);
  flatbuffers::FlatBufferBuilder builder(sent.size() + 256);
  const auto signer_text = builder.CreateString(signer.data(), signer.size());
  const auto payload_bytes = builder.CreateVector(sent.data(), sent.size());
  const auto signature_bytes = builder.CreateVector(signature.data(), signature.size());
  builder.Finish(fb::CreateEnvelope(builder, static_cast<fb::MessageKind>(kind), compression, raw_size,
                                    signer_text, payload_bytes, signature_bytes),
                 fb::EnvelopeIdentifier());
  return {take_bytes(builder), crypto::sha256(content)};
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
  const ByteView payload(table->payload()->data(), table->payload()->size());
  const Bytes content =
      signed_content(table->kind(), table->compression(), table->raw_size(), signer, payload);
  if (!crypto::verify(*key, content, signature)) return fail(WireErrc::bad_signature, signer);
  SITEGATE_TRY(raw, expanded(*table, payload_size_max));
  return OpenedMessage{signer, std::move(raw), crypto::sha256(content)};
}

}  // namespace sitegate::wire
