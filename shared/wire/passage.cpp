#include "shared/wire/passage.hpp"

#include <cmath>
#include <cstring>

#include "shared/wire/passage_table.hpp"

namespace sitegate::wire {
namespace {

constexpr std::chrono::days work_date_distance_max{3};

flatbuffers::Offset<fb::Evidence> put_evidence(flatbuffers::FlatBufferBuilder& builder,
                                               const Evidence& evidence) {
  const auto optional = [](std::optional<float> value) {
    return value ? flatbuffers::Optional<float>(*value) : flatbuffers::Optional<float>();
  };
  return fb::CreateEvidence(builder, static_cast<fb::Method>(evidence.method), optional(evidence.confidence),
                            optional(evidence.body_temperature_c),
                            evidence.contradicts ? evidence.contradicts->number() : 0);
}

flatbuffers::Offset<fb::TypedEntry> put_typed(flatbuffers::FlatBufferBuilder& builder,
                                              const std::optional<TypedEntry>& typed) {
  if (!typed) return {};
  const auto by = builder.CreateString(typed->by);
  const auto reason = builder.CreateString(typed->reason);
  return fb::CreateTypedEntry(builder, by, reason, typed->typed_at.time_since_epoch().count(),
                              typed->corrects);
}

Result<std::optional<TypedEntry>> read_typed(const fb::TypedEntry* table) {
  if (table == nullptr) return std::optional<TypedEntry>{};
  SITEGATE_TRY(by, checked_text(table->by(), 1, name_size_max, "typed: by"));
  SITEGATE_TRY(reason, checked_text(table->reason(), 1, typed_reason_size_max, "typed: reason"));
  SITEGATE_TRY(typed_at, checked_time(table->typed_at_ms(), "typed: typed_at"));
  return std::optional(TypedEntry{std::move(by), std::move(reason), typed_at, table->corrects()});
}

Result<std::optional<float>> checked_float(flatbuffers::Optional<float> value, float low, float high,
                                           const char* field) {
  if (!value) return std::optional<float>{};
  if (!(*value >= low && *value <= high)) return fail(WireErrc::bad_value, field);  // also refuses NaN
  return std::optional<float>{*value};
}

Result<Evidence> read_evidence(const fb::Evidence& table) {
  if (table.method() == fb::Method::none || table.method() > fb::Method::MAX)
    return fail(WireErrc::bad_value, "evidence: unknown method");
  SITEGATE_TRY(confidence, checked_float(table.confidence(), 0, 1, "evidence: confidence not in 0 to 1"));
  SITEGATE_TRY(temperature, checked_float(table.body_temperature_c(), 30, 45,
                                          "evidence: body temperature not in 30 to 45"));
  const auto contradicts = TechnicianId::from_number(table.contradicts());
  if (table.contradicts() != 0 && !contradicts)
    return fail(WireErrc::bad_value, "evidence: contradicts: more than 14 digits");
  return Evidence{static_cast<Method>(table.method()), confidence, temperature, contradicts};
}

Result<std::vector<Evidence>> read_evidence_list(const fb::Passage& table) {
  const auto* list = table.evidence();
  if (list == nullptr || list->size() == 0 || list->size() > evidence_count_max)
    return fail(WireErrc::bad_value, "evidence: not 1 to 4");
  std::vector<Evidence> evidence;
  for (const auto* item : *list) {
    SITEGATE_TRY(one, read_evidence(*item));
    evidence.push_back(one);
  }
  return evidence;
}

Result<std::variant<TechnicianId, Credential>> read_person(const fb::Passage& table) {
  using Person = std::variant<TechnicianId, Credential>;
  if (table.technician() != 0) {
    const auto technician = TechnicianId::from_number(table.technician());
    if (!technician) return fail(WireErrc::bad_value, "technician: more than 14 digits");
    return Person{*technician};
  }
  SITEGATE_TRY(credential, checked_credential(table.credential()));
  return Person{std::move(credential)};
}

Result<void> check_enums(const fb::Passage& table) {
  if (table.direction() != fb::Direction::entry && table.direction() != fb::Direction::exit)
    return fail(WireErrc::bad_value, "direction: neither entry nor exit");
  if (table.admission() == fb::Admission::none || table.admission() > fb::Admission::MAX)
    return fail(WireErrc::bad_value, "admission: unknown value");
  if (table.clock_state() > fb::ClockState::MAX)
    return fail(WireErrc::bad_value, "clock_state: unknown value");
  return success();
}

Result<void> read_times(const fb::Passage& table, Passage& passage) {
  SITEGATE_TRY(event_time, checked_time(table.event_time_ms(), "event_time"));
  SITEGATE_TRY(work_date, checked_date(table.work_date_days(), "work_date"));
  const Date event_date{std::chrono::floor<std::chrono::days>(event_time).time_since_epoch()};
  if (event_date - work_date > work_date_distance_max || work_date - event_date > work_date_distance_max)
    return fail(WireErrc::bad_value, "work_date: more than three days from the event");
  if (table.monotonic_ns() < 0) return fail(WireErrc::bad_value, "monotonic: negative");
  passage.event_time = event_time;
  passage.work_date = work_date;
  passage.monotonic = MonotonicTime{table.monotonic_ns()};
  if (table.boot_id() != nullptr)
    std::memcpy(passage.boot_id.data(), table.boot_id()->bytes()->data(), passage.boot_id.size());
  return success();
}

}  // namespace

flatbuffers::Offset<fb::Passage> put_passage(flatbuffers::FlatBufferBuilder& builder,
                                             const Passage& passage) {
  const auto* technician = std::get_if<TechnicianId>(&passage.person);
  const auto credential = technician != nullptr
                              ? flatbuffers::Offset<fb::Credential>()
                              : put_credential(builder, std::get<Credential>(passage.person));
  const auto gate = builder.CreateSharedString(passage.gate);
  const auto reader = builder.CreateSharedString(passage.reader);
  std::vector<flatbuffers::Offset<fb::Evidence>> evidence;
  for (const auto& one : passage.evidence) evidence.push_back(put_evidence(builder, one));
  const auto evidence_list = builder.CreateVector(evidence);
  const auto typed = put_typed(builder, passage.typed);
  const fb::BootId boot_id(flatbuffers::span<const std::uint8_t, 16>(passage.boot_id.data(), 16));
  return fb::CreatePassage(builder, passage.sequence, technician != nullptr ? technician->number() : 0,
                           credential, static_cast<fb::Admission>(passage.admission), passage.gate_opened,
                           gate, reader, static_cast<fb::Direction>(passage.direction), evidence_list,
                           days_of(passage.work_date), passage.event_time.time_since_epoch().count(),
                           passage.monotonic.count(), &boot_id,
                           static_cast<fb::ClockState>(passage.clock_state), typed);
}

Result<Passage> read_passage(const fb::Passage& table) {
  SITEGATE_TRYV(check_enums(table));
  Passage passage;
  SITEGATE_TRY(person, read_person(table));
  SITEGATE_TRY(gate, checked_text(table.gate(), 1, name_size_max, "gate"));
  SITEGATE_TRY(reader, checked_text(table.reader(), 1, name_size_max, "reader"));
  SITEGATE_TRY(evidence, read_evidence_list(table));
  SITEGATE_TRY(typed, read_typed(table.typed()));
  SITEGATE_TRYV(read_times(table, passage));
  passage.typed = std::move(typed);
  passage.sequence = table.sequence();
  passage.person = std::move(person);
  passage.admission = static_cast<Admission>(table.admission());
  passage.gate_opened = table.gate_opened();
  passage.gate = std::move(gate);
  passage.reader = std::move(reader);
  passage.direction = static_cast<Direction>(table.direction());
  passage.evidence = std::move(evidence);
  passage.clock_state = static_cast<ClockState>(table.clock_state());
  return passage;
}

Bytes encode_passage(const Passage& passage) {
  flatbuffers::FlatBufferBuilder builder(512);
  builder.Finish(put_passage(builder, passage));
  return take_bytes(builder);
}

Result<Passage> decode_passage(ByteView bytes) {
  const AlignedBytes aligned(bytes);
  SITEGATE_TRY(table, verified_root<fb::Passage>(aligned.view(), nullptr, passage_size_max));
  return read_passage(*table);
}

}  // namespace sitegate::wire
