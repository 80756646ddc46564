// Counters: always what a recount of the records says, whatever was changed.
#include "shared/base/retry_delay.hpp"
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {

BOOST_AUTO_TEST_SUITE(store_rollups)

BOOST_AUTO_TEST_CASE_TEMPLATE(cells_by_month_and_kind, Engine, Engines) {
  Subject<Engine> subject;
  Company sole = company(2);
  sole.company_class = CompanyClass::sole_proprietor;
  Site test_site = site(2);
  test_site.test_data = true;
  WorkHistory effective = history(1, 1, "2023-07-31");
  effective.structure.effective = true;
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 1);
    need(writer.put(sole));
    need(writer.put(test_site));
    need(writer.put(technician(2)));
    need(writer.merge_histories(std::vector{effective, history(1, 1, "2023-07-01"),
                                            history(1, 1, "2023-06-30"), history(2, 1, "2023-07-01"),
                                            history(1, 2, "2023-07-01")}));
  });
  const auto month = [](std::string_view text) { return parse_month(text).value(); };
  const Rollups rollups{.histories = {{month("2023-06"), prefecture(27), Method::card, false, 1},
                                      {month("2023-07"), prefecture(27), Method::card, false, 2},
                                      {month("2023-07"), prefecture(27), Method::card, true, 1}},
                        .technicians = {{month("2021-04"), prefecture(14), 2}},
                        .companies = {{month("2020-06"), prefecture(13), CompanyClass::corporation,
                                       CompanyClass::corporation, 1},
                                      {month("2020-06"), prefecture(13), CompanyClass::sole_proprietor,
                                       CompanyClass::corporation, 1}},
                        .sites = {{month("2022-12"), prefecture(27), 1}}};
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.rollups()) == rollups));
    std::uint64_t read = 0;
    BOOST_TEST((need(reader.recount([&](std::uint64_t so_far) { read = so_far; })) == rollups));
    BOOST_TEST(read == 5);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_change_in_the_registry_moves_the_counters, Engine, Engines) {
  Subject<Engine> subject;
  Technician moved = technician(1);
  moved.prefecture = prefecture(1);
  Company became = company(2);
  became.company_class = CompanyClass::sole_proprietor;
  Site site_moved = site(1);
  site_moved.prefecture = prefecture(47);
  Site now_test = site(2);
  now_test.test_data = true;
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 2);
    need(writer.merge_histories(
        std::vector{history(1, 1, "2023-07-31"), history(1, 1, "2023-05-31"), history(1, 2, "2023-05-31")}));
  });
  subject.commit([&](WriteTransaction& writer) {
    need(writer.put(moved));
    need(writer.put(became));
    need(writer.merge_histories(std::vector{history(2, 1, "2023-05-31"), history(2, 2, "2023-05-31")}));
    need(writer.put(site_moved));
    need(writer.put(now_test));
    need(writer.merge_histories(std::vector{history(2, 1, "2023-05-30"), history(2, 2, "2023-05-30")}));
  });
  subject.holds([&](const ReadTransaction& reader) {
    const Rollups rollups = need(reader.rollups());
    BOOST_TEST((rollups == need(reader.recount({}))));
    BOOST_REQUIRE(rollups.histories.size() == 2);
    BOOST_TEST((rollups.histories[0].prefecture == prefecture(47) && rollups.histories[0].count == 3));
    BOOST_TEST((rollups.histories[1].prefecture == prefecture(47) && rollups.histories[1].count == 1));
    BOOST_TEST(rollups.technicians.size() == 2);
    BOOST_TEST(rollups.companies.size() == 2);
    BOOST_TEST(rollups.sites.size() == 1);
  });
  subject.commit([&](WriteTransaction& writer) { need(writer.put(site(2))); });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.rollups()) == need(reader.recount({}))));
    BOOST_TEST(need(reader.rollups()).histories.size() == 3);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_recount_agrees_after_anything, Engine, Engines) {
  constexpr std::uint64_t seed = 96993947;
  BOOST_TEST_MESSAGE("seed " << seed);
  Random random(seed);
  const auto any = [&](std::uint64_t below) { return random() % below; };
  const auto any_prefecture = [&] { return prefecture(static_cast<int>(1 + any(47))); };
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 12); });
  for (int round = 0; round < 10; ++round) {
    auto writer = need(subject.store().begin_write());
    for (int step = 0; step < 40; ++step) {
      Technician one = technician(1 + any(20));
      one.prefecture = any_prefecture();
      one.registered_on += std::chrono::days(any(100));
      Company firm = company(1 + any(20));
      firm.company_class = static_cast<CompanyClass>(1 + any(3));
      Site place = site(1 + any(12));
      place.prefecture = any_prefecture();
      place.test_data = any(4) == 0;
      std::vector<WorkHistory> some;
      for (std::uint64_t i = any(30); i > 0; --i) {
        WorkHistory work = history(1 + any(12), 1 + any(12), "2023-06-01", "2023-06-01T00:00:00.000Z");
        work.work_date += std::chrono::days(any(60));
        *work.first_entry += std::chrono::hours(any(100));
        work.method = static_cast<Method>(1 + any(method_max));
        work.structure.effective = any(2) == 0;
        some.push_back(work);
      }
      need(writer->put(one));
      need(writer->put(firm));
      if (any(3) == 0) need(writer->put(place));
      need(writer->merge_histories(some));
    }
    BOOST_TEST((need(writer->rollups()) == need(writer->recount({}))));
    if (any(4) != 0) need(writer->commit());
    writer.reset();
    subject.reopen();
    const auto reader = need(subject.store().begin_read());
    BOOST_TEST((need(reader->rollups()) == need(reader->recount({}))));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
