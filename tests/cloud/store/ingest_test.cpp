// What ingest keeps: positions, signed batches, quarantine, passages without a history.
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {
namespace {

KeptBatch batch(std::string_view gateway, Epoch epoch, Sequence first, Sequence through) {
  return {.gateway = gateway_id(gateway),
          .epoch = epoch,
          .first = first,
          .through = through,
          .received = utc("2023-07-31T01:02:03.456Z"),
          .envelope = Bytes(5000, static_cast<std::uint8_t>(first))};
}

UnregisteredPassage unregistered(std::uint64_t site, Sequence sequence) {
  Passage passage{.sequence = sequence,
                  .person = Credential(CardCredential{CardTechnology::felica, {1, 2, 3, 4, 5, 6, 7, 8}}),
                  .admission = Admission::unknown_credential,
                  .gate_opened = false,
                  .gate = "北門",
                  .reader = "card-1",
                  .direction = Direction::exit,
                  .evidence = {{.method = Method::face, .confidence = 0.875F, .body_temperature_c = 36.5F},
                               {.method = Method::card, .confidence = {}, .body_temperature_c = {}}},
                  .work_date = date("2023-07-31"),
                  .event_time = utc("2023-07-31T08:09:10.123Z"),
                  .monotonic = MonotonicTime(-5),
                  .boot_id = {1, 2, 3},
                  .clock_state = ClockState::unsynchronised};
  return {.event = {gateway_id("gate-1"), 77, sequence},
          .site = site_id(site),
          .passage = passage,
          .reason = "unknown_credential"};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_ingest)

BOOST_AUTO_TEST_CASE_TEMPLATE(positions_by_gateway_and_epoch, Engine, Engines) {
  Subject<Engine> subject;
  GatewayPosition first{.gateway = gateway_id("a"),
                        .epoch = 0xFFFF'FFFF'FFFF'FFFF,
                        .watermark = 10,
                        .chain_head = {1, 2, 3},
                        .received = utc("2023-07-31T00:00:00.001Z"),
                        .duplicates = 0xFFFF'FFFF'FFFF'FFFE};
  const GatewayPosition second{.gateway = gateway_id("a-b"), .epoch = 1};
  subject.commit([&](WriteTransaction& writer) {
    need(writer.set_position(second));
    need(writer.set_position(first));
    first.watermark = 11;
    ++first.duplicates;
    need(writer.set_position(first));
  });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.position(first.gateway, first.epoch)) == first));
    BOOST_TEST(!need(reader.position(first.gateway, 1)).has_value());
    BOOST_TEST((need(reader.positions()) == std::vector{first, second}));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(kept_batches_start_with_the_one_that_holds_the_sequence, Engine, Engines) {
  Subject<Engine> subject;
  const std::vector all{batch("g", 5, 1, 10), batch("g", 5, 11, 11), batch("g", 5, 15, 300)};
  subject.commit([&](WriteTransaction& writer) {
    need(writer.keep_batch(batch("g", 4, 1, 1000)));
    need(writer.keep_batch(batch("g", 6, 1, 1000)));
    for (const auto& one : all) need(writer.keep_batch(one));
    need(writer.keep_batch(all.front()));
  });
  subject.holds([&](const ReadTransaction& reader) {
    const auto from = [&](Sequence sequence, std::size_t count_max) {
      return need(reader.kept_batches(gateway_id("g"), 5, sequence, count_max));
    };
    BOOST_TEST((from(0, 100) == all));
    BOOST_TEST((from(1, 2) == std::vector{all[0], all[1]}));
    BOOST_TEST((from(7, 1) == std::vector{all[0]}));
    BOOST_TEST((from(11, 100) == std::vector{all[1], all[2]}));
    BOOST_TEST((from(12, 100) == std::vector{all[2]}));
    BOOST_TEST((from(300, 100) == std::vector{all[2]}));
    BOOST_TEST(from(301, 100).empty());
    BOOST_TEST(from(1, 0).empty());
    BOOST_TEST(need(reader.kept_batches(gateway_id("h"), 5, 1, 10)).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(quarantine_is_numbered_and_cut, Engine, Engines) {
  Subject<Engine> subject;
  QuarantineItem large{.number = 99,
                       .received = utc("2023-07-31T01:02:03.456Z"),
                       .source = "sitegate/v1/0/g/history",
                       .reason = "bad_signature",
                       .detail = "署名",
                       .size = 10'000'000,
                       .bytes = Bytes(100'000, 7)};
  QuarantineItem small{
      .number = 0, .received = {}, .source = {}, .reason = "bad_chain", .detail = {}, .size = 0, .bytes = {}};
  subject.commit([&](WriteTransaction& writer) {
    BOOST_TEST(need(writer.add_to_quarantine(large)) == 1);
    BOOST_TEST(need(writer.add_to_quarantine(small)) == 2);
  });
  subject.commit([&](WriteTransaction& writer) { BOOST_TEST(need(writer.add_to_quarantine(small)) == 3); });
  large.number = 1;
  large.bytes.resize(quarantine_bytes_max);
  small.number = 2;
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.quarantine(0, 2)) == std::vector{large, small}));
    BOOST_TEST(need(reader.quarantine(3, 10)).size() == 1);
    BOOST_TEST(need(reader.quarantine(4, 10)).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_decided_stands_beside_the_entry_for_good, Engine, Engines) {
  Subject<Engine> subject;
  const QuarantineItem item{
      .number = 1, .received = {}, .source = "a", .reason = "bad_chain", .detail = {}, .size = 1, .bytes = {7}};
  const QuarantineDecision decision{QuarantineOutcome::discarded, utc("2023-07-31T01:02:03.456Z"), "佐藤",
                                    "forged"};
  subject.commit([&](WriteTransaction& writer) {
    need(writer.add_to_quarantine(item));
    need(writer.add_to_quarantine(item));
    BOOST_TEST(is(writer.decide_quarantined(3, decision).error(), StoreErrc::invalid));
    QuarantineDecision nobody = decision;
    nobody.by.clear();
    BOOST_TEST(is(writer.decide_quarantined(1, nobody).error(), StoreErrc::invalid));
    BOOST_REQUIRE(writer.decide_quarantined(1, decision));
  });
  subject.commit([&](WriteTransaction& writer) {
    BOOST_TEST(is(writer.decide_quarantined(1, decision).error(), StoreErrc::invalid));
  });
  auto decided = item;
  decided.decision = decision;
  subject.holds([&](const ReadTransaction& reader) {
    const auto items = need(reader.quarantine(1, 10));
    BOOST_REQUIRE(items.size() == 2u);
    BOOST_TEST((items[0] == decided));
    BOOST_TEST(!items[1].decision.has_value());
  });
}

RepeatedBatch repeated(std::string_view gateway, Epoch epoch, Sequence first, std::string_view seen) {
  return {.gateway = gateway_id(gateway),
          .epoch = epoch,
          .first = first,
          .through = first + 9,
          .hash = {static_cast<std::uint8_t>(first)},
          .first_again = utc(seen),
          .last_again = utc(seen),
          .times = 1};
}

BOOST_AUTO_TEST_CASE_TEMPLATE(repeated_batches_are_one_item_each, Engine, Engines) {
  Subject<Engine> subject;
  const auto second = repeated("g", 5, 11, "2023-07-31T02:00:00.000Z");
  const auto other_epoch = repeated("g", 6, 1, "2023-07-31T03:00:00.000Z");
  const auto other_gateway = repeated("g-2", 5, 1, "2023-07-31T03:00:00.000Z");
  subject.commit([&](WriteTransaction& writer) {
    need(writer.add_repeated(repeated("g", 5, 1, "2023-07-31T01:00:00.000Z")));
    need(writer.add_repeated(second));
    need(writer.add_repeated(repeated("g", 5, 1, "2023-07-31T04:00:00.000Z")));
  });
  auto last = repeated("g", 5, 1, "2023-07-31T00:30:00.000Z");
  last.hash = {9};
  last.through = 7;
  subject.commit([&](WriteTransaction& writer) {
    need(writer.add_repeated(other_epoch));
    need(writer.add_repeated(other_gateway));
    need(writer.add_repeated(last));
  });
  last.times = 3;
  last.last_again = utc("2023-07-31T04:00:00.000Z");
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST(
        (need(reader.repeated_batches(gateway_id("g"), 10)) == std::vector{other_epoch, second, last}));
    BOOST_TEST((need(reader.repeated_batches(gateway_id("g"), 1)) == std::vector{other_epoch}));
    BOOST_TEST((need(reader.repeated_batches(gateway_id("g-2"), 10)) == std::vector{other_gateway}));
    BOOST_TEST(need(reader.repeated_batches(gateway_id("g-3"), 10)).empty());
    BOOST_TEST(need(reader.repeated_batches(gateway_id("g"), 0)).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(of_repeated_batches_the_newest_thousand_stay, Engine, Engines) {
  Subject<Engine> subject;
  const auto nth = [](std::string_view gateway, Sequence n) {
    return repeated(gateway, 5, n, "2023-07-31T01:00:00.000Z");
  };
  constexpr Sequence count = repeated_batches_max + 10;
  subject.commit([&](WriteTransaction& writer) {
    need(writer.add_repeated(nth("f", 1)));
    need(writer.add_repeated(nth("h", 1)));
    for (Sequence n = 1; n <= count; ++n) need(writer.add_repeated(nth("g", n)));
  });
  subject.commit(
      [&](WriteTransaction& writer) { need(writer.add_repeated(nth("g", 3))); });  // forgotten: new
  subject.holds([&](const ReadTransaction& reader) {
    const auto listed = need(reader.repeated_batches(gateway_id("g"), 10'000));
    BOOST_REQUIRE(listed.size() == repeated_batches_max);
    BOOST_TEST((listed.front() == nth("g", 3)));
    BOOST_TEST((listed[1] == nth("g", count)));
    BOOST_TEST((listed.back() == nth("g", 12)));
    BOOST_TEST(need(reader.repeated_batches(gateway_id("f"), 10)).size() == 1);
    BOOST_TEST(need(reader.repeated_batches(gateway_id("h"), 10)).size() == 1);
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(unregistered_passages_by_site_once_per_event, Engine, Engines) {
  Subject<Engine> subject;
  UnregisteredPassage of_technician = unregistered(1, 2);
  of_technician.passage.person = technician_id(5);
  const UnregisteredPassage elsewhere = unregistered(99, 3);  // a site nobody registered
  subject.commit([&](WriteTransaction& writer) {
    need(writer.add_unregistered(of_technician));
    need(writer.add_unregistered(unregistered(1, 1)));
    need(writer.add_unregistered(elsewhere));
  });
  subject.commit([&](WriteTransaction& writer) { need(writer.add_unregistered(unregistered(1, 1))); });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.unregistered_passages(site_id(1), 10)) ==
                std::vector{unregistered(1, 1), of_technician}));
    BOOST_TEST(need(reader.unregistered_passages(site_id(1), 1)).size() == 1);
    BOOST_TEST((need(reader.unregistered_passages(site_id(99), 10)) == std::vector{elsewhere}));
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
