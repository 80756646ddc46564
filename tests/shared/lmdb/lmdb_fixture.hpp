// One environment in a folder of its own, with one table.
#pragma once
#include <boost/test/unit_test.hpp>

#include "shared/lmdb/environment.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::lmdb::tests {

/// The value, or the test ends with the error's words.
template <typename T>
T need(Result<T> result) {
  BOOST_REQUIRE_MESSAGE(result, (result ? std::string() : result.error().text()));
  return std::move(result).value();
}
inline void need(Result<void> result) {
  BOOST_REQUIRE_MESSAGE(result, (result ? std::string() : result.error().text()));
}
template <typename T>
void refuses(Errc what, const Result<T>& result) {
  BOOST_REQUIRE(!result);
  BOOST_TEST(is(result.error(), what), result.error().text());
}

class LmdbFixture {
 public:
  LmdbFixture() { open({}); }
  /// Closes what is open.
  void open(const Options& options) {
    environment.reset();
    environment = need(Environment::open(folder.path(), options));
    table = need(environment->table("entries"));
  }
  /// As a new transaction sees it.
  [[nodiscard]] std::optional<std::string> value_of(std::string_view key) const {
    const auto transaction = need(environment->begin_read());
    const auto found = need(transaction.get(table, as_bytes(key)));
    return found ? std::optional(std::string(as_text(*found))) : std::nullopt;
  }
  [[nodiscard]] std::uint64_t count() const { return need(need(environment->begin_read()).count(table)); }
  /// One committed transaction.
  void put(std::string_view key, std::string_view value) {
    auto transaction = need(environment->begin_write());
    need(transaction.put(table, as_bytes(key), as_bytes(value)));
    need(transaction.commit());
  }

  sitegate::tests::TemporaryFolder folder;
  std::unique_ptr<Environment> environment;
  Table table = 0;
};

}  // namespace sitegate::lmdb::tests
