// Who is inside: what each gateway knows of the people it let through, and the list of a site that is made of
// it. Pure: time, roster and other gateways' lists are given in. An evacuation list must not hide anybody:
// where two things could be true, the person is inside.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "edge/passage/presence.hpp"
#include "edge/roster/roster_index.hpp"

namespace sitegate::edge {

/// One person's last passage through an open gate.
struct MusterPerson {
  std::string key;   ///< technician ID; of unidentified people "unidentified-" and 16 hexadecimal digits
  std::string name;  ///< UTF-8, at most 128 bytes; may be empty
  std::string credential;  ///< masked, of unidentified people only
  Direction direction = Direction::entry;
  UtcTime since{};  ///< when, told by the present clock of the gateway that reports it
  GatewayId gateway;
  std::string gate;
  Method method = Method::card;
  bool typed = false;      ///< by a clerk, no device saw it
  bool time_sure = true;   ///< the clock was known to be right
  std::string company_id;  ///< for which the person works at the site; empty: not known
  std::string company;     ///< its name, at most 128 bytes; may be empty
  bool operator==(const MusterPerson&) const = default;
};

/// What one gateway knows: everyone it let through, those who have left too.
struct GatewayMuster {
  SiteId site;
  GatewayId gateway;
  UtcTime as_of{};
  std::vector<MusterPerson> people;  ///< in the order of their keys
  bool operator==(const GatewayMuster&) const = default;
};

/// A gateway whose list went into a site's.
struct MusterSource {
  std::string address;                   ///< where it was asked; empty: the gateway that made the list
  std::optional<GatewayId> gateway;      ///< nullopt: it has never answered
  std::optional<UtcTime> as_of;          ///< its list is as of then
  bool answers = true;                   ///< false: the list is old, people may have come and gone since
  std::string problem{};                 ///< why it does not answer
  std::chrono::seconds clock_offset{0};  ///< what its clock is behind ours; times in the list are corrected
  bool operator==(const MusterSource&) const = default;
};

struct PeerMuster {
  MusterSource source;
  GatewayMuster muster;  ///< as last known; empty if it has never answered
};

struct MusterRules {
  std::chrono::hours long_ago{20};  ///< an entry older than this is listed apart: probably left unseen
  std::chrono::days keep{30};       ///< an entry older than this is no longer listed, and the list says so
  std::chrono::minutes utc_offset{540};
  bool operator==(const MusterRules&) const = default;
};

struct SiteMuster {
  SiteId site;
  std::string title;  ///< the site's name for people; may be empty
  UtcTime as_of{};
  MusterRules rules;
  std::vector<MusterPerson> inside;    ///< by company and name, those without one last
  std::vector<MusterPerson> long_ago;  ///< the same order
  std::vector<MusterSource> sources;   ///< the first is the gateway that made the list
  bool operator==(const SiteMuster&) const = default;
};

/// More people than any gateway remembers; then the oldest go whatever the clock says.
inline constexpr std::size_t muster_people_max = 100'000;

/// Not thread-safe.
class MusterBook {
 public:
  explicit MusterBook(std::chrono::days keep = MusterRules{}.keep) : keep_(keep) {}

  /// Every recorded passage in the order of the record; those where the gate stayed shut change nothing. One
  /// that a device or a clerk reports late changes where a person is only if it is newer than what is known,
  /// or corrects just that.
  void remember(const Passage& passage);
  /// Everyone remembered who passed within the keeping time. While the clock is not known to be right nobody
  /// is too old.
  [[nodiscard]] std::vector<MusterPerson> people(const Moment& now, const GatewayId& gateway,
                                                 const RosterIndex& roster) const;
  [[nodiscard]] std::size_t size() const { return last_.size(); }

 private:
  struct Last {
    Moment moment;
    Sequence sequence = 0;
    Direction direction = Direction::entry;
    std::string gate;
    Method method = Method::card;
    bool typed = false;
  };
  static bool is_older(const Passage& passage, const Last& known);
  void forget_old(const Moment& now);

  std::chrono::days keep_;  // constant after construction
  std::map<Person, Last> last_;
  std::size_t remembered_since_sweep_ = 0;
};

/// The site's list: of each person the newest passage at any gateway counts; of two at the same time the
/// entry.
SiteMuster join(const GatewayMuster& own, const std::vector<PeerMuster>& peers, const MusterRules& rules,
                std::string title);

}  // namespace sitegate::edge
