// Where crews go: open sites, drawn in proportion to their weight. Pure, not thread-safe.
#pragma once
#include <array>
#include <vector>

#include "cloud/simulation/population.hpp"

namespace sitegate::cloud {

class SiteChoice {
 public:
  SiteChoice(const std::vector<NationSite>& sites, const Draw& draw) : sites_(sites), draw_(draw) {}

  /// Months in rising order; from then on choose() knows the sites that are open on some day of `month`.
  void begin_month(Month month);
  /// A site that is open on `date` (of the month): of the prefecture if there is one and not `anywhere`, else
  /// of the whole country; `stream` names the choice. The population has an open site on every day since
  /// operation began.
  [[nodiscard]] std::uint32_t choose(Prefecture prefecture, bool anywhere, Date date,
                                     std::uint64_t stream) const;

 private:
  struct Weighted {
    std::vector<std::uint32_t> sites;
    std::vector<double> weight_sums;  // cumulative
    void add(std::uint32_t site, double weight);
    void clear();
  };
  [[nodiscard]] bool open(std::uint32_t site, Date date) const;
  /// The index of an open site; sites_.size() if a few draws found none.
  [[nodiscard]] std::uint32_t draw_from(const Weighted& list, Date date, std::uint64_t stream,
                                        int tries) const;

  const std::vector<NationSite>& sites_;
  const Draw draw_;
  std::size_t next_ = 0;                // first site that is not registered yet
  std::vector<std::uint32_t> current_;  // registered and not closed before the month
  Weighted everywhere_;
  std::array<Weighted, prefecture_count> by_prefecture_;
};

}  // namespace sitegate::cloud
