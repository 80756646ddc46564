#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cloud/store/store.hpp"
#include "deploy/tool/verify.hpp"
#include "edge/outbox/outbox.hpp"
#include "shared/crypto/signing.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::tool {
namespace {

struct Options {
  std::string folder;
  std::string key;
  std::string store;
};

constexpr std::size_t step_count = 200;
constexpr std::size_t step_bytes = 8U << 20;

/// What a gateway's outbox says must be in the national record.
struct Expected {
  SiteId site;
  std::uint64_t recorded = 0;                        ///< passages on the gateway's disk
  std::uint64_t accepted = 0;                        ///< of these admitted
  std::uint64_t typed = 0;                           ///< by a clerk: await approval, make no day
  std::uint64_t let_through_unknown = 0;             ///< the cloud decides who these are
  std::set<std::pair<TechnicianId, WorkDate>> days;  ///< of people who were let through

  void take(const Passage& passage) {
    ++recorded;
    if (passage.typed) {
      ++typed;
      return;
    }
    if (passage.admission == Admission::admitted) ++accepted;
    if (!passage.gate_opened) return;
    if (const auto* technician = std::get_if<TechnicianId>(&passage.person))
      days.emplace(*technician, passage.work_date);
    else
      ++let_through_unknown;
  }
};

Result<void> take_batches(const edge::Outbox& outbox, const PublicKey& key, Expected& expected) {
  const auto key_of = [&](std::string_view) { return std::optional(key); };
  const Sequence through = outbox.state().sealed_through;
  for (Sequence next = 1; next <= through;) {
    SITEGATE_TRY(batches, outbox.batches(next, step_count, step_bytes));
    if (batches.empty()) break;
    for (const auto& batch : batches) {
      SITEGATE_TRY(opened,
                   wire::open(batch.envelope, wire::MessageKind::history, wire::batch_size_max, key_of));
      SITEGATE_TRY(decoded, wire::decode_work_history_batch(opened.payload));
      expected.site = decoded.batch.site;
      for (const auto& passage : decoded.batch.passages) expected.take(passage);
    }
    next = batches.back().through + 1;
  }
  return success();
}

Result<void> take_entries(const edge::Outbox& outbox, Expected& expected) {
  SITEGATE_TRY(entries, outbox.unsealed(std::numeric_limits<std::size_t>::max(),
                                        std::numeric_limits<std::size_t>::max()));
  for (const auto& entry : entries) {
    SITEGATE_TRY(passage, wire::decode_passage(entry.bytes));
    expected.take(passage);
  }
  return success();
}

struct Found {
  std::uint64_t registered = 0;
  std::uint64_t doubled = 0;
};

std::uint64_t sum_of(const cloud::Rollups& rollups) {
  std::uint64_t sum = 0;
  for (const auto& cell : rollups.histories) sum += cell.count;
  return sum;
}

Result<Found> look_up(const cloud::ReadTransaction& store, const Expected& expected) {
  Found found;
  for (const auto& [technician, date] : expected.days) {
    SITEGATE_TRY(histories, store.histories_of(technician, date, date));
    const auto here = std::count_if(histories.begin(), histories.end(), [&](const WorkHistory& history) {
      return history.site == expected.site;
    });
    if (here > 0) ++found.registered;
    if (here > 1) found.doubled += static_cast<std::uint64_t>(here - 1);
  }
  // What reports are made of must count each record once, too.
  SITEGATE_TRY(counters, store.rollups());
  SITEGATE_TRY(counted, store.recount({}));
  const std::uint64_t kept = sum_of(counters);
  const std::uint64_t recounted = sum_of(counted);
  if (kept > recounted) found.doubled += kept - recounted;
  return found;
}

Result<int> verify_delivery(const Options& options) {
  SITEGATE_TRY(key, crypto::load_public_key(options.key));
  SITEGATE_TRY(outbox, edge::Outbox::open_read_only(options.folder));
  Expected expected;
  SITEGATE_TRYV(take_batches(*outbox, key, expected));
  SITEGATE_TRYV(take_entries(*outbox, expected));
  SITEGATE_TRY(store, cloud::open_store(options.store, {.read_only = true}));
  SITEGATE_TRY(reading, store->begin_read());
  SITEGATE_TRY(found, look_up(*reading, expected));
  const std::uint64_t lost = expected.days.size() - found.registered;
  print_json_line({{"recorded", expected.recorded},
                   {"accepted", expected.accepted},
                   {"typed", expected.typed},
                   {"let_through_unknown", expected.let_through_unknown},
                   {"published", outbox->state().receipted_through},
                   {"expected", expected.days.size()},
                   {"registered", found.registered},
                   {"lost", lost},
                   {"double_counted", found.doubled}});
  return lost == 0 && found.doubled == 0 ? exit_done : exit_refused;
}

}  // namespace

void add_verify_delivery(CLI::App& verify, Action& chosen) {
  auto* command = verify.add_subcommand("delivery",
                                        "Holds a gateway's outbox against the national record: each "
                                        "technician-day that its gates let through must be registered, and "
                                        "counted once. What the gateway has not yet sent counts as lost. "
                                        "Read-only; the result is one line of JSON.");
  auto options = add_command<Options>(
      *command, "  sitegate verify delivery edge/outbox --key public.pem --store lmdb:store", chosen,
      verify_delivery);
  command->add_option("DIR", options->folder, "the outbox's folder")->required();
  command->add_option("--key", options->key, "the gateway's Ed25519 public key")
      ->required()
      ->type_name("PUBLIC.pem");
  add_store_option(*command, options->store);
}

}  // namespace sitegate::tool
