// Transactions: what is not committed leaves no trace, readers see the last commit, a writer sees its own
// changes.
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {

BOOST_AUTO_TEST_SUITE(store_transactions)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_aborted_writer_leaves_no_trace, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 2);
    need(writer.put(roster_entry(1, 1)));
  });
  const auto before = need(need(subject.store().begin_read())->rollups());
  {
    auto writer = need(subject.store().begin_write());
    put_world(*writer, 3);
    Site moved = site(1);
    moved.prefecture = prefecture(1);
    need(writer->put(moved));
    need(writer->put(roster_entry(1, 2)));
    const std::vector histories{history(1, 1, "2023-07-03", "2023-07-02T23:00:00.000Z")};
    need(writer->merge_histories(histories));
    need(writer->add_to_quarantine({.source = "a", .reason = "b", .detail = {}, .bytes = {1}}));
    BOOST_TEST((need(writer->rollups()) == need(writer->recount({}))));
    BOOST_TEST((need(writer->rollups()) != before));
  }
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.rollups()) == before));
    BOOST_TEST((need(reader.recount({})) == before));
    BOOST_TEST(!need(reader.technician(technician_id(3))).has_value());
    BOOST_TEST(need(reader.roster_version(site_id(1))) == 1);
    BOOST_TEST(!need(reader.roster_entry(site_id(1), technician_id(2))).has_value());
    BOOST_TEST(need(reader.technicians_on(site_id(1), date("2023-07-03"))).empty());
    BOOST_TEST(need(reader.quarantine(0, 10)).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_reader_sees_the_commit_before_it_and_never_waits, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 1); });
  auto writer = need(subject.store().begin_write());
  need(writer->put(technician(2)));
  const auto during = need(subject.store().begin_read());
  BOOST_TEST(!need(during->technician(technician_id(2))).has_value());
  BOOST_TEST(need(writer->technician(technician_id(2))).has_value());
  need(writer->commit());
  BOOST_TEST(!need(during->technician(technician_id(2))).has_value());
  const auto after = need(subject.store().begin_read());
  BOOST_TEST(need(after->technician(technician_id(2))).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
