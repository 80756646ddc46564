// A passage that cannot be what it says is refused with the field's name; inside a batch it alone is set
// apart.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <limits>

#include "shared/wire/errc.hpp"
#include "shared/wire/passage.hpp"
#include "tests/shared/wire/random_messages.hpp"

namespace sitegate::wire::test {

struct Spoiling {
  std::string field;  ///< how the refusal's detail starts
  std::function<void(Passage&)> spoil;
};
std::ostream& operator<<(std::ostream& out, const Spoiling& spoiling) {
  return out << spoiling.field;
}

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

void set_card(Passage& passage, int technology, std::size_t uid_size) {
  passage.person = CardCredential{static_cast<CardTechnology>(technology), Bytes(uid_size, 1)};
}
void set_time(Passage& passage, std::int64_t milliseconds) {
  passage.event_time = UtcTime{std::chrono::milliseconds{milliseconds}};
}
void set_work_date(Passage& passage, const char* date) {
  passage.work_date = *parse_date(date);
}

std::vector<Spoiling> enum_spoilings() {
  std::vector<Spoiling> all;
  for (const int value : {0, 3, 255})
    all.push_back({"direction", [=](Passage& p) { p.direction = static_cast<Direction>(value); }});
  for (const int value : {0, 8, 255})
    all.push_back({"admission", [=](Passage& p) { p.admission = static_cast<Admission>(value); }});
  for (const int value : {3, 255})
    all.push_back({"clock_state", [=](Passage& p) { p.clock_state = static_cast<ClockState>(value); }});
  for (const int value : {0, 10, 255})
    all.push_back({"evidence", [=](Passage& p) { p.evidence[0].method = static_cast<Method>(value); }});
  for (const int value : {4, 255}) all.push_back({"credential", [=](Passage& p) { set_card(p, value, 4); }});
  return all;
}

std::vector<Spoiling> number_spoilings() {
  std::vector<Spoiling> all;
  for (const float value : {-0.001F, 1.001F, not_a_number, infinite, -infinite})
    all.push_back({"evidence", [=](Passage& p) { p.evidence[0].confidence = value; }});
  for (const float value : {29.9F, 45.1F, not_a_number, infinite, -infinite})
    all.push_back({"evidence", [=](Passage& p) { p.evidence[0].body_temperature_c = value; }});
  for (const std::size_t count : {0, 5, 1'000})
    all.push_back({"evidence", [=](Passage& p) { p.evidence.resize(count); }});
  for (const std::size_t size : {0, 17, 1'000})
    all.push_back({"credential", [=](Passage& p) { set_card(p, 1, size); }});
  for (const Credential& wrong : std::initializer_list<Credential>{
           UhfTagCredential{Bytes(63)}, PhoneCredential{"09012345678"}, CodeCredential{" x"},
           TerminalUserCredential{"", "1"}, TerminalUserCredential{"north", "1 2"}, MarkerCredential{"", 1},
           TechnicianCredential{}})
    all.push_back({"credential", [=](Passage& p) { p.person = wrong; }});
  all.push_back({"typed", [](Passage& p) { p.typed = TypedEntry{"", "forgot the card", p.event_time, 0}; }});
  all.push_back({"typed", [](Passage& p) { p.typed = TypedEntry{"clerk", "", p.event_time, 0}; }});
  all.push_back({"event_time", [](Passage& p) { set_time(p, -1); }});
  all.push_back({"event_time", [](Passage& p) { set_time(p, 84'006LL * 86'400'000); }});
  all.push_back({"event_time", [](Passage& p) { set_time(p, std::numeric_limits<std::int64_t>::max()); }});
  all.push_back({"work_date", [](Passage& p) { p.work_date = Date{std::chrono::days{-1}}; }});
  all.push_back({"work_date", [](Passage& p) { p.work_date = Date{std::chrono::days{84'006}}; }});
  all.push_back({"work_date", [](Passage& p) { set_work_date(p, "2023-07-26"); }});
  all.push_back({"work_date", [](Passage& p) { set_work_date(p, "2023-08-03"); }});
  all.push_back({"monotonic", [](Passage& p) { p.monotonic = MonotonicTime{-1}; }});
  return all;
}

/// Each is no name: too short, too long, a control character (C0, DEL, C1), or not UTF-8 (RFC 3629: a lone
/// continuation, overlong forms, a surrogate, above U+10FFFF, cut in the middle, bytes that never occur).
std::vector<std::string> bad_names() {
  return {"",
          std::string(65, 'x'),
          std::string(4'000, 'x'),
          "gate\n1",
          std::string("gate\0one", 8),
          "gate\x7f",
          "gate\xc2\x85",
          "\x80",
          "\xc0\xaf",
          "\xe0\x80\xaf",
          "\xf0\x80\x80\xaf",
          "\xed\xa0\x80",
          "\xf4\x90\x80\x80",
          "gate\xe6\x8a",
          "\xfe",
          "\xff"};
}

std::vector<Spoiling> name_spoilings() {
  std::vector<Spoiling> all;
  for (const std::string& name : bad_names()) {
    all.push_back({"gate", [=](Passage& p) { p.gate = name; }});
    all.push_back({"reader", [=](Passage& p) { p.reader = name; }});
  }
  return all;
}

std::vector<Spoiling> all_spoilings() {
  auto all = enum_spoilings();
  for (const auto& more : {number_spoilings(), name_spoilings()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

void check_refused(const Spoiling& spoiling) {
  Passage passage = plain_passage(1);
  spoiling.spoil(passage);
  const auto decoded = decode_passage(encode_passage(passage));
  BOOST_REQUIRE(!decoded);
  const bool too_large = is(decoded.error(), WireErrc::too_large);  // a gate's name of 4,000 bytes
  BOOST_TEST((too_large || is(decoded.error(), WireErrc::bad_value)));
  BOOST_TEST((too_large || decoded.error().detail.starts_with(spoiling.field)), decoded.error().text());
}

void check_set_apart(const Spoiling& spoiling) {
  auto batch = plain_batch(5);
  spoiling.spoil(batch.passages[2]);
  const auto decoded = decode_work_history_batch(encode(batch));
  BOOST_REQUIRE_MESSAGE(decoded, why(decoded));
  BOOST_TEST(decoded.value().through == 5U);
  BOOST_REQUIRE(decoded.value().refused.size() == 1U);
  BOOST_TEST(decoded.value().refused[0].sequence == 3U);
  BOOST_TEST(decoded.value().refused[0].detail.starts_with(spoiling.field));
  batch.passages.erase(batch.passages.begin() + 2);
  BOOST_TEST((decoded.value().batch == batch));
}

BOOST_DATA_TEST_CASE(a_spoilt_passage_is_refused, boost::unit_test::data::make(all_spoilings())) {
  check_refused(sample);
}

BOOST_DATA_TEST_CASE(in_a_batch_it_alone_is_set_apart, boost::unit_test::data::make(all_spoilings())) {
  check_set_apart(sample);
}

BOOST_AUTO_TEST_CASE(a_batch_of_nothing_but_spoilt_passages_still_tells_how_far_it_went) {
  auto batch = plain_batch(3);
  for (auto& passage : batch.passages) passage.direction = static_cast<Direction>(9);
  const auto decoded = decode_work_history_batch(encode(batch));
  BOOST_REQUIRE(decoded);
  BOOST_TEST(decoded.value().batch.passages.empty());
  BOOST_TEST(decoded.value().refused.size() == 3U);
  BOOST_TEST(decoded.value().through == 3U);
}

}  // namespace sitegate::wire::test
