#include "tests/cloud/statistics/published_july_2023.hpp"

#include <algorithm>
#include <cmath>

namespace sitegate::cloud::published_july_2023 {

const std::array<PrefectureFigures, 47> prefectures{{
    {64317, 9499, 7178},    {17553, 1750, 1423},   {16106, 1731, 1281},   {37944, 5128, 3889},
    {8683, 1119, 926},      {9924, 1379, 1026},    {30231, 3348, 2838},   {25430, 4616, 3368},
    {15937, 3242, 2265},    {15575, 3139, 2217},   {83937, 15911, 9697},  {70712, 11558, 7679},
    {122661, 27778, 17940}, {90536, 18072, 11442}, {20735, 2597, 2141},   {9967, 1724, 1308},
    {12580, 2575, 1580},    {8761, 1511, 1130},    {7195, 1276, 944},     {16424, 2994, 2160},
    {21080, 4148, 2763},    {29656, 6400, 4284},   {77317, 17128, 10566}, {16845, 3697, 2449},
    {7691, 1552, 1046},     {17972, 4331, 2754},   {89275, 20090, 12352}, {38355, 8439, 5442},
    {7221, 1327, 889},      {4923, 912, 680},      {4812, 726, 569},      {7528, 927, 734},
    {17747, 3661, 2585},    {31953, 7194, 4528},   {13221, 2740, 1930},   {7062, 1279, 896},
    {11549, 1995, 1394},    {12028, 2197, 1566},   {6102, 947, 638},      {49118, 10100, 6863},
    {7934, 1174, 855},      {10569, 2152, 1524},   {14455, 2385, 1849},   {8040, 1256, 1029},
    {10429, 1578, 1316},    {16300, 2386, 1803},   {17494, 2974, 2237},
}};

namespace {

struct MonthCount {
  Month month;
  std::uint64_t count;
};

Month at(int year, unsigned number) {
  return std::chrono::year(year) / std::chrono::month(number);
}

/// Share of everything that had come by the time `t`, 0 to 1: slow, then fast, then steady.
double grown(double t) {
  return (1 / (1 + std::exp(-7 * (t - 0.6))) - 1 / (1 + std::exp(4.2))) + 0.12 * t;
}

/// `total` over the months first to last; the parts sum exactly because cumulative values are rounded, not
/// parts.
std::vector<MonthCount> smooth(Month first, Month last, std::uint64_t total) {
  const int from = month_number(first);
  const int count = month_number(last) - from + 1;
  std::vector<MonthCount> months;
  std::uint64_t before = 0;
  for (int i = 1; i <= count; ++i) {
    const double share = grown(static_cast<double>(i) / count) / grown(1);
    const auto through = i == count ? total : static_cast<std::uint64_t>(share * static_cast<double>(total));
    months.push_back({month_from_number(from + i - 1), through - before});
    before = through;
  }
  return months;
}

/// The stock at the end of March 2023 on a smooth curve, then what April, May and June have, then July.
std::vector<MonthCount> months_of(Month first, std::uint64_t march, std::array<std::uint64_t, 3> spring,
                                  std::uint64_t july) {
  auto months = smooth(first, at(2023, 3), march);
  for (unsigned i = 0; i < 3; ++i) months.push_back({at(2023, 4 + i), spring[i]});
  months.push_back({at(2023, 7), july});
  return months;
}

std::array<std::uint64_t, 3> in_three(std::uint64_t total) {
  const std::uint64_t third = total / 3;
  return {third, third + total % 3, third};
}

struct Spread {
  Month month;
  Prefecture prefecture;
  std::uint64_t count;
};

/// The north-west corner rule: fills a months × prefectures table whose both margins are given and sum to the
/// same.
template <typename CountOf>
std::vector<Spread> spread(std::vector<MonthCount> months, CountOf&& count_of) {
  std::vector<Spread> cells;
  std::size_t place = 0;
  std::uint64_t left = count_of(prefectures[0]);
  for (auto& month : months) {
    while (month.count > 0) {
      while (left == 0) left = count_of(prefectures.at(++place));
      const std::uint64_t take = std::min(month.count, left);
      cells.push_back({month.month, *Prefecture::from_code(static_cast<int>(place) + 1), take});
      month.count -= take;
      left -= take;
    }
  }
  return cells;
}

void add_technicians(Rollups& rollups) {
  const auto months = months_of(at(2018, 5), technicians_march,
                                in_three(technicians_fiscal_year - technicians_july), technicians_july);
  for (const Spread& cell : spread(months, [](const PrefectureFigures& row) { return row.technicians; }))
    rollups.technicians.push_back({cell.month, cell.prefecture, cell.count});
}

/// Companies that are no sole proprietors today; seven of July's were when they were approved.
constexpr std::uint64_t reclassified = 7;

void add_companies_excluding(Rollups& rollups) {
  const std::uint64_t july = excluding_july + reclassified;
  const auto months = months_of(at(2018, 5), excluding_march, in_three(excluding_fiscal_year - july), july);
  std::uint64_t to_reclassify = reclassified;
  for (const Spread& cell : spread(
           months, [](const PrefectureFigures& row) { return row.companies_excluding_sole_proprietors; })) {
    const std::uint64_t changed = cell.month == month ? std::min(to_reclassify, cell.count) : 0;
    to_reclassify -= changed;
    const auto today =
        cell.prefecture.code() % 2 == 0 ? CompanyClass::corporation : CompanyClass::individual_business;
    if (changed > 0)
      rollups.companies.push_back(
          {cell.month, cell.prefecture, today, CompanyClass::sole_proprietor, changed});
    if (cell.count > changed)
      rollups.companies.push_back({cell.month, cell.prefecture, today, today, cell.count - changed});
  }
}

void add_sole_proprietors(Rollups& rollups) {
  const std::uint64_t july = companies_july - excluding_july - reclassified;
  const std::uint64_t fiscal_year = companies_fiscal_year - excluding_fiscal_year;
  const auto months =
      months_of(at(2018, 5), companies_march - excluding_march, in_three(fiscal_year - july), july);
  const auto count_of = [](const PrefectureFigures& row) {
    return row.companies - row.companies_excluding_sole_proprietors;
  };
  for (const Spread& cell : spread(months, count_of))
    rollups.companies.push_back({cell.month, cell.prefecture, CompanyClass::sole_proprietor,
                                 CompanyClass::sole_proprietor, cell.count});
}

/// Tokyo, Osaka, Hokkaido in turn: the report has no table of sites or histories by prefecture.
Prefecture turn(std::size_t i) {
  return *Prefecture::from_code(std::array{13, 27, 1}[i % 3]);
}

void add_sites(Rollups& rollups) {
  const std::uint64_t april = sites_fiscal_year - sites_may - sites_june - sites_july;
  const auto months =
      months_of(at(2019, 4), sites - sites_fiscal_year, {april, sites_may, sites_june}, sites_july);
  for (std::size_t i = 0; i < months.size(); ++i)
    rollups.sites.push_back({months[i].month, turn(i), months[i].count});
}

/// A month's histories by method, in thousandths; the rest is by card.
constexpr std::array<std::pair<Method, std::uint64_t>, 8> method_shares{{{Method::qr, 41},
                                                                         {Method::marker, 3},
                                                                         {Method::uhf, 7},
                                                                         {Method::face, 286},
                                                                         {Method::finger_vein, 12},
                                                                         {Method::phone, 33},
                                                                         {Method::nfc_tag, 18},
                                                                         {Method::typed, 24}}};

void add_histories_of(Rollups& rollups, const MonthCount& month, Prefecture prefecture) {
  std::uint64_t left = month.count;
  const auto add = [&](Method method, std::uint64_t count) {
    const std::uint64_t effective = count * 63 / 100;
    rollups.histories.push_back({month.month, prefecture, method, true, effective});
    rollups.histories.push_back({month.month, prefecture, method, false, count - effective});
    left -= count;
  };
  for (const auto& [method, share] : method_shares) add(method, month.count * share / 1000);
  add(Method::card, left);
}

void add_histories(Rollups& rollups) {
  const std::uint64_t spring = histories_fiscal_year - histories_june - histories_july;
  const std::uint64_t april = spring / 2;
  const auto months = months_of(at(2019, 4), histories - histories_fiscal_year,
                                {april, spring - april, histories_june}, histories_july);
  for (std::size_t i = 0; i < months.size(); ++i) add_histories_of(rollups, months[i], turn(i));
}

/// As the store hands them out: sorted, no cell with count 0.
template <typename Cell>
void tidy(std::vector<Cell>& cells) {
  std::erase_if(cells, [](const Cell& cell) { return cell.count == 0; });
  std::sort(cells.begin(), cells.end());
}

}  // namespace

Rollups rollups() {
  Rollups result;
  add_technicians(result);
  add_companies_excluding(result);
  add_sole_proprietors(result);
  add_sites(result);
  add_histories(result);
  tidy(result.technicians);
  tidy(result.companies);
  tidy(result.sites);
  tidy(result.histories);
  return result;
}

}  // namespace sitegate::cloud::published_july_2023
