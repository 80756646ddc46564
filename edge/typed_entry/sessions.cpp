#include "edge/typed_entry/sessions.hpp"

#include <algorithm>

#include "shared/crypto/aes.hpp"

namespace sitegate::edge {
namespace {

constexpr std::size_t peers_max = 1'000;

}  // namespace

Session& Sessions::open(const Clerk& clerk, Language language) {
  make_room();
  Session session{to_hex(crypto::random_bytes(32)), to_hex(crypto::random_bytes(16)), clerk, language,
                  clock_.monotonic() + session_idle_max};
  std::string cookie = session.cookie;
  return sessions_.emplace(std::move(cookie), std::move(session)).first->second;
}

Session* Sessions::find(std::string_view cookie) {
  const auto found = sessions_.find(cookie);
  if (found == sessions_.end()) return nullptr;
  if (found->second.until <= clock_.monotonic()) {
    sessions_.erase(found);
    return nullptr;
  }
  found->second.until = clock_.monotonic() + session_idle_max;
  return &found->second;
}

void Sessions::close(std::string_view cookie) {
  if (const auto found = sessions_.find(cookie); found != sessions_.end()) sessions_.erase(found);
}

void Sessions::make_room() {
  std::erase_if(sessions_, [&](const auto& item) { return item.second.until <= clock_.monotonic(); });
  if (sessions_.size() < session_count_max) return;
  sessions_.erase(
      std::ranges::min_element(sessions_, {}, [](const auto& item) { return item.second.until; }));
}

bool Attempts::allowed(const std::string& peer) {
  forget_old();
  const auto found = by_peer_.find(peer);
  return found == by_peer_.end() || found->second.failures < attempts_max;
}

void Attempts::failed(const std::string& peer) {
  if (by_peer_.size() >= peers_max && !by_peer_.contains(peer))
    by_peer_.erase(
        std::ranges::min_element(by_peer_, {}, [](const auto& item) { return item.second.until; }));
  Count& count = by_peer_[peer];
  if (count.failures++ == 0) count.until = clock_.monotonic() + attempts_within;
}

void Attempts::forget_old() {
  std::erase_if(by_peer_, [&](const auto& item) { return item.second.until <= clock_.monotonic(); });
}

}  // namespace sitegate::edge
