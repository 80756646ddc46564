// A roster made ready for questions at the gate. Immutable after construction: any thread.
#pragma once
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "shared/model/site_roster.hpp"

namespace sitegate::edge {

struct CardHolder {
  const RosterTechnician* technician = nullptr;  ///< lives as long as the index
  std::optional<Date> expires_on;                ///< of the card; where two entries name it, the later
};

/// Who may hold a credential.
struct CardHolders {
  std::vector<CardHolder> technicians;  ///< different ones: none, one, or (ambiguous) more
};

class RosterIndex {
 public:
  /// Knows nobody, and the default settings.
  RosterIndex() = default;
  explicit RosterIndex(SiteRoster roster);
  RosterIndex(const RosterIndex&) = delete;
  RosterIndex& operator=(const RosterIndex&) = delete;

  /// Same UID bytes, and technologies equal or one of them unknown.
  [[nodiscard]] CardHolders find_by_card(const CardCredential& card) const;
  /// nullptr if not on it.
  [[nodiscard]] const RosterTechnician* find(TechnicianId technician) const;
  /// False if no roster was ever received.
  [[nodiscard]] bool known() const { return roster_.version > 0; }
  [[nodiscard]] const SiteRoster& roster() const { return roster_; }
  [[nodiscard]] const SiteSettings& settings() const { return roster_.settings; }

 private:
  struct Assignment {
    std::size_t technician;  // position in roster_.technicians
    CardTechnology technology;
    std::optional<Date> expires_on;
  };
  // Constant after construction.
  SiteRoster roster_;
  std::multimap<Bytes, Assignment> by_uid_;
  std::unordered_map<TechnicianId, std::size_t> by_technician_;
};

}  // namespace sitegate::edge
