// Whole messages that are not taken: versions, heads, counts, and parts that are missing. What encode() would
// never make is made by changing the finished bytes.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "shared/wire/errc.hpp"
#include "shared/wire/health_generated.h"
#include "shared/wire/passage.hpp"
#include "shared/wire/receipt_generated.h"
#include "shared/wire/site_roster_generated.h"
#include "shared/wire/work_history_batch_generated.h"
#include "tests/shared/wire/random_messages.hpp"

namespace sitegate::wire::test {

struct Refusal {
  std::string what;
  Bytes bytes;
  WireErrc expected = WireErrc::bad_value;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << refusal.what;
}

flatbuffers::Table* root_of(Bytes& bytes) {
  return flatbuffers::GetMutableRoot<flatbuffers::Table>(bytes.data());
}

template <typename Scalar>
Bytes with_field(Bytes bytes, flatbuffers::voffset_t field, Scalar value) {
  BOOST_REQUIRE(root_of(bytes)->SetField<Scalar>(field, value, Scalar{}));
  return bytes;
}

Bytes without_field(Bytes bytes, flatbuffers::voffset_t field) {
  auto* vtable = const_cast<std::uint8_t*>(root_of(bytes)->GetVTable());
  flatbuffers::WriteScalar<flatbuffers::voffset_t>(vtable + field, 0);
  return bytes;
}

/// The string or vector of a root's field claims to have this many elements.
Bytes with_size(Bytes bytes, flatbuffers::voffset_t field, std::uint32_t size) {
  auto* vector = root_of(bytes)->GetPointer<std::uint8_t*>(field);
  flatbuffers::WriteScalar<std::uint32_t>(vector, size);
  return bytes;
}

template <typename Message>
Bytes changed(Message message, void (*change)(Message&)) {
  change(message);
  if constexpr (std::is_same_v<Message, SiteRoster>)
    return encode(message).value();
  else
    return encode(message);
}

using Batch = fb::WorkHistoryBatch;
std::vector<Refusal> batch_refusals() {
  const auto good = [] { return encode(plain_batch(3)); };
  const auto with = [](void (*change)(WorkHistoryBatch&)) { return changed(plain_batch(3), change); };
  return {
      {"no version", without_field(good(), Batch::VT_SCHEMA_VERSION), WireErrc::malformed},
      {"newer version", with_field<std::uint16_t>(good(), Batch::VT_SCHEMA_VERSION, 2),
       WireErrc::unsupported_version},
      {"newest version", with_field<std::uint16_t>(good(), Batch::VT_SCHEMA_VERSION, 65'535),
       WireErrc::unsupported_version},
      {"no gateway", without_field(good(), Batch::VT_GATEWAY)},
      {"empty gateway", with([](WorkHistoryBatch& b) { b.gateway = {}; })},
      {"epoch 0", with([](WorkHistoryBatch& b) { b.epoch = 0; })},
      {"site 0", with([](WorkHistoryBatch& b) { b.site = {}; })},
      {"site of 15 digits", with_field<std::uint64_t>(good(), Batch::VT_SITE, ccus_id_max + 1)},
      {"no previous hash", without_field(good(), Batch::VT_PREVIOUS_HASH)},
      {"short previous hash", with_size(good(), Batch::VT_PREVIOUS_HASH, 31)},
      {"no passages", without_field(good(), Batch::VT_PASSAGES)},
      {"0 passages", with_size(good(), Batch::VT_PASSAGES, 0)},
      {"first sequence 0", with_field<std::uint64_t>(good(), Batch::VT_FIRST_SEQUENCE, 0)},
      {"first sequence near the end",
       with_field<std::uint64_t>(good(), Batch::VT_FIRST_SEQUENCE, ~Sequence{0} - 999)},
      {"first sequence not the first's", with([](WorkHistoryBatch& b) { b.first_sequence = 2; })},
      {"a sequence left out", with([](WorkHistoryBatch& b) { b.passages[1].sequence = 3; })},
      {"a sequence twice", with([](WorkHistoryBatch& b) { b.passages[2].sequence = 2; })},
      {"a sequence backwards", with([](WorkHistoryBatch& b) { b.passages[1].sequence = 0; })},
      {"a sequence both read and damaged", with([](WorkHistoryBatch& b) { b.damaged = {2}; })},
      {"a damaged sequence before the first", with([](WorkHistoryBatch& b) { b.damaged = {0}; })},
      {"a damaged sequence far behind", with([](WorkHistoryBatch& b) { b.damaged = {5}; })},
      {"damaged sequences backwards", with([](WorkHistoryBatch& b) {
         b.damaged = {5, 4};
       })},
      {"a damaged sequence twice", with([](WorkHistoryBatch& b) {
         b.damaged = {4, 4};
       })},
      {"another message", encode(plain_receipt()), WireErrc::malformed},
      {"over the size", Bytes(batch_size_max + 1), WireErrc::too_large},
      {"10 MB", Bytes(10'000'000), WireErrc::too_large},
  };
}

/// One more than batch_passages_max, which encode() asserts against.
Bytes batch_of_1001() {
  flatbuffers::FlatBufferBuilder builder;
  std::vector<flatbuffers::Offset<fb::Passage>> passages;
  for (Sequence sequence = 1; sequence <= batch_passages_max + 1; ++sequence)
    passages.push_back(fb::CreatePassage(builder, sequence));
  const auto list = builder.CreateVector(passages);
  const auto hash = builder.CreateVector(std::vector<std::uint8_t>(32));
  const auto gateway = builder.CreateString("gate-1");
  builder.Finish(fb::CreateWorkHistoryBatch(builder, 1, gateway, 7, 1, 1, hash, list),
                 fb::WorkHistoryBatchIdentifier());
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

/// Any number of everything, at the head of a receipt that is otherwise good.
Bytes receipt_of(std::size_t refused, std::size_t gaps, const std::string& reason,
                 const std::string& problem) {
  flatbuffers::FlatBufferBuilder builder;
  const auto text = builder.CreateString(reason);
  std::vector<flatbuffers::Offset<fb::RefusedEntry>> entries;
  while (entries.size() < refused) entries.push_back(fb::CreateRefusedEntry(builder, 1, text));
  std::vector<flatbuffers::Offset<fb::SequenceRange>> ranges;
  while (ranges.size() < gaps) ranges.push_back(fb::CreateSequenceRange(builder, 1, 2));
  const auto entry_list = builder.CreateVector(entries);
  const auto range_list = builder.CreateVector(ranges);
  const auto gateway = builder.CreateString("gate-1");
  const auto problem_text = builder.CreateString(problem);
  builder.Finish(fb::CreateReceipt(builder, 1, gateway, 7, 10, entry_list, range_list, problem_text, 0),
                 fb::ReceiptIdentifier());
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

std::vector<Refusal> receipt_refusals() {
  const auto good = [] { return encode(plain_receipt()); };
  const auto with = [](void (*change)(Receipt&)) { return changed(plain_receipt(), change); };
  const std::string text_257(257, 'x');
  return {
      {"no version", without_field(good(), fb::Receipt::VT_SCHEMA_VERSION), WireErrc::malformed},
      {"newer version", with_field<std::uint16_t>(good(), fb::Receipt::VT_SCHEMA_VERSION, 2),
       WireErrc::unsupported_version},
      {"no gateway", without_field(good(), fb::Receipt::VT_GATEWAY)},
      {"epoch 0", with([](Receipt& r) { r.epoch = 0; })},
      {"a gap from 0", with([](Receipt& r) {
         r.gaps = {{0, 3}};
       })},
      {"a gap backwards", with([](Receipt& r) {
         r.gaps = {{4, 3}};
       })},
      {"time before 1970", with([](Receipt& r) { r.cloud_time = UtcTime{std::chrono::milliseconds{-1}}; })},
      {"1,001 refused", receipt_of(refused_count_max + 1, 0, "x", "")},
      {"101 gaps", receipt_of(0, gap_count_max + 1, "x", "")},
      {"a long reason", receipt_of(1, 0, text_257.substr(0, 129), "")},
      {"a reason that is not UTF-8", receipt_of(1, 0, "\xff", "")},
      {"a long problem", receipt_of(0, 0, "", text_257)},
      {"a problem over two lines", receipt_of(0, 0, "", "a\nb")},
      {"another message", encode(plain_health()), WireErrc::malformed},
      {"over the size", Bytes(receipt_size_max + 1), WireErrc::too_large},
  };
}

/// A roster with one technician (`people` times) who holds `credentials` equal cards of this kind.
Bytes roster_of(std::size_t credentials, fb::CredentialKind kind, std::uint64_t technician,
                const std::string& name, std::size_t people = 1) {
  flatbuffers::FlatBufferBuilder builder;
  const auto uid = builder.CreateVector(std::vector<std::uint8_t>{1, 2, 3, 4});
  const auto card = fb::CreateCredential(builder, kind, fb::CardTechnology::felica, uid);
  std::vector<flatbuffers::Offset<fb::RosterCredential>> cards;
  while (cards.size() < credentials) cards.push_back(fb::CreateRosterCredential(builder, card, 1));
  const auto card_list = builder.CreateVector(cards);
  const auto name_text = builder.CreateString(name);
  std::vector<flatbuffers::Offset<fb::RosterTechnician>> all;
  while (all.size() < people)
    all.push_back(fb::CreateRosterTechnician(builder, technician, name_text, 1, 2, card_list));
  const auto technicians = builder.CreateVector(all);
  const auto settings = fb::CreateSiteSettings(builder, 540, 240, 16);
  builder.Finish(fb::CreateSiteRoster(builder, 1, 1, 1, 0, 1, 2, settings, technicians),
                 fb::SiteRosterIdentifier());
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

std::vector<Refusal> roster_setting_refusals() {
  const auto with = [](void (*change)(SiteSettings&)) {
    auto roster = plain_roster();
    change(roster.settings);
    return encode(roster).value();
  };
  return {
      {"offset west of all", with([](SiteSettings& s) { s.utc_offset_minutes = -721; })},
      {"offset east of all", with([](SiteSettings& s) { s.utc_offset_minutes = 841; })},
      {"boundary before midnight", with([](SiteSettings& s) { s.day_boundary_minutes = -1; })},
      {"boundary after midnight", with([](SiteSettings& s) { s.day_boundary_minutes = 1'440; })},
      {"shift of 0 hours", with([](SiteSettings& s) { s.shift_hours_max = 0; })},
      {"shift of 49 hours", with([](SiteSettings& s) { s.shift_hours_max = 49; })},
  };
}

std::vector<Refusal> roster_refusals() {
  const auto good = [] { return encode(plain_roster()).value(); };
  const auto with = [](void (*change)(SiteRoster&)) { return changed(plain_roster(), change); };
  constexpr auto card = fb::CredentialKind::card;
  BOOST_REQUIRE(decode_site_roster(roster_of(technician_credentials_max, card, 1, "")));
  std::vector<Refusal> all{
      {"no version", without_field(good(), fb::SiteRoster::VT_SCHEMA_VERSION), WireErrc::malformed},
      {"newer version", with_field<std::uint16_t>(good(), fb::SiteRoster::VT_SCHEMA_VERSION, 2),
       WireErrc::unsupported_version},
      {"site 0", with([](SiteRoster& r) { r.site = {}; })},
      {"version 0", with([](SiteRoster& r) { r.version = r.base_version = 0; })},
      {"version not above its base", with([](SiteRoster& r) { r.base_version = r.version; })},
      {"no settings", without_field(good(), fb::SiteRoster::VT_SETTINGS), WireErrc::malformed},
      {"opens before 1970", with([](SiteRoster& r) { r.opens_on = Date{std::chrono::days{-1}}; })},
      {"closes after 2199", with([](SiteRoster& r) { r.closes_on = Date{std::chrono::days{84'006}}; })},
      {"full, and removes", with([](SiteRoster& r) { r.base_version = 0; })},
      {"removes nobody's ID", with([](SiteRoster& r) { r.removed = {{}}; })},
      {"names nobody's company", with([](SiteRoster& r) { r.companies = {{{}, ""}}; })},
      {"50,001 technicians", roster_of(1, card, 1, "", roster_technicians_max + 1)},
      {"technician 0", roster_of(1, card, 0, "")},
      {"technician of 15 digits", roster_of(1, card, ccus_id_max + 1, "")},
      {"17 credentials", roster_of(technician_credentials_max + 1, card, 1, "")},
      {"a credential of no kind", roster_of(1, fb::CredentialKind::none, 1, "")},
      {"a credential of an unknown kind", roster_of(1, static_cast<fb::CredentialKind>(2), 1, "")},
      {"a long name", roster_of(1, card, 1, std::string(129, 'x'))},
      {"a name that is not UTF-8", roster_of(1, card, 1, "\x83\x65")},
      {"another message", encode(plain_health()), WireErrc::malformed},
      {"over the size", Bytes(roster_size_max + 1), WireErrc::too_large},
  };
  for (auto& refusal : roster_setting_refusals()) all.push_back(std::move(refusal));
  return all;
}

/// Health whose readers all have this id.
Bytes health_of(std::size_t readers, const std::string& id, const std::string& state) {
  flatbuffers::FlatBufferBuilder builder;
  const auto id_text = builder.CreateString(id);
  const auto state_text = builder.CreateString(state);
  std::vector<flatbuffers::Offset<fb::ReaderHealth>> all;
  while (all.size() < readers) all.push_back(fb::CreateReaderHealth(builder, id_text, state_text, 1, 1, 1));
  const auto list = builder.CreateVector(all);
  const auto gateway = builder.CreateString("gate-1");
  fb::HealthBuilder health(builder);
  health.add_schema_version(1);
  health.add_gateway(gateway);
  health.add_site(1);
  health.add_readers(list);
  builder.Finish(health.Finish(), fb::HealthIdentifier());
  return Bytes(builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize());
}

std::vector<Refusal> health_refusals() {
  const auto good = [] { return encode(plain_health()); };
  const auto with = [](void (*change)(Health&)) { return changed(plain_health(), change); };
  BOOST_REQUIRE(decode_health(health_of(readers_max, "1", "")));
  return {
      {"no version", without_field(good(), fb::Health::VT_SCHEMA_VERSION), WireErrc::malformed},
      {"newer version", with_field<std::uint16_t>(good(), fb::Health::VT_SCHEMA_VERSION, 2),
       WireErrc::unsupported_version},
      {"no gateway", with([](Health& h) { h.gateway = {}; })},
      {"site 0", with([](Health& h) { h.site = {}; })},
      {"clock state 3", with([](Health& h) { h.clock_state = static_cast<ClockState>(3); })},
      {"clock state 255", with([](Health& h) { h.clock_state = static_cast<ClockState>(255); })},
      {"time before 1970", with([](Health& h) { h.time = UtcTime{std::chrono::milliseconds{-1}}; })},
      {"a read before 1970",
       with([](Health& h) { h.readers[0].last_read = UtcTime{std::chrono::milliseconds{-1}}; })},
      {"65 readers", health_of(readers_max + 1, "1", "")},
      {"a reader without id", health_of(1, "", "")},
      {"a reader with a long id", health_of(1, std::string(65, 'x'), "")},
      {"a reader with a long state", health_of(1, "1", std::string(257, 'x'))},
      {"another message", encode(plain_roster()).value(), WireErrc::malformed},
      {"over the size", Bytes(health_size_max + 1), WireErrc::too_large},
  };
}

template <typename Decode>
void check_refused(const Refusal& refusal, Decode decode) {
  const auto decoded = decode(ByteView(refusal.bytes));
  BOOST_REQUIRE(!decoded);
  BOOST_TEST(is(decoded.error(), refusal.expected), decoded.error().text());
}

namespace data = boost::unit_test::data;
BOOST_DATA_TEST_CASE(a_bad_batch_is_refused, data::make(batch_refusals())) {
  check_refused(sample, decode_work_history_batch);
}
BOOST_DATA_TEST_CASE(a_bad_receipt_is_refused, data::make(receipt_refusals())) {
  check_refused(sample, decode_receipt);
}
BOOST_DATA_TEST_CASE(a_bad_roster_is_refused, data::make(roster_refusals())) {
  check_refused(sample, decode_site_roster);
}
BOOST_DATA_TEST_CASE(bad_health_is_refused, data::make(health_refusals())) {
  check_refused(sample, decode_health);
}

BOOST_AUTO_TEST_CASE(a_batch_of_1001_passages_is_refused) {
  check_refused({"1,001 passages", batch_of_1001(), WireErrc::bad_value}, decode_work_history_batch);
}

BOOST_AUTO_TEST_CASE(a_passage_of_nobody_is_refused) {
  const Bytes nobody =
      with_field<std::uint64_t>(encode_passage(plain_passage(1)), fb::Passage::VT_TECHNICIAN, 0);
  check_refused({"neither technician nor credential", nobody, WireErrc::bad_value}, decode_passage);
  const Bytes fifteen = with_field<std::uint64_t>(encode_passage(plain_passage(1)),
                                                  fb::Passage::VT_TECHNICIAN, ccus_id_max + 1);
  check_refused({"technician of 15 digits", fifteen, WireErrc::bad_value}, decode_passage);
}

BOOST_AUTO_TEST_CASE(a_long_text_that_all_passages_share_costs_nothing) {
  flatbuffers::FlatBufferBuilder builder;
  const auto gate = builder.CreateString(std::string(400'000, 'x'));
  std::vector<flatbuffers::Offset<fb::Passage>> passages;
  for (Sequence sequence = 1; sequence <= batch_passages_max; ++sequence)
    passages.push_back(fb::CreatePassage(builder, sequence, 1, 0, fb::Admission::admitted, true, gate, gate,
                                         fb::Direction::entry));
  const auto list = builder.CreateVector(passages);
  const auto hash = builder.CreateVector(std::vector<std::uint8_t>(32));
  const auto gateway = builder.CreateString("gate-1");
  builder.Finish(fb::CreateWorkHistoryBatch(builder, 1, gateway, 7, 1, 1, hash, list),
                 fb::WorkHistoryBatchIdentifier());
  const auto decoded = decode_work_history_batch({builder.GetBufferPointer(), builder.GetSize()});
  BOOST_REQUIRE(decoded);
  BOOST_TEST(decoded.value().refused.size() == batch_passages_max);
}

BOOST_AUTO_TEST_CASE(one_entry_that_stands_in_a_list_60000_times_is_refused_by_its_count) {
  flatbuffers::FlatBufferBuilder builder;
  const auto gap = fb::CreateSequenceRange(builder, 1, 2);
  const auto list = builder.CreateVector(std::vector<flatbuffers::Offset<fb::SequenceRange>>(60'000, gap));
  const auto gateway = builder.CreateString("gate-1");
  builder.Finish(fb::CreateReceipt(builder, 1, gateway, 7, 10, 0, list), fb::ReceiptIdentifier());
  check_refused({"60,000 gaps",
                 {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()},
                 WireErrc::malformed},
                decode_receipt);
}

BOOST_AUTO_TEST_CASE(every_reason_has_its_word_and_text) {
  BOOST_TEST(errc_word(fail(WireErrc::too_large)) == "too_large");
  BOOST_TEST(errc_word(fail(WireErrc::bad_value)) == "bad_value");
  BOOST_TEST(errc_word(fail_errno(2, "x")) == std::generic_category().name());
  BOOST_TEST(fail(WireErrc::bad_signature, "gate-1").text() ==
             "wire: the signature does not fit the bytes: gate-1");
}

}  // namespace sitegate::wire::test
