// The running gateway's muster list: fed by the pipeline, asked by pages.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "edge/muster/muster.hpp"
#include "edge/muster/peers.hpp"
#include "edge/roster/roster.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/guarded.hpp"
#include "shared/http/server.hpp"

namespace sitegate::edge {

struct LiveMusterSettings {
  SiteId site = {};
  GatewayId gateway = {};
  std::string title = {};                     ///< muster.title: the site's name on the list; may be empty
  std::chrono::hours long_ago{0};             ///< muster.long_ago_hours; 0: shift_hours_max + 4 of the roster
  std::chrono::days keep{30};                 ///< muster.keep_days
  bool japanese = true;                       ///< the page's language where the address does not say
  std::vector<std::string> peers = {};        ///< muster.peers
  std::chrono::milliseconds interval{5'000};  ///< muster.interval_s
  std::string password = {};                  ///< of the peers' pages; empty: none
  std::filesystem::path folder = {};          ///< for the peers' last known lists
};

/// Concurrency: remember() by the pipeline, all else from any thread. Roster and clock outlive it.
class LiveMuster {
 public:
  LiveMuster(LiveMusterSettings settings, const RosterBook& roster, const Clock& clock);

  void remember(const Passage& passage);
  /// Begins to ask the peers, if there are any; what is kept of them counts from the start.
  void start();
  [[nodiscard]] GatewayMuster own() const;
  /// Of the whole site; with `only_own` as if there were no other gateway.
  [[nodiscard]] SiteMuster site(bool only_own = false) const;

  /// Where the answers are, all by GET: the page (?lang=ja, en), JSON, CSV (each with ?scope=gateway for this
  /// gateway alone), and what this gateway knows itself, for its peers.
  static constexpr std::string_view paths[] = {"/muster", "/muster.json", "/muster.csv", "/muster/own.json"};
  [[nodiscard]] http::Response answer(const http::Request& request) const;

 private:
  [[nodiscard]] MusterRules rules() const;

  // Constant after start.
  const LiveMusterSettings settings_;
  const RosterBook& roster_;
  const Clock& clock_;

  Guarded<MusterBook> book_;
  std::unique_ptr<PeerWatch> peers_;
};

}  // namespace sitegate::edge
