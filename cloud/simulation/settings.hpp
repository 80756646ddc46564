// What the simulation assumes beyond the published figures. None of these values is published: they are
// plausible choices that give the data its texture, and they never touch a published number.
#pragma once
#include <array>
#include <cstdint>

#include "cloud/simulation/draw.hpp"
#include "shared/model/passage.hpp"
#include "shared/model/registry.hpp"

namespace sitegate::cloud {

struct NationSettings {
  Month as_of = std::chrono::year{2023} / std::chrono::July;
  std::uint64_t one_in = 1;  ///< scale: 1 = the whole nation
  std::uint64_t seed = 20230731;

  /// Recognition methods of sites: what stands at the gate, by share of sites.
  std::array<Share<Method>, 7> site_methods{{{Method::card, 66},
                                             {Method::face, 18},
                                             {Method::qr, 5},
                                             {Method::phone, 5},
                                             {Method::finger_vein, 3},
                                             {Method::nfc_tag, 2},
                                             {Method::uhf, 1}}};
  double typed_share = 0.03;  ///< of histories, whatever stands at the gate: forgotten cards
  double exit_missing_share = 0.08;

  // Effective histories follow from these by registration's rules; with these values about 65 of 100 are.
  double structure_share = 0.80;  ///< of sites keep a contract structure and a roster
  double approval_share = 0.93;   ///< of contract structure entries have the lower company's consent
  double roster_share = 0.92;     ///< of technicians at such a site stand on its roster

  double days_in_month = 13;  ///< histories per active technician and month
  double sunday_weight = 0.05;
  double saturday_weight = 0.45;
  double holiday_weight = 0.08;  ///< New Year, first week of May, mid August
  double away_share = 0.12;      ///< of crews look for a site in the whole country
  double reclassified_share =
      0.004;  ///< of companies that changed their class since approval, before this fiscal year
  double individual_business_share = 0.15;  ///< of companies that are not sole proprietors
};

}  // namespace sitegate::cloud
