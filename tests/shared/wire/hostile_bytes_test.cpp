// Bytes from outside may be anything: every decoder answers, none crashes (the sanitizers watch), and what it
// takes can be encoded again.
#include <boost/test/unit_test.hpp>

#include "shared/wire/envelope.hpp"
#include "shared/wire/errc.hpp"
#include "shared/wire/passage.hpp"
#include "tests/shared/wire/random_messages.hpp"

namespace sitegate::wire::test {

constexpr int mutations_per_message = 3'000;

Bytes random_bytes(Random& random, std::size_t size_max) {
  Bytes bytes(random() % (size_max + 1));
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

/// One to eight changes: a bit, a byte, a 32-bit offset, a cut, a doubled part.
void mutate(Random& random, Bytes& bytes) {
  for (auto changes = 1 + random() % 8; changes > 0 && bytes.size() > 8; --changes) {
    const std::size_t at = random() % (bytes.size() - 4);
    switch (random() % 5) {
      case 0:
        bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1U << random() % 8));
        break;
      case 1:
        bytes[at] = static_cast<std::uint8_t>(random());
        break;
      case 2:
        for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(random());
        break;
      case 3:
        bytes.resize(bytes.size() - random() % 4);
        break;
      default: {
        const Bytes part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                         bytes.begin() + static_cast<std::ptrdiff_t>(at) + 4);
        std::copy(part.begin(), part.end(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(random() % (bytes.size() - 4)));
      }
    }
  }
}

/// Decodes garbage, every cut, and mutations of `good`. What is taken must survive another round.
template <typename Decode, typename Encode>
void check_hostile(std::uint64_t seed, const Bytes& good, Decode decode, Encode encode_again) {
  Random random(seed);
  const auto whole = decode(good);
  BOOST_REQUIRE(whole);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto cut = decode(ByteView(good).first(size));  // up to 7 bytes of padding may be missed by nobody
    BOOST_REQUIRE_MESSAGE(!cut || (good.size() - size < 8 && cut.value() == whole.value()),
                          "cut to " << size);
  }
  for (int i = 0; i < mutations_per_message; ++i) {
    (void)decode(random_bytes(random, 300));
    Bytes bytes = good;
    mutate(random, bytes);
    const auto decoded = decode(bytes);
    if (!decoded) continue;
    const auto again = decode(encode_again(decoded.value()));
    BOOST_REQUIRE_MESSAGE(again && again.value() == decoded.value(), "seed " << seed << ", mutation " << i);
  }
}

BOOST_AUTO_TEST_CASE(passages) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Random random(seed);
    const auto good = encode_passage(random_passage(random, 5));
    check_hostile(
        seed, good, [](ByteView bytes) { return decode_passage(bytes); },
        [](const Passage& passage) { return encode_passage(passage); });
  }
}

/// Only the good passages are compared: what was set apart has no form to be encoded in.
Result<WorkHistoryBatch> whole_batch(ByteView bytes) {
  SITEGATE_TRY(decoded, decode_work_history_batch(bytes));
  const std::size_t count =
      decoded.batch.passages.size() + decoded.batch.damaged.size() + decoded.refused.size();
  BOOST_REQUIRE(decoded.through == decoded.batch.first_sequence + count - 1);
  if (!decoded.refused.empty()) return fail(WireErrc::bad_value, "not whole");
  return decoded.batch;
}

BOOST_AUTO_TEST_CASE(batches) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    Random random(seed);
    check_hostile(seed, encode(random_batch(random, 3)), whole_batch,
                  [](const WorkHistoryBatch& batch) { return encode(batch); });
  }
}

BOOST_AUTO_TEST_CASE(receipts) {
  check_hostile(
      1, encode(plain_receipt()), [](ByteView bytes) { return decode_receipt(bytes); },
      [](const Receipt& receipt) { return encode(receipt); });
}

BOOST_AUTO_TEST_CASE(rosters) {
  check_hostile(
      1, encode(plain_roster()).value(), [](ByteView bytes) { return decode_site_roster(bytes); },
      [](const SiteRoster& roster) { return encode(roster).value(); });
}

BOOST_AUTO_TEST_CASE(health) {
  check_hostile(
      1, encode(plain_health()), [](ByteView bytes) { return decode_health(bytes); },
      [](const Health& one) { return encode(one); });
}

BOOST_AUTO_TEST_CASE(envelopes) {
  const auto key = crypto::SigningKey::from_seed({1});
  const auto sealed = seal(MessageKind::history, "gate-1", encode(plain_batch(2)), key);
  const auto key_of = [&](std::string_view) { return std::optional(key.public_key()); };
  const auto opens = [&](ByteView bytes) {
    return bool(open(bytes, MessageKind::history, batch_size_max, key_of));
  };
  Random random(1);
  BOOST_REQUIRE(opens(sealed.bytes));
  for (int i = 0; i < mutations_per_message; ++i) {
    BOOST_REQUIRE(!opens(random_bytes(random, 500)));
    Bytes bytes = sealed.bytes;
    mutate(random, bytes);
    BOOST_REQUIRE_MESSAGE(bytes == sealed.bytes || !opens(bytes), "mutation " << i);
  }
}

BOOST_AUTO_TEST_CASE(every_decoder_takes_bytes_at_any_address) {
  const auto shifted_by = [](std::size_t shift, const Bytes& bytes) {
    Bytes shifted(shift);
    shifted.insert(shifted.end(), bytes.begin(), bytes.end());
    return shifted;
  };
  for (std::size_t shift = 0; shift < 16; ++shift) {
    const auto view_of = [&](const Bytes& bytes) { return ByteView(bytes).subspan(shift); };
    const auto passage = shifted_by(shift, encode_passage(plain_passage(1)));
    const auto batch = shifted_by(shift, encode(plain_batch(3)));
    const auto receipt = shifted_by(shift, encode(plain_receipt()));
    const auto roster = shifted_by(shift, encode(plain_roster()).value());
    const auto health = shifted_by(shift, encode(plain_health()));
    BOOST_TEST((decode_passage(view_of(passage)).value() == plain_passage(1)));
    BOOST_TEST((decode_work_history_batch(view_of(batch)).value().batch == plain_batch(3)));
    BOOST_TEST((decode_receipt(view_of(receipt)).value() == plain_receipt()));
    BOOST_TEST((decode_site_roster(view_of(roster)).value() == plain_roster()));
    BOOST_TEST((decode_health(view_of(health)).value() == plain_health()));
  }
}

}  // namespace sitegate::wire::test
