// Every message comes out as it went in, with every field at its limits.
#include <boost/test/unit_test.hpp>

#include "shared/wire/errc.hpp"
#include "shared/wire/passage.hpp"
#include "tests/shared/wire/random_messages.hpp"

namespace sitegate::wire::test {

constexpr std::uint64_t seeds = 200;

BOOST_AUTO_TEST_CASE(a_passage_comes_out_as_it_went_in) {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    Random random(seed);
    const Passage passage = random_passage(random, random_number(random, 0, ~Sequence{0}));
    const auto decoded = decode_passage(encode_passage(passage));
    BOOST_REQUIRE_MESSAGE(decoded, "seed " << seed << ": " << why(decoded));
    BOOST_REQUIRE_MESSAGE(decoded.value() == passage, "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(a_batch_comes_out_as_it_went_in) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Random random(seed);
    const auto batch = random_batch(random, 1 + random() % 20);
    const auto decoded = decode_work_history_batch(encode(batch));
    BOOST_REQUIRE_MESSAGE(decoded, "seed " << seed << ": " << why(decoded));
    BOOST_REQUIRE_MESSAGE(decoded.value().batch == batch, "seed " << seed);
    BOOST_TEST(decoded.value().refused.empty());
    const std::size_t count = batch.passages.size() + batch.damaged.size();
    BOOST_TEST(decoded.value().through == batch.first_sequence + count - 1);
  }
}

BOOST_AUTO_TEST_CASE(a_batch_of_the_most_and_largest_passages_is_taken) {
  auto batch = plain_batch(batch_passages_max);
  for (auto& passage : batch.passages) {
    const auto number = std::to_string(passage.sequence);
    passage.person = CardCredential{CardTechnology::felica, Bytes(card_uid_size_max, 0xff)};
    passage.gate = std::string(name_size_max - number.size(), 'g') + number;
    passage.reader = std::string(name_size_max - number.size(), 'r') + number;
    passage.evidence.assign(evidence_count_max, {Method::face, 0.5F, 36.5F});
    passage.monotonic = MonotonicTime{1};
    passage.clock_state = ClockState::unsynchronised;
  }
  const Bytes bytes = encode(batch);
  BOOST_TEST(bytes.size() <= batch_size_max);
  const auto decoded = decode_work_history_batch(bytes);
  BOOST_REQUIRE(decoded);
  BOOST_TEST((decoded.value().batch == batch));
}

BOOST_AUTO_TEST_CASE(a_batch_of_nothing_but_damaged_passages_is_taken) {
  auto batch = plain_batch(0);
  batch.damaged = {1, 2, 3};
  const auto decoded = decode_work_history_batch(encode(batch));
  BOOST_REQUIRE(decoded);
  BOOST_TEST((decoded.value().batch == batch));
  BOOST_TEST(decoded.value().through == 3U);
}

BOOST_AUTO_TEST_CASE(a_receipt_comes_out_as_it_went_in) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Random random(seed);
    const auto receipt = random_receipt(random);
    const auto decoded = decode_receipt(encode(receipt));
    BOOST_REQUIRE_MESSAGE(decoded, "seed " << seed << ": " << why(decoded));
    BOOST_REQUIRE_MESSAGE(decoded.value() == receipt, "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(a_roster_comes_out_as_it_went_in) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Random random(seed);
    const auto roster = random_roster(random, random() % 40);
    const auto decoded = decode_site_roster(encode(roster).value());
    BOOST_REQUIRE_MESSAGE(decoded, "seed " << seed << ": " << why(decoded));
    BOOST_REQUIRE_MESSAGE(decoded.value() == roster, "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(a_roster_of_the_most_technicians_is_taken) {
  auto roster = plain_roster();
  const auto technician = roster.technicians.front();
  roster.removed.clear();
  roster.technicians.assign(roster_technicians_max, technician);
  const Bytes bytes = encode(roster).value();
  BOOST_TEST(bytes.size() <= roster_size_max);
  const auto decoded = decode_site_roster(bytes);
  BOOST_REQUIRE(decoded);
  BOOST_TEST((decoded.value() == roster));
}

BOOST_AUTO_TEST_CASE(a_roster_that_could_not_be_read_is_not_made) {
  const auto refusal = [](const SiteRoster& roster) {
    const auto encoded = encode(roster);
    return !encoded && is(encoded.error(), WireErrc::too_large);
  };
  auto roster = plain_roster();
  auto technician = roster.technicians.front();
  roster.removed.clear();
  roster.technicians.assign(roster_technicians_max + 1, technician);
  BOOST_TEST(refusal(roster));
  technician.credentials.assign(technician_credentials_max, {UhfTagCredential{Bytes(62, 7)}, std::nullopt});
  roster.technicians.assign(roster_technicians_max / 2, technician);
  BOOST_TEST(refusal(roster));
}

BOOST_AUTO_TEST_CASE(health_comes_out_as_it_went_in) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    Random random(seed);
    const auto health = random_health(random);
    const auto decoded = decode_health(encode(health));
    BOOST_REQUIRE_MESSAGE(decoded, "seed " << seed << ": " << why(decoded));
    BOOST_REQUIRE_MESSAGE(decoded.value() == health, "seed " << seed);
  }
}

}  // namespace sitegate::wire::test
