// The other gateways of a site: asked for their lists over the site's own network, so that the site has one
// list without the cloud. The only part of this folder that does I/O.
#pragma once
#include <filesystem>
#include <memory>
#include <thread>

#include "edge/muster/muster.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/error.hpp"
#include "shared/base/guarded.hpp"
#include "shared/http/client.hpp"

namespace sitegate::edge {

struct PeerSettings {
  std::vector<std::string> urls;  ///< muster.peers: "http://10.0.0.7:8080"
  std::chrono::milliseconds interval{5'000};
  std::chrono::milliseconds timeout{3'000};  ///< for one answer; a silent peer holds up the others so long
  std::string password = {};                 ///< of the site's local pages; empty: none
  std::filesystem::path folder = {};         ///< for the last known lists; created when needed
  SiteId site = {};
  GatewayId own = {};  ///< who answers by this name is no peer
};

/// One peer's last known list, its source marked as not answering: read from the disk, or empty.
PeerMuster kept_peer(const std::filesystem::path& folder, const std::string& url);
/// Every list that is kept in a folder.
std::vector<PeerMuster> kept_peers(const std::filesystem::path& folder);
/// What a peer's list becomes here: of our site, another gateway's, its times told by our clock (corrected
/// where its own differs by more than five seconds). Errors: bad_list, wrong_site, not_a_peer.
Result<PeerMuster> accept_peer(std::string_view json, const PeerSettings& settings, const std::string& url,
                               UtcTime now);

/// start() reads what is kept and asks in the background until it ends. A peer that does not answer, or
/// nonsense, keeps its last known list, marked. Concurrency: peers() from any thread. The clock outlives it.
class PeerWatch {
 public:
  static std::unique_ptr<PeerWatch> start(PeerSettings settings, const Clock& clock);
  ~PeerWatch();
  PeerWatch(const PeerWatch&) = delete;
  PeerWatch& operator=(const PeerWatch&) = delete;

  /// In the order of the settings.
  [[nodiscard]] std::vector<PeerMuster> peers() const;

 private:
  struct Peer {
    std::string url;
    std::shared_ptr<const PeerMuster> known;  // never null
    std::shared_ptr<const PeerMuster> kept;   // as it is on the disk; null: nothing is
  };
  PeerWatch(PeerSettings settings, const Clock& clock);
  void work(const std::stop_token& stop);
  void ask(std::size_t position, const std::stop_token& stop);
  void keep(std::size_t position);
  Result<PeerMuster> fetch(const std::string& url, const std::stop_token& stop);

  // Constant after start.
  const PeerSettings settings_;
  const Clock& clock_;

  http::Client client_;  // the thread's
  Guarded<std::vector<Peer>> peers_;
  std::jthread thread_;  // ends first
};

}  // namespace sitegate::edge
