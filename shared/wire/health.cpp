#include "shared/wire/health.hpp"

#include <algorithm>

#include "shared/model/passage.hpp"
#include "shared/wire/flat.hpp"
#include "shared/wire/health_generated.h"

namespace sitegate::wire {
namespace {

constexpr std::size_t text_size_max = 256;

Result<std::vector<ReaderHealth>> read_readers(const fb::Health& table) {
  std::vector<ReaderHealth> readers;
  if (table.readers() == nullptr) return readers;
  if (table.readers()->size() > readers_max) return fail(WireErrc::bad_value, "readers: more than 64");
  for (const auto* one : *table.readers()) {
    SITEGATE_TRY(id, checked_text(one->id(), 1, name_size_max, "reader"));
    SITEGATE_TRY(state, checked_text(one->state(), 0, text_size_max, "state"));
    ReaderHealth reader{std::move(id), std::move(state), one->reads(), one->errors(), std::nullopt};
    if (const auto last = one->last_read_ms()) {
      SITEGATE_TRY(time, checked_time(*last, "last_read"));
      reader.last_read = time;
    }
    readers.push_back(std::move(reader));
  }
  return readers;
}

Result<std::vector<EndedReach>> read_ended(const fb::Health& table) {
  std::vector<EndedReach> ended;
  if (table.ended() == nullptr) return ended;
  if (table.ended()->size() > ended_epochs_max) return fail(WireErrc::bad_value, "ended: more than 16");
  for (const auto* one : *table.ended()) {
    if (one->epoch() == 0 || one->epoch() == table.epoch())
      return fail(WireErrc::bad_value, "ended: no epoch, or the one that goes on");
    ended.push_back({one->epoch(), one->receipted_through()});
  }
  return ended;
}

flatbuffers::Offset<fb::ReaderHealth> put_reader(flatbuffers::FlatBufferBuilder& builder,
                                                 const ReaderHealth& reader) {
  const auto id = builder.CreateString(presentable(reader.id, name_size_max));
  const auto state = builder.CreateString(presentable(reader.state, text_size_max));
  const auto last = reader.last_read
                        ? flatbuffers::Optional<std::int64_t>(reader.last_read->time_since_epoch().count())
                        : flatbuffers::Optional<std::int64_t>();
  return fb::CreateReaderHealth(builder, id, state, reader.reads, reader.errors, last);
}

}  // namespace

Bytes encode(const Health& health) {
  flatbuffers::FlatBufferBuilder builder(1024);
  std::vector<flatbuffers::Offset<fb::ReaderHealth>> readers;
  for (std::size_t i = 0; i < std::min(readers_max, health.readers.size()); ++i)
    readers.push_back(put_reader(builder, health.readers[i]));
  const auto reader_list = builder.CreateVector(readers);
  std::vector<flatbuffers::Offset<fb::EndedEpoch>> ended;
  for (std::size_t i = 0; i < std::min(ended_epochs_max, health.ended.size()); ++i)
    ended.push_back(fb::CreateEndedEpoch(builder, health.ended[i].epoch, health.ended[i].receipted_through));
  // Left out where there is none: the same bytes as ever.
  const auto ended_list =
      ended.empty() ? flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::EndedEpoch>>>()
                    : builder.CreateVector(ended);
  const auto gateway = builder.CreateString(health.gateway.text());
  const auto version = builder.CreateString(presentable(health.software_version, text_size_max));
  const auto problem = builder.CreateString(presentable(health.problem, text_size_max));
  builder.Finish(
      fb::CreateHealth(builder, schema_version, gateway, health.epoch, health.site.number(), version,
                       health.time.time_since_epoch().count(), static_cast<std::uint8_t>(health.clock_state),
                       health.roster_version, health.sequence_last, health.sealed_through,
                       health.receipted_through, health.outbox_used_bytes, health.outbox_map_bytes,
                       reader_list, problem, ended_list),
      fb::HealthIdentifier());
  return take_bytes(builder);
}

Result<Health> decode_health(ByteView bytes) {
  const AlignedBytes aligned(bytes);
  SITEGATE_TRY(table, verified_root<fb::Health>(aligned.view(), fb::HealthIdentifier(), health_size_max));
  SITEGATE_TRYV(checked_version(table->schema_version()));
  SITEGATE_TRY(gateway, checked_gateway(table->gateway()));
  const auto site = SiteId::from_number(table->site());
  if (!site) return fail(WireErrc::bad_value, "site: not a 14-digit ID");
  if (table->clock_state() > static_cast<std::uint8_t>(ClockState::unsynchronised))
    return fail(WireErrc::bad_value, "clock_state: unknown value");
  SITEGATE_TRY(version, checked_text(table->software_version(), 0, text_size_max, "software_version"));
  SITEGATE_TRY(time, checked_time(table->time_ms(), "time"));
  SITEGATE_TRY(readers, read_readers(*table));
  SITEGATE_TRY(problem, checked_text(table->problem(), 0, text_size_max, "problem"));
  SITEGATE_TRY(ended, read_ended(*table));
  return Health{.gateway = gateway,
                .epoch = table->epoch(),
                .site = *site,
                .software_version = std::move(version),
                .time = time,
                .clock_state = static_cast<ClockState>(table->clock_state()),
                .roster_version = table->roster_version(),
                .sequence_last = table->sequence_last(),
                .sealed_through = table->sealed_through(),
                .receipted_through = table->receipted_through(),
                .outbox_used_bytes = table->outbox_used_bytes(),
                .outbox_map_bytes = table->outbox_map_bytes(),
                .readers = std::move(readers),
                .problem = std::move(problem),
                .ended = std::move(ended)};
}

}  // namespace sitegate::wire
