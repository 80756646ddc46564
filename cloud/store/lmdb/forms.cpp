#include "cloud/store/lmdb/forms.hpp"

#include <algorithm>
#include <bit>

namespace sitegate::cloud {
namespace {

constexpr std::uint8_t passage_form = 1;

template <typename Tag>
void write_id(CcusId<Tag> id, RecordWriter& record) {
  record.varint(id.number());
}
template <typename Tag>
void read_id(RecordReader& record, CcusId<Tag>& id) {
  id = CcusId<Tag>::from_number(record.varint()).value_or(CcusId<Tag>{});
}
template <typename Tag>
void write_id(const std::optional<CcusId<Tag>>& id, RecordWriter& record) {
  record.varint(id ? id->number() : 0);
}
template <typename Tag>
void read_id(RecordReader& record, std::optional<CcusId<Tag>>& id) {
  id = CcusId<Tag>::from_number(record.varint());
}

void write_date(Date date, RecordWriter& record) {
  record.signed_varint(date.time_since_epoch().count());
}
Date read_date(RecordReader& record) {
  return Date(std::chrono::days(static_cast<std::int32_t>(record.signed_varint())));
}
void write_time(UtcTime time, RecordWriter& record) {
  record.signed_varint(time.time_since_epoch().count());
}
UtcTime read_time(RecordReader& record) {
  return UtcTime(std::chrono::milliseconds(record.signed_varint()));
}

void write_blob(ByteView bytes, RecordWriter& record) {
  record.text(as_text(bytes));
}
Bytes read_blob(RecordReader& record) {
  const std::uint64_t size = record.varint();
  return to_bytes(record.raw(size));
}
template <std::size_t size>
void read_array(RecordReader& record, std::array<std::uint8_t, size>& array) {
  const ByteView bytes = record.raw(size);
  if (bytes.size() == size) std::copy(bytes.begin(), bytes.end(), array.begin());
}

Prefecture read_prefecture(RecordReader& record) {
  return Prefecture::from_code(record.byte()).value_or(Prefecture{});
}

void read_gateway(RecordReader& record, GatewayId& gateway) {
  gateway = GatewayId::parse(record.text()).value_or(GatewayId{});
}

void write_event(const EventId& event, RecordWriter& record) {
  record.text(event.gateway.text());
  record.varint(event.epoch);
  record.varint(event.sequence);
}
void read_event(RecordReader& record, EventId& event) {
  read_gateway(record, event.gateway);
  event.epoch = record.varint();
  event.sequence = record.varint();
}

void write_credential(const Credential& credential, RecordWriter& record) {
  const CredentialForm form = form_of(credential);
  record.byte(static_cast<std::uint8_t>(form.kind));
  record.byte(static_cast<std::uint8_t>(form.technology));
  record.text(form.realm);
  write_blob(form.value, record);
}
bool read_credential(RecordReader& record, Credential& credential) {
  CredentialForm form;
  form.kind = static_cast<CredentialKind>(record.byte());
  form.technology = static_cast<CardTechnology>(record.byte());
  form.realm = record.text();
  form.value = read_blob(record);
  auto known = credential_of(form);
  if (known) credential = std::move(*known);
  return known.has_value();
}

void write_settings(const SiteSettings& settings, RecordWriter& record) {
  record.signed_varint(settings.utc_offset_minutes);
  record.signed_varint(settings.day_boundary_minutes);
  record.signed_varint(settings.shift_hours_max);
  record.byte(static_cast<std::uint8_t>(
      (settings.open_for_unknown_credential ? 1 : 0) | (settings.open_for_not_on_roster ? 2 : 0) |
      (settings.open_for_expired_credential ? 4 : 0) | (settings.open_when_site_closed ? 8 : 0)));
}
SiteSettings read_settings(RecordReader& record) {
  SiteSettings settings;
  settings.utc_offset_minutes = static_cast<std::int16_t>(record.signed_varint());
  settings.day_boundary_minutes = static_cast<std::int16_t>(record.signed_varint());
  settings.shift_hours_max = static_cast<std::int16_t>(record.signed_varint());
  const std::uint8_t open = record.byte();
  settings.open_for_unknown_credential = (open & 1) != 0;
  settings.open_for_not_on_roster = (open & 2) != 0;
  settings.open_for_expired_credential = (open & 4) != 0;
  settings.open_when_site_closed = (open & 8) != 0;
  return settings;
}

void write_optional_float(std::optional<float> value, RecordWriter& record) {
  record.byte(value ? 1 : 0);
  if (value) record.varint(std::bit_cast<std::uint32_t>(*value));
}
std::optional<float> read_optional_float(RecordReader& record) {
  if (record.byte() == 0) return std::nullopt;
  return std::bit_cast<float>(static_cast<std::uint32_t>(record.varint()));
}

void write_person(const std::variant<TechnicianId, Credential>& person, RecordWriter& record) {
  if (const auto* const technician = std::get_if<TechnicianId>(&person)) {
    record.byte(0);
    write_id(*technician, record);
    return;
  }
  record.byte(1);
  write_credential(std::get<Credential>(person), record);
}
bool read_person(RecordReader& record, std::variant<TechnicianId, Credential>& person) {
  if (record.byte() == 1) {
    Credential credential;
    const bool known = read_credential(record, credential);
    person = std::move(credential);
    return known;
  }
  TechnicianId technician;
  read_id(record, technician);
  person = technician;
  return true;
}

void write_typed(const std::optional<TypedEntry>& typed, RecordWriter& record) {
  record.byte(typed ? 1 : 0);
  if (!typed) return;
  record.text(typed->by);
  record.text(typed->reason);
  write_time(typed->typed_at, record);
  record.varint(typed->corrects);
}
void read_typed(RecordReader& record, std::optional<TypedEntry>& typed) {
  typed.reset();
  if (record.byte() == 0) return;
  typed.emplace();
  typed->by = record.text();
  typed->reason = record.text();
  typed->typed_at = read_time(record);
  typed->corrects = record.varint();
}

void write_passage(const Passage& passage, RecordWriter& record) {
  record.byte(passage_form);
  record.varint(passage.sequence);
  write_person(passage.person, record);
  record.byte(static_cast<std::uint8_t>(passage.admission));
  record.byte(passage.gate_opened ? 1 : 0);
  record.text(passage.gate);
  record.text(passage.reader);
  record.byte(static_cast<std::uint8_t>(passage.direction));
  record.varint(passage.evidence.size());
  for (const Evidence& evidence : passage.evidence) {
    record.byte(static_cast<std::uint8_t>(evidence.method));
    write_optional_float(evidence.confidence, record);
    write_optional_float(evidence.body_temperature_c, record);
    write_id(evidence.contradicts, record);
  }
  write_date(passage.work_date, record);
  write_time(passage.event_time, record);
  record.signed_varint(passage.monotonic.count());
  record.raw(passage.boot_id);
  record.byte(static_cast<std::uint8_t>(passage.clock_state));
  write_typed(passage.typed, record);
}

void read_evidence(RecordReader& record, std::vector<Evidence>& all) {
  const std::uint64_t count = record.varint();
  for (std::uint64_t i = 0; i < count && record.ok(); ++i) {
    Evidence evidence;
    evidence.method = static_cast<Method>(record.byte());
    evidence.confidence = read_optional_float(record);
    evidence.body_temperature_c = read_optional_float(record);
    read_id(record, evidence.contradicts);
    all.push_back(evidence);
  }
}

bool read_passage(RecordReader& record, Passage& passage) {
  if (record.byte() != passage_form) return false;
  passage.sequence = record.varint();
  if (!read_person(record, passage.person)) return false;
  passage.admission = static_cast<Admission>(record.byte());
  passage.gate_opened = record.byte() != 0;
  passage.gate = record.text();
  passage.reader = record.text();
  passage.direction = static_cast<Direction>(record.byte());
  read_evidence(record, passage.evidence);
  passage.work_date = read_date(record);
  passage.event_time = read_time(record);
  passage.monotonic = MonotonicTime(record.signed_varint());
  read_array(record, passage.boot_id);
  passage.clock_state = static_cast<ClockState>(record.byte());
  read_typed(record, passage.typed);
  return true;
}

}  // namespace

void encode(const Technician& technician, RecordWriter& record) {
  record.clear();
  write_id(technician.id, record);
  record.text(technician.name);
  record.byte(technician.prefecture.code());
  write_date(technician.registered_on, record);
  write_id(technician.company, record);
}
bool decode(ByteView bytes, Technician& technician) {
  RecordReader record(bytes);
  read_id(record, technician.id);
  technician.name = record.text();
  technician.prefecture = read_prefecture(record);
  technician.registered_on = read_date(record);
  read_id(record, technician.company);
  return record.complete();
}

void encode(const Company& company, RecordWriter& record) {
  record.clear();
  write_id(company.id, record);
  record.text(company.name);
  record.byte(company.prefecture.code());
  record.byte(static_cast<std::uint8_t>(company.company_class));
  record.byte(static_cast<std::uint8_t>(company.company_class_at_approval));
  write_date(company.approved_on, record);
}
bool decode(ByteView bytes, Company& company) {
  RecordReader record(bytes);
  read_id(record, company.id);
  company.name = record.text();
  company.prefecture = read_prefecture(record);
  company.company_class = static_cast<CompanyClass>(record.byte());
  company.company_class_at_approval = static_cast<CompanyClass>(record.byte());
  company.approved_on = read_date(record);
  return record.complete();
}

void encode(const Site& site, RecordWriter& record) {
  record.clear();
  write_id(site.id, record);
  record.text(site.name);
  record.byte(site.prefecture.code());
  write_id(site.prime_contractor, record);
  write_date(site.registered_on, record);
  write_date(site.opens_on, record);
  write_date(site.closes_on, record);
  record.byte(site.test_data ? 1 : 0);
  write_settings(site.settings, record);
}
bool decode(ByteView bytes, Site& site) {
  RecordReader record(bytes);
  read_id(record, site.id);
  site.name = record.text();
  site.prefecture = read_prefecture(record);
  read_id(record, site.prime_contractor);
  site.registered_on = read_date(record);
  site.opens_on = read_date(record);
  site.closes_on = read_date(record);
  site.test_data = record.byte() != 0;
  site.settings = read_settings(record);
  return record.complete();
}

void encode(const ContractStructureEntry& entry, RecordWriter& record) {
  record.clear();
  write_id(entry.site, record);
  write_id(entry.company, record);
  write_id(entry.upper_company, record);
  record.byte(entry.approved ? 1 : 0);
  record.text(entry.registered_by);
}
bool decode(ByteView bytes, ContractStructureEntry& entry) {
  RecordReader record(bytes);
  read_id(record, entry.site);
  read_id(record, entry.company);
  read_id(record, entry.upper_company);
  entry.approved = record.byte() != 0;
  entry.registered_by = record.text();
  return record.complete();
}

void encode(const CredentialAssignment& assignment, RecordWriter& record) {
  record.clear();
  write_id(assignment.technician, record);
  write_credential(assignment.credential, record);
  record.byte(assignment.expires_on ? 1 : 0);
  if (assignment.expires_on) write_date(*assignment.expires_on, record);
}
bool decode(ByteView bytes, CredentialAssignment& assignment) {
  RecordReader record(bytes);
  read_id(record, assignment.technician);
  if (!read_credential(record, assignment.credential)) return false;
  assignment.expires_on.reset();
  if (record.byte() != 0) assignment.expires_on = read_date(record);
  return record.complete();
}

void encode(const GatewayRecord& gateway, RecordWriter& record) {
  record.clear();
  record.text(gateway.id.text());
  write_id(gateway.site, record);
  record.varint(gateway.bucket);
  record.raw(gateway.public_key);
  record.byte(gateway.revoked ? 1 : 0);
}
bool decode(ByteView bytes, GatewayRecord& gateway) {
  RecordReader record(bytes);
  read_gateway(record, gateway.id);
  read_id(record, gateway.site);
  gateway.bucket = static_cast<std::uint16_t>(record.varint());
  read_array(record, gateway.public_key);
  gateway.revoked = record.byte() != 0;
  return record.complete();
}

void encode(const GatewayPosition& position, RecordWriter& record) {
  record.clear();
  record.text(position.gateway.text());
  record.varint(position.epoch);
  record.varint(position.watermark);
  record.raw(position.chain_head);
  write_time(position.received, record);
  record.varint(position.duplicates);
}
bool decode(ByteView bytes, GatewayPosition& position) {
  RecordReader record(bytes);
  read_gateway(record, position.gateway);
  position.epoch = record.varint();
  position.watermark = record.varint();
  read_array(record, position.chain_head);
  position.received = read_time(record);
  position.duplicates = record.varint();
  return record.complete();
}

void encode(const EpochReach& reach, RecordWriter& record) {
  record.clear();
  record.text(reach.gateway.text());
  record.varint(reach.epoch);
  write_time(reach.first_heard, record);
  write_time(reach.last_heard, record);
  record.varint(reach.told_through);
  record.varint(reach.promised_through);
  record.varint(reach.marks.size());
  for (const ReachMark& mark : reach.marks) {
    record.varint(mark.through);
    write_time(mark.since, record);
    record.byte(static_cast<std::uint8_t>(mark.witness));
  }
  record.varint(reach.forks);
  write_time(reach.first_fork, record);
  write_time(reach.last_fork, record);
  record.text(reach.fork);
  if (reach.continued_in == 0) return;
  record.varint(reach.continued_in);
  record.varint(reach.continued_from);
  record.varint(reach.continued_through);
}

namespace {

bool read_marks(RecordReader& record, std::vector<ReachMark>& marks) {
  const std::uint64_t count = record.varint();
  if (count > reach_marks_max) return false;
  marks.resize(count);
  for (ReachMark& mark : marks) {
    mark.through = record.varint();
    mark.since = read_time(record);
    const std::uint8_t witness = record.byte();
    if (witness == 0 || witness > witness_max) return false;
    mark.witness = static_cast<Witness>(witness);
  }
  return record.ok();
}

}  // namespace

bool decode(ByteView bytes, EpochReach& reach) {
  RecordReader record(bytes);
  read_gateway(record, reach.gateway);
  reach.epoch = record.varint();
  reach.first_heard = read_time(record);
  reach.last_heard = read_time(record);
  reach.told_through = record.varint();
  reach.promised_through = record.varint();
  if (!read_marks(record, reach.marks)) return false;
  reach.forks = record.varint();
  reach.first_fork = read_time(record);
  reach.last_fork = read_time(record);
  reach.fork = record.text();
  if (record.complete()) return true;  // it goes on nowhere
  reach.continued_in = record.varint();
  reach.continued_from = record.varint();
  reach.continued_through = record.varint();
  return record.complete() && reach.continued_in != 0;
}

void encode(const KeptBatch& batch, RecordWriter& record) {
  record.clear();
  record.text(batch.gateway.text());
  record.varint(batch.epoch);
  record.varint(batch.first);
  record.varint(batch.through);
  write_time(batch.received, record);
  write_blob(batch.envelope, record);
}
bool decode(ByteView bytes, KeptBatch& batch) {
  RecordReader record(bytes);
  read_gateway(record, batch.gateway);
  batch.epoch = record.varint();
  batch.first = record.varint();
  batch.through = record.varint();
  batch.received = read_time(record);
  batch.envelope = read_blob(record);
  return record.complete();
}

void encode(const QuarantineItem& item, RecordWriter& record) {
  record.clear();
  record.varint(item.number);
  write_time(item.received, record);
  record.text(item.source);
  record.text(item.reason);
  record.text(item.detail);
  record.varint(item.size);
  write_blob(item.bytes, record);
  if (!item.decision) return;
  record.byte(static_cast<std::uint8_t>(item.decision->outcome));
  write_time(item.decision->at, record);
  record.text(item.decision->by);
  record.text(item.decision->why);
}

namespace {

bool read_decision(RecordReader& record, QuarantineDecision& decision) {
  const std::uint8_t outcome = record.byte();
  decision.outcome = static_cast<QuarantineOutcome>(outcome);
  decision.at = read_time(record);
  decision.by = record.text();
  decision.why = record.text();
  return record.complete() && outcome != 0 && outcome <= quarantine_outcome_max;
}

}  // namespace

bool decode(ByteView bytes, QuarantineItem& item) {
  RecordReader record(bytes);
  item.number = record.varint();
  item.received = read_time(record);
  item.source = record.text();
  item.reason = record.text();
  item.detail = record.text();
  item.size = record.varint();
  item.bytes = read_blob(record);
  if (record.complete()) return true;  // nobody has decided
  return read_decision(record, item.decision.emplace());
}

void encode(const RepeatedBatch& batch, RecordWriter& record) {
  record.clear();
  record.text(batch.gateway.text());
  record.varint(batch.epoch);
  record.varint(batch.first);
  record.varint(batch.through);
  record.raw(batch.hash);
  write_time(batch.first_again, record);
  write_time(batch.last_again, record);
  record.varint(batch.times);
}
bool decode(ByteView bytes, RepeatedBatch& batch) {
  RecordReader record(bytes);
  read_gateway(record, batch.gateway);
  batch.epoch = record.varint();
  batch.first = record.varint();
  batch.through = record.varint();
  read_array(record, batch.hash);
  batch.first_again = read_time(record);
  batch.last_again = read_time(record);
  batch.times = record.varint();
  return record.complete();
}

void encode(const UnregisteredPassage& unregistered, RecordWriter& record) {
  record.clear();
  write_event(unregistered.event, record);
  write_id(unregistered.site, record);
  record.text(unregistered.reason);
  write_passage(unregistered.passage, record);
}
bool decode(ByteView bytes, UnregisteredPassage& unregistered) {
  RecordReader record(bytes);
  read_event(record, unregistered.event);
  read_id(record, unregistered.site);
  unregistered.reason = record.text();
  return read_passage(record, unregistered.passage) && record.complete();
}

void encode(const TypedPassage& typed, RecordWriter& record) {
  record.clear();
  write_event(typed.event, record);
  write_id(typed.site, record);
  record.byte(static_cast<std::uint8_t>(typed.approval));
  write_passage(typed.passage, record);
}
bool decode(ByteView bytes, TypedPassage& typed) {
  RecordReader record(bytes);
  read_event(record, typed.event);
  read_id(record, typed.site);
  const std::uint8_t approval = record.byte();
  if (approval == 0 || approval > approval_max) return false;
  typed.approval = static_cast<Approval>(approval);
  return read_passage(record, typed.passage) && record.complete();
}

}  // namespace sitegate::cloud
