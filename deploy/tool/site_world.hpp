// The little world of `simulate site`: one site, its companies, its technicians and their cards.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "shared/base/civil_time.hpp"
#include "shared/base/error.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::tool {

/// Why a card is in the world; what the gate should say of it.
struct WorldCard {
  std::string role;        ///< "admitted", "credential_expired", "not_on_roster", "unknown_credential"
  std::string technician;  ///< 14 digits; empty for unknown cards
  CardCredential card;
};

struct SiteWorldSettings {
  std::uint64_t seed = 1;
  std::size_t technicians = 30;  ///< those who are admitted
  std::size_t unknown_cards = 2;
  std::size_t expired_cards = 1;
  std::size_t not_on_roster = 1;  ///< their roster entry ended the day before
  Date today{};
};

struct SiteWorld {
  std::string site;  ///< 14 digits
  std::vector<WorldCard> cards;
};

/// Writes companies.csv, technicians.csv, sites.csv, contract-structures.csv, rosters.csv and
/// credentials.csv, as `sitegate import` takes them in this order, and world.json (the cards) into `folder`,
/// created if missing.
Result<SiteWorld> make_site_world(const std::filesystem::path& folder, const SiteWorldSettings& settings);
/// The world that make_site_world left in `folder`.
Result<SiteWorld> load_site_world(const std::filesystem::path& folder);

}  // namespace sitegate::tool
