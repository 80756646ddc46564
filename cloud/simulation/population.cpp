#include "cloud/simulation/population.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace sitegate::cloud {
namespace {

// Coprime to 10; about the golden section of 10^14 and neighbours, so that running numbers scatter evenly.
constexpr std::uint64_t technician_multiplier = 61'803'398'874'989;
constexpr std::uint64_t company_multiplier = 38'196'601'125'011;
constexpr std::uint64_t site_multiplier = 41'421'356'237'309;

// The trades whose codes are publicly known (large and small classification).
constexpr std::array<TradeCode, 14> trades{601,  1001, 1201, 1203, 2301, 3401, 3403,
                                           3404, 3502, 3503, 3802, 3805, 4603, 4707};

using IndexLists = std::array<std::vector<std::uint32_t>, prefecture_count>;

Prefecture prefecture_at(std::size_t index) {
  return *Prefecture::from_code(static_cast<int>(index) + 1);
}
std::size_t index_of(Prefecture prefecture) {
  return prefecture.code() - 1U;
}

/// Each prefecture as often as counted, in an order drawn from the seed (Fisher and Yates).
std::vector<Prefecture> shuffled(const PrefectureCounts& counts, Purpose purpose, const Draw& draw) {
  std::vector<Prefecture> all;
  for (std::size_t i = 0; i < prefecture_count; ++i) all.insert(all.end(), counts[i], prefecture_at(i));
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[draw.below(i, purpose, i)]);
  return all;
}

/// As many dates in each month as counted, rising; within a month drawn.
std::vector<Date> dates_of(const MonthlySeries& series, const Draw& draw, std::uint64_t stream) {
  std::vector<Date> dates;
  dates.reserve(series.total());
  for (std::size_t i = 0; i < series.counts.size(); ++i) {
    const Month month = month_from_number(month_number(series.first) + static_cast<int>(i));
    const auto days = static_cast<std::uint64_t>((last_day(month) - first_day(month)).count()) + 1;
    const auto begin = dates.size();
    for (std::uint64_t n = 0; n < series.counts[i]; ++n)
      dates.push_back(first_day(month) +
                      std::chrono::days{draw.below(days, Purpose::registration_day, stream, dates.size())});
    std::sort(dates.begin() + static_cast<std::ptrdiff_t>(begin), dates.end());
  }
  return dates;
}

class Builder {
 public:
  Builder(const Plan& plan, const NationSettings& settings) : plan_(plan), settings_(settings) {}

  Population build() {
    make_companies();
    make_technicians();
    make_crews();
    std::sort(made_.technicians.begin(), made_.technicians.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    make_sites();
    return std::move(made_);
  }

 private:
  void make_companies() {
    add_companies(plan_.companies, plan_.companies_by_prefecture, Purpose::company_prefecture, false);
    add_companies(plan_.sole_proprietors, plan_.sole_proprietors_by_prefecture,
                  Purpose::sole_proprietor_prefecture, true);
    reclassify();
    std::stable_sort(made_.companies.begin(), made_.companies.end(),
                     [](const auto& a, const auto& b) { return a.approved_on < b.approved_on; });
    for (std::size_t i = 0; i < made_.companies.size(); ++i) finish_company(i);
  }

  void add_companies(const MonthlySeries& series, const PrefectureCounts& counts, Purpose purpose,
                     bool sole) {
    const auto prefectures = shuffled(counts, purpose, draw_);
    const auto dates = dates_of(series, draw_, static_cast<std::uint64_t>(purpose));
    for (std::size_t i = 0; i < dates.size(); ++i) {
      const auto other = draw_.chance(settings_.individual_business_share, Purpose::company_class, i)
                             ? CompanyClass::individual_business
                             : CompanyClass::corporation;
      const auto company_class = sole ? CompanyClass::sole_proprietor : other;
      made_.companies.push_back({.id = {},
                                 .approved_on = dates[i],
                                 .prefecture = prefectures[i],
                                 .company_class = company_class,
                                 .class_at_approval = company_class,
                                 .trade = 0});
    }
  }

  /// Some companies were approved in another class than today's. None of this fiscal year, where both classes
  /// are published.
  void reclassify() {
    const Date year_start = first_day(std::chrono::year{fiscal_year(plan_.last)} / std::chrono::April);
    for (std::size_t i = 0; i < made_.companies.size(); ++i) {
      auto& company = made_.companies[i];
      if (company.approved_on >= year_start ||
          !draw_.chance(settings_.reclassified_share, Purpose::reclassified, i))
        continue;
      company.class_at_approval = company.company_class == CompanyClass::sole_proprietor
                                      ? CompanyClass::individual_business
                                      : CompanyClass::sole_proprietor;
    }
  }

  void finish_company(std::size_t index) {
    auto& company = made_.companies[index];
    company.id = *CompanyId::from_number(scattered_id(index, company_multiplier));
    company.trade = trades[draw_.below(trades.size(), Purpose::trade, index)];
    const bool sole = company.company_class == CompanyClass::sole_proprietor;
    auto& lists = sole ? sole_proprietors_ : others_;
    lists[index_of(company.prefecture)].push_back(static_cast<std::uint32_t>(index));
    if (!sole) all_others_.push_back(static_cast<std::uint32_t>(index));
  }

  void make_technicians() {
    const auto prefectures = shuffled(plan_.technicians_by_prefecture, Purpose::technician_prefecture, draw_);
    const auto dates =
        dates_of(plan_.technicians, draw_, static_cast<std::uint64_t>(Purpose::technician_prefecture));
    made_.technicians.resize(dates.size());
    IndexLists by_prefecture;
    for (std::size_t i = 0; i < dates.size(); ++i) {
      auto& technician = made_.technicians[i];
      technician.id = *TechnicianId::from_number(scattered_id(i, technician_multiplier));
      technician.registered_on = dates[i];
      technician.prefecture = prefectures[i];
      by_prefecture[index_of(prefectures[i])].push_back(static_cast<std::uint32_t>(i));
    }
    for (std::size_t i = 0; i < prefecture_count; ++i)
      employ(by_prefecture[i], sole_proprietors_[i], others_[i]);
    for (auto& technician : made_.technicians) technician.works_from = first_whole_month(technician);
  }

  /// Sole proprietors are technicians themselves, spread evenly; the rest belong to companies of heavy-tailed
  /// size. Both in order of registration, so that companies and their people come in together.
  void employ(const std::vector<std::uint32_t>& technicians, const std::vector<std::uint32_t>& soles,
              const std::vector<std::uint32_t>& companies) {
    const auto count = technicians.size();
    const auto sole_count = std::min(soles.size(), count);
    const auto& employers = companies.empty() ? all_others_ : companies;
    const auto sizes = cumulative_sizes(employers);
    std::size_t soles_done = 0;
    for (std::size_t i = 0; i < count; ++i) {
      auto& technician = made_.technicians[technicians[i]];
      if ((i + 1) * sole_count / count > soles_done) {
        technician.company = soles[soles_done++];
        continue;
      }
      const double place = (static_cast<double>(i) + 0.5) / static_cast<double>(count) * sizes.back();
      const auto found = std::upper_bound(sizes.begin(), sizes.end() - 1, place);
      technician.company = employers[static_cast<std::size_t>(found - sizes.begin())];
    }
  }

  std::vector<double> cumulative_sizes(const std::vector<std::uint32_t>& companies) const {
    SITEGATE_ASSERT(!companies.empty());
    std::vector<double> sizes;
    double sum = 0;
    for (const auto company : companies)
      sizes.push_back(sum += draw_.heavy_tailed(1.3, 400, Purpose::company_size, company));
    return sizes;
  }

  [[nodiscard]] std::int32_t first_whole_month(const NationTechnician& technician) const {
    const Date since = std::max(technician.registered_on, made_.companies[technician.company].approved_on);
    return month_number(month_of(since)) + 1;
  }

  /// A company's technicians, in order of registration, in crews of two to six.
  void make_crews() {
    struct Open {
      std::uint32_t crew = 0;
      std::uint32_t members = 0;
      std::uint32_t size = 0;
    };
    std::vector<Open> open(made_.companies.size());
    for (auto& technician : made_.technicians) {
      auto& current = open[technician.company];
      if (current.members == current.size) {
        const auto crew = static_cast<std::uint32_t>(made_.crews.size());
        made_.crews.push_back({technician.company, technician.prefecture});
        current = {crew, 0, 2 + static_cast<std::uint32_t>(draw_.below(5, Purpose::crew_size, crew))};
      }
      technician.crew = current.crew;
      if (current.members == 0) technician.position = Position::foreman;
      if (current.members == 3) technician.position = Position::crew_leader;
      ++current.members;
    }
  }

  void make_sites() {
    const auto prefectures = shuffled(plan_.sites_by_prefecture, Purpose::site_prefecture, draw_);
    auto dates = dates_of(plan_.sites, draw_, static_cast<std::uint64_t>(Purpose::site_prefecture));
    // The first histories are of the first day of operation: someone's site has been open since then.
    if (!dates.empty()) dates.front() = first_day(plan_.sites.first);
    made_.sites.resize(dates.size());
    for (std::size_t i = 0; i < dates.size(); ++i) {
      auto& site = made_.sites[i];
      site.id = *SiteId::from_number(scattered_id(i, site_multiplier));
      site.registered_on = dates[i];
      site.prefecture = prefectures[i];
      make_period(site, i, i + 1 < dates.size() ? dates[i + 1] : last_day(plan_.last));
      site.weight = static_cast<float>(draw_.heavy_tailed(1.1, 400, Purpose::site_size, i));
      site.method = pick<Method>(settings_.site_methods, draw_.unit(Purpose::site_method, i));
      site.keeps_structure = draw_.chance(settings_.structure_share, Purpose::site_structure, i);
      site.prime_contractor = prime_contractor(site, i);
    }
  }

  /// Opens within weeks; lasts from three weeks to three years, most of them months; at small scales long
  /// enough that the next site is open before it closes.
  void make_period(NationSite& site, std::uint64_t index, Date next_registered) const {
    const bool at_start = month_of(site.registered_on) == plan_.sites.first;
    const auto wait = at_start ? 0 : draw_.below(21, Purpose::site_opening, index);
    const auto length =
        21 + static_cast<int>(draw_.heavy_tailed(1.2, 36, Purpose::site_length, index) * 60) % 1100;
    site.opens_on = at_start ? first_day(plan_.sites.first) : site.registered_on + std::chrono::days{wait};
    const Date covers_next = next_registered + std::chrono::days{21};
    site.closes_on = std::max(site.opens_on + std::chrono::days{length}, covers_next);
  }

  /// A company of the site's prefecture, approved before the site was registered; large ones win more often.
  [[nodiscard]] std::uint32_t prime_contractor(const NationSite& site, std::uint64_t index) const {
    const auto& near = others_[index_of(site.prefecture)];
    const auto& candidates =
        near.empty() || made_.companies[near.front()].approved_on > site.registered_on ? all_others_ : near;
    const auto approved = std::partition_point(
        candidates.begin(), candidates.end(),
        [&](std::uint32_t company) { return made_.companies[company].approved_on <= site.registered_on; });
    const auto count = std::max<std::ptrdiff_t>(approved - candidates.begin(), 1);
    const double skew = std::pow(draw_.unit(Purpose::prime_contractor, index), 3.0);
    return candidates[static_cast<std::size_t>(skew * static_cast<double>(count))];
  }

  const Plan& plan_;
  const NationSettings& settings_;
  const Draw draw_{settings_.seed};
  Population made_;
  IndexLists sole_proprietors_;            // of companies, by prefecture, in order of approval
  IndexLists others_;                      // the same for all other companies
  std::vector<std::uint32_t> all_others_;  // the same for the whole country
};

}  // namespace

Population make_population(const Plan& plan, const NationSettings& settings) {
  return Builder(plan, settings).build();
}

}  // namespace sitegate::cloud
