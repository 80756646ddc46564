// Where a reader stood when: a logging reader knows no site, so a table binds its touches to one by date.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/base/ids.hpp"
#include "shared/csv/csv_table.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::touches {

/// One stay of a reader at a site's gate.
struct Deployment {
  std::string reader_id;
  SiteId site;
  std::string gate = "1";              ///< 1 to 64 characters
  std::optional<Direction> direction;  ///< empty: whichever fits (entry first)
  Date from{};                         ///< first and
  std::optional<Date> until;           ///< last date there; empty: still there
  bool operator==(const Deployment&) const = default;
};

enum class DeploymentErrc {
  unreadable = 1,
  bad_row,  ///< the table is refused whole: half of it would bind touches to the wrong site
  overlap   ///< a reader stands at two gates on one date
};
const char* errc_category(DeploymentErrc);
std::string_view errc_text(DeploymentErrc);

inline constexpr std::size_t deployments_count_max = 100'000;

std::span<const Column> deployment_columns();

class Deployments {
 public:
  /// CSV with the columns of deployment_columns(). DeploymentErrc and CsvErrc, with the line.
  static Result<Deployments> parse(ByteView file);
  static Result<Deployments> load(const std::filesystem::path& file);

  /// Where the reader stood on a calendar date at the site; nullptr: nowhere.
  [[nodiscard]] const Deployment* find(const std::string& reader_id, Date date) const;
  [[nodiscard]] const std::vector<Deployment>& all() const { return stays_; }

 private:
  std::vector<Deployment> stays_;  // by reader, then from; none of a reader overlap
};

}  // namespace sitegate::touches
