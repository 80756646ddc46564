#include "cloud/simulation/site_choice.hpp"

#include <algorithm>

namespace sitegate::cloud {

void SiteChoice::Weighted::add(std::uint32_t site, double weight) {
  sites.push_back(site);
  weight_sums.push_back((weight_sums.empty() ? 0.0 : weight_sums.back()) + weight);
}

void SiteChoice::Weighted::clear() {
  sites.clear();
  weight_sums.clear();
}

void SiteChoice::begin_month(Month month) {
  while (next_ < sites_.size() && sites_[next_].registered_on <= last_day(month))
    current_.push_back(static_cast<std::uint32_t>(next_++));
  std::erase_if(current_, [&](std::uint32_t site) { return sites_[site].closes_on < first_day(month); });
  everywhere_.clear();
  for (auto& list : by_prefecture_) list.clear();
  for (const auto site : current_) {
    if (sites_[site].opens_on > last_day(month)) continue;
    everywhere_.add(site, sites_[site].weight);
    by_prefecture_[sites_[site].prefecture.code() - 1U].add(site, sites_[site].weight);
  }
}

std::uint32_t SiteChoice::choose(Prefecture prefecture, bool anywhere, Date date,
                                 std::uint64_t stream) const {
  const auto none = static_cast<std::uint32_t>(sites_.size());
  if (!anywhere) {
    const auto near = draw_from(by_prefecture_[prefecture.code() - 1U], date, stream, 12);
    if (near != none) return near;
  }
  const auto far = draw_from(everywhere_, date, Draw::mix(stream), 24);
  if (far != none) return far;
  const auto found = std::find_if(everywhere_.sites.begin(), everywhere_.sites.end(),
                                  [&](std::uint32_t site) { return open(site, date); });
  SITEGATE_ASSERT(found != everywhere_.sites.end());
  return *found;
}

bool SiteChoice::open(std::uint32_t site, Date date) const {
  return sites_[site].opens_on <= date && date <= sites_[site].closes_on;
}

std::uint32_t SiteChoice::draw_from(const Weighted& list, Date date, std::uint64_t stream, int tries) const {
  for (int attempt = 0; attempt < tries && !list.sites.empty(); ++attempt) {
    const double place = draw_.unit(Purpose::site_choice, stream, static_cast<std::uint64_t>(attempt)) *
                         list.weight_sums.back();
    const auto found = std::upper_bound(list.weight_sums.begin(), list.weight_sums.end() - 1, place);
    const auto site = list.sites[static_cast<std::size_t>(found - list.weight_sums.begin())];
    if (open(site, date)) return site;
  }
  return static_cast<std::uint32_t>(sites_.size());
}

}  // namespace sitegate::cloud
