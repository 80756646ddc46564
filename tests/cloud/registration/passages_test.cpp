// Passages become histories: times, method, who holds the card; neither order nor repetition matters.
#include <algorithm>
#include <random>

#include "shared/base/retry_delay.hpp"
#include "tests/cloud/registration/registration_fixture.hpp"

namespace sitegate::cloud::tests {
namespace {

Passage at(Direction direction, std::string_view time, Method method, Sequence sequence) {
  Passage one = passage(technician_id(1), sequence);
  one.direction = direction;
  one.event_time = utc(time);
  one.evidence.front().method = method;
  return one;
}

/// Of 6 technicians, by ID and by card, some of which nobody holds, some not let through.
std::vector<RegistrationBatch> random_batches(Random& random, std::size_t count) {
  std::vector<RegistrationBatch> all;
  for (std::size_t i = 0; i < count; ++i) {
    const auto person = static_cast<std::uint8_t>(1 + random() % 6);
    Passage one = passage(technician_id(person), i + 1);
    if (random() % 3 == 0) one.person = read_card({person, 0, 0, static_cast<std::uint8_t>(random() % 4)});
    one.direction = random() % 2 == 0 ? Direction::entry : Direction::exit;
    one.evidence.front().method = static_cast<Method>(1 + random() % method_max);
    one.work_date += std::chrono::days(random() % 3);
    one.event_time += std::chrono::milliseconds(random() % 10'000);
    one.gate_opened = random() % 5 != 0;
    if (!one.gate_opened) one.admission = Admission::not_on_roster;
    all.push_back(batch(1 + random() % 2, {one}));
  }
  return all;
}

void put_random_world(WriteTransaction& writer) {
  put_world(writer, 6);
  need(writer.put(ContractStructureEntry{.site = site_id(1),
                                         .company = company_id(1),
                                         .upper_company = {},
                                         .approved = true,
                                         .registered_by = "CCUS"}));
  for (std::uint8_t n = 1; n <= 6; ++n) {
    need(writer.put(card(n, {n, 0, 0, 0})));
    if (n % 2 == 0) need(writer.put(roster_entry(1, n)));
  }
}

struct Outcome {
  std::vector<WorkHistory> histories;
  std::vector<UnregisteredPassage> unregistered;
  Rollups rollups;
  bool operator==(const Outcome&) const = default;
};

Outcome outcome(const ReadTransaction& reader) {
  Outcome found;
  for (std::uint64_t n = 1; n <= 6; ++n)
    for (auto& one : need(reader.histories_of(technician_id(n), date("1900-01-01"), date("2199-12-31"))))
      found.histories.push_back(std::move(one));
  for (std::uint64_t n = 1; n <= 2; ++n)
    for (auto& one : need(reader.unregistered_passages(site_id(n), 10'000)))
      found.unregistered.push_back(std::move(one));
  found.rollups = need(reader.rollups());
  BOOST_TEST((need(reader.recount({})) == found.rollups));
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registration_passages)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_day_is_its_first_entry_and_its_last_exit, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 1); });
  const std::vector day{at(Direction::exit, "2023-07-31T03:00:00.999Z", Method::qr, 1),
                        at(Direction::entry, "2023-07-31T04:00:00.000Z", Method::card, 2),
                        at(Direction::entry, "2023-07-30T23:00:00.999Z", Method::face, 3),
                        at(Direction::exit, "2023-07-31T09:00:00.001Z", Method::phone, 4)};
  const auto counts = register_and_commit(subject, {batch(1, day)});
  BOOST_TEST(numbers(counts) == numbers(1, 3, 0, 0), boost::test_tools::per_element());
  subject.holds([&](const ReadTransaction& reader) {
    WorkHistory expected = history(1, 1, sample_day, "2023-07-30T23:00:00.000Z", "2023-07-31T09:00:00.000Z");
    expected.method = Method::face;
    BOOST_TEST(
        (need(reader.work_history(expected.technician, expected.site, expected.work_date)) == expected));
    BOOST_TEST(need(reader.unregistered_passages(site_id(1), 10)).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_same_batch_again_changes_nothing, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 2); });
  Passage shut = passage(technician_id(2), 2);
  shut.gate_opened = false;
  shut.admission = Admission::not_on_roster;
  const std::vector both{batch(1, {passage(technician_id(1)), shut})};
  BOOST_TEST(numbers(register_and_commit(subject, both)) == numbers(1, 0, 0, 1),
             boost::test_tools::per_element());
  const Rollups once = need(need(subject.store().begin_read())->rollups());
  BOOST_TEST(numbers(register_and_commit(subject, both)) == numbers(0, 0, 1, 1),
             boost::test_tools::per_element());
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST(need(reader.unregistered_passages(site_id(1), 10)).size() == 1);
    BOOST_TEST((need(reader.technicians_on(site_id(1), date(sample_day))) == std::vector{technician_id(1)}));
    BOOST_TEST((need(reader.rollups()) == once));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(neither_order_nor_cutting_nor_repetition_matters, Engine, Engines) {
  constexpr std::uint64_t seed = 1904;
  BOOST_TEST_MESSAGE("seed " << seed);
  Random random(seed);
  auto all = random_batches(random, 400);
  std::optional<Outcome> first;
  for (const std::size_t step : {std::size_t{400}, std::size_t{37}}) {
    Subject<Engine> subject;
    subject.commit(put_random_world);
    for (std::size_t i = 0; i < all.size(); i += step) {
      const auto end = std::min(i + step, all.size());
      register_and_commit(subject, {all.begin() + static_cast<std::ptrdiff_t>(i / 2),
                                    all.begin() + static_cast<std::ptrdiff_t>(end)});
    }
    subject.holds([&](const ReadTransaction& reader) {
      const Outcome found = outcome(reader);
      if (!first) first = found;
      BOOST_TEST((found == *first));
    });
    std::shuffle(all.begin(), all.end(), random);
  }
  BOOST_TEST(first->histories.size() > 20);
  BOOST_TEST(first->unregistered.size() > 20);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_card_the_gateway_did_not_know_is_resolved_by_the_registry, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 3);
    need(writer.put(card(1, {1, 2, 3, 4}, CardTechnology::felica)));
    need(writer.put(card(2, {1, 2, 3, 4}, CardTechnology::iso14443a)));
    need(writer.put(card(3, {7, 7, 7, 7}, CardTechnology::unknown)));
  });
  const auto unknown_there = [](Credential credential, Sequence sequence) {
    Passage one = passage(std::move(credential), sequence);
    one.admission = Admission::unknown_credential;
    return one;
  };
  const auto counts = register_and_commit(
      subject, {batch(1, {unknown_there(read_card({1, 2, 3, 4}, CardTechnology::iso14443a), 1),
                          unknown_there(read_card({7, 7, 7, 7}, CardTechnology::iso14443b), 2)})});
  BOOST_TEST(numbers(counts) == numbers(2, 0, 0, 0), boost::test_tools::per_element());
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.technicians_on(site_id(1), date(sample_day))) ==
                std::vector{technician_id(2), technician_id(3)}));
  });
}

// One person registered the same UID as read by two devices that name its technology differently.
BOOST_AUTO_TEST_CASE_TEMPLATE(two_assignments_of_one_holder_are_not_ambiguous, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 1);
    need(writer.put(card(1, {1, 2, 3, 4}, CardTechnology::iso14443a)));
    need(writer.put(card(1, {1, 2, 3, 4}, CardTechnology::unknown)));
  });
  const auto counts =
      register_and_commit(subject, {batch(1, {passage(read_card({1, 2, 3, 4}, CardTechnology::unknown))})});
  BOOST_TEST(numbers(counts) == numbers(1, 0, 0, 0), boost::test_tools::per_element());
  BOOST_TEST(sample_history(subject, 1).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(without_a_commit_nothing_is_registered, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 1); });
  const std::vector one{batch(1, {passage(technician_id(1)), passage(technician_id(9), 2)})};
  BOOST_TEST(need(register_passages(*need(subject.store().begin_write()), one)).added == 1);
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST(!need(reader.work_history(technician_id(1), site_id(1), date(sample_day))).has_value());
    BOOST_TEST(need(reader.unregistered_passages(site_id(1), 10)).empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
