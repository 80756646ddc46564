// The page on the phone: one answer, readable at arm's length in the rain. Works without JavaScript; a script
// runs only where a tag wants the phone's position.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "devices/tag/words.hpp"
#include "shared/base/civil_time.hpp"
#include "shared/http/message.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::devices::tag {

struct Page {
  Language language = Language::japanese;
  Message message = Message::hint;
  std::string person{};  ///< empty: not shown; so with all below
  std::string place{};
  std::optional<Direction> direction{};
  std::optional<UtcTime> time{};
  std::optional<bool> recorded{};
  /// Path and query of this page, for the form, the other languages and another try; made by us, never text
  /// of the sender's.
  std::string address = "/";
};

/// The page with its status and headers: not kept anywhere, nothing loaded from elsewhere, no script but the
/// one for the position. `utc_offset`: of the site's local time.
http::Response render(const Page& page, std::chrono::minutes utc_offset);

}  // namespace sitegate::devices::tag
