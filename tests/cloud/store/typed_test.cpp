// Passages that a clerk typed: kept whole and apart, once for each event, in order, counted nowhere.
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {
namespace {

TypedPassage typed(std::uint64_t site, Sequence sequence, std::string_view time,
                   std::string_view gateway = "gate-1") {
  Passage passage{.sequence = sequence,
                  .person = technician_id(1),
                  .gate = "北門",
                  .reader = "typed",
                  .direction = Direction::exit,
                  .evidence = {{.method = Method::typed, .confidence = {}, .body_temperature_c = {}}},
                  .work_date = date("2023-07-31"),
                  .event_time = utc(time)};
  passage.typed = TypedEntry{"現場事務 田中", "カード忘れ", utc("2023-08-01T00:00:00.123Z"), 7};
  return {.event = {gateway_id(gateway), 77, sequence}, .site = site_id(site), .passage = passage};
}

/// As the seam's text says: site, time, event.
const std::vector of_site_1{typed(1, 9, "1969-12-31T23:59:59.999Z"), typed(1, 3, "2023-07-31T08:00:00.000Z"),
                            typed(1, 4, "2023-07-31T08:00:00.000Z"),
                            typed(1, 1, "2023-07-31T08:00:00.000Z", "gate-2"),
                            typed(1, 2, "2023-07-31T09:00:00.000Z")};
const std::vector of_site_2{typed(2, 5, "2023-07-31T07:00:00.000Z")};

template <typename Engine>
void add_all(Subject<Engine>& subject) {
  subject.commit([](WriteTransaction& writer) {
    for (const std::size_t i : {4, 1, 3, 0, 2}) need(writer.add_typed(of_site_1[i]));
    need(writer.add_typed(of_site_2[0]));
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_typed)

BOOST_AUTO_TEST_CASE_TEMPLATE(they_are_listed_by_site_and_time, Engine, Engines) {
  Subject<Engine> subject;
  add_all(subject);
  std::vector all = of_site_1;
  all.push_back(of_site_2[0]);
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.typed_passages(site_id(1), 10)) == of_site_1));
    BOOST_TEST((need(reader.typed_passages(site_id(1), 2)) == std::vector(all.begin(), all.begin() + 2)));
    BOOST_TEST((need(reader.typed_passages(site_id(2), 10)) == of_site_2));
    BOOST_TEST((need(reader.typed_passages(std::nullopt, 10)) == all));
    BOOST_TEST(need(reader.typed_passages(site_id(3), 10)).empty());
    BOOST_TEST(need(reader.typed_passages(std::nullopt, 0)).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(they_are_counted_by_site, Engine, Engines) {
  Subject<Engine> subject;
  subject.holds([](const ReadTransaction& reader) { BOOST_TEST(need(reader.typed_counts()).empty()); });
  add_all(subject);
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.typed_counts()) == std::vector<TypedCount>{{site_id(1), 5}, {site_id(2), 1}}));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_event_that_comes_again_changes_nothing, Engine, Engines) {
  Subject<Engine> subject;
  add_all(subject);
  add_all(subject);
  TypedPassage other = of_site_1[1];
  other.passage.event_time += std::chrono::hours(1);
  other.passage.typed->reason = "other";
  subject.commit([&](WriteTransaction& writer) { need(writer.add_typed(other)); });
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.typed_passages(site_id(1), 100)) == of_site_1));
    BOOST_TEST(need(reader.typed_counts()).front().awaiting == 5);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_nobody_typed_is_refused, Engine, Engines) {
  Subject<Engine> subject;
  TypedPassage nobodys = of_site_1[0];
  nobodys.passage.typed.reset();
  subject.commit([&](WriteTransaction& writer) {
    refuses(StoreErrc::invalid, writer.add_typed(nobodys));
    need(writer.add_typed(of_site_2[0]));
  });
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.typed_passages(std::nullopt, 10)) == of_site_2));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(they_are_in_no_counter_and_no_list_of_histories, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 2);
    need(writer.merge_histories(std::vector{history(2, 1, "2023-07-31")}));
  });
  const Rollups before = need(need(subject.store().begin_read())->rollups());
  add_all(subject);
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.rollups()) == before));
    BOOST_TEST((need(reader.recount({})) == before));
    BOOST_TEST(
        (need(reader.technicians_on(site_id(1), date("2023-07-31"))) == std::vector{technician_id(2)}));
    BOOST_TEST(need(reader.unregistered_passages(site_id(1), 10)).empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
