#include "cloud/simulation/published_2023_07.hpp"

#include <algorithm>
#include <numeric>

#include "shared/base/error.hpp"

namespace sitegate::cloud {
namespace {

struct PrefectureRow {
  std::uint64_t technicians;  ///< by present address (annex 技能者)
  std::uint64_t companies;    ///< by place of business (annex 事業者)
  std::uint64_t companies_without_sole_proprietors;
};

constexpr std::array<PrefectureRow, prefecture_count> prefecture_rows{{
    {64317, 9499, 7178},     // 01 北海道
    {17553, 1750, 1423},     // 02 青森県
    {16106, 1731, 1281},     // 03 岩手県
    {37944, 5128, 3889},     // 04 宮城県
    {8683, 1119, 926},       // 05 秋田県
    {9924, 1379, 1026},      // 06 山形県
    {30231, 3348, 2838},     // 07 福島県
    {25430, 4616, 3368},     // 08 茨城県
    {15937, 3242, 2265},     // 09 栃木県
    {15575, 3139, 2217},     // 10 群馬県
    {83937, 15911, 9697},    // 11 埼玉県
    {70712, 11558, 7679},    // 12 千葉県
    {122661, 27778, 17940},  // 13 東京都
    {90536, 18072, 11442},   // 14 神奈川県
    {20735, 2597, 2141},     // 15 新潟県
    {9967, 1724, 1308},      // 16 富山県
    {12580, 2575, 1580},     // 17 石川県
    {8761, 1511, 1130},      // 18 福井県
    {7195, 1276, 944},       // 19 山梨県
    {16424, 2994, 2160},     // 20 長野県
    {21080, 4148, 2763},     // 21 岐阜県
    {29656, 6400, 4284},     // 22 静岡県
    {77317, 17128, 10566},   // 23 愛知県
    {16845, 3697, 2449},     // 24 三重県
    {7691, 1552, 1046},      // 25 滋賀県
    {17972, 4331, 2754},     // 26 京都府
    {89275, 20090, 12352},   // 27 大阪府
    {38355, 8439, 5442},     // 28 兵庫県
    {7221, 1327, 889},       // 29 奈良県
    {4923, 912, 680},        // 30 和歌山県
    {4812, 726, 569},        // 31 鳥取県
    {7528, 927, 734},        // 32 島根県
    {17747, 3661, 2585},     // 33 岡山県
    {31953, 7194, 4528},     // 34 広島県
    {13221, 2740, 1930},     // 35 山口県
    {7062, 1279, 896},       // 36 徳島県
    {11549, 1995, 1394},     // 37 香川県
    {12028, 2197, 1566},     // 38 愛媛県
    {6102, 947, 638},        // 39 高知県
    {49118, 10100, 6863},    // 40 福岡県
    {7934, 1174, 855},       // 41 佐賀県
    {10569, 2152, 1524},     // 42 長崎県
    {14455, 2385, 1849},     // 43 熊本県
    {8040, 1256, 1029},      // 44 大分県
    {10429, 1578, 1316},     // 45 宮崎県
    {16300, 2386, 1803},     // 46 鹿児島県
    {17494, 2974, 2237},     // 47 沖縄県
}};

PrefectureCounts column(std::uint64_t PrefectureRow::*member) {
  PrefectureCounts counts{};
  for (std::size_t i = 0; i < prefecture_count; ++i) counts[i] = prefecture_rows[i].*member;
  return counts;
}

PrefectureCounts difference(const PrefectureCounts& a, const PrefectureCounts& b) {
  PrefectureCounts counts{};
  std::transform(a.begin(), a.end(), b.begin(), counts.begin(), std::minus<>());
  return counts;
}

PrefectureCounts sum(const PrefectureCounts& a, const PrefectureCounts& b) {
  PrefectureCounts counts{};
  std::transform(a.begin(), a.end(), b.begin(), counts.begin(), std::plus<>());
  return counts;
}

RegisteredCounts difference(const RegisteredCounts& a, const RegisteredCounts& b) {
  return {a.in_month - b.in_month, a.at_month_end - b.at_month_end,
          a.at_last_fiscal_year_end - b.at_last_fiscal_year_end, a.in_fiscal_year - b.in_fiscal_year};
}

RegisteredCounts sum(const RegisteredCounts& a, const RegisteredCounts& b) {
  return {a.in_month + b.in_month, a.at_month_end + b.at_month_end,
          a.at_last_fiscal_year_end + b.at_last_fiscal_year_end, a.in_fiscal_year + b.in_fiscal_year};
}

std::uint64_t quotient(std::uint64_t count, std::uint64_t one_in) {
  return (count + one_in / 2) / one_in;
}

RegisteredCounts scaled(const RegisteredCounts& counts, std::uint64_t one_in) {
  const auto end = quotient(counts.at_month_end, one_in);
  const auto year_end = quotient(counts.at_last_fiscal_year_end, one_in);
  const auto before = quotient(counts.at_month_end - counts.in_month, one_in);
  return {end - before, end, year_end, end - year_end};
}

SiteCounts scaled(const SiteCounts& counts, std::uint64_t one_in) {
  const auto july = counts.cumulative;
  const auto june = july - counts.in_month;
  const auto may = june - counts.in_previous_month;
  const auto april = may - counts.two_months_before;
  const auto year_end = july - counts.in_fiscal_year;
  const auto of = [one_in](std::uint64_t count) { return quotient(count, one_in); };
  return {of(july) - of(june), of(june) - of(may), of(may) - of(april), of(july) - of(year_end), of(july)};
}

HistoryCounts scaled(const HistoryCounts& counts, std::uint64_t one_in) {
  const auto july = counts.cumulative;
  const auto june = july - counts.in_month;
  const auto may = june - counts.in_previous_month;
  const auto year_end = july - counts.in_fiscal_year;
  const auto of = [one_in](std::uint64_t count) { return quotient(count, one_in); };
  return {of(july) - of(june), of(june) - of(may), of(july) - of(year_end), of(july)};
}

}  // namespace

Published published_2023_07() {
  return {.month = std::chrono::year{2023} / std::chrono::July,
          .technicians = {23'708, 1'241'884, 1'140'762, 101'122},
          .companies = {3'644, 234'642, 217'537, 17'105},
          .companies_without_sole_proprietors = {2'143, 157'973, 147'850, 10'123},
          .sites = {4'646, 4'691, 4'001, 18'790, 127'798},
          .histories = {4'633'589, 4'550'556, 17'166'375, 96'993'947},
          .technicians_by_prefecture = column(&PrefectureRow::technicians),
          .companies_by_prefecture = column(&PrefectureRow::companies),
          .companies_without_sole_proprietors_by_prefecture =
              column(&PrefectureRow::companies_without_sole_proprietors)};
}

Published scaled(const Published& published, std::uint64_t one_in) {
  SITEGATE_ASSERT(one_in >= 1);
  const auto& others = published.companies_without_sole_proprietors;
  const auto& others_by_prefecture = published.companies_without_sole_proprietors_by_prefecture;
  Published small;
  small.month = published.month;
  small.technicians = scaled(published.technicians, one_in);
  small.companies_without_sole_proprietors = scaled(others, one_in);
  const auto sole = scaled(difference(published.companies, others), one_in);
  small.companies = sum(small.companies_without_sole_proprietors, sole);
  small.sites = scaled(published.sites, one_in);
  small.histories = scaled(published.histories, one_in);
  small.technicians_by_prefecture =
      by_largest_remainder(published.technicians_by_prefecture, small.technicians.at_month_end);
  small.companies_without_sole_proprietors_by_prefecture =
      by_largest_remainder(others_by_prefecture, small.companies_without_sole_proprietors.at_month_end);
  const auto sole_by_prefecture = by_largest_remainder(
      difference(published.companies_by_prefecture, others_by_prefecture), sole.at_month_end);
  small.companies_by_prefecture =
      sum(small.companies_without_sole_proprietors_by_prefecture, sole_by_prefecture);
  return small;
}

PrefectureCounts by_largest_remainder(const PrefectureCounts& weights, std::uint64_t total) {
  const auto weight_sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  SITEGATE_ASSERT(weight_sum > 0);
  PrefectureCounts counts{};
  PrefectureCounts remainders{};
  for (std::size_t i = 0; i < prefecture_count; ++i) {
    counts[i] = weights[i] * total / weight_sum;
    remainders[i] = weights[i] * total % weight_sum;
  }
  std::array<std::size_t, prefecture_count> order{};
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  auto missing = total - std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  for (const auto i : order) {
    if (missing == 0) break;
    ++counts[i];
    --missing;
  }
  return counts;
}

}  // namespace sitegate::cloud
