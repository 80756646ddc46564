// Answers /typed: signs clerks in, lets them choose, and hands what they typed on to be recorded.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "edge/typed_entry/clerks.hpp"
#include "edge/typed_entry/page.hpp"
#include "edge/typed_entry/sessions.hpp"
#include "shared/http/server.hpp"

namespace sitegate::edge {

inline constexpr std::size_t typed_form_size_max = 8 * 1024;  ///< of a form's body
inline constexpr std::size_t typed_matches_max = 30;

/// What the page needs of the gateway. Called on the server's thread.
struct TypedPorts {
  std::function<std::shared_ptr<const RosterIndex>()> roster;
  std::function<Sequence()> last_sequence;
  /// What the outbox keeps of a work date, oldest first, with the sequences.
  std::function<std::vector<Passage>(WorkDate)> passages;
  /// Has the record kept and then calls the answer, from any thread.
  std::function<void(TypedRecord, TypedAnswer)> record;
};

/// GET shows the page, POST does what the form's "do" says: sign_in, sign_out, record. A form without the
/// session's token changes nothing (403), one that is larger than typed_form_size_max or of another shape is
/// not looked at (413, 400). Concurrency: handle() on one thread at a time; what it hands out may be answered
/// from any.
class TypedPage {
 public:
  TypedPage(Clerks clerks, TypedRules rules, TypedPorts ports, const Clock& clock, Language language)
      : clerks_(std::move(clerks)),
        rules_(std::move(rules)),
        ports_(std::move(ports)),
        clock_(clock),
        language_(language),
        sessions_(clock),
        attempts_(clock) {}

  void handle(const http::Request& request, http::Responder respond);

 private:
  [[nodiscard]] http::Response show(const http::Request& request);
  void take(const http::Request& request, http::Responder respond);
  [[nodiscard]] http::Response sign_in(const http::Request& request, const http::Query& form);
  void record(const Session& session, const http::Query& form, http::Responder respond) const;
  [[nodiscard]] TypedView view_of(const Session& session, const RosterIndex& roster, WorkDate day) const;
  [[nodiscard]] TypedRequest suggestion(const http::Query& query, const TypedView& view) const;
  [[nodiscard]] Language language_of(const http::Query& query) const;
  [[nodiscard]] WorkDate today(const RosterIndex& roster) const;
  Session* session_of(const http::Request& request);

  // Constant after construction.
  const Clerks clerks_;
  const TypedRules rules_;
  const TypedPorts ports_;
  const Clock& clock_;
  const Language language_;

  Sessions sessions_;
  Attempts attempts_;
};

}  // namespace sitegate::edge
