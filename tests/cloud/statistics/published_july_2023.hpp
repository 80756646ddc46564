// The operating status that was published for July 2023 (建設キャリアアップシステムの運営状況, as of
// 2023-07-31), and counters that reproduce it.
#pragma once
#include <array>

#include "cloud/store/store.hpp"

namespace sitegate::cloud::published_july_2023 {

inline constexpr Month month = std::chrono::year(2023) / std::chrono::July;

struct PrefectureFigures {
  std::uint64_t technicians;
  std::uint64_t companies;
  std::uint64_t companies_excluding_sole_proprietors;
};
/// By JIS X 0401 code, 1 to 47.
extern const std::array<PrefectureFigures, 47> prefectures;

inline constexpr std::uint64_t technicians = 1'241'884;
inline constexpr std::uint64_t technicians_march = 1'140'762;
inline constexpr std::uint64_t technicians_fiscal_year = 101'122;
inline constexpr std::uint64_t technicians_july = 23'708;
inline constexpr std::uint64_t companies = 234'642;
inline constexpr std::uint64_t companies_march = 217'537;
inline constexpr std::uint64_t companies_fiscal_year = 17'105;
inline constexpr std::uint64_t companies_july = 3'644;
inline constexpr std::uint64_t excluding = 157'973;
inline constexpr std::uint64_t excluding_march = 147'850;
inline constexpr std::uint64_t excluding_fiscal_year = 10'123;
inline constexpr std::uint64_t excluding_july = 2'143;  ///< by the class at approval
inline constexpr std::uint64_t sole_proprietors = 76'669;
inline constexpr std::uint64_t sites = 127'798;
inline constexpr std::uint64_t sites_fiscal_year = 18'790;
inline constexpr std::uint64_t sites_may = 4'001;
inline constexpr std::uint64_t sites_june = 4'691;
inline constexpr std::uint64_t sites_july = 4'646;
inline constexpr std::uint64_t histories = 96'993'947;
inline constexpr std::uint64_t histories_fiscal_year = 17'166'375;
inline constexpr std::uint64_t histories_june = 4'550'556;
inline constexpr std::uint64_t histories_july = 4'633'589;

/// Counters whose marginals are exactly the published ones. Months that were not published follow a smooth
/// curve; how a month is spread over prefectures, methods and effectiveness is the test's own.
Rollups rollups();

}  // namespace sitegate::cloud::published_july_2023
