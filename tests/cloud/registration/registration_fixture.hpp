// Passages of the conformance suite's small world (company 1 is every site's prime contractor), and what
// became of them.
#pragma once
#include "cloud/registration/registration.hpp"
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {

inline constexpr std::string_view sample_day = "2023-07-31";

/// An entry, let through, on sample_day.
inline Passage passage(std::variant<TechnicianId, Credential> person, Sequence sequence = 1) {
  return {.sequence = sequence,
          .person = std::move(person),
          .admission = Admission::admitted,
          .gate_opened = true,
          .gate = "north",
          .reader = "card-1",
          .direction = Direction::entry,
          .evidence = {{.method = Method::card, .confidence = {}, .body_temperature_c = {}}},
          .work_date = date(sample_day),
          .event_time = utc("2023-07-30T23:00:00.500Z"),
          .monotonic = {},
          .boot_id = {},
          .clock_state = ClockState::synchronised};
}

inline Credential read_card(Bytes uid, CardTechnology technology = CardTechnology::felica) {
  return CardCredential{technology, std::move(uid)};
}

inline RegistrationBatch batch(std::uint64_t site, std::vector<Passage> passages) {
  return {
      .gateway = gateway_id("gate-1"), .epoch = 7, .site = site_id(site), .passages = std::move(passages)};
}

/// Added, changed, unchanged, unregistered.
inline std::vector<std::uint64_t> numbers(const RegistrationCounts& counts) {
  return {counts.added, counts.changed, counts.unchanged, counts.unregistered};
}
inline std::vector<std::uint64_t> numbers(std::uint64_t added, std::uint64_t changed, std::uint64_t unchanged,
                                          std::uint64_t unregistered) {
  return {added, changed, unchanged, unregistered};
}

/// One committed transaction; afterwards the store is closed and opened.
template <typename Engine>
RegistrationCounts register_and_commit(Subject<Engine>& subject,
                                       const std::vector<RegistrationBatch>& batches) {
  RegistrationCounts counts;
  subject.commit([&](WriteTransaction& writer) { counts = need(register_passages(writer, batches)); });
  return counts;
}

template <typename Engine>
std::optional<WorkHistory> sample_history(Subject<Engine>& subject, std::uint64_t technician) {
  return need(need(subject.store().begin_read())
                  ->work_history(technician_id(technician), site_id(1), date(sample_day)));
}

}  // namespace sitegate::cloud::tests
