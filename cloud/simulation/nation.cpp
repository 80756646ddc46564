#include "cloud/simulation/nation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "cloud/simulation/work.hpp"

namespace sitegate::cloud {
namespace {

constexpr std::size_t registry_commit_size = 100'000;
constexpr std::size_t days_in_chunk = 1'500'000;
constexpr std::uint64_t scale_max = 20'000;  // beyond it whole classes of companies vanish

/// Writes a population into a store, transaction by transaction.
class Filler {
 public:
  Filler(Store& store, const Population& population, const NationSettings& settings,
         const NationProgress& progress)
      : store_(store), population_(population), draw_(settings.seed), progress_(progress) {}

  Result<void> fill_registry() {
    SITEGATE_TRYV(
        put_all("companies", population_.companies, counts_.companies,
                [this](auto& transaction, const auto& company) { return put(transaction, company); }));
    SITEGATE_TRYV(
        put_all("technicians", population_.technicians, counts_.technicians,
                [this](auto& transaction, const auto& technician) { return put(transaction, technician); }));
    return put_all("sites", population_.sites, counts_.sites,
                   [this](auto& transaction, const auto& site) { return put(transaction, site); });
  }

  /// The next chunk is made while this one is written.
  Result<void> fill_work(NationWork& work, std::uint64_t histories_total) {
    const auto make_next = [&work] {
      auto chunk = std::make_unique<WorkChunk>();
      if (!work.next(*chunk, days_in_chunk)) chunk.reset();
      return chunk;
    };
    auto next = std::async(std::launch::async, make_next);
    while (const auto chunk = next.get()) {
      next = std::async(std::launch::async, make_next);
      SITEGATE_TRYV(write(*chunk));
      tell("histories", counts_.histories, histories_total);
    }
    return success();
  }

  [[nodiscard]] const NationCounts& counts() const { return counts_; }

 private:
  void tell(std::string_view phase, std::uint64_t done, std::uint64_t total) const {
    if (progress_) progress_(phase, done, total);
  }

  template <typename Records, typename Put>
  Result<void> put_all(std::string_view phase, const Records& records, std::uint64_t& count, Put put_one) {
    while (count < records.size()) {
      SITEGATE_TRY(transaction, store_.begin_write());
      const auto end = std::min<std::uint64_t>(count + registry_commit_size, records.size());
      for (; count < end; ++count) {
        SITEGATE_TRYV(put_one(*transaction, records[count]));
      }
      SITEGATE_TRYV(transaction->commit());
      tell(phase, count, records.size());
    }
    return success();
  }

  Result<void> put(WriteTransaction& transaction, const NationCompany& company) const {
    return transaction.put(Company{.id = company.id,
                                   .name = {},
                                   .prefecture = company.prefecture,
                                   .company_class = company.company_class,
                                   .company_class_at_approval = company.class_at_approval,
                                   .approved_on = company.approved_on});
  }

  /// With a card, good for nine years and a part of the tenth (the first birthday after nine years is not
  /// known here).
  Result<void> put(WriteTransaction& transaction, const NationTechnician& technician) {
    SITEGATE_TRYV(transaction.put(Technician{.id = technician.id,
                                             .name = {},
                                             .prefecture = technician.prefecture,
                                             .registered_on = technician.registered_on,
                                             .company = population_.companies[technician.company].id}));
    Bytes uid;
    const auto bits = draw_.bits(Purpose::card, technician.id.number());
    for (int shift = 56; shift >= 0; shift -= 8) uid.push_back(static_cast<std::uint8_t>(bits >> shift));
    ++counts_.credentials;
    const auto days = 9 * 365 + static_cast<int>(bits % 365);
    return transaction.put(
        CredentialAssignment{.technician = technician.id,
                             .credential = CardCredential{CardTechnology::unknown, std::move(uid)},
                             .expires_on = technician.registered_on + std::chrono::days{days}});
  }

  Result<void> put(WriteTransaction& transaction, const NationSite& site) const {
    return transaction.put(Site{.id = site.id,
                                .name = {},
                                .prefecture = site.prefecture,
                                .prime_contractor = population_.companies[site.prime_contractor].id,
                                .registered_on = site.registered_on,
                                .opens_on = site.opens_on,
                                .closes_on = site.closes_on,
                                .test_data = false,
                                .settings = {}});
  }

  Result<void> write(const WorkChunk& chunk) {
    SITEGATE_TRY(transaction, store_.begin_write());
    for (const auto& entry : chunk.structure) {
      SITEGATE_TRYV(transaction->put(entry));
    }
    for (const auto& entry : chunk.roster) {
      SITEGATE_TRYV(transaction->put(entry));
    }
    SITEGATE_TRY(registered, register_days(*transaction, chunk.worked_days));
    if (registered.added != chunk.worked_days.size())
      return fail(SimulationErrc::counts_disagree,
                  fmt::format("{}: {} worked days made {} new histories", sitegate::to_text(chunk.month),
                              chunk.worked_days.size(), registered.added));
    SITEGATE_TRYV(transaction->commit());
    counts_.structure_entries += chunk.structure.size();
    counts_.roster_entries += chunk.roster.size();
    counts_.histories += registered.added;
    return success();
  }

  Store& store_;
  const Population& population_;
  const Draw draw_;
  const NationProgress& progress_;
  NationCounts counts_;
};

Result<void> check(const Store& store, const NationSettings& settings) {
  if (settings.as_of != published_2023_07().month)
    return fail(SimulationErrc::nothing_published,
                fmt::format("{}; figures are known for the end of {} only", sitegate::to_text(settings.as_of),
                            sitegate::to_text(published_2023_07().month)));
  if (settings.one_in < 1 || settings.one_in > scale_max)
    return fail(SimulationErrc::scale_too_coarse,
                fmt::format("one in {}: choose 1 to {}", settings.one_in, scale_max));
  SITEGATE_TRY(transaction, store.begin_read());
  SITEGATE_TRY(rollups, transaction->rollups());
  SITEGATE_TRY(gateways, transaction->gateways());
  SITEGATE_TRY(quarantine, transaction->quarantine(1, 1));
  if (rollups != Rollups{} || !gateways.empty() || !quarantine.empty())
    return fail(SimulationErrc::store_not_empty, "name a folder that does not exist yet");
  return success();
}

}  // namespace

const char* errc_category(SimulationErrc) {
  return "simulation";
}

std::string_view errc_text(SimulationErrc what) {
  switch (what) {
    case SimulationErrc::nothing_published:
      return "nothing is published for that month";
    case SimulationErrc::scale_too_coarse:
      return "the scale is too coarse";
    case SimulationErrc::store_not_empty:
      return "the store is not empty";
    case SimulationErrc::counts_disagree:
      return "the store counted something else";
  }
  return "unknown";
}

Result<NationCounts> simulate_nation(Store& store, const NationSettings& settings,
                                     const NationProgress& progress) {
  SITEGATE_TRYV(check(store, settings));
  if (progress) progress("population", 0, 1);
  const auto plan = make_plan(scaled(published_2023_07(), settings.one_in));
  const auto population = make_population(plan, settings);
  NationWork work(population, plan, settings);
  if (!work.feasible())
    return fail(
        SimulationErrc::scale_too_coarse,
        fmt::format("one in {} leaves too few technicians in the first months; choose a smaller number",
                    settings.one_in));
  if (progress) progress("population", 1, 1);
  Filler filler(store, population, settings, progress);
  SITEGATE_TRYV(filler.fill_registry());
  SITEGATE_TRYV(filler.fill_work(work, plan.histories.total()));
  return filler.counts();
}

}  // namespace sitegate::cloud
