#include "tests/shared/wire/random_messages.hpp"

#include <array>

namespace sitegate::wire::test {
namespace {

constexpr std::int64_t days_last = 84'005;  // 2199-12-31
constexpr std::int64_t milliseconds_a_day = 86'400'000;
constexpr std::uint64_t unsigned_max = ~std::uint64_t{0};

bool random_bool(Random& random) {
  return random() % 2 == 0;
}
std::int64_t random_signed(Random& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random_number(random, 0, static_cast<std::uint64_t>(high - low)));
}
Date random_date(Random& random) {
  return Date{std::chrono::days{random_signed(random, 0, days_last)}};
}
UtcTime random_time(Random& random) {
  return UtcTime{
      std::chrono::milliseconds{random_signed(random, 0, (days_last + 1) * milliseconds_a_day - 1)}};
}
template <typename Id>
Id random_id(Random& random) {
  return *Id::from_number(random_number(random, 1, ccus_id_max));
}
GatewayId random_gateway(Random& random) {
  constexpr std::string_view letters = "ABCXYZabcxyz0189-";
  std::string text;
  for (auto size = random_number(random, 1, 48); size > 0; --size) text += letters[random() % letters.size()];
  return *GatewayId::parse(text);
}
Bytes random_bytes(Random& random, std::uint64_t size_max) {
  Bytes bytes(random_number(random, 1, size_max));
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}
std::string random_word(Random& random, std::uint64_t size_max) {
  std::string text;
  for (auto size = random_number(random, 1, size_max); size > 0; --size)
    text += static_cast<char>(random_number(random, 'A', 'Z'));
  return text;
}
Credential random_credential(Random& random) {
  switch (random_number(random, 1, credential_kind_max)) {
    case 1:
      return CardCredential{static_cast<CardTechnology>(random() % 4),
                            random_bytes(random, card_uid_size_max)};
    case 2:
      return UhfTagCredential{random_bytes(random, 62)};
    case 3:
      return PhoneCredential{"+" + std::to_string(random_number(random, 1'000, 999'999'999'999'999))};
    case 4:
      return CodeCredential{random_word(random, 64)};
    case 5:
      return TerminalUserCredential{random_word(random, 32), random_word(random, 32)};
    case 6: {
      TokenCredential token;
      for (auto& byte : token.hash) byte = static_cast<std::uint8_t>(random());
      return token;
    }
    case 7:
      return MarkerCredential{random_word(random, 32), static_cast<std::uint32_t>(random())};
    default:
      return TechnicianCredential{random_id<TechnicianId>(random)};
  }
}
std::optional<float> random_float(Random& random, int low, int high) {
  if (random_bool(random)) return std::nullopt;
  return static_cast<float>(random_number(random, static_cast<std::uint64_t>(low) * 1000,
                                          static_cast<std::uint64_t>(high) * 1000)) /
         1000.0F;
}
Evidence random_evidence(Random& random) {
  const auto method = static_cast<Method>(random_number(random, 1, method_max));
  return {method, random_float(random, 0, 1), random_float(random, 30, 45),
          random_bool(random) ? std::nullopt : std::optional(random_id<TechnicianId>(random))};
}
RosterTechnician random_technician(Random& random) {
  RosterTechnician technician{random_id<TechnicianId>(random),
                              random_text(random, 0, 128),
                              random_date(random),
                              random_date(random),
                              {},
                              {}};
  for (auto count = random_number(random, 0, technician_credentials_max); count > 0; --count)
    technician.credentials.push_back(
        {random_credential(random),
         random_bool(random) ? std::nullopt : std::optional<Date>(random_date(random))});
  if (random_bool(random)) technician.company = random_id<CompanyId>(random);
  return technician;
}
SiteSettings random_settings(Random& random) {
  return {.utc_offset_minutes = static_cast<std::int16_t>(random_signed(random, -720, 840)),
          .day_boundary_minutes = static_cast<std::int16_t>(random_signed(random, 0, 1439)),
          .shift_hours_max = static_cast<std::int16_t>(random_signed(random, 1, 48)),
          .open_for_unknown_credential = random_bool(random),
          .open_for_not_on_roster = random_bool(random),
          .open_for_expired_credential = random_bool(random),
          .open_when_site_closed = random_bool(random)};
}

}  // namespace

std::uint64_t random_number(Random& random, std::uint64_t low, std::uint64_t high) {
  const auto choice = random() % 3;
  if (choice == 0) return low;
  if (choice == 1) return high;
  return std::uniform_int_distribution<std::uint64_t>(low, high)(random);
}

std::string random_text(Random& random, std::size_t size_min, std::size_t size_max) {
  constexpr std::array<std::string_view, 4> characters{"A", "é", "技", "𠮷"};
  const std::size_t size = random_number(random, size_min, size_max);
  std::string text;
  while (text.size() < size) {
    const auto character = characters[random() % characters.size()];
    if (text.size() + character.size() <= size) text += character;
  }
  return text;
}

Passage random_passage(Random& random, Sequence sequence) {
  Passage passage;
  passage.sequence = sequence;
  if (random_bool(random))
    passage.person = random_id<TechnicianId>(random);
  else
    passage.person = random_credential(random);
  passage.admission = static_cast<Admission>(random_number(random, 1, admission_max));
  passage.gate_opened = random_bool(random);
  passage.gate = random_text(random, 1, name_size_max);
  passage.reader = random_text(random, 1, name_size_max);
  passage.direction = random_bool(random) ? Direction::entry : Direction::exit;
  for (auto count = random_number(random, 1, evidence_count_max); count > 0; --count)
    passage.evidence.push_back(random_evidence(random));
  passage.event_time = random_time(random);
  const auto event_day = std::chrono::floor<std::chrono::days>(passage.event_time).time_since_epoch().count();
  const auto work_day =
      std::clamp<std::int64_t>(event_day + random_signed(random, -3, 3), std::int64_t{0}, days_last);
  passage.work_date = Date{std::chrono::days{work_day}};
  passage.monotonic = MonotonicTime{random_signed(random, 0, std::numeric_limits<std::int64_t>::max())};
  for (auto& byte : passage.boot_id) byte = static_cast<std::uint8_t>(random());
  passage.clock_state = static_cast<ClockState>(random() % 3);
  if (random_bool(random))
    passage.typed =
        TypedEntry{random_text(random, 1, name_size_max), random_text(random, 1, typed_reason_size_max),
                   random_time(random), random_number(random, 0, unsigned_max)};
  return passage;
}

WorkHistoryBatch random_batch(Random& random, std::size_t passages) {
  WorkHistoryBatch batch{.gateway = random_gateway(random),
                         .epoch = random_number(random, 1, unsigned_max),
                         .first_sequence = random_number(random, 1, unsigned_max - batch_passages_max),
                         .site = random_id<SiteId>(random),
                         .previous_hash = {},
                         .passages = {},
                         .damaged = {}};
  for (auto& byte : batch.previous_hash) byte = static_cast<std::uint8_t>(random());
  Sequence sequence = batch.first_sequence;
  while (batch.passages.size() < passages) {
    if (random() % 4 == 0)
      batch.damaged.push_back(sequence++);
    else
      batch.passages.push_back(random_passage(random, sequence++));
  }
  if (random() % 4 == 0) batch.damaged.push_back(sequence);
  for (std::size_t i = random() % 3; i > 0; --i) {
    const Sequence first = 1 + random() % 1'000'000;
    batch.earlier.push_back({batch.epoch > 100 ? i : batch.epoch + i, first, first + random() % 1'000});
  }
  return batch;
}

Receipt random_receipt(Random& random) {
  Receipt receipt{.gateway = random_gateway(random),
                  .epoch = random_number(random, 1, unsigned_max),
                  .sequence_through = random_number(random, 0, unsigned_max),
                  .refused = {},
                  .gaps = {},
                  .problem = random_text(random, 0, 256),
                  .cloud_time = random_time(random)};
  for (auto count = random_number(random, 0, refused_count_max); count > 0; --count)
    receipt.refused.push_back({random_number(random, 0, unsigned_max), random_text(random, 0, 128)});
  for (auto count = random_number(random, 0, gap_count_max); count > 0; --count) {
    const auto first = random_number(random, 1, unsigned_max);
    receipt.gaps.push_back({first, random_number(random, first, unsigned_max)});
  }
  if (random() % 2 == 0)
    for (auto& byte : receipt.chain_head) byte = static_cast<std::uint8_t>(random());
  return receipt;
}

SiteRoster random_roster(Random& random, std::size_t technicians) {
  SiteRoster roster{.site = random_id<SiteId>(random),
                    .version = random_number(random, 2, unsigned_max),
                    .base_version = 0,
                    .opens_on = random_date(random),
                    .closes_on = random_date(random),
                    .settings = random_settings(random),
                    .technicians = {},
                    .removed = {},
                    .companies = {}};
  for (std::size_t i = 0; i < technicians; ++i) roster.technicians.push_back(random_technician(random));
  for (const auto& one : roster.technicians)
    if (one.company) roster.companies.push_back({*one.company, random_text(random, 0, 128)});
  if (random_bool(random)) return roster;
  roster.base_version = random_number(random, 1, roster.version - 1);
  for (std::size_t i = 0; i < technicians / 2; ++i) roster.removed.push_back(random_id<TechnicianId>(random));
  return roster;
}

Health random_health(Random& random) {
  Health health{.gateway = random_gateway(random),
                .epoch = random_number(random, 0, unsigned_max),
                .site = random_id<SiteId>(random),
                .software_version = random_text(random, 0, 256),
                .time = random_time(random),
                .clock_state = static_cast<ClockState>(random() % 3),
                .roster_version = random_number(random, 0, unsigned_max),
                .sequence_last = random_number(random, 0, unsigned_max),
                .sealed_through = random_number(random, 0, unsigned_max),
                .receipted_through = random_number(random, 0, unsigned_max),
                .outbox_used_bytes = random_number(random, 0, unsigned_max),
                .outbox_map_bytes = random_number(random, 0, unsigned_max),
                .readers = {},
                .problem = random_text(random, 0, 256)};
  for (auto count = random_number(random, 0, readers_max); count > 0; --count)
    health.readers.push_back(
        {random_text(random, 1, 64), random_text(random, 0, 256), random(), random(),
         random_bool(random) ? std::nullopt : std::optional<UtcTime>(random_time(random))});
  for (auto count = random_number(random, 0, ended_epochs_max); count > 0; --count)
    health.ended.push_back({random_number(random, 1, unsigned_max - 1), random()});
  std::erase_if(health.ended, [&](const EndedReach& one) { return one.epoch == health.epoch; });
  return health;
}

Passage plain_passage(Sequence sequence) {
  Passage passage;
  passage.sequence = sequence;
  passage.person = *TechnicianId::from_number(12'345'678'901'234);
  passage.gate = "1";
  passage.reader = "1-card";
  passage.evidence = {{Method::card, std::nullopt, std::nullopt}};
  passage.work_date = *parse_date("2023-07-31");
  passage.event_time = *parse_utc("2023-07-30T22:50:00.000Z");
  return passage;
}

WorkHistoryBatch plain_batch(std::size_t passages) {
  WorkHistoryBatch batch{.gateway = *GatewayId::parse("gate-1"),
                         .epoch = 7,
                         .first_sequence = 1,
                         .site = *SiteId::from_number(1),
                         .previous_hash = {},
                         .passages = {},
                         .damaged = {}};
  for (std::size_t i = 0; i < passages; ++i) batch.passages.push_back(plain_passage(i + 1));
  return batch;
}

Receipt plain_receipt() {
  return {.gateway = *GatewayId::parse("gate-1"),
          .epoch = 7,
          .sequence_through = 10,
          .refused = {{4, "bad_value"}},
          .gaps = {{11, 20}},
          .problem = {},
          .cloud_time = *parse_utc("2023-07-31T00:00:00.000Z")};
}

SiteRoster plain_roster() {
  return {.site = *SiteId::from_number(1),
          .version = 2,
          .base_version = 1,
          .opens_on = *parse_date("2023-04-01"),
          .closes_on = *parse_date("2024-03-31"),
          .settings = {},
          .technicians = {{*TechnicianId::from_number(5),
                           "建設 太郎",
                           *parse_date("2023-04-01"),
                           *parse_date("2023-12-31"),
                           {{CardCredential{CardTechnology::felica, {1, 2, 3}}, *parse_date("2030-01-01")}}}},
          .removed = {*TechnicianId::from_number(6)}};
}

Health plain_health() {
  Health health;
  health.gateway = *GatewayId::parse("gate-1");
  health.site = *SiteId::from_number(1);
  health.software_version = "0.1.0";
  health.time = *parse_utc("2023-07-31T00:00:00.000Z");
  health.readers = {{"1-card", "1 reader", 5, 0, std::nullopt}};
  return health;
}

}  // namespace sitegate::wire::test
