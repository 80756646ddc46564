// What a request says of the phone that sent it. Pure: everything in it comes from outside and is limited.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "devices/tag/device_token.hpp"
#include "devices/tag/tag_table.hpp"
#include "devices/tag/words.hpp"
#include "shared/http/message.hpp"

namespace sitegate::devices::tag {

inline constexpr std::string_view token_cookie = "sitegate_token";
inline constexpr std::string_view language_cookie = "sitegate_lang";

/// The value of a cookie (RFC 6265, 4.2); empty if there is none. A browser sends one Cookie header.
std::string_view cookie(const http::Request& request, std::string_view name);

struct Visitor {
  std::optional<DeviceToken> token;
  Language language = Language::japanese;
  bool chose_language = false;  ///< by the switch on the page: worth remembering
};
/// The language: lang= of the query, the cookie of an earlier choice, Accept-Language, Japanese.
Visitor visitor_of(const http::Request& request);

/// A browser that looks ahead without its user having asked for the page (Sec-Purpose, Purpose, X-Purpose,
/// X-Moz).
bool is_prefetch(const http::Request& request);
/// A page of another site has sent the phone here: Origin or Referer name another host than Host, or
/// Sec-Fetch-Site says so for a form.
bool is_sent_by_another_site(const http::Request& request);

/// What the script of the page sent, where it is usable.
struct PhoneSays {
  std::optional<Position> position;
  double accuracy_m = 0;  ///< radius of 95 %, as the browser gives it
  std::optional<UtcTime> time;
  bool was_asked = false;  ///< comes from the page that asks for the position, with or without one
};
inline constexpr std::size_t form_size_max = 1024;
/// From the form's body; nullopt: larger than the limit or not of a form's shape. Numbers out of range count
/// as not given.
std::optional<PhoneSays> parse_phone_form(std::string_view body);

}  // namespace sitegate::devices::tag
