// Who is there: companies, technicians, crews and sites with the plan's exact marginals. Built in memory, no
// store.
//
// Month and prefecture are joined by a seeded permutation, as nothing is published about both together.
// Memory at scale 1: about 60 MB.
#pragma once
#include <cstdint>
#include <vector>

#include "cloud/simulation/plan.hpp"
#include "cloud/simulation/settings.hpp"
#include "shared/model/registry.hpp"

namespace sitegate::cloud {

struct NationCompany {
  CompanyId id;
  Date approved_on{};
  Prefecture prefecture;
  CompanyClass company_class = CompanyClass::corporation;
  CompanyClass class_at_approval = CompanyClass::corporation;
  TradeCode trade = 0;
};

struct NationTechnician {
  TechnicianId id;
  Date registered_on{};
  std::uint32_t company = 0;  ///< index
  std::uint32_t crew = 0;     ///< index; technicians of one company that go to sites together
  std::int32_t works_from =
      0;  ///< month_number from which registered, and the company approved, on every day
  Prefecture prefecture;
  Position position = Position::worker;
};

struct NationSite {
  SiteId id;
  Date registered_on{};
  Date opens_on{};
  Date closes_on{};
  std::uint32_t prime_contractor = 0;  ///< index of the company
  float weight = 1;                    ///< crews go to sites in proportion to it
  Prefecture prefecture;
  Method method = Method::card;
  bool keeps_structure = true;
};

struct NationCrew {
  std::uint32_t company = 0;
  Prefecture prefecture;
};

struct Population {
  std::vector<NationCompany> companies;       ///< by date of approval
  std::vector<NationTechnician> technicians;  ///< by ID
  std::vector<NationCrew> crews;
  std::vector<NationSite> sites;  ///< by date of registration
};

Population make_population(const Plan& plan, const NationSettings& settings);

}  // namespace sitegate::cloud
