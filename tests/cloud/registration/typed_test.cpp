// What a clerk typed (PC入力) awaits approval: it is listed, and counts as if it had never been sent.
#include "shared/base/retry_delay.hpp"
#include "tests/cloud/registration/registration_fixture.hpp"

namespace sitegate::cloud::tests {
namespace {

Passage typed(TechnicianId technician, Sequence sequence, Method method = Method::typed) {
  Passage one = passage(technician, sequence);
  one.evidence.front().method = method;
  one.typed = TypedEntry{"田中", "カード忘れ", utc("2023-07-31T01:00:00.000Z"), 0};
  return one;
}

/// Of technicians 1 to 4, some by cards that nobody holds, some not let through; one in three typed.
std::vector<Passage> random_mix(Random& random, std::size_t count) {
  std::vector<Passage> all;
  for (Sequence n = 1; n <= count; ++n) {
    const auto person = technician_id(1 + random() % 4);
    const auto method = static_cast<Method>(1 + random() % method_max);
    const bool by_clerk = random() % 3 == 0;
    Passage one = by_clerk ? typed(person, n, method) : passage(person, n);
    if (!by_clerk && method != Method::typed) one.evidence.front().method = method;
    if (random() % 6 == 0) one.person = read_card({9, 9, static_cast<std::uint8_t>(random() % 4)});
    one.direction = random() % 2 == 0 ? Direction::entry : Direction::exit;
    one.gate_opened = random() % 5 != 0;
    one.work_date += std::chrono::days(random() % 3);
    one.event_time += std::chrono::milliseconds(random() % 100'000);
    all.push_back(one);
  }
  return all;
}

struct Counted {
  std::vector<WorkHistory> histories;
  std::vector<UnregisteredPassage> unregistered;
  Rollups rollups;
  std::vector<TypedPassage> typed;
};

Counted counted(const ReadTransaction& reader) {
  Counted all;
  for (std::uint64_t n = 1; n <= 4; ++n)
    for (const auto& one :
         need(reader.histories_of(technician_id(n), date("2023-01-01"), date("2024-01-01"))))
      all.histories.push_back(one);
  all.unregistered = need(reader.unregistered_passages(site_id(1), 10'000));
  all.rollups = need(reader.rollups());
  BOOST_TEST((need(reader.recount({})) == all.rollups));
  all.typed = need(reader.typed_passages(site_id(1), 10'000));
  return all;
}

/// In batches of up to 10.
std::vector<RegistrationBatch> in_batches(const std::vector<Passage>& passages) {
  std::vector<RegistrationBatch> batches;
  for (std::size_t i = 0; i < passages.size(); ++i) {
    if (i % 10 == 0) batches.push_back(batch(1, {}));
    batches.back().passages.push_back(passages[i]);
  }
  return batches;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registration_typed)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_typed_passage_awaits_approval_and_makes_no_history, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 1); });
  const Passage one = typed(technician_id(1), 5);
  const auto counts = register_and_commit(subject, {batch(1, {one})});
  BOOST_TEST(numbers(counts) == numbers(0, 0, 0, 0), boost::test_tools::per_element());
  BOOST_TEST(counts.awaiting == 1);
  BOOST_TEST(!sample_history(subject, 1).has_value());
  subject.holds([&](const ReadTransaction& reader) {
    const auto listed = need(reader.typed_passages(site_id(1), 10));
    BOOST_REQUIRE(listed.size() == 1);
    BOOST_TEST(
        (listed[0] == TypedPassage{{gateway_id("gate-1"), 7, 5}, site_id(1), one, Approval::awaiting}));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(whatever_method_a_typed_passage_names_it_does_not_count, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 1); });
  Sequence sequence = 0;
  for (std::uint8_t method = 1; method <= method_max; ++method)
    BOOST_TEST(register_and_commit(
                   subject, {batch(1, {typed(technician_id(1), ++sequence, static_cast<Method>(method))})})
                   .awaiting == 1);
  BOOST_TEST(!sample_history(subject, 1).has_value());
  BOOST_TEST(need(need(subject.store().begin_read())->typed_counts()).front().awaiting == method_max);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(typed_by_nobody_is_kept_with_the_reason, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 1); });
  Passage alone = typed(technician_id(1), 1);
  alone.typed.reset();
  Passage second = passage(technician_id(1), 2);
  second.evidence.push_back({.method = Method::typed, .confidence = {}, .body_temperature_c = {}});
  const auto counts = register_and_commit(subject, {batch(1, {alone, second})});
  BOOST_TEST(numbers(counts) == numbers(0, 0, 0, 2), boost::test_tools::per_element());
  BOOST_TEST(counts.awaiting == 0);
  subject.holds([&](const ReadTransaction& reader) {
    const auto kept = need(reader.unregistered_passages(site_id(1), 10));
    BOOST_REQUIRE(kept.size() == 2);
    BOOST_TEST(kept[0].reason == "typed_without_author");
    BOOST_TEST((kept[0].passage == alone));
    BOOST_TEST(kept[1].reason == "typed_without_author");
    BOOST_TEST(need(reader.typed_counts()).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(any_mix_counts_as_without_the_typed_ones, Engine, Engines) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Random random(seed);
    const auto mix = random_mix(random, 200);
    std::vector<Passage> seen;
    std::copy_if(mix.begin(), mix.end(), std::back_inserter(seen),
                 [](const Passage& one) { return !one.typed; });
    Subject<Engine> with_typed;
    Subject<Engine> without;
    with_typed.commit([](WriteTransaction& writer) { put_world(writer, 3); });
    without.commit([](WriteTransaction& writer) { put_world(writer, 3); });
    register_and_commit(with_typed, in_batches(mix));
    register_and_commit(with_typed, in_batches(mix));  // again: nothing changes
    register_and_commit(without, in_batches(seen));
    const Counted a = counted(*need(with_typed.store().begin_read()));
    const Counted b = counted(*need(without.store().begin_read()));
    BOOST_TEST(!a.histories.empty());
    BOOST_TEST((a.histories == b.histories), "seed " << seed);
    BOOST_TEST((a.unregistered == b.unregistered), "seed " << seed);
    BOOST_TEST((a.rollups == b.rollups), "seed " << seed);
    BOOST_TEST(a.typed.size() == mix.size() - seen.size());
    BOOST_TEST(b.typed.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
