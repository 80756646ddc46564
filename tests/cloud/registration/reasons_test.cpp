// Passages that make no history are kept whole, with the reason's word.
#include "tests/cloud/registration/registration_fixture.hpp"

namespace sitegate::cloud::tests {
namespace {

/// Registers the passage alone and tells why it made no history; "" if it made one.
template <typename Engine>
std::string reason_of(Subject<Engine>& subject, std::uint64_t site, const Passage& one) {
  const auto counts = register_and_commit(subject, {batch(site, {one})});
  const auto kept = need(need(subject.store().begin_read())->unregistered_passages(site_id(site), 1000));
  for (const auto& item : kept) {
    if (item.event.sequence != one.sequence) continue;
    BOOST_TEST((item.event == EventId{gateway_id("gate-1"), 7, one.sequence}));
    BOOST_TEST((item.passage == one));
    BOOST_TEST(numbers(counts) == numbers(0, 0, 0, 1), boost::test_tools::per_element());
    return item.reason;
  }
  BOOST_TEST(counts.unregistered == 0);
  return {};
}

Passage on(std::string_view day, Sequence sequence) {
  Passage one = passage(technician_id(1), sequence);
  one.work_date = date(day);
  return one;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registration_reasons)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_gate_that_stayed_shut_gives_the_admissions_word, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 1);
    need(writer.put(card(1, {1, 2, 3, 4})));
  });
  const std::vector<std::pair<Admission, std::string>> words{
      {Admission::unknown_credential, "unknown_credential"},
      {Admission::not_on_roster, "not_on_roster"},
      {Admission::credential_expired, "credential_expired"},
      {Admission::site_closed, "site_closed"}};
  Sequence sequence = 0;
  for (const auto& [admission, word] : words) {
    Passage shut = passage(read_card({1, 2, 3, 4}), ++sequence);
    shut.gate_opened = false;
    shut.admission = admission;
    BOOST_TEST(reason_of(subject, 1, shut) == word);
  }
  BOOST_TEST(!sample_history(subject, 1).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_the_gateway_would_not_admit_but_let_through_counts, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 1); });
  Passage let_through = passage(technician_id(1));
  let_through.admission = Admission::credential_expired;
  BOOST_TEST(reason_of(subject, 1, let_through) == "");
  BOOST_TEST(sample_history(subject, 1).has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_card_of_nobody_or_of_several, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 2);
    need(writer.put(card(1, {1, 2, 3, 4}, CardTechnology::felica)));
    need(writer.put(card(2, {1, 2, 3, 4}, CardTechnology::iso14443a)));
  });
  BOOST_TEST(reason_of(subject, 1, passage(read_card({9, 9, 9, 9}), 1)) == "unknown_credential");
  BOOST_TEST(reason_of(subject, 1, passage(read_card({1, 2, 3}), 2)) == "unknown_credential");
  BOOST_TEST(reason_of(subject, 1, passage(read_card({1, 2, 3, 4}, CardTechnology::iso14443b), 3)) ==
             "unknown_credential");
  BOOST_TEST(reason_of(subject, 1, passage(read_card({1, 2, 3, 4}, CardTechnology::unknown), 4)) ==
             "unknown_credential");
  BOOST_TEST(reason_of(subject, 1, passage(read_card({1, 2, 3, 4}, CardTechnology::felica), 5)) == "");
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.technicians_on(site_id(1), date(sample_day))) == std::vector{technician_id(1)}));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_the_national_registry_does_not_know, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 1); });
  BOOST_TEST(reason_of(subject, 1, passage(technician_id(9), 1)) == "unknown_technician");
  BOOST_TEST(reason_of(subject, 9, passage(technician_id(1), 2)) == "unknown_site");
  subject.commit([](WriteTransaction& writer) { need(writer.put(technician(9))); });
  BOOST_TEST(numbers(register_and_commit(subject, {batch(1, {passage(technician_id(9), 1)})})) ==
                 numbers(1, 0, 0, 0),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_sites_period_counts_with_both_its_ends, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 2);
    Site open = site(2);
    open.settings.open_when_site_closed = true;
    need(writer.put(open));
  });
  BOOST_TEST(reason_of(subject, 1, on("2022-12-31", 1)) == "site_closed");
  BOOST_TEST(reason_of(subject, 1, on("2023-01-01", 2)) == "");
  BOOST_TEST(reason_of(subject, 1, on("2023-12-31", 3)) == "");
  BOOST_TEST(reason_of(subject, 1, on("2024-01-01", 4)) == "site_closed");
  BOOST_TEST(reason_of(subject, 2, on("2024-01-01", 5)) == "");
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST(need(reader.histories_of(technician_id(1), date("2022-01-01"), date("2024-12-31"))).size() ==
               3);
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
