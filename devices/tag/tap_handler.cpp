#include "devices/tag/tap_handler.hpp"

#include <algorithm>
#include <cmath>

#include "shared/base/log.hpp"

namespace sitegate::devices::tag {
namespace {

constexpr std::chrono::hours cookie_life{24 * 400};  // the longest that browsers keep (RFC 6265bis, 5.5)
constexpr double accuracy_allowance_max_m = 100;     // a phone between steel and concrete

std::string_view query_of(const http::Request& request) {
  const std::string_view target(request.target);
  const auto mark = target.find('?');
  return mark == target.npos ? std::string_view{} : target.substr(mark + 1);
}

/// Lax, not Strict: a browser that another app opens (the phone's own tag reader) sends Lax cookies only.
http::Header set_cookie(std::string_view name, const std::string& value, bool secure, bool for_scripts) {
  auto text = std::string(name) + "=" + value +
              "; Path=/; Max-Age=" + std::to_string(std::chrono::seconds(cookie_life).count()) +
              "; SameSite=Lax";
  if (!for_scripts) text += "; HttpOnly";
  if (secure) text += "; Secure";
  return {"Set-Cookie", text};
}

Message message_of_error(const Error& error) {
  if (is(error, TagErrc::foreign_tag)) return Message::foreign_tag;
  return is(error, TagErrc::forged) ? Message::forged : Message::damaged_link;
}

/// A step of the way, not a refusal.
bool is_question(Message message) {
  return message == Message::locate || message == Message::confirm;
}

Page page_of(const ReadOutcome& outcome, Language language) {
  Page page{.language = language};
  page.direction = outcome.direction;
  if (outcome.reason != "unknown_credential") page.person = outcome.person;
  if (!outcome.accepted) {
    page.message = message_of(outcome.reason);
    page.recorded = outcome.recorded;
    if (!outcome.recorded) page.direction.reset();
  } else if (outcome.repeat) {
    page.message = Message::repeat;
  } else {
    page.message = outcome.direction == Direction::entry ? Message::entry : Message::exit;
  }
  return page;
}

}  // namespace

struct TapHandler::Tap {
  Visitor visitor;
  TapUrl url;
  std::shared_ptr<const TagTable> table;  // keeps `tag` alive
  const Tag* tag = nullptr;
  RecentTaps::Key key;  // which tap of which tag, and whose phone

  [[nodiscard]] std::string address() const { return url.query.empty() ? "/" : "/t?" + url.query; }
  [[nodiscard]] Page page(Message message) const {
    return {.language = visitor.language,
            .message = message,
            .place = tag == nullptr ? std::string() : tag->name,
            .address = address()};
  }
};

TapHandler::TapHandler(TapSettings settings, TapSurroundings surroundings)
    : settings_(std::move(settings)),
      surroundings_(std::move(surroundings)),
      recent_(std::make_shared<RecentTaps>(settings_.keep)) {}

void TapHandler::handle(const http::Request& request, http::Responder respond) {
  auto reply = std::make_shared<http::Responder>(std::move(respond));
  const bool reads = request.method == "GET";
  const bool takes_forms = request.path == "/t" || request.path == "/enrol";
  if (!reads && !(takes_forms && request.method == "POST"))
    return (*reply)(
        {.status = 405, .body = "GET\n", .headers = {{"Allow", takes_forms ? "GET, POST" : "GET"}}});
  // A browser that looks ahead may not use up the tap; it gives up at an error and asks again when opened.
  if (is_prefetch(request))
    return (*reply)({.status = 503, .body = "not ahead\n", .headers = {{"Cache-Control", "no-store"}}});
  if (request.path == "/t") return tap(request, std::move(reply));
  if (request.path == "/enrol") return enrol(request, std::move(reply));
  const auto visitor = visitor_of(request);
  Page page{.language = visitor.language, .address = request.path == "/enrolled" ? "/enrolled" : "/"};
  if (request.path == "/enrolled")
    page.message = visitor.token ? Message::enrolled : Message::no_token;
  else if (request.path != "/")
    page.message = Message::not_found;
  say(visitor, page, std::move(reply));
}

// ---- a tap ----

void TapHandler::tap(const http::Request& request, Reply reply) {
  Tap tap{
      .visitor = visitor_of(request), .url = {}, .table = surroundings_.table(), .tag = nullptr, .key = {}};
  if (const auto no = verify(request, tap)) return refuse(tap, *no, std::move(reply));
  auto waiting = teller(tap, reply);
  if (recent_->look(tap.key, surroundings_.clock.monotonic(), waiting) != RecentTaps::Found::nothing) return;
  auto no = judge(request, tap);
  if (!no) no = take(tap, std::move(waiting));
  if (no) refuse(tap, *no, std::move(reply));
}

/// Which tag, and whose phone.
TapHandler::Verdict TapHandler::verify(const http::Request& request, Tap& tap) const {
  auto url = parse_tap_url(query_of(request));
  const auto verified = url ? verify_tap(url.value(), *tap.table) : Result<VerifiedTap>(url.error());
  if (url) tap.url = std::move(url).value();
  if (!verified) {
    log::warn("reader={} peer={} refused: {}", settings_.reader_id, request.peer, verified.error().text());
    return message_of_error(verified.error());
  }
  tap.tag = verified.value().tag;
  tap.key.tap = {tap.tag->uid, verified.value().counter};
  if (!tap.visitor.token) return Message::no_token;
  tap.key.holder = tap.visitor.token->hash();
  return std::nullopt;
}

/// Whether this tap may be taken now; writes nothing.
TapHandler::Verdict TapHandler::judge(const http::Request& request, const Tap& tap) {
  const auto news =
      surroundings_.counters.look(tap.key.tap, tap.key.holder, surroundings_.clock.now(), settings_.keep);
  if (!news) {
    log::error("reader={} {}", settings_.reader_id, news.error().text());
    return Message::storage_failed;
  }
  if (news.value().news == CounterBook::News::replayed) return Message::replayed;
  if (news.value().news == CounterBook::News::again) return std::nullopt;  // was judged when it was fresh
  if (is_sent_by_another_site(request)) return Message::confirm;
  if (request.method == "GET") return tap.tag->place ? Verdict(Message::locate) : std::nullopt;
  const auto says = parse_phone_form(request.body);
  if (!says) return Message::damaged_link;
  if (tap.tag->place && !says->was_asked) return Message::locate;
  return judge_phone(*says, tap);
}

TapHandler::Verdict TapHandler::judge_phone(const PhoneSays& says, const Tap& tap) const {
  const auto& clock = surroundings_.clock;
  // A gateway that does not know the time itself cannot hold it against a phone.
  if (says.time && clock.state() != ClockState::unsynchronised &&
      std::chrono::abs(*says.time - clock.now()) > settings_.clock_limit)
    return Message::clock_wrong;
  if (!tap.tag->place) return std::nullopt;
  const auto& place = *tap.tag->place;
  if (!says.position) return place.required ? Verdict(Message::position_missing) : std::nullopt;
  const auto allowance = std::min(says.accuracy_m, accuracy_allowance_max_m);
  if (distance_m(place.position, *says.position) > place.radius_m + allowance) return Message::position_far;
  return std::nullopt;
}

TapHandler::Verdict TapHandler::take(const Tap& tap, RecentTaps::Waiting waiting) {
  const auto taken =
      surroundings_.counters.take(tap.key.tap, tap.key.holder, surroundings_.clock.now(), settings_.keep);
  if (!taken) {
    log::error("reader={} {}", settings_.reader_id, taken.error().text());
    return Message::storage_failed;
  }
  if (taken.value().news == CounterBook::News::replayed) return Message::replayed;
  const auto now = surroundings_.clock.monotonic();
  if (recent_->open(tap.key, taken.value().at, now, waiting) == RecentTaps::Found::opened)
    hand_on(tap, taken.value());
  return std::nullopt;
}

void TapHandler::hand_on(const Tap& tap, const CounterBook::Taken& taken) {
  const auto uid = uid_text(tap.tag->uid);
  CredentialRead read;
  read.reader_id = settings_.reader_id;
  read.event_time = taken.at;
  read.monotonic = surroundings_.clock.monotonic();
  read.credential = TokenCredential{tap.key.holder};
  read.method = Method::nfc_tag;
  read.direction = tap.tag->direction;
  read.gate = tap.tag->gate;
  // Handed on again after a restart or a failed write: the key keeps it one passage.
  read.device_event = DeviceEvent{.key = "tag/" + uid + "/" + std::to_string(tap.key.tap.counter),
                                  .late = taken.news == CounterBook::News::again};
  if (read.device_event->late) read.clock_state = surroundings_.clock.state();  // of some minutes ago
  read.answer = [recent = recent_, key = tap.key, reader = settings_.reader_id,
                 uid](const ReadOutcome& outcome) {
    log::info("reader={} tag={} counter={} accepted={} recorded={} reason={}", reader, uid, key.tap.counter,
              outcome.accepted, outcome.recorded, outcome.reason);
    recent->settle(key, outcome);
  };
  surroundings_.sink(std::move(read));
}

/// Outlives the handler, so it holds what it needs by value.
RecentTaps::Waiting TapHandler::teller(const Tap& tap, Reply reply) const {
  return [visitor = tap.visitor, place = tap.tag->name, address = tap.address(), secure = settings_.secure,
          offset = settings_.utc_offset, reply = std::move(reply)](const RecentTaps::Settled& settled) {
    auto page = page_of(settled.outcome, visitor.language);
    page.place = place;
    page.address = address;
    if (settled.outcome.recorded) page.time = settled.at;
    auto response = render(page, offset);
    // Each tap lengthens the cookie's life.
    response.headers.push_back(set_cookie(token_cookie, visitor.token->text(), secure, false));
    if (visitor.chose_language)
      response.headers.push_back(
          set_cookie(language_cookie, std::string(code_of(visitor.language)), secure, true));
    (*reply)(std::move(response));
  };
}

// ---- enrolment ----

void TapHandler::enrol(const http::Request& request, Reply reply) {
  const auto visitor = visitor_of(request);
  const auto table = surroundings_.table();
  Page page{.language = visitor.language, .message = Message::no_enrolment};
  if (!table->enrolment_key()) return say(visitor, page, std::move(reply));
  const auto link = parse_enrolment(query_of(request), *table->enrolment_key());
  page.message = Message::link_wrong;
  if (!link) return say(visitor, page, std::move(reply));
  page.address = "/enrol?" + enrolment_query(link.value(), *table->enrolment_key());
  page.message = Message::enrol;
  if (visitor.token && visitor.token->hash() == link.value().token.hash())
    page.message = Message::enrolled_before;
  else if (link.value().until < surroundings_.clock.now())
    page.message = Message::link_ended;
  else if (request.method == "POST" && !is_sent_by_another_site(request))
    return join(visitor, link.value(), page, std::move(reply));
  say(visitor, page, std::move(reply));
}

void TapHandler::join(const Visitor& visitor, const EnrolmentLink& link, Page page, Reply reply) {
  const auto first = surroundings_.enrolments.use(link.token.hash(), link.until, surroundings_.clock.now());
  if (!first) log::error("reader={} {}", settings_.reader_id, first.error().text());
  if (!first || !first.value()) {
    page.message = first ? Message::link_used : Message::storage_failed;
    return say(visitor, page, std::move(reply));
  }
  log::info("reader={} a phone was enrolled", settings_.reader_id);
  // Away from the address that holds the token: it would stay in the browser's history.
  (*reply)({.status = 303,
            .body = {},
            .content_type = {},
            .headers = {{"Location", "/enrolled"},
                        {"Cache-Control", "no-store"},
                        set_cookie(token_cookie, link.token.text(), settings_.secure, false)}});
}

void TapHandler::say(const Visitor& visitor, const Page& page, Reply reply) const {
  auto response = render(page, settings_.utc_offset);
  if (visitor.chose_language)
    response.headers.push_back(
        set_cookie(language_cookie, std::string(code_of(visitor.language)), settings_.secure, true));
  (*reply)(std::move(response));
}

void TapHandler::refuse(const Tap& tap, Message message, Reply reply) {
  if (!is_question(message)) {
    ++refused_;
    if (tap.tag != nullptr)  // otherwise verify() has said why
      log::warn("reader={} tag={} counter={} refused: {}", settings_.reader_id, uid_text(tap.tag->uid),
                tap.key.tap.counter, phrase(Language::english, message).title);
  }
  say(tap.visitor, tap.page(message), std::move(reply));
}

}  // namespace sitegate::devices::tag
