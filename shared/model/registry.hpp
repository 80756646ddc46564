// What the national registry knows: technicians, companies, sites, contract structures, rosters, gateways.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/civil_time.hpp"
#include "shared/base/ids.hpp"
#include "shared/model/credential.hpp"
#include "shared/model/prefecture.hpp"

namespace sitegate {

/// 技能者
struct Technician {
  TechnicianId id;
  std::string name;                  ///< UTF-8, at most 128 bytes; may be empty
  Prefecture prefecture;             ///< of the present address
  Date registered_on{};              ///< when the ID was issued
  std::optional<CompanyId> company;  ///< 所属事業者
  bool operator==(const Technician&) const = default;
};

/// Values go into stores: never renumber.
enum class CompanyClass : std::uint8_t {
  corporation = 1,          ///< 法人
  individual_business = 2,  ///< 個人事業主
  sole_proprietor = 3,      ///< 一人親方
};
std::string_view to_text(CompanyClass company_class);
std::optional<CompanyClass> parse_company_class(std::string_view text);

/// 事業者
struct Company {
  CompanyId id;
  std::string name;
  Prefecture prefecture;
  CompanyClass company_class = CompanyClass::corporation;              ///< today
  CompanyClass company_class_at_approval = CompanyClass::corporation;  ///< when it was approved
  Date approved_on{};
  bool operator==(const Company&) const = default;
};

/// How a site counts days and whom its gates let through. Travels to the gateways with the roster.
struct SiteSettings {
  std::int16_t utc_offset_minutes = 540;    ///< Japan
  std::int16_t day_boundary_minutes = 240;  ///< after local midnight; 04:00. The official hour is not public.
  std::int16_t shift_hours_max = 16;  ///< an exit this long after its entry still belongs to the entry's date
  bool open_for_unknown_credential = false;
  bool open_for_not_on_roster = false;
  bool open_for_expired_credential =
      true;  ///< the person is known: a lapsed card should not keep him out of his record
  bool open_when_site_closed = false;
  bool operator==(const SiteSettings&) const = default;
};

/// 現場
struct Site {
  SiteId id;
  std::string name;
  Prefecture prefecture;
  CompanyId prime_contractor;  ///< 元請
  Date registered_on{};
  Date opens_on{};         ///< first and
  Date closes_on{};        ///< last work date on which histories are accumulated
  bool test_data = false;  ///< of the developer or the foundation: not counted
  SiteSettings settings;
  bool operator==(const Site&) const = default;
};

/// One company's place in a site's contract structure (施工体制). The prime contractor has no upper company.
struct ContractStructureEntry {
  SiteId site;
  CompanyId company;
  std::optional<CompanyId> upper_company;
  bool approved = true;       ///< the lower company's consent
  std::string registered_by;  ///< "CCUS" or the linked system that owns this entry; at most 64 bytes
  bool operator==(const ContractStructureEntry&) const = default;
};

/// 職種: two digits of the large and two of the small classification, e.g. 1001 = reinforcing-bar placer; 0 =
/// none.
using TradeCode = std::uint16_t;
/// 立場. The official codes are not public: these are SiteGate's own. Never renumber.
enum class Position : std::uint8_t { none = 0, foreman = 1, crew_leader = 2, worker = 3 };
std::string_view to_text(Position position);
std::optional<Position> parse_position(std::string_view text);

/// A technician's entry on a site's roster (施工体制技能者).
struct RosterEntry {
  SiteId site;
  TechnicianId technician;
  CompanyId company;
  TradeCode trade = 0;
  Position position = Position::none;
  Date from{};   ///< first and
  Date until{};  ///< last work date on which the entry is in force
  bool operator==(const RosterEntry&) const = default;
};

/// Which technician holds a credential; expires_on is the last day it is good for.
struct CredentialAssignment {
  TechnicianId technician;
  Credential credential;
  std::optional<Date> expires_on;
  bool operator==(const CredentialAssignment&) const = default;
};

using PublicKey = std::array<std::uint8_t, 32>;  ///< Ed25519 (RFC 8032)

/// A gateway as the cloud knows it: only its public key.
struct GatewayRecord {
  GatewayId id;
  SiteId site;
  std::uint16_t bucket = 0;
  PublicKey public_key{};
  bool revoked = false;
  bool operator==(const GatewayRecord&) const = default;
};

}  // namespace sitegate
