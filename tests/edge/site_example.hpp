// One site, three technicians, cards: what the edge's tests speak about.
#pragma once
#include <string>

#include "shared/model/site_roster.hpp"

namespace sitegate::edge::testing {

inline const SiteId site = *SiteId::parse("12345678901234");
inline const TechnicianId yamada = *TechnicianId::parse("00000000000001");
inline const TechnicianId sato = *TechnicianId::parse("00000000000002");
inline const TechnicianId suzuki = *TechnicianId::parse("00000000000003");

inline Date day(const std::string& text) {
  return *parse_date(text);
}
/// Japanese local time, "2023-07-31T08:00".
inline UtcTime japan(const std::string& text) {
  return *parse_utc(text + ":00.000Z") - std::chrono::hours(9);
}
inline CardCredential card(std::uint8_t last, CardTechnology technology = CardTechnology::felica) {
  return {technology, {1, 16, 3, 4, 5, 6, 7, last}};
}
inline RosterTechnician technician(TechnicianId id, std::string name,
                                   std::vector<RosterCredential> credentials) {
  return {id, std::move(name), day("2023-04-01"), day("2023-09-30"), std::move(credentials)};
}

/// Version 3: Yamada (card 1, does not expire), Sato (card 2, good through 2023-07-31), Suzuki (card 3, on
/// the roster only through 2023-07-31). The site accumulates histories from 2023-04-01 to 2023-08-31.
inline SiteRoster example_roster() {
  SiteRoster roster;
  roster.site = site;
  roster.version = 3;
  roster.opens_on = day("2023-04-01");
  roster.closes_on = day("2023-08-31");
  roster.technicians = {technician(yamada, "山田 太郎", {{card(1), std::nullopt}}),
                        technician(sato, "佐藤 花子", {{card(2), day("2023-07-31")}}),
                        technician(suzuki, "", {{card(3), std::nullopt}})};
  roster.technicians[2].until = day("2023-07-31");
  return roster;
}

}  // namespace sitegate::edge::testing
