#include "devices/tag/visitor.hpp"

#include <algorithm>
#include <charconv>

namespace sitegate::devices::tag {
namespace {

/// A position known less well than this is none: a town is not a gate.
constexpr double accuracy_max_m = 1000;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::string_view cookie_in(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto part = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(header.size(), part.size() + 1));
    const auto pair = trimmed(part);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

/// "host:port" of "https://host:port/path"; empty for "null" and anything else.
std::string_view host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

bool names_another_host(const http::Request& request, std::string_view header) {
  const auto value = request.header(header);
  return !value.empty() && host_of(value) != request.header("Host");
}

template <typename Number>
std::optional<Number> number(const http::Query& form, std::string_view name, Number low, Number high) {
  const auto found = form.find(name);
  if (found == form.end()) return std::nullopt;
  const auto& text = found->second;
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= low && value <= high))
    return std::nullopt;
  return value;
}

}  // namespace

std::string_view cookie(const http::Request& request, std::string_view name) {
  return cookie_in(request.header("Cookie"), name);
}

Visitor visitor_of(const http::Request& request) {
  Visitor visitor;
  visitor.token = DeviceToken::parse(cookie(request, token_cookie));
  if (const auto chosen = parse_language(request.parameter("lang"))) {
    visitor.language = *chosen;
    visitor.chose_language = true;
  } else if (const auto before = parse_language(cookie(request, language_cookie))) {
    visitor.language = *before;
  } else {
    visitor.language = preferred_language(request.header("Accept-Language")).value_or(Language::japanese);
  }
  return visitor;
}

bool is_prefetch(const http::Request& request) {
  for (const auto* name : {"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"}) {
    const auto value = request.header(name);
    if (value.find("prefetch") != value.npos || value.find("preview") != value.npos) return true;
  }
  return false;
}

bool is_sent_by_another_site(const http::Request& request) {
  if (names_another_host(request, "Origin")) return true;
  if (request.method != "POST") return names_another_host(request, "Referer");
  const auto site = request.header("Sec-Fetch-Site");
  return site == "cross-site" || site == "same-site";
}

std::optional<PhoneSays> parse_phone_form(std::string_view body) {
  const auto form = body.size() <= form_size_max ? http::parse_form(body) : std::nullopt;
  if (!form) return std::nullopt;
  PhoneSays says;
  says.was_asked = form->contains("geo");
  const auto latitude = number<double>(*form, "lat", -90, 90);
  const auto longitude = number<double>(*form, "lon", -180, 180);
  const auto accuracy = number<double>(*form, "acc", 0, accuracy_max_m);
  if (latitude && longitude && accuracy) {
    says.position = Position{*latitude, *longitude};
    says.accuracy_m = *accuracy;
  }
  constexpr std::int64_t year_9999_ms = 253'402'300'799'000;
  if (const auto ms = number<std::int64_t>(*form, "time", 0, year_9999_ms))
    says.time = UtcTime{std::chrono::milliseconds{*ms}};
  return says;
}

}  // namespace sitegate::devices::tag
