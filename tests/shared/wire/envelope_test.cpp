// The signed envelope: opens for the right kind, signer and key, and for not one bit less.
#include "shared/wire/envelope.hpp"

#include <zstd.h>

#include <boost/test/unit_test.hpp>

#include "shared/crypto/digest.hpp"
#include "shared/wire/envelope_generated.h"
#include "tests/shared/wire/random_messages.hpp"

namespace sitegate::wire::test {

constexpr std::size_t size_max = 64 * 1024;
constexpr std::string_view signer = "gate-1";

const crypto::SigningKey& gateway_key() {
  static const auto key = crypto::SigningKey::from_seed({1});
  return key;
}
std::optional<PublicKey> key_of(std::string_view name) {
  return name == signer ? std::optional(gateway_key().public_key()) : std::nullopt;
}
SealedMessage seal_text(std::string_view text) {
  return seal(MessageKind::history, signer, as_bytes(text), gateway_key());
}
Result<OpenedMessage> open_history(ByteView bytes) {
  return open(bytes, MessageKind::history, size_max, key_of);
}
void check_refused(const Result<OpenedMessage>& opened, WireErrc expected) {
  BOOST_REQUIRE(!opened);
  BOOST_TEST(is(opened.error(), expected), opened.error().text());
}

/// An envelope as a hostile but registered gateway could sign it: any claim, any payload.
Bytes signed_envelope(fb::Compression compression, std::uint32_t raw_size, const Bytes& payload) {
  flatbuffers::FlatBufferBuilder builder;
  const auto name = builder.CreateString(signer.data(), signer.size());
  const auto content = builder.CreateVector(payload);
  const auto no_signature = builder.CreateVector(std::vector<std::uint8_t>(64));
  builder.Finish(fb::CreateEnvelope(builder, fb::MessageKind::history, compression, raw_size, name, content,
                                    no_signature),
                 fb::EnvelopeIdentifier());
  Bytes bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
  Bytes to_sign = to_bytes(as_bytes("sitegate/v1"));
  to_sign.insert(to_sign.end(), bytes.begin(), bytes.end());
  const auto signature = gateway_key().sign(to_sign);
  const auto offset = fb::GetEnvelope(bytes.data())->signature()->data() - bytes.data();
  std::copy(signature.begin(), signature.end(), bytes.begin() + offset);
  return bytes;
}

Bytes zstd_of(const Bytes& raw) {
  Bytes packed(ZSTD_compressBound(raw.size()));
  packed.resize(ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), 1));
  return packed;
}

BOOST_AUTO_TEST_CASE(what_is_sealed_opens_with_signer_payload_and_hash) {
  Random random(1);
  for (const std::size_t size : {0, 1, 2, 3, 4, 15, 16, 17, 100, 1'000, 65'536}) {
    Bytes payload(size);
    for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
    const auto sealed = seal(MessageKind::history, signer, payload, gateway_key());
    const auto opened = open_history(sealed.bytes);
    BOOST_REQUIRE_MESSAGE(opened, why(opened));
    BOOST_TEST(opened.value().signer == signer);
    BOOST_TEST((opened.value().payload == payload));
    BOOST_TEST((opened.value().hash == sealed.hash));
  }
}

BOOST_AUTO_TEST_CASE(what_compresses_well_travels_compressed) {
  const auto sealed = seal_text(std::string(60'000, 'x'));
  BOOST_TEST(sealed.bytes.size() < 400U);
  const auto opened = open_history(sealed.bytes);
  BOOST_REQUIRE(opened);
  BOOST_TEST(opened.value().payload.size() == 60'000U);
}

BOOST_AUTO_TEST_CASE(without_a_key_it_can_be_looked_at) {
  const auto forged =
      seal(MessageKind::receipt, "nobody", as_bytes("a payload"), crypto::SigningKey::from_seed({2}));
  const auto seen = open_unverified(forged.bytes, size_max);
  BOOST_REQUIRE(seen);
  BOOST_TEST((seen.value().kind == MessageKind::receipt));
  BOOST_TEST(seen.value().signer == "nobody");
  BOOST_TEST(as_text(seen.value().payload) == "a payload");
  BOOST_TEST((seen.value().hash == forged.hash));
  BOOST_TEST(!open_unverified(ByteView(forged.bytes).first(50), size_max));
}

BOOST_AUTO_TEST_CASE(the_hash_is_of_the_signed_bytes) {
  const auto sealed = seal_text("a payload");
  const auto* table = fb::GetEnvelope(sealed.bytes.data());
  Bytes content = to_bytes(as_bytes("sitegate/v1"));
  content.insert(content.end(), sealed.bytes.begin(), sealed.bytes.end());
  const auto offset = 11 + (table->signature()->data() - sealed.bytes.data());
  std::fill_n(content.begin() + offset, 64, 0);
  BOOST_TEST((crypto::sha256(content) == sealed.hash));
  crypto::Signature signature{};
  std::copy(table->signature()->begin(), table->signature()->end(), signature.begin());
  BOOST_TEST(crypto::verify(gateway_key().public_key(), content, signature));
}

BOOST_AUTO_TEST_CASE(with_any_one_bit_flipped_it_does_not_open) {
  for (const auto& sealed : {seal_text("a small payload"), seal_text(std::string(200, 'x')), seal_text("")}) {
    BOOST_REQUIRE(open_history(sealed.bytes));
    for (std::size_t bit = 0; bit < sealed.bytes.size() * 8; ++bit) {
      Bytes flipped = sealed.bytes;
      flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << (bit % 8)));
      BOOST_REQUIRE_MESSAGE(!open_history(flipped), "bit " << bit % 8 << " of byte " << bit / 8);
    }
  }
}

BOOST_AUTO_TEST_CASE(cut_at_any_length_it_does_not_open) {
  const auto sealed = seal_text("a small payload");
  for (std::size_t size = 0; size < sealed.bytes.size(); ++size)
    BOOST_REQUIRE_MESSAGE(!open_history(ByteView(sealed.bytes).first(size)), size << " bytes");
}

BOOST_AUTO_TEST_CASE(with_bytes_behind_it_does_not_open) {
  auto bytes = seal_text("a small payload").bytes;
  for (int more = 0; more < 16; ++more) {
    bytes.push_back(0);
    BOOST_REQUIRE_MESSAGE(!open_history(bytes), more + 1 << " bytes more");
  }
}

BOOST_AUTO_TEST_CASE(it_opens_wherever_it_lies_in_memory) {
  const auto sealed = seal_text(std::string(100, 'x') + "a small payload");
  for (std::size_t shift = 0; shift < 17; ++shift) {
    Bytes shifted(shift);
    shifted.insert(shifted.end(), sealed.bytes.begin(), sealed.bytes.end());
    const auto opened = open_history(ByteView(shifted).subspan(shift));
    BOOST_REQUIRE(opened);
    BOOST_TEST((opened.value().hash == sealed.hash));
  }
}

BOOST_AUTO_TEST_CASE(another_kind_or_signer_or_key_is_refused) {
  const auto sealed = seal_text("a payload");
  check_refused(open(sealed.bytes, MessageKind::receipt, size_max, key_of), WireErrc::wrong_kind);
  const auto stranger = seal(MessageKind::history, "gate-2", as_bytes("a payload"), gateway_key());
  check_refused(open_history(stranger.bytes), WireErrc::unknown_signer);
  const auto forged =
      seal(MessageKind::history, signer, as_bytes("a payload"), crypto::SigningKey::from_seed({2}));
  check_refused(open_history(forged.bytes), WireErrc::bad_signature);
  const auto nobody = seal(MessageKind::history, "", as_bytes("a payload"), gateway_key());
  check_refused(open_history(nobody.bytes), WireErrc::unknown_signer);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_refused_before_and_after_decompression) {
  check_refused(open_history(Bytes(size_max + 1025)), WireErrc::too_large);
  check_refused(open_history(Bytes(10'000'000)), WireErrc::too_large);
  check_refused(open_history(seal_text(std::string(size_max + 1, 'x')).bytes), WireErrc::too_large);
}

BOOST_AUTO_TEST_CASE(a_zip_bomb_is_never_expanded_past_its_claim) {
  const Bytes bomb = zstd_of(Bytes(50'000'000));
  BOOST_REQUIRE(bomb.size() < size_max);
  check_refused(open_history(signed_envelope(fb::Compression::zstd, 100, bomb)), WireErrc::bad_compression);
  check_refused(open_history(signed_envelope(fb::Compression::zstd, size_max, bomb)),
                WireErrc::bad_compression);
  check_refused(open_history(signed_envelope(fb::Compression::zstd, 50'000'000, bomb)), WireErrc::too_large);
  check_refused(open_history(signed_envelope(fb::Compression::zstd, 0, bomb)), WireErrc::bad_compression);
}

BOOST_AUTO_TEST_CASE(a_payload_that_is_not_what_it_claims_is_refused) {
  const Bytes payload(100, 'x');
  check_refused(open_history(signed_envelope(fb::Compression::zstd, 100, payload)),
                WireErrc::bad_compression);
  check_refused(open_history(signed_envelope(fb::Compression::zstd, 101, zstd_of(payload))),
                WireErrc::bad_compression);
  check_refused(open_history(signed_envelope(fb::Compression::none, 99, payload)), WireErrc::bad_compression);
  check_refused(open_history(signed_envelope(static_cast<fb::Compression>(2), 100, payload)),
                WireErrc::bad_value);
  check_refused(open_history(signed_envelope(static_cast<fb::Compression>(255), 100, payload)),
                WireErrc::bad_value);
  BOOST_TEST(bool(open_history(signed_envelope(fb::Compression::none, 100, payload))));
  BOOST_TEST(bool(open_history(signed_envelope(fb::Compression::zstd, 100, zstd_of(payload)))));
}

/// An envelope with parts of these sizes; a size below 0 leaves the part out.
Bytes envelope_of(int signer_size, int payload_size, int signature_size) {
  flatbuffers::FlatBufferBuilder builder;
  const auto bytes = [&](int size) {
    return size < 0 ? flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>()
                    : builder.CreateVector(Bytes(static_cast<std::size_t>(size), 'x'));
  };
  const auto name = signer_size < 0
                        ? flatbuffers::Offset<flatbuffers::String>()
                        : builder.CreateString(std::string(static_cast<std::size_t>(signer_size), 'x'));
  const auto payload = bytes(payload_size);
  const auto signature = bytes(signature_size);
  builder.Finish(fb::CreateEnvelope(builder, fb::MessageKind::history, fb::Compression::none, 10, name,
                                    payload, signature),
                 fb::EnvelopeIdentifier());
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

BOOST_AUTO_TEST_CASE(parts_that_are_missing_or_of_the_wrong_size_are_refused) {
  check_refused(open_history(envelope_of(48, 10, 64)), WireErrc::unknown_signer);  // the parts are all there
  check_refused(open_history(envelope_of(49, 10, 64)), WireErrc::malformed);
  check_refused(open_history(envelope_of(-1, 10, 64)), WireErrc::malformed);
  check_refused(open_history(envelope_of(6, -1, 64)), WireErrc::malformed);
  for (const int size : {-1, 0, 63, 65})
    check_refused(open_history(envelope_of(6, 10, size)), WireErrc::malformed);
}

}  // namespace sitegate::wire::test
