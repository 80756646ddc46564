// What a clerk types becomes a passage, or is refused with the reason.
#include "edge/typed_entry/typed_entry.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/wire/passage.hpp"
#include "tests/edge/site_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

struct Office {
  Office() : roster(example_roster()) { rules.gates = {"1", "南門"}; }

  std::variant<TypedRecord, TypedRefusal> decide() const {
    return typed_record(request, {roster, rules, now, 40});
  }
  TypedRecord recorded() const {
    const auto made = decide();
    BOOST_REQUIRE(std::holds_alternative<TypedRecord>(made));
    return std::get<TypedRecord>(made);
  }
  /// "" if it was not refused.
  std::string refusal() const {
    const auto made = decide();
    const auto* why = std::get_if<TypedRefusal>(&made);
    return why == nullptr ? std::string() : std::string(to_text(*why));
  }

  RosterIndex roster;
  TypedRules rules;
  UtcTime now = japan("2023-07-31T12:00");
  TypedRequest request{.technician = yamada.text(),
                       .direction = "entry",
                       .date = "2023-07-31",
                       .time = "07:55",
                       .gate = "南門",
                       .reason = " カード忘れ ",
                       .by = "田中"};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(typed_entries, Office)

BOOST_AUTO_TEST_CASE(a_typed_passage_says_that_it_was_typed_by_whom_when_and_why) {
  const Passage passage = recorded().passage;
  BOOST_TEST((passage.person == std::variant<TechnicianId, Credential>(yamada)));
  BOOST_TEST((passage.evidence == std::vector{Evidence{Method::typed, std::nullopt, std::nullopt}}));
  BOOST_TEST((passage.typed == TypedEntry{"田中", "カード忘れ", now, 0}));
  BOOST_TEST((passage.event_time == japan("2023-07-31T07:55")));
  BOOST_TEST((passage.work_date == day("2023-07-31")));
  BOOST_TEST((passage.direction == Direction::entry));
  BOOST_TEST((passage.admission == Admission::admitted));
  BOOST_TEST(passage.gate_opened);
  BOOST_TEST(passage.gate == "南門");
  BOOST_TEST((passage.boot_id == BootId{}));
  BOOST_TEST((passage.monotonic == MonotonicTime{0}));
  BOOST_TEST((passage.clock_state == ClockState::unknown));
  BOOST_TEST(recorded().name == "山田 太郎");
}

BOOST_AUTO_TEST_CASE(the_wire_takes_what_was_made) {
  request.reason = std::string(198, 'r');
  request.by = std::string(64, 'b');
  request.corrects = "40";
  const Passage passage = recorded().passage;
  const auto back = wire::decode_passage(wire::encode_passage(passage));
  BOOST_REQUIRE(back);
  BOOST_TEST((back.value() == passage));
}

BOOST_AUTO_TEST_CASE(a_technician_is_named_by_id_or_by_a_name_that_only_one_has) {
  for (const std::string name : {"山田 太郎", "山田太郎", "山田　太郎"}) {
    request.technician = name;
    BOOST_TEST((recorded().passage.person == std::variant<TechnicianId, Credential>(yamada)), name);
  }
  for (const std::string name : {"", "山田", "00000000000009", "0000000000001", " "}) {
    request.technician = name;
    BOOST_TEST(refusal() == "unknown_technician", name);
  }
}

BOOST_AUTO_TEST_CASE(a_name_that_several_have_is_refused_their_ids_are_not) {
  SiteRoster twice = example_roster();
  twice.technicians[1].name = "山田　太郎";
  const RosterIndex two(twice);
  request.technician = "山田太郎";
  const auto made = typed_record(request, {two, rules, now, 40});
  BOOST_REQUIRE(std::holds_alternative<TypedRefusal>(made));
  BOOST_TEST((std::get<TypedRefusal>(made) == TypedRefusal::ambiguous_name));
  request.technician = sato.text();
  BOOST_TEST(std::holds_alternative<TypedRecord>(typed_record(request, {two, rules, now, 40})));
}

BOOST_AUTO_TEST_CASE(without_a_roster_nobody_can_be_chosen) {
  const RosterIndex nobody;
  const auto made = typed_record(request, {nobody, rules, now, 40});
  BOOST_TEST((std::get<TypedRefusal>(made) == TypedRefusal::no_roster));
}

BOOST_AUTO_TEST_CASE(the_time_is_neither_in_the_future_nor_too_old) {
  const auto at = [&](const std::string& date, const std::string& time) {
    request.date = date;
    request.time = time;
    return refusal();
  };
  BOOST_TEST(at("2023-07-31", "12:01") == "");
  BOOST_TEST(at("2023-07-31", "12:02") == "in_the_future");
  BOOST_TEST(at("2023-08-01", "00:00") == "in_the_future");
  BOOST_TEST(at("2023-07-24", "12:00") == "");
  BOOST_TEST(at("2023-07-24", "11:59") == "too_old");
  rules.age_max = std::chrono::days(1);
  BOOST_TEST(at("2023-07-30", "11:59") == "too_old");
  for (const std::string time :
       {"", "8:05", "08-05", "24:00", "08:60", "08:05:60", "08:05:1", "aa:bb", "08:05 "})
    BOOST_TEST(at("2023-07-31", time) == "bad_time", time);
  BOOST_TEST(at("2023-07-32", "08:00") == "bad_time");
  BOOST_TEST(at("", "08:00") == "bad_time");
  BOOST_TEST(at("2023-07-31", "08:05:59") == "");
}

BOOST_AUTO_TEST_CASE(it_counts_to_the_sites_date_and_a_night_shifts_exit_to_the_day_before) {
  request.date = "2023-07-31";
  request.time = "03:59";
  BOOST_TEST((recorded().passage.work_date == day("2023-07-30")));
  request.time = "05:30";
  request.direction = "exit";
  BOOST_TEST((recorded().passage.work_date == day("2023-07-31")));
  request.night_shift = true;
  BOOST_TEST((recorded().passage.work_date == day("2023-07-30")));
  request.direction = "entry";
  BOOST_TEST(refusal() == "night_shift_entry");
}

BOOST_AUTO_TEST_CASE(the_roster_is_asked_on_that_date) {
  now = japan("2023-08-01T12:00");
  request.technician = suzuki.text();  // on the roster through 2023-07-31
  request.date = "2023-08-01";
  BOOST_TEST((recorded().passage.admission == Admission::not_on_roster));
  request.date = "2023-07-31";
  BOOST_TEST((recorded().passage.admission == Admission::admitted));
  BOOST_TEST(recorded().passage.gate_opened);
}

BOOST_AUTO_TEST_CASE(direction_gate_reason_and_author_must_be_there) {
  const auto with = [&](auto member, const std::string& value) {
    Office other;
    other.request.*member = value;
    return other.refusal();
  };
  for (const std::string text : {"", "in", "ENTRY"})
    BOOST_TEST(with(&TypedRequest::direction, text) == "bad_direction");
  for (const std::string text : {"", "2", "南"})
    BOOST_TEST(with(&TypedRequest::gate, text) == "unknown_gate");
  const std::string bad_texts[] = {
      "",         "\xff",     "\xc0\xaf",           "\xed\xa0\x80", "a\nb", std::string("a\0b", 3),
      "\xc2\x85", "\xe3\x81", std::string(201, 'x')};
  for (const auto& text : bad_texts) {
    BOOST_TEST(with(&TypedRequest::reason, text) == "bad_reason", text);
    BOOST_TEST(with(&TypedRequest::by, text) == "bad_author", text);
  }
  BOOST_TEST(with(&TypedRequest::reason, "   ") == "bad_reason");
  BOOST_TEST(with(&TypedRequest::by, std::string(65, 'x')) == "bad_author");
  BOOST_TEST(with(&TypedRequest::reason, std::string(200, 'x')) == "");
  BOOST_TEST(with(&TypedRequest::reason, "😀 <b>&amp;</b>") == "");
}

BOOST_AUTO_TEST_CASE(only_what_this_gateway_has_recorded_can_be_corrected) {
  const auto corrects = [&](const std::string& text) {
    request.corrects = text;
    return refusal();
  };
  BOOST_TEST(corrects("1") == "");
  BOOST_TEST(corrects("40") == "");
  BOOST_TEST(recorded().passage.typed->corrects == 40u);
  for (const std::string text : {"0", "41", "-1", "x", "4 ", "18446744073709551616"})
    BOOST_TEST(corrects(text) == "unknown_sequence", text);
}

BOOST_AUTO_TEST_CASE(the_same_passage_by_the_same_clerk_has_the_same_key) {
  const std::string key = recorded().event;
  BOOST_TEST(key.size() <= device_event_key_size_max);
  const auto with = [&](auto change) {
    Office other;
    change(other);
    return other.recorded().event;
  };
  BOOST_TEST(with([](Office& o) { o.request.time = "07:55:59"; }) == key);
  BOOST_TEST(with([](Office& o) { o.request.reason = "other"; }) == key);
  BOOST_TEST(with([](Office& o) { o.now += std::chrono::minutes(5); }) == key);
  BOOST_TEST(with([](Office& o) { o.request.time = "07:56"; }) != key);
  BOOST_TEST(with([](Office& o) { o.request.direction = "exit"; }) != key);
  BOOST_TEST(with([](Office& o) { o.request.technician = sato.text(); }) != key);
  BOOST_TEST(with([](Office& o) { o.request.by = "鈴木"; }) != key);
}

BOOST_AUTO_TEST_CASE(people_are_found_by_a_part_of_the_name_or_the_beginning_of_the_id) {
  const auto found = [&](std::string_view text, std::size_t count_max = 10) {
    std::vector<TechnicianId> ids;
    for (const auto* one : search_roster(roster, text, count_max)) ids.push_back(one->technician);
    return ids;
  };
  BOOST_TEST((found("田太") == std::vector{yamada}));
  BOOST_TEST((found("佐藤　花") == std::vector{sato}));
  BOOST_TEST((found("0000000000000") == std::vector{yamada, sato, suzuki}));
  BOOST_TEST((found("0000000000000", 2) == std::vector{yamada, sato}));
  BOOST_TEST((found("00000000000003") == std::vector{suzuki}));
  BOOST_TEST(found("木村").empty());
  BOOST_TEST(found("").empty());
  BOOST_TEST(found(" ").empty());
}

BOOST_AUTO_TEST_SUITE_END()
