// From a request of a phone's browser to an answer for it. Knows tables, books, a clock and a sink; nothing
// of the gateway, so it serves wherever these are.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "devices/tag/books.hpp"
#include "devices/tag/page.hpp"
#include "devices/tag/recent_taps.hpp"
#include "devices/tag/tag_table.hpp"
#include "devices/tag/tap_url.hpp"
#include "devices/tag/visitor.hpp"
#include "shared/base/clock.hpp"
#include "shared/http/server.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::tag {

struct TapSettings {
  std::string reader_id;
  std::chrono::minutes utc_offset{540};   ///< of the site, for the times on the page
  std::chrono::seconds clock_limit{300};  ///< how far a phone's clock may be from ours, where it tells
  std::chrono::minutes keep{10};          ///< for how long a page loaded again shows its result again
  bool secure = false;  ///< phones reach us by https (a proxy in front): cookies are sent there only
};

/// What answers lean on; everything must outlive the handler but not the answers to come.
struct TapSurroundings {
  const Clock& clock;
  CounterBook& counters;
  EnrolmentBook& enrolments;
  std::function<std::shared_ptr<const TagTable>()> table;  ///< the one in force now
  std::function<void(CredentialRead)> sink;
};

/// GET  /t?…             a tap: recorded, or asked for more, or refused with the reason
/// POST /t?…             the same with the phone's position and time
/// GET  /enrol?…         asks whether this is the phone; POST gives it its cookie, once
/// GET  /enrolled, /     where a phone stands
///
/// Operation: handle() answers at once or, where a read was handed on, when its ReadOutcome is known. A tap
/// is handed on at most once while its page is loaded again, and always under the same event key
/// ("tag/<UID>/<counter>"). Nothing the phone sends comes back in a page. Concurrency: one thread; commits of
/// the books make it wait for the disk.
class TapHandler {
 public:
  TapHandler(TapSettings settings, TapSurroundings surroundings);

  void handle(const http::Request& request, http::Responder respond);

  /// Requests of taps that gave no read: copied, foreign, no token, …
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  struct Tap;
  using Verdict = std::optional<Message>;  // empty: go on
  using Reply = std::shared_ptr<http::Responder>;

  void tap(const http::Request& request, Reply reply);
  [[nodiscard]] Verdict verify(const http::Request& request, Tap& tap) const;
  [[nodiscard]] Verdict judge(const http::Request& request, const Tap& tap);
  [[nodiscard]] Verdict judge_phone(const PhoneSays& says, const Tap& tap) const;
  [[nodiscard]] Verdict take(const Tap& tap, RecentTaps::Waiting waiting);
  void hand_on(const Tap& tap, const CounterBook::Taken& taken);
  [[nodiscard]] RecentTaps::Waiting teller(const Tap& tap, Reply reply) const;

  void enrol(const http::Request& request, Reply reply);
  void join(const Visitor& visitor, const EnrolmentLink& link, Page page, Reply reply);
  void say(const Visitor& visitor, const Page& page, Reply reply) const;
  void refuse(const Tap& tap, Message message, Reply reply);

  // Constant after construction.
  const TapSettings settings_;
  const TapSurroundings surroundings_;
  const std::shared_ptr<RecentTaps> recent_;  // shared with the answers to come

  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace sitegate::devices::tag
