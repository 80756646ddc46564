// The page /typed as HTML: pure, everything that was typed or sent is escaped, no script.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "edge/typed_entry/sessions.hpp"
#include "edge/typed_entry/typed_entry.hpp"
#include "shared/http/message.hpp"

namespace sitegate::edge {

inline constexpr std::string_view typed_path = "/typed";

http::Response sign_in_page(Language language, bool ask_password, std::string_view problem);

/// Names of the form's fields are those of TypedRequest, and "token", "do".
struct TypedView {
  const Session& session;
  const RosterIndex& roster;
  const std::vector<std::string>& gates;
  WorkDate day{};                   ///< whose passages are listed
  std::vector<Passage> passages{};  ///< of that day, oldest first
  std::string search{};             ///< as typed
  std::vector<const RosterTechnician*> matches{};
  bool more_matches = false;
  std::optional<TypedRequest> form{};  ///< shown when a technician was chosen
  std::optional<TypedRefusal> refusal{};
  std::string corrects{};  ///< kept while a technician is searched
};
http::Response typed_page(const TypedView& view);

/// What was recorded, or why not. `utc_offset` of the site.
http::Response recorded_page(Language language, const TypedRecord& record, const TypedOutcome& outcome,
                             std::chrono::minutes utc_offset);

http::Response problem_page(Language language, unsigned status, std::string_view problem);

/// "08:05"
std::string local_time_text(UtcTime time, std::chrono::minutes utc_offset);
std::string local_date_text(UtcTime time, std::chrono::minutes utc_offset);

}  // namespace sitegate::edge
