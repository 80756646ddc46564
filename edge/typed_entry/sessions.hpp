// Clerks who have signed in, and how often somebody may guess.
#pragma once
#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "edge/kiosk/messages.hpp"
#include "edge/typed_entry/clerks.hpp"
#include "shared/base/clock.hpp"

namespace sitegate::edge {

struct Session {
  std::string cookie;      ///< 64 hexadecimal digits, at random: who has them is the clerk
  std::string form_token;  ///< 32: stands in every form, so that no other site's page can send one
  Clerk clerk;
  Language language = Language::japanese;
  MonotonicTime until{0};
};
inline constexpr std::chrono::minutes session_idle_max{30};
inline constexpr std::size_t session_count_max = 64;  ///< beyond, the one nearest to its end goes

/// In memory: after a restart everybody signs in again. Concurrency: none.
class Sessions {
 public:
  explicit Sessions(const Clock& clock) : clock_(clock) {}
  /// The session lives until the next call for another one.
  Session& open(const Clerk& clerk, Language language);
  /// nullptr: none, or it was idle for too long. Prolongs.
  Session* find(std::string_view cookie);
  void close(std::string_view cookie);

 private:
  void make_room();

  const Clock& clock_;
  std::map<std::string, Session, std::less<>> sessions_;  // by cookie
};

/// Wrong passwords from one address: so many within so long, then none is looked at until the time is over.
inline constexpr int attempts_max = 10;
inline constexpr std::chrono::minutes attempts_within{10};

/// Concurrency: none.
class Attempts {
 public:
  explicit Attempts(const Clock& clock) : clock_(clock) {}
  [[nodiscard]] bool allowed(const std::string& peer);
  void failed(const std::string& peer);

 private:
  struct Count {
    int failures = 0;
    MonotonicTime until{0};
  };
  void forget_old();

  const Clock& clock_;
  std::map<std::string, Count> by_peer_;
};

}  // namespace sitegate::edge
