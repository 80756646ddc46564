// What the outbox's tests share: a folder, opening again and again, and bytes that tell which entry they
// belong to.
#pragma once
#include <boost/test/unit_test.hpp>
#include <string>

#include "edge/outbox/outbox.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::edge::testing {

inline constexpr std::size_t all = static_cast<std::size_t>(-1);
inline const UtcTime morning = *parse_utc("2023-07-31T07:50:00.000Z");

/// The size varies with the sequence; the text names it.
inline Bytes entry_bytes(Sequence sequence, std::size_t size = 0) {
  std::string text = "passage " + std::to_string(sequence) + "|";
  text.resize(size > 0 ? size : text.size() + sequence * 37 % 300, static_cast<char>('a' + sequence % 26));
  return to_bytes(as_bytes(text));
}

inline Bytes envelope_bytes(Sequence first, Sequence through, std::size_t size = 0) {
  std::string text = "batch " + std::to_string(first) + " to " + std::to_string(through) + "|";
  text.resize(size > 0 ? size : text.size() + first * 911 % 9000, static_cast<char>('A' + first % 26));
  return to_bytes(as_bytes(text));
}

inline Digest hash_of(Sequence through) {
  Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(through * 7 + i);
  return digest;
}

template <typename T>
T must(Result<T> result) {
  if (!result) BOOST_FAIL(result.error().text());
  return std::move(result).value();
}
inline void must(Result<void> result) {
  if (!result) BOOST_FAIL(result.error().text());
}
template <typename T>
void fails_with(const Result<T>& result, OutboxErrc expected) {
  BOOST_REQUIRE(!result);
  BOOST_TEST(is(result.error(), expected), result.error().text());
}

struct OutboxFixture {
  /// Closes what was open first.
  Outbox& reopen() {
    outbox.reset();
    outbox = must(Outbox::open(folder.path(), options, chance));
    return *outbox;
  }
  void append(Sequence through) {
    for (Sequence next = outbox->state().next_sequence; next <= through; ++next)
      BOOST_REQUIRE_EQUAL(must(outbox->append(entry_bytes(next))), next);
  }
  void seal(Sequence first, Sequence through, UtcTime at = morning) {
    must(outbox->seal(first, through, envelope_bytes(first, through), hash_of(through), at));
  }

  sitegate::tests::TemporaryFolder folder;
  OutboxOptions options;
  Random chance{2023};
  std::unique_ptr<Outbox> outbox;
};

}  // namespace sitegate::edge::testing
