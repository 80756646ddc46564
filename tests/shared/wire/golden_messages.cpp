#include "tests/shared/wire/golden_messages.hpp"

namespace sitegate::wire::test {
namespace {

crypto::SigningKey key_of_repeated(std::uint8_t byte) {
  std::array<std::uint8_t, 32> seed{};
  seed.fill(byte);
  return crypto::SigningKey::from_seed(seed);
}

GatewayId gateway() {
  return *GatewayId::parse("Shinjuku-North-1");
}

SiteId site() {
  return *SiteId::from_number(13'104'000'000'001);
}

Passage unidentified_passage() {
  Passage passage = golden_passage();
  passage.sequence = 43;
  passage.person = CardCredential{CardTechnology::felica, {0x01, 0x2e, 0x4c, 0xe1, 0x8b, 0x3a, 0x4e, 0x10}};
  passage.admission = Admission::unknown_credential;
  passage.gate_opened = false;
  passage.direction = Direction::exit;
  passage.evidence = {{Method::card, std::nullopt, std::nullopt}};
  passage.clock_state = ClockState::unsynchronised;
  return passage;
}

}  // namespace

crypto::SigningKey golden_gateway_key() {
  return key_of_repeated(1);
}
crypto::SigningKey golden_cloud_key() {
  return key_of_repeated(2);
}

Passage golden_passage() {
  Passage passage;
  passage.sequence = 42;
  passage.person = *TechnicianId::from_number(1'234'567'890'123);
  passage.admission = Admission::credential_expired;
  passage.gate_opened = true;
  passage.gate = "北ゲート";
  passage.reader = "north-1-card";
  passage.direction = Direction::entry;
  passage.evidence = {{Method::card, std::nullopt, std::nullopt}, {Method::face, 0.875F, 36.5F}};
  passage.work_date = *parse_date("2023-07-31");
  passage.event_time = *parse_utc("2023-07-30T22:50:12.345Z");
  passage.monotonic = MonotonicTime{987'654'321'000};
  for (std::size_t i = 0; i < passage.boot_id.size(); ++i)
    passage.boot_id[i] = static_cast<std::uint8_t>(0xa0 + i);
  passage.clock_state = ClockState::synchronised;
  return passage;
}

WorkHistoryBatch golden_batch() {
  WorkHistoryBatch batch{.gateway = gateway(),
                         .epoch = 0x0123'4567'89ab'cdef,
                         .first_sequence = 42,
                         .site = site(),
                         .previous_hash = {},
                         .passages = {golden_passage(), unidentified_passage()},
                         .damaged = {44, 45}};
  batch.previous_hash.fill(0x5a);
  return batch;
}

Receipt golden_receipt() {
  return {.gateway = gateway(),
          .epoch = 0x0123'4567'89ab'cdef,
          .sequence_through = 45,
          .refused = {{7, "bad_value"}, {9, "unknown_site"}},
          .gaps = {{46, 60}, {70, 70}},
          .problem = "bad_chain",
          .cloud_time = *parse_utc("2023-07-30T22:51:00.000Z")};
}

SiteRoster golden_roster() {
  SiteRoster roster{.site = site(),
                    .version = 12,
                    .base_version = 11,
                    .opens_on = *parse_date("2023-04-01"),
                    .closes_on = *parse_date("2024-03-31"),
                    .settings = {},
                    .technicians = {},
                    .removed = {*TechnicianId::from_number(99), *TechnicianId::from_number(ccus_id_max)}};
  roster.settings = {.utc_offset_minutes = 540,
                     .day_boundary_minutes = 300,
                     .shift_hours_max = 20,
                     .open_for_unknown_credential = true,
                     .open_for_not_on_roster = false,
                     .open_for_expired_credential = true,
                     .open_when_site_closed = true};
  roster.technicians = {
      {*TechnicianId::from_number(1'234'567'890'123),
       "建設 太郎",
       *parse_date("2023-04-01"),
       *parse_date("2023-12-31"),
       {{CardCredential{CardTechnology::felica, {1, 2, 3, 4, 5, 6, 7, 8}}, *parse_date("2030-02-11")},
        {CardCredential{CardTechnology::iso14443a, {0x04, 0xaa, 0xbb, 0xcc}}, std::nullopt}}},
      {*TechnicianId::from_number(2), "", *parse_date("2023-07-01"), *parse_date("2023-07-31"), {}}};
  return roster;
}

SiteRoster golden_roster_of_companies() {
  SiteRoster roster = golden_roster();
  const auto company = *CompanyId::from_number(10'000'000'000'001);
  roster.technicians.front().company = company;
  roster.companies = {{company, "建設株式会社"}, {*CompanyId::from_number(7), ""}};
  return roster;
}

Health golden_health() {
  return {.gateway = gateway(),
          .epoch = 0x0123'4567'89ab'cdef,
          .site = site(),
          .software_version = "0.1.0",
          .time = *parse_utc("2023-07-30T22:52:00.500Z"),
          .clock_state = ClockState::synchronised,
          .roster_version = 12,
          .sequence_last = 60,
          .sealed_through = 50,
          .receipted_through = 45,
          .outbox_used_bytes = 1'048'576,
          .outbox_map_bytes = 1'073'741'824,
          .readers = {{"north-1-card", "1 reader: ACR1252", 61, 2, *parse_utc("2023-07-30T22:51:59.000Z")},
                      {"south-1-card", "no reader", 0, 0, std::nullopt}},
          .problem = "the broker is away"};
}

}  // namespace sitegate::wire::test
