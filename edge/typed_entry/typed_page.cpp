#include "edge/typed_entry/typed_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edge/typed_entry/words.hpp"
#include "shared/base/log.hpp"
#include "shared/crypto/aes.hpp"

namespace sitegate::edge {
namespace {

using std::chrono::minutes;

constexpr std::string_view cookie_name = "sitegate_clerk";

std::string_view value_of(const http::Query& form, std::string_view name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string_view{} : std::string_view(found->second);
}

/// RFC 6265, 4.2: "a=1; sitegate_clerk=…".
std::string_view cookie_of(const http::Request& request) {
  std::string_view rest = request.header("Cookie");
  while (!rest.empty()) {
    auto part = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    while (part.starts_with(' ')) part.remove_prefix(1);
    if (part.starts_with(cookie_name) && part.substr(cookie_name.size()).starts_with('='))
      return part.substr(cookie_name.size() + 1);
  }
  return {};
}

http::Header cookie_header(std::string_view value, std::chrono::seconds age) {
  return {"Set-Cookie", fmt::format("{}={}; Path={}; Max-Age={}; HttpOnly; SameSite=Strict", cookie_name,
                                    value, typed_path, age.count())};
}

http::Response to_the_page() {
  return {.status = 303, .body = {}, .content_type = {}, .headers = {{"Location", std::string(typed_path)}}};
}

TypedRequest request_of(const http::Query& form, const Session& session) {
  const auto text = [&](std::string_view name) { return std::string(value_of(form, name)); };
  return {.technician = text("technician"),
          .direction = text("direction"),
          .date = text("date"),
          .time = text("time"),
          .night_shift = !value_of(form, "night_shift").empty(),
          .gate = text("gate"),
          .reason = text("reason"),
          .by = session.clerk.name,
          .corrects = text("corrects")};
}

minutes offset_of(const RosterIndex& roster) {
  return minutes(roster.settings().utc_offset_minutes);
}

/// Our own number, or nothing: it goes into links.
std::string sequence_text(std::string_view text) {
  const bool digits = !text.empty() && text.size() <= 20 && text.find_first_not_of("0123456789") == text.npos;
  return digits ? std::string(text) : std::string();
}

}  // namespace

void TypedPage::handle(const http::Request& request, http::Responder respond) {
  if (request.method == "POST") return take(request, std::move(respond));
  respond(show(request));
}

WorkDate TypedPage::today(const RosterIndex& roster) const {
  return work_date_of(clock_.now(), offset_of(roster), minutes(roster.settings().day_boundary_minutes));
}

Session* TypedPage::session_of(const http::Request& request) {
  return sessions_.find(cookie_of(request));
}

Language TypedPage::language_of(const http::Query& query) const {
  return parse_language(value_of(query, "lang")).value_or(language_);
}

// ---- looking ----

http::Response TypedPage::show(const http::Request& request) {
  Session* session = session_of(request);
  if (session == nullptr) return sign_in_page(language_of(request.query), clerks_.have_passwords(), {});
  session->language = parse_language(request.parameter("lang")).value_or(session->language);
  const auto roster = ports_.roster();
  const WorkDate day = parse_date(request.parameter("day")).value_or(today(*roster));
  TypedView view = view_of(*session, *roster, day);
  view.corrects = sequence_text(request.parameter("corrects"));
  view.search = request.parameter("q");
  view.matches = search_roster(*roster, view.search, typed_matches_max + 1);
  view.more_matches = view.matches.size() > typed_matches_max;
  if (view.more_matches) view.matches.pop_back();
  if (!request.parameter("technician").empty()) view.form = suggestion(request.query, view);
  return typed_page(view);
}

TypedView TypedPage::view_of(const Session& session, const RosterIndex& roster, WorkDate day) const {
  return {.session = session,
          .roster = roster,
          .gates = rules_.gates,
          .day = day,
          .passages = ports_.passages(day)};
}

/// This moment, or what the passage to be corrected says.
TypedRequest TypedPage::suggestion(const http::Query& query, const TypedView& view) const {
  TypedRequest form = request_of(query, view.session);
  form.corrects = view.corrects;
  UtcTime time = clock_.now();
  const auto corrected = std::ranges::find_if(view.passages, [&](const Passage& passage) {
    return std::to_string(passage.sequence) == view.corrects;
  });
  if (corrected != view.passages.end()) {
    time = corrected->event_time;
    form.direction = to_text(corrected->direction);
    form.gate = corrected->gate;
  }
  form.date = local_date_text(time, offset_of(view.roster));
  form.time = local_time_text(time, offset_of(view.roster));
  return form;
}

// ---- doing ----

void TypedPage::take(const http::Request& request, http::Responder respond) {
  const TypedWords& words = typed_words(language_);
  if (request.body.size() > typed_form_size_max) return respond(problem_page(language_, 413, words.bad_form));
  const auto form = http::parse_form(request.body);
  if (!form) return respond(problem_page(language_, 400, words.bad_form));
  const auto what = value_of(*form, "do");
  if (what == "sign_in") return respond(sign_in(request, *form));
  Session* session = session_of(request);
  if (session == nullptr)
    return respond(sign_in_page(language_, clerks_.have_passwords(), words.session_ended));
  if (!crypto::equal_in_constant_time(as_bytes(value_of(*form, "token")), as_bytes(session->form_token)))
    return respond(problem_page(session->language, 403, typed_words(session->language).bad_form));
  if (what == "record") return record(*session, *form, std::move(respond));
  if (what != "sign_out")
    return respond(problem_page(session->language, 400, typed_words(session->language).bad_form));
  sessions_.close(session->cookie);
  auto answer = to_the_page();
  answer.headers.push_back(cookie_header("", std::chrono::seconds(0)));
  respond(std::move(answer));
}

http::Response TypedPage::sign_in(const http::Request& request, const http::Query& form) {
  const Language language = language_of(form);
  const TypedWords& words = typed_words(language);
  if (!attempts_.allowed(request.peer))
    return sign_in_page(language, clerks_.have_passwords(), words.too_many_attempts);
  const Clerk* clerk = clerks_.admit(value_of(form, "login"), value_of(form, "password"));
  if (clerk == nullptr) {
    attempts_.failed(request.peer);
    log::warn("clerk refused peer={}", request.peer);
    return sign_in_page(language, clerks_.have_passwords(), words.refused_sign_in);
  }
  log::info("clerk signed in login={} peer={}", clerk->login, request.peer);
  auto answer = to_the_page();
  answer.headers.push_back(cookie_header(sessions_.open(*clerk, language).cookie, std::chrono::hours(12)));
  return answer;
}

void TypedPage::record(const Session& session, const http::Query& form, http::Responder respond) const {
  const TypedRequest typed = request_of(form, session);
  const auto roster = ports_.roster();
  auto made = typed_record(typed, {*roster, rules_, clock_.now(), ports_.last_sequence()});
  if (const auto* refusal = std::get_if<TypedRefusal>(&made)) {
    log::info("typed entry refused by=\"{}\" reason={}", typed.by, to_text(*refusal));
    TypedView view = view_of(session, *roster, parse_date(typed.date).value_or(today(*roster)));
    view.form = typed;
    view.form->corrects = sequence_text(typed.corrects);
    view.refusal = *refusal;
    return respond(typed_page(view));
  }
  auto& record = std::get<TypedRecord>(made);
  // The answer comes on another thread, when the session may be gone: it takes what it needs along.
  auto later = std::make_shared<http::Responder>(std::move(respond));
  ports_.record(record, [later, record, language = session.language,
                         offset = offset_of(*roster)](const TypedOutcome& outcome) {
    (*later)(recorded_page(language, record, outcome, offset));
  });
}

}  // namespace sitegate::edge
