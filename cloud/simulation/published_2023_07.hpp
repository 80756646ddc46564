// What was published of the system at the end of July 2023: "建設キャリアアップシステムの運営状況について"
// (operating status for July 2023), sections 1 and 2 and its annexes by prefecture. Facts only; months that
// were not published are filled in by the plan (plan.hpp).
#pragma once
#include <array>
#include <cstdint>

#include "shared/base/civil_time.hpp"
#include "shared/model/prefecture.hpp"

namespace sitegate::cloud {

/// By prefecture code: element 0 is code 1 (Hokkaido).
using PrefectureCounts = std::array<std::uint64_t, prefecture_count>;

/// 登録数 of one kind (section 1).
struct RegisteredCounts {
  std::uint64_t in_month = 0;
  std::uint64_t at_month_end = 0;
  std::uint64_t at_last_fiscal_year_end = 0;
  std::uint64_t in_fiscal_year = 0;
  bool operator==(const RegisteredCounts&) const = default;
};

/// 新規登録現場数 (section 2), without test data.
struct SiteCounts {
  std::uint64_t in_month = 0;
  std::uint64_t in_previous_month = 0;
  std::uint64_t two_months_before = 0;
  std::uint64_t in_fiscal_year = 0;
  std::uint64_t cumulative = 0;
  bool operator==(const SiteCounts&) const = default;
};

/// 就業履歴数 (section 2).
struct HistoryCounts {
  std::uint64_t in_month = 0;
  std::uint64_t in_previous_month = 0;
  std::uint64_t in_fiscal_year = 0;
  std::uint64_t cumulative = 0;
  bool operator==(const HistoryCounts&) const = default;
};

struct Published {
  Month month{};
  RegisteredCounts technicians;
  RegisteredCounts companies;
  RegisteredCounts companies_without_sole_proprietors;
  SiteCounts sites;
  HistoryCounts histories;
  PrefectureCounts technicians_by_prefecture{};
  PrefectureCounts companies_by_prefecture{};
  PrefectureCounts companies_without_sole_proprietors_by_prefecture{};
  bool operator==(const Published&) const = default;
};

Published published_2023_07();

/// One in `one_in` of everything (at least 1). Cumulative counts are divided and rounded half up, flows are
/// their differences, prefectures get the scaled total by largest remainder: every identity of the report
/// still holds. Companies: sole proprietors and the others are scaled apart and added, so the total may
/// differ by 1 from its own quotient.
Published scaled(const Published& published, std::uint64_t one_in);

/// `total` in proportion to `weights` (not all zero): integers that sum exactly, largest remainder first, the
/// earlier one on a tie.
PrefectureCounts by_largest_remainder(const PrefectureCounts& weights, std::uint64_t total);

}  // namespace sitegate::cloud
