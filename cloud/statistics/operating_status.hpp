// The operating status of the CCUS in one month (建設キャリアアップシステムの運営状況): every number of the
// monthly report that comes from data. Pure: counters in, numbers out. Safe from any thread.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "cloud/store/store.hpp"
#include "shared/model/prefecture.hpp"

namespace sitegate::cloud {

/// One row of table 1 (登録数・登録状況).
struct RegisteredRow {
  std::uint64_t new_in_month = 0;
  std::uint64_t stock = 0;                      ///< at the month's end
  std::uint64_t stock_at_last_fiscal_year = 0;  ///< on the 31 March before the month's fiscal year
  std::uint64_t fiscal_year = 0;                ///< stock − stock_at_last_fiscal_year
  bool operator==(const RegisteredRow&) const = default;
};

struct Registered {
  RegisteredRow technicians;
  RegisteredRow companies;
  /// Stock by the class of today, new_in_month by the class at approval: the months need not add up to
  /// fiscal_year.
  RegisteredRow companies_excluding_sole_proprietors;
  bool operator==(const Registered&) const = default;
};

/// Sites registered (新規登録現場数); sites with test data are not among them.
struct NewSites {
  std::uint64_t month = 0;
  std::uint64_t month_before = 0;
  std::uint64_t two_months_before = 0;
  std::uint64_t fiscal_year = 0;
  std::uint64_t cumulative = 0;
  bool operator==(const NewSites&) const = default;
};

/// Work histories (就業履歴数) by the month of their work date.
struct WorkHistories {
  std::uint64_t month = 0;
  std::uint64_t month_before = 0;
  std::uint64_t cumulative = 0;  ///< since the system's start
  std::uint64_t fiscal_year = 0;
  bool operator==(const WorkHistories&) const = default;
};

/// Stock at the month's end. Technicians by present address, companies by location.
struct PrefectureRow {
  Prefecture prefecture;
  std::uint64_t technicians = 0;
  std::uint64_t companies = 0;
  std::uint64_t companies_excluding_sole_proprietors = 0;
  bool operator==(const PrefectureRow&) const = default;
};

/// Work histories of the month by what recognised the person, and whether they count for the ability
/// evaluation.
struct MethodRow {
  Method method = Method::card;
  std::uint64_t effective = 0;
  std::uint64_t not_effective = 0;
  bool operator==(const MethodRow&) const = default;
};

struct Flow {
  std::uint64_t new_in_month = 0;
  std::uint64_t cumulative = 0;
  bool operator==(const Flow&) const = default;
};

/// One month of the four graphs. Of the two kinds of companies, new_in_month goes by the class at approval
/// and cumulative by the class of today; companies goes by neither.
struct SeriesMonth {
  Month month{};
  Flow technicians;
  Flow companies;
  Flow sole_proprietors;
  Flow corporations_and_individual_businesses;
  Flow sites;
  Flow histories;
  bool operator==(const SeriesMonth&) const = default;
};

struct OperatingStatus {
  Month month{};
  Registered registered;
  NewSites new_sites;
  WorkHistories work_histories;
  std::array<PrefectureRow, prefecture_count> prefectures{};  ///< by code, 1 to 47
  std::array<MethodRow, method_max> methods{};                ///< by value, 1 to method_max
  std::vector<SeriesMonth>
      series;  ///< every month from the first that counts anything to `month`; never empty
  std::uint64_t without_month = 0;  ///< records whose counter carries no valid month: in no other number
  bool operator==(const OperatingStatus&) const = default;
};

/// `month` must be ok(). Counters of later months are ignored.
OperatingStatus operating_status(const Rollups& rollups, Month month);

/// Month at the end of March before the fiscal year that `month` is in: 2023-07 gives 2023-03, 2023-03 gives
/// 2022-03.
Month last_fiscal_year_end(Month month);

/// The identities that the published report satisfies; one English sentence for each that `status` breaks,
/// with its numbers. Empty: all hold.
std::vector<std::string> identity_violations(const OperatingStatus& status);

}  // namespace sitegate::cloud
