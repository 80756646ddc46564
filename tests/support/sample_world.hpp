// One small site with everything a passage needs to become a history, for tests of either side.
#pragma once
#include "shared/crypto/signing.hpp"
#include "shared/model/passage.hpp"
#include "shared/model/registry.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::tests {

inline constexpr UtcTime sample_time{
    std::chrono::milliseconds{1'690'756'200'000}};  // 2023-07-31T07:30 in Japan
inline const SiteId sample_site = *SiteId::from_number(77);
inline const GatewayId sample_gateway = *GatewayId::parse("gate-1");
inline constexpr std::uint16_t sample_bucket = 5;

inline TechnicianId sample_technician(int number) {
  return *TechnicianId::from_number(10'000 + static_cast<std::uint64_t>(number));
}

inline crypto::SigningKey sample_key(std::uint8_t number) {
  std::array<std::uint8_t, 32> seed{};
  seed.fill(number);
  return crypto::SigningKey::from_seed(seed);
}

inline Passage sample_passage(Sequence sequence, int technician, Direction direction = Direction::entry) {
  Passage passage;
  passage.sequence = sequence;
  passage.person = sample_technician(technician);
  passage.gate = "1";
  passage.reader = "north";
  passage.direction = direction;
  passage.evidence = {{Method::card, std::nullopt, std::nullopt}};
  passage.event_time = sample_time + std::chrono::seconds{sequence};
  passage.work_date = work_date_of(passage.event_time, std::chrono::minutes{540}, std::chrono::minutes{240});
  passage.clock_state = ClockState::synchronised;
  return passage;
}

/// A batch of entries of the technicians first, first + 1, …; the epoch is 9.
inline wire::WorkHistoryBatch sample_batch(Sequence first, std::size_t count, const Digest& previous = {}) {
  wire::WorkHistoryBatch batch{.gateway = sample_gateway,
                               .epoch = 9,
                               .first_sequence = first,
                               .site = sample_site,
                               .previous_hash = previous,
                               .passages = {},
                               .damaged = {}};
  for (std::size_t i = 0; i < count; ++i)
    batch.passages.push_back(sample_passage(first + i, static_cast<int>(first + i)));
  return batch;
}

inline wire::SealedMessage sample_sealed(const wire::WorkHistoryBatch& batch, const crypto::SigningKey& key) {
  return wire::seal(wire::MessageKind::history, batch.gateway.text(), wire::encode(batch), key);
}

}  // namespace sitegate::tests
