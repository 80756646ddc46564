// The conformance suite of the store seam: what every engine must hold. The *_test.cpp files beside this one
// are written against Subject<Engine> and run for each engine in Engines; a second engine adds itself there.
//
// An Engine is default-constructible (a fresh, empty store), gives store(), and reopen() closes and opens it.
#pragma once
#include <boost/test/unit_test.hpp>
#include <memory>
#include <tuple>

#include "cloud/store/store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::cloud::tests {

/// The error's, for a test's message (which is built in any case).
template <typename T>
std::string words(const Result<T>& result) {
  return result ? "no error" : result.error().text();
}

class LmdbEngine {
 public:
  LmdbEngine() { open(); }
  Store& store() { return *store_; }
  void reopen() {
    store_.reset();
    open();
  }

 private:
  void open() {
    auto opened = open_store("lmdb:" + folder_.path().string(), {.map_size = std::size_t{1} << 30});
    BOOST_REQUIRE_MESSAGE(opened, words(opened));
    store_ = std::move(opened).value();
  }
  sitegate::tests::TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

using Engines = std::tuple<LmdbEngine>;

/// The value, or the test ends with the error's words.
template <typename T>
T need(Result<T> result) {
  BOOST_REQUIRE_MESSAGE(result, words(result));
  return std::move(result).value();
}
inline void need(Result<void> result) {
  BOOST_REQUIRE_MESSAGE(result, words(result));
}
template <typename T>
void refuses(StoreErrc what, const Result<T>& result) {
  BOOST_REQUIRE(!result);
  BOOST_TEST(is(result.error(), what), result.error().text());
}

template <typename Engine>
class Subject {
 public:
  Store& store() { return engine_.store(); }
  void reopen() { engine_.reopen(); }
  /// One committed transaction; afterwards the store is closed and opened.
  template <typename Change>
  void commit(Change&& change) {
    {
      auto transaction = need(store().begin_write());
      change(*transaction);
      need(transaction->commit());
    }
    reopen();
  }
  /// Asks, closes, opens, asks again.
  template <typename Check>
  void holds(Check&& check) {
    check(*need(store().begin_read()));
    reopen();
    check(*need(store().begin_read()));
  }

 private:
  Engine engine_;
};

// ---- a small world: company n, site n, technician n ----

inline CompanyId company_id(std::uint64_t n) {
  return CompanyId::from_number(10'000'000'000 + n).value();
}
inline SiteId site_id(std::uint64_t n) {
  return SiteId::from_number(20'000'000'000 + n).value();
}
inline TechnicianId technician_id(std::uint64_t n) {
  return TechnicianId::from_number(30'000'000'000 + n).value();
}
inline Prefecture prefecture(int code) {
  return Prefecture::from_code(code).value();
}
inline Date date(std::string_view text) {
  return parse_date(text).value();
}
inline UtcTime utc(std::string_view text) {
  return parse_utc(text).value();
}

inline Company company(std::uint64_t n) {
  return {.id = company_id(n),
          .name = "株式会社" + std::to_string(n),
          .prefecture = prefecture(13),
          .company_class = CompanyClass::corporation,
          .company_class_at_approval = CompanyClass::corporation,
          .approved_on = date("2020-06-15")};
}
inline Site site(std::uint64_t n) {
  return {.id = site_id(n),
          .name = "現場" + std::to_string(n),
          .prefecture = prefecture(27),
          .prime_contractor = company_id(1),
          .registered_on = date("2022-12-01"),
          .opens_on = date("2023-01-01"),
          .closes_on = date("2023-12-31"),
          .test_data = false,
          .settings = {}};
}
inline Technician technician(std::uint64_t n) {
  return {.id = technician_id(n),
          .name = "技能者" + std::to_string(n),
          .prefecture = prefecture(14),
          .registered_on = date("2021-04-01"),
          .company = company_id(1)};
}
inline RosterEntry roster_entry(std::uint64_t site, std::uint64_t technician) {
  return {.site = site_id(site),
          .technician = technician_id(technician),
          .company = company_id(1),
          .trade = 1001,
          .position = Position::worker,
          .from = date("2023-01-01"),
          .until = date("2023-12-31")};
}
inline CredentialAssignment card(std::uint64_t technician, Bytes uid,
                                 CardTechnology technology = CardTechnology::felica) {
  return {.technician = technician_id(technician),
          .credential = CardCredential{technology, std::move(uid)},
          .expires_on = {}};
}
inline GatewayId gateway_id(std::string_view text) {
  return GatewayId::parse(text).value();
}

/// Companies, sites and technicians 1 to `count`.
inline void put_world(WriteTransaction& writer, std::uint64_t count) {
  for (std::uint64_t n = 1; n <= count; ++n) {
    need(writer.put(company(n)));
    need(writer.put(site(n)));
    need(writer.put(technician(n)));
  }
}

inline WorkHistory history(std::uint64_t technician, std::uint64_t site, std::string_view day,
                           std::string_view entry = "", std::string_view exit = "") {
  WorkHistory one{.technician = technician_id(technician),
                  .site = site_id(site),
                  .work_date = date(day),
                  .first_entry = {},
                  .last_exit = {},
                  .method = Method::card,
                  .structure = {}};
  if (!entry.empty()) one.first_entry = utc(entry);
  if (!exit.empty()) one.last_exit = utc(exit);
  return one;
}

}  // namespace sitegate::cloud::tests
