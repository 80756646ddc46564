// Whole days go the same way as passages.
#include "tests/cloud/registration/registration_fixture.hpp"

namespace sitegate::cloud::tests {
namespace {

/// What passage() gives, as a day.
WorkedDay worked_day(std::uint64_t technician) {
  return {.technician = technician_id(technician),
          .site = site_id(1),
          .work_date = date(sample_day),
          .first_entry = utc("2023-07-30T23:00:00.000Z"),
          .last_exit = {},
          .method = Method::card};
}

void put_structured_world(WriteTransaction& writer) {
  put_world(writer, 2);
  need(writer.put(ContractStructureEntry{.site = site_id(1),
                                         .company = company_id(1),
                                         .upper_company = {},
                                         .approved = true,
                                         .registered_by = "CCUS"}));
  need(writer.put(roster_entry(1, 1)));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registration_days)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_day_says_what_its_passage_says, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_structured_world(writer);
    const auto counts = need(register_days(writer, std::vector{worked_day(1), worked_day(2), worked_day(1)}));
    BOOST_TEST(numbers(counts) == numbers(2, 0, 1, 0), boost::test_tools::per_element());
  });
  BOOST_TEST(sample_history(subject, 1)->structure.effective);
  BOOST_TEST(!sample_history(subject, 2)->structure.effective);
  const std::vector same{batch(1, {passage(technician_id(1), 1), passage(technician_id(2), 2)})};
  BOOST_TEST(numbers(register_and_commit(subject, same)) == numbers(0, 0, 2, 0),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_exit_that_comes_later_completes_the_day, Engine, Engines) {
  Subject<Engine> subject;
  WorkedDay exit = worked_day(1);
  exit.first_entry = {};
  exit.last_exit = utc("2023-07-31T09:00:00.000Z");
  exit.method = Method::face;
  WorkedDay without_times = worked_day(1);
  without_times.first_entry = {};
  subject.commit([&](WriteTransaction& writer) {
    put_structured_world(writer);
    const auto counts =
        need(register_days(writer, std::vector{without_times, exit, worked_day(1), without_times}));
    BOOST_TEST(numbers(counts) == numbers(1, 2, 1, 0), boost::test_tools::per_element());
  });
  subject.holds([&](const ReadTransaction& reader) {
    const auto found = need(reader.work_history(technician_id(1), site_id(1), date(sample_day)));
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST((found->first_entry == worked_day(1).first_entry));
    BOOST_TEST((found->last_exit == exit.last_exit));
    BOOST_TEST((found->method == Method::card));
    BOOST_TEST((need(reader.rollups()) == need(reader.recount({}))));
  });
}

// A day that is known to have counted, e.g. from the national record, counts whatever the period is now.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_sites_period_is_not_asked, Engine, Engines) {
  Subject<Engine> subject;
  WorkedDay late = worked_day(1);
  late.work_date = date("2024-01-01");
  subject.commit([&](WriteTransaction& writer) {
    put_structured_world(writer);
    BOOST_TEST(need(register_days(writer, {&late, 1})).added == 1);
  });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST(need(reader.work_history(late.technician, late.site, late.work_date)).has_value());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(who_and_where_must_be_registered, Engine, Engines) {
  Subject<Engine> subject;
  WorkedDay elsewhere = worked_day(1);
  elsewhere.site = site_id(9);
  WorkedDay fraction = worked_day(1);
  *fraction.first_entry += std::chrono::milliseconds(1);
  subject.commit([&](WriteTransaction& writer) {
    put_structured_world(writer);
    refuses(StoreErrc::missing_reference, register_days(writer, std::vector{worked_day(1), worked_day(9)}));
    refuses(StoreErrc::missing_reference, register_days(writer, std::vector{worked_day(1), elsewhere}));
    refuses(StoreErrc::invalid, register_days(writer, std::vector{worked_day(1), fraction}));
    BOOST_TEST(numbers(need(register_days(writer, {}))) == numbers(0, 0, 0, 0),
               boost::test_tools::per_element());
  });
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST(!need(reader.work_history(technician_id(1), site_id(1), date(sample_day))).has_value());
    BOOST_TEST(need(reader.rollups()).histories.empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
