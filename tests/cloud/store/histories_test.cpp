// Work histories: merged as the model says, exactly as given, whatever the order, however often.
#include <algorithm>
#include <random>

#include "shared/base/retry_delay.hpp"
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {
namespace {

void merge_all(WriteTransaction& writer, const std::vector<WorkHistory>& histories) {
  need(writer.merge_histories(histories));
}

/// Contributions of 20 technicians on 4 sites in 3 months, many of the same day, some without any time.
std::vector<WorkHistory> random_contributions(Random& random, std::size_t count) {
  std::vector<WorkHistory> all;
  for (std::size_t i = 0; i < count; ++i) {
    WorkHistory one = history(1 + random() % 20, 1 + random() % 4, "2023-05-01");
    one.work_date += std::chrono::days(random() % 92);
    const UtcTime noon = utc("2023-05-01T03:00:00.000Z") + (one.work_date - date("2023-05-01"));
    if (random() % 4 != 0) one.first_entry = noon - std::chrono::seconds(random() % 20'000);
    if (random() % 3 != 0) one.last_exit = noon + std::chrono::seconds(random() % 60'000);
    if (random() % 50 == 0) one.last_exit = noon + std::chrono::hours(24 * 365 * 40);
    if (random() % 50 == 0) one.last_exit = noon - std::chrono::hours(24 * 365 * 60);
    one.method = static_cast<Method>(1 + random() % method_max);
    one.structure.effective = random() % 2 == 0;
    if (random() % 3 != 0) {
      one.structure.company = company_id(1 + random() % 4);
      one.structure.tier = static_cast<std::uint8_t>(random() % 4);
      one.structure.trade = static_cast<TradeCode>(random() % 5600);
      one.structure.position = static_cast<Position>(random() % 4);
    }
    all.push_back(one);
  }
  return all;
}

std::vector<WorkHistory> all_histories(const ReadTransaction& reader) {
  std::vector<WorkHistory> all;
  for (std::uint64_t n = 1; n <= 20; ++n)
    for (const auto& one :
         need(reader.histories_of(technician_id(n), date("1900-01-01"), date("2199-12-31"))))
      all.push_back(one);
  return all;
}

/// The model's answer, by technician, date, site.
std::vector<WorkHistory> expected(const std::vector<WorkHistory>& contributions) {
  std::vector<WorkHistory> all;
  for (const WorkHistory& one : contributions) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const WorkHistory& other) {
      return other.technician == one.technician && other.site == one.site && other.work_date == one.work_date;
    });
    same == all.end() ? all.push_back(one) : static_cast<void>(*same = merge(*same, one));
  }
  std::sort(all.begin(), all.end(), [](const WorkHistory& a, const WorkHistory& b) {
    return std::tie(a.technician, a.work_date, a.site) < std::tie(b.technician, b.work_date, b.site);
  });
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_histories)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_history_is_read_as_it_was_merged, Engine, Engines) {
  Subject<Engine> subject;
  WorkHistory full = history(1, 1, "2023-07-31", "2023-07-30T22:50:00.000Z", "2023-07-31T09:00:01.000Z");
  full.method = Method::face;
  full.structure = {
      .company = company_id(2), .tier = 255, .trade = 9999, .position = Position::foreman, .effective = true};
  std::vector<WorkHistory> all{full, history(1, 1, "2023-07-01", "2023-06-30T15:00:00.000Z"),
                               history(1, 2, "2023-07-31", "", "2023-07-31T15:30:00.000Z"),
                               history(1, 1, "2023-06-30", "2023-06-29T15:00:00.000Z"),
                               history(2, 1, "2023-07-31")};
  all[3].structure.effective = true;
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 2);
    const MergeCounts counts = need(writer.merge_histories(all));
    BOOST_TEST(counts.added == all.size());
    BOOST_TEST(counts.changed + counts.unchanged == 0);
  });
  subject.holds([&](const ReadTransaction& reader) {
    for (const auto& one : all)
      BOOST_TEST((need(reader.work_history(one.technician, one.site, one.work_date)) == one));
    const auto of = [&](std::string_view from, std::string_view until) {
      return need(reader.histories_of(technician_id(1), date(from), date(until)));
    };
    BOOST_TEST((of("1900-01-01", "2199-12-31") == std::vector{all[3], all[1], all[0], all[2]}));
    BOOST_TEST((of("2023-07-01", "2023-07-30") == std::vector{all[1]}));
    BOOST_TEST((of("2023-07-31", "2023-07-31") == std::vector{all[0], all[2]}));
    BOOST_TEST(of("2023-08-01", "2023-07-01").empty());
    BOOST_TEST(!need(reader.work_history(technician_id(2), site_id(2), date("2023-07-31"))).has_value());
    BOOST_TEST((need(reader.technicians_on(site_id(1), date("2023-07-31"))) ==
                std::vector{technician_id(1), technician_id(2)}));
    BOOST_TEST(
        (need(reader.technicians_on(site_id(2), date("2023-07-31"))) == std::vector{technician_id(1)}));
    BOOST_TEST(need(reader.technicians_on(site_id(1), date("2023-07-02"))).empty());
  });
}

// A passage with a wrong clock may lie decades from its work date: nothing is cut.
BOOST_AUTO_TEST_CASE_TEMPLATE(times_far_from_the_work_date_are_exact, Engine, Engines) {
  Subject<Engine> subject;
  std::vector<WorkHistory> all;
  for (const auto* const text :
       {"1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.000Z", "2038-01-19T03:14:08.000Z",
        "2023-07-29T23:59:59.000Z", "2023-07-30T00:00:00.000Z", "2023-08-02T00:49:03.000Z",
        "2023-08-02T00:49:04.000Z", "2199-12-31T23:59:59.000Z"}) {
    const std::uint64_t n = all.size() / 2 + 1;
    all.push_back(history(n, 1, "2023-07-31", text));
    all.push_back(history(n, 2, "2023-07-31", "2023-07-31T01:00:00.000Z", text));
  }
  all.push_back(history(9, 1, "2023-07-31"));
  all.back().first_entry = UtcTime(std::chrono::seconds(9'000'000'000'000'000));
  all.back().last_exit = UtcTime(std::chrono::seconds(-9'000'000'000'000'000));
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 9);
    merge_all(writer, all);
  });
  subject.holds([&](const ReadTransaction& reader) {
    for (const auto& one : all)
      BOOST_TEST((need(reader.work_history(one.technician, one.site, one.work_date)) == one));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_cannot_be_kept_is_refused_and_changes_nothing, Engine, Engines) {
  Subject<Engine> subject;
  const WorkHistory good = history(1, 1, "2023-07-31", "2023-07-31T00:00:00.000Z");
  WorkHistory fraction = good;
  *fraction.first_entry += std::chrono::milliseconds(1);
  WorkHistory no_method = good;
  no_method.method = Method{};
  WorkHistory early = good;
  early.work_date = date("1900-01-01") - std::chrono::days(1);
  WorkHistory no_company = good;
  no_company.structure.company = company_id(9);
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 1);
    for (const auto& bad : {fraction, no_method, early})
      refuses(StoreErrc::invalid, writer.merge_histories(std::vector{good, bad}));
    for (const auto& bad : {no_company, history(9, 1, "2023-07-31"), history(1, 9, "2023-07-31")})
      refuses(StoreErrc::missing_reference, writer.merge_histories(std::vector{good, bad}));
  });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST(!need(reader.work_history(good.technician, good.site, good.work_date)).has_value());
    BOOST_TEST(need(reader.technicians_on(site_id(1), good.work_date)).empty());
    BOOST_TEST(need(reader.rollups()).histories.empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(merging_again_changes_nothing, Engine, Engines) {
  Subject<Engine> subject;
  Random random(7);
  const auto all = random_contributions(random, 2000);
  const auto histories = expected(all);
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 20);
    const MergeCounts counts = need(writer.merge_histories(all));
    BOOST_TEST(counts.added == histories.size());
    BOOST_TEST(counts.added + counts.changed + counts.unchanged == all.size());
  });
  const Rollups once = need(need(subject.store().begin_read())->rollups());
  subject.commit([&](WriteTransaction& writer) {
    const MergeCounts counts = need(writer.merge_histories(all));
    BOOST_TEST(counts.unchanged == all.size());
    BOOST_TEST(counts.added + counts.changed == 0);
  });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((all_histories(reader) == histories));
    BOOST_TEST((need(reader.rollups()) == once));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_order_and_the_cutting_into_calls_do_not_matter, Engine, Engines) {
  constexpr std::uint64_t seed = 1241884;
  BOOST_TEST_MESSAGE("seed " << seed);
  Random random(seed);
  auto all = random_contributions(random, 1500);
  const auto histories = expected(all);
  Rollups rollups;
  for (const std::size_t step : {std::size_t{1500}, std::size_t{97}, std::size_t{1}}) {
    Subject<Engine> subject;
    std::shuffle(all.begin(), all.end(), random);
    subject.commit([&](WriteTransaction& writer) {
      put_world(writer, 20);
      for (std::size_t i = 0; i < all.size(); i += step)
        need(writer.merge_histories(std::span(all).subspan(i, std::min(step, all.size() - i))));
    });
    if (step == all.size()) rollups = need(need(subject.store().begin_read())->rollups());
    subject.holds([&](const ReadTransaction& reader) {
      BOOST_TEST((all_histories(reader) == histories));
      BOOST_TEST((need(reader.rollups()) == rollups));
      BOOST_TEST((need(reader.recount({})) == rollups));
    });
  }
}

// A large site: its list does not fit one record, and people come in any order.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_site_with_many_people_a_day, Engine, Engines) {
  constexpr std::uint64_t people = 1200;
  Subject<Engine> subject;
  Random random(5);
  std::vector<WorkHistory> all;
  std::vector<TechnicianId> evens;
  for (std::uint64_t n = 1; n <= people; ++n) {
    all.push_back(history(n, 1, n % 2 == 0 ? "2023-07-30" : "2023-07-31", "2023-07-30T23:00:00.000Z"));
    if (n % 2 == 0) evens.push_back(technician_id(n));
  }
  std::shuffle(all.begin(), all.end(), random);
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 1);
    for (std::uint64_t n = 2; n <= people; ++n) need(writer.put(technician(n)));
    for (std::size_t i = 0; i < all.size(); i += 100)
      need(writer.merge_histories(std::span(all).subspan(i, 100)));
  });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.technicians_on(site_id(1), date("2023-07-30"))) == evens));
    BOOST_TEST(need(reader.technicians_on(site_id(1), date("2023-07-31"))).size() == people - evens.size());
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
