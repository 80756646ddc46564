#include "devices/tag/page.hpp"

#include <fmt/format.h>

#include <array>

#include "shared/crypto/digest.hpp"
#include "shared/http/html.hpp"

namespace sitegate::devices::tag {
namespace {

// Colour, sign and words all say the same: one of them is enough to understand it.
enum class Tone : std::uint8_t { good, ask, bad };

constexpr std::string_view style = R"css(
*{box-sizing:border-box;margin:0}
body{min-height:100vh;display:flex;flex-direction:column;color:#fff;line-height:1.35;
font-family:system-ui,-apple-system,"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP","Noto Sans",sans-serif;
overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
.good{background:#0a6b30}.ask{background:#0b4a8f}.bad{background:#a3121f}
main{flex:1;width:100%;max-width:34rem;margin:0 auto;padding:1.5rem 1.25rem;text-align:center}
.mark{width:min(42vw,11rem);height:min(42vw,11rem);margin:0 auto .75rem;display:block}
h1{font-size:clamp(2.1rem,9.5vw,3.2rem);font-weight:800;line-height:1.2;word-break:auto-phrase;text-wrap:balance}
.who{margin-top:.6rem;font-size:clamp(1.7rem,7.5vw,2.5rem);font-weight:700}
.facts{margin:1.1rem 0 0;padding:.4rem 1.1rem;background:#fff;color:#111;border-radius:.9rem;text-align:left}
.facts div{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;padding:.55rem 0}
.facts div+div{border-top:1px solid #d5d8dc}
dt{font-size:1.15rem;color:#444;white-space:nowrap}dd{font-size:1.7rem;font-weight:700;text-align:right}
dd small{font-size:1.1rem;font-weight:500;color:#444;margin-right:.5rem}
.advice{margin-top:1.2rem;font-size:clamp(1.35rem,5.8vw,1.75rem);font-weight:600;word-break:auto-phrase;
text-wrap:balance}
.bad .advice{background:#fff;color:#111;border-radius:.9rem;padding:1rem 1.1rem;text-align:left}
.do{display:block;width:100%;margin-top:1.4rem;padding:1.1rem;border:0;border-radius:.9rem;background:#fff;color:#111;
font:inherit;font-size:1.6rem;font-weight:800;text-decoration:none;text-align:center}
.bad .do{background:#111;color:#fff}
nav{display:flex;gap:.5rem;max-width:34rem;width:100%;margin:0 auto;padding:0 1.25rem 1.25rem}
nav a,nav b{flex:1;min-height:3.25rem;display:flex;align-items:center;justify-content:center;border-radius:.7rem;
border:2px solid #fff;color:#fff;font-size:clamp(.85rem,4vw,1.1rem);font-weight:600;
text-decoration:none;white-space:nowrap}
nav b{background:#fff;color:#111}
)css";

constexpr std::string_view script = R"js(
(function () {
  var form = document.forms[0];
  function send(position, why) {
    if (position) {
      form.lat.value = position.coords.latitude;
      form.lon.value = position.coords.longitude;
      form.acc.value = position.coords.accuracy;
    }
    form.geo.value = why;
    form.time.value = Date.now();
    form.submit();
  }
  if (!navigator.geolocation) { send(null, "unavailable"); return; }
  navigator.geolocation.getCurrentPosition(
    function (position) { send(position, ""); },
    function (error) { send(null, error.code === 1 ? "denied" : "unavailable"); },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
})();
)js";

constexpr std::string_view check_mark = R"(<path d="M30 52l14 14 27-31"/>)";
constexpr std::string_view cross_mark = R"(<path d="M34 34l32 32M66 34l-32 32"/>)";
constexpr std::string_view tap_mark =
    R"(<path stroke-width="8" d="M31 41a13 13 0 0 1 0 18M44 33a25 25 0 0 1 0 34M57 25a37 37 0 0 1 0 50"/>)";

/// RFC 4648, section 4: for the hashes of a Content-Security-Policy.
std::string base64(ByteView bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto rest = bytes.size() - i;
    const unsigned three =
        bytes[i] << 16u | (rest > 1 ? bytes[i + 1] << 8u : 0u) | (rest > 2 ? bytes[i + 2] : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= rest ? letters[three >> (18 - 6 * k) & 63u] : '=';
  }
  return text;
}

const std::string& policy() {
  static const std::string text = fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; form-action 'self'; base-uri "
      "'none'; "
      "frame-ancestors 'none'",
      base64(crypto::sha256(as_bytes(style))), base64(crypto::sha256(as_bytes(script))));
  return text;
}

Tone tone_of(Message message) {
  switch (message) {
    case Message::entry:
    case Message::exit:
    case Message::repeat:
    case Message::enrolled:
    case Message::enrolled_before:
      return Tone::good;
    case Message::busy:
    case Message::locate:
    case Message::confirm:
    case Message::hint:
    case Message::enrol:
      return Tone::ask;
    default:
      return Tone::bad;
  }
}

std::string_view class_of(Tone tone) {
  return tone == Tone::good ? "good" : tone == Tone::ask ? "ask" : "bad";
}

/// RFC 9110, 15: what programs in between see. 403 the phone or the tag may not, 409 used before.
unsigned status_of(Message message) {
  switch (message) {
    case Message::damaged_link:
      return 400;
    case Message::foreign_tag:
    case Message::forged:
    case Message::no_token:
    case Message::position_missing:
    case Message::position_far:
    case Message::clock_wrong:
    case Message::link_wrong:
    case Message::no_enrolment:
      return 403;
    case Message::not_found:
      return 404;
    case Message::replayed:
    case Message::link_used:
      return 409;
    case Message::link_ended:
      return 410;
    case Message::busy:
    case Message::storage_failed:
    case Message::storage_full:
    case Message::not_recorded:
      return 503;
    default:
      return 200;
  }
}

/// Nothing was taken, or the same phone may show it again: the same address is worth another try.
bool may_retry(Message message) {
  switch (message) {
    case Message::no_roster:
    case Message::ambiguous_credential:
    case Message::storage_full:
    case Message::storage_failed:
    case Message::not_recorded:
    case Message::position_missing:
    case Message::position_far:
    case Message::clock_wrong:
      return true;
    default:
      return false;
  }
}

std::string mark(Tone tone) {
  const auto shape = tone == Tone::good ? check_mark : tone == Tone::ask ? tap_mark : cross_mark;
  return fmt::format(
      R"(<svg class="mark" viewBox="0 0 100 100" aria-hidden="true"><circle cx="50" cy="50" r="48" fill="#fff"/>)"
      R"(<g fill="none" stroke="{}" stroke-width="11" stroke-linecap="round" stroke-linejoin="round">{}</g></svg>)",
      tone == Tone::good  ? "#0a6b30"
      : tone == Tone::ask ? "#0b4a8f"
                          : "#a3121f",
      shape);
}

std::string fact(std::string_view label, const std::string& markup) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", label, markup);
}

std::string time_markup(UtcTime time, std::chrono::minutes utc_offset) {
  const auto local = to_local(time, utc_offset);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::minutes>(local - day));
  return fmt::format("<small>{}</small>{}:{:02}", to_text(Date(day)), clock.hours().count(),
                     clock.minutes().count());
}

std::string facts(const Page& page, const Words& w, std::chrono::minutes utc_offset) {
  std::string rows;
  const auto when = !page.direction ? w.time : *page.direction == Direction::entry ? w.entry : w.exit;
  if (page.time) rows += fact(when, time_markup(*page.time, utc_offset));
  if (!page.place.empty()) rows += fact(w.place, http::escape_html(page.place));
  if (page.recorded) rows += fact(w.record, std::string(*page.recorded ? w.recorded : w.unrecorded));
  return rows.empty() ? rows : "<dl class=\"facts\">" + rows + "</dl>";
}

std::string form(const std::string& address, std::string_view content) {
  return fmt::format(R"(<form method="post" action="{}">{}</form>)", http::escape_html(address), content);
}

std::string button(std::string_view label) {
  return fmt::format(R"(<button class="do">{}</button>)", label);
}

/// What there is to press, if anything.
std::string step(const Page& page, const Words& w) {
  constexpr std::string_view fields =
      R"(<input type="hidden" name="lat"><input type="hidden" name="lon"><input type="hidden" name="acc">)"
      R"(<input type="hidden" name="geo"><input type="hidden" name="time">)";
  switch (page.message) {
    case Message::locate:
      return form(page.address, fmt::format(R"({}<noscript><p class="advice">{}</p>{}</noscript>)", fields,
                                            w.no_script, button(w.proceed))) +
             fmt::format("<script>{}</script>", script);
    case Message::confirm:
      return form(page.address, button(w.proceed));
    case Message::enrol:
      return form(page.address, button(w.join));
    default:
      break;
  }
  if (!may_retry(page.message)) return {};
  return fmt::format(R"(<a class="do" href="{}">{}</a>)", http::escape_html(page.address), w.retry);
}

std::string language_links(const Page& page) {
  std::string links;
  const auto joint = page.address.find('?') == std::string::npos ? '?' : '&';
  for (const auto language : languages)
    links += language == page.language
                 ? fmt::format(R"(<b lang="{}">{}</b>)", code_of(language), words(language).name)
                 : fmt::format(R"(<a lang="{0}" href="{1}{2}lang={0}">{3}</a>)", code_of(language),
                               http::escape_html(page.address), joint == '&' ? "&amp;" : "?",
                               words(language).name);
  return "<nav>" + links + "</nav>";
}

std::string paragraph(std::string_view css_class, std::string_view markup) {
  return markup.empty() ? std::string() : fmt::format(R"(<p class="{}">{}</p>)", css_class, markup);
}

std::string body(const Page& page, std::chrono::minutes utc_offset) {
  const auto& w = words(page.language);
  const auto& said = phrase(page.language, page.message);
  const auto tone = tone_of(page.message);
  return fmt::format(
      R"(<!doctype html>
<html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{}</title><style>{}</style></head>
<body class="{}"><main>{}<h1>{}</h1>{}{}{}{}</main>{}</body></html>
)",
      code_of(page.language), said.title, style, class_of(tone), mark(tone), said.title,
      paragraph("who", http::escape_html(page.person)), facts(page, w, utc_offset),
      paragraph("advice", said.advice), step(page, w), language_links(page));
}

}  // namespace

http::Response render(const Page& page, std::chrono::minutes utc_offset) {
  http::Response response;
  response.status = status_of(page.message);
  response.body = body(page, utc_offset);
  response.content_type = "text/html; charset=utf-8";
  response.headers = {
      {"Cache-Control", "no-store"},         {"Content-Language", std::string(code_of(page.language))},
      {"Content-Security-Policy", policy()}, {"Referrer-Policy", "same-origin"},
      {"X-Content-Type-Options", "nosniff"}, {"Permissions-Policy", "geolocation=(self)"}};
  return response;
}

}  // namespace sitegate::devices::tag
