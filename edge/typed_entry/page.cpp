#include "edge/typed_entry/page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "edge/typed_entry/words.hpp"
#include "shared/http/html.hpp"

namespace sitegate::edge {
namespace {

using http::escape_html;
using std::chrono::minutes;

constexpr std::string_view style = R"css(
*{box-sizing:border-box}
body{margin:0 auto;max-width:52rem;padding:1rem;color:#111;background:#fff;line-height:1.5;
font-family:system-ui,-apple-system,"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP","Noto Sans",sans-serif}
h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .4rem}
label{display:block;margin-top:.7rem;font-weight:600}
input,select,button{font:inherit;padding:.45rem .6rem;border:1px solid #777;border-radius:.35rem;background:#fff}
input[type=text],input[type=password],input[type=search]{width:100%;max-width:28rem}
input[type=checkbox]{margin-right:.4rem}
button{background:#0b4a8f;color:#fff;border:0;padding:.55rem 1.2rem;font-weight:700;margin-top:.9rem}
button.plain{background:#fff;color:#0b4a8f;border:1px solid #0b4a8f;margin:0}
header{display:flex;gap:1rem;align-items:center;flex-wrap:wrap;border-bottom:1px solid #ccc;padding-bottom:.5rem}
header form{margin-left:auto}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.35rem .5rem;text-align:left}
.problem{background:#a3121f;color:#fff;padding:.6rem .9rem;border-radius:.35rem;font-weight:700}
.good{background:#0a6b30;color:#fff;padding:.6rem .9rem;border-radius:.35rem;font-weight:700}
.hint{color:#444}
)css";

http::Response html(const TypedWords& words, unsigned status, const std::string& body) {
  return {.status = status,
          .body = fmt::format("<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
                              "<meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>"
                              "<style>{}</style></head><body>\n{}</body></html>\n",
                              words.code, words.title, style, body),
          .content_type = "text/html; charset=utf-8",
          .headers = {{"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "same-origin"},
                      {"Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                       "frame-ancestors 'none'"}}};
}

std::string problem_line(std::string_view problem) {
  return problem.empty() ? std::string()
                         : fmt::format("<p class=\"problem\" role=\"alert\">{}</p>\n", problem);
}

std::string hidden(std::string_view name, std::string_view value) {
  return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, escape_html(value));
}

std::string field(std::string_view label, std::string_view type, std::string_view name,
                  std::string_view value, std::string_view more = {}) {
  return fmt::format(
      "<label for=\"{0}\">{1}</label><input type=\"{2}\" id=\"{0}\" name=\"{0}\" value=\"{3}\"{4}>\n", name,
      label, type, escape_html(value), more);
}

std::string option(std::string_view value, std::string_view text, std::string_view chosen) {
  return fmt::format("<option value=\"{}\"{}>{}</option>", escape_html(value),
                     value == chosen ? " selected" : "", escape_html(text));
}

std::string name_of(const RosterTechnician& technician) {
  return technician.name.empty() ? technician.technician.text() : technician.name;
}

std::string_view word_of(Direction direction, const TypedWords& words) {
  return direction == Direction::entry ? words.entry : words.exit;
}

minutes offset_of(const TypedView& view) {
  return minutes(view.roster.settings().utc_offset_minutes);
}

// ---- the parts of the page ----

std::string header(const TypedView& view, const TypedWords& words) {
  return fmt::format(
      "<header><strong>{}: {}</strong><a href=\"{}?lang={}\" lang=\"{}\">{}</a>"
      "<form method=\"post\" action=\"{}\">{}{}<button class=\"plain\">{}</button></form></header>\n",
      words.signed_in_as, escape_html(view.session.clerk.name), typed_path, words.other_code,
      words.other_code, words.other_name, typed_path, hidden("do", "sign_out"),
      hidden("token", view.session.form_token), words.sign_out);
}

std::string link_to(const RosterTechnician& technician, const TypedView& view) {
  std::string link = fmt::format("{}?technician={}&amp;day={}", typed_path, technician.technician.text(),
                                 sitegate::to_text(view.day));
  if (!view.corrects.empty()) link += "&amp;corrects=" + escape_html(view.corrects);
  return link;
}

std::string matches_table(const TypedView& view, const TypedWords& words) {
  if (view.search.empty()) return {};
  if (view.matches.empty()) return fmt::format("<p class=\"hint\">{}</p>\n", words.no_match);
  std::string rows;
  for (const auto* technician : view.matches)
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td><a href=\"{}\">{}</a></td></tr>\n",
                        escape_html(technician->name), technician->technician.text(),
                        link_to(*technician, view), words.choose);
  const std::string more =
      view.more_matches ? fmt::format("<p class=\"hint\">{}</p>\n", words.more_matches) : std::string();
  return "<table>\n" + rows + "</table>\n" + more;
}

std::string search_form(const TypedView& view, const TypedWords& words) {
  std::string kept = hidden("day", sitegate::to_text(view.day));
  if (!view.corrects.empty()) kept += hidden("corrects", view.corrects);
  return fmt::format("<form method=\"get\" action=\"{}\">{}{}<button>{}</button></form>\n", typed_path, kept,
                     field(words.search_hint, "search", "q", view.search, " maxlength=\"128\""),
                     words.search) +
         matches_table(view, words);
}

std::string reason_field(const TypedRequest& form, const TypedWords& words) {
  std::string usual;
  for (const auto reason : words.usual_reasons) usual += option(reason, reason, "");
  return field(words.reason, "text", "reason", form.reason, " required maxlength=\"200\" list=\"usual\"") +
         fmt::format("<datalist id=\"usual\">{}</datalist>\n", usual);
}

std::string gate_field(const TypedView& view, const TypedWords& words) {
  std::string gates;
  for (const auto& gate : view.gates) gates += option(gate, gate, view.form->gate);
  return fmt::format("<label for=\"gate\">{}</label><select id=\"gate\" name=\"gate\">{}</select>\n",
                     words.gate, gates);
}

std::string entry_form(const TypedView& view, const TypedWords& words) {
  const TypedRequest& form = *view.form;
  const auto id = TechnicianId::parse(form.technician);
  const auto* technician = id ? view.roster.find(*id) : nullptr;
  const std::string who = technician != nullptr ? name_of(*technician) : form.technician;
  std::string fields = hidden("do", "record") + hidden("token", view.session.form_token) +
                       hidden("technician", form.technician);
  fields += fmt::format("<p><strong>{}</strong> {}</p>\n", escape_html(who), escape_html(form.technician));
  if (!form.corrects.empty())
    fields += hidden("corrects", form.corrects) +
              fmt::format("<p>{} {}</p>\n", words.corrects, escape_html(form.corrects));
  fields += fmt::format(
      "<label for=\"direction\">{}</label><select id=\"direction\" name=\"direction\">{}{}</select>\n",
      words.direction, option("entry", words.entry, form.direction),
      option("exit", words.exit, form.direction));
  fields += field(words.date, "date", "date", form.date, " required");
  fields += field(words.time, "time", "time", form.time, " required");
  fields += fmt::format("<label><input type=\"checkbox\" name=\"night_shift\" value=\"1\"{}>{}</label>\n",
                        form.night_shift ? " checked" : "", words.night_shift);
  fields += gate_field(view, words) + reason_field(form, words);
  return fmt::format(
      "<form method=\"post\" action=\"{0}\">{1}<button>{2}</button> <a href=\"{0}\">{3}</a></form>\n",
      typed_path, fields, words.record, words.cancel);
}

/// The technician as the roster knows him, or what was read, masked.
std::string person_text(const Passage& passage, const RosterIndex& roster) {
  const auto* id = std::get_if<TechnicianId>(&passage.person);
  if (id == nullptr) return masked_text(std::get<Credential>(passage.person));
  const auto* technician = roster.find(*id);
  return technician != nullptr ? name_of(*technician) : id->text();
}

std::string correct_link(const Passage& passage, const TypedView& view, const TypedWords& words) {
  const auto* id = std::get_if<TechnicianId>(&passage.person);
  const std::string who = id != nullptr ? "&amp;technician=" + id->text() : std::string();
  return fmt::format("<a href=\"{}?corrects={}&amp;day={}{}\">{}</a>", typed_path, passage.sequence,
                     sitegate::to_text(view.day), who, words.correct);
}

std::string how_text(const Passage& passage, const TypedWords& words) {
  if (!passage.typed) return std::string(to_text(passage.evidence.front().method));
  std::string text = fmt::format("{}: {}, {}", words.typed_by, passage.typed->by, passage.typed->reason);
  if (passage.typed->corrects != 0) text += fmt::format(" ({} {})", words.corrects, passage.typed->corrects);
  return text;
}

std::string passages_table(const TypedView& view, const TypedWords& words) {
  if (view.passages.empty()) return fmt::format("<p class=\"hint\">{}</p>\n", words.no_passages);
  std::string rows;
  for (auto passage = view.passages.rbegin(); passage != view.passages.rend(); ++passage)
    rows += fmt::format(
        "<tr><td>{}</td><td>{} {}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        passage->sequence, local_date_text(passage->event_time, offset_of(view)),
        local_time_text(passage->event_time, offset_of(view)),
        escape_html(person_text(*passage, view.roster)), word_of(passage->direction, words),
        escape_html(passage->gate), escape_html(how_text(*passage, words)),
        correct_link(*passage, view, words));
  return fmt::format(
      "<table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th></th></tr></"
      "thead>\n"
      "{}</table>\n",
      words.number, words.time, words.technician, words.direction, words.gate, words.method, rows);
}

std::string day_links(const TypedView& view, const TypedWords& words) {
  const auto link = [](Date day, std::string_view text) {
    return fmt::format("<a href=\"{}?day={}\">{}</a>", typed_path, sitegate::to_text(day), text);
  };
  return fmt::format("<p>{} {}</p>\n", link(view.day - std::chrono::days(1), words.day_before),
                     link(view.day + std::chrono::days(1), words.day_after));
}

std::string fact(std::string_view label, std::string_view value) {
  return fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", label, escape_html(value));
}

std::string facts(const TypedRecord& record, const TypedOutcome& outcome, const TypedWords& words,
                  minutes offset) {
  const Passage& passage = record.passage;
  const TypedEntry& typed = *passage.typed;
  std::string rows;
  if (outcome.sequence) rows += fact(words.number, std::to_string(*outcome.sequence));
  rows += fact(words.technician, record.name + " " + std::get<TechnicianId>(passage.person).text());
  rows += fact(words.direction, word_of(passage.direction, words));
  rows += fact(words.time, local_date_text(passage.event_time, offset) + " " +
                               local_time_text(passage.event_time, offset));
  rows += fact(words.work_date, sitegate::to_text(passage.work_date));
  rows += fact(words.gate, passage.gate);
  rows += fact(words.reason, typed.reason);
  rows += fact(words.clerk, typed.by);
  if (typed.corrects != 0) rows += fact(words.corrects, std::to_string(typed.corrects));
  return "<table>\n" + rows + "</table>\n";
}

}  // namespace

std::string local_date_text(UtcTime time, minutes utc_offset) {
  return sitegate::to_text(std::chrono::floor<std::chrono::days>(to_local(time, utc_offset)));
}

std::string local_time_text(UtcTime time, minutes utc_offset) {
  const auto local = to_local(time, utc_offset);
  const auto of_day = std::chrono::floor<minutes>(local - std::chrono::floor<std::chrono::days>(local));
  return fmt::format("{:02}:{:02}", of_day.count() / 60, of_day.count() % 60);
}

http::Response sign_in_page(Language language, bool ask_password, std::string_view problem) {
  const TypedWords& words = typed_words(language);
  std::string fields =
      hidden("do", "sign_in") + hidden("lang", words.code) +
      field(words.login, "text", "login", "", " required maxlength=\"32\" autocomplete=\"username\"");
  if (ask_password)
    fields += field(words.password, "password", "password", "",
                    " maxlength=\"128\" autocomplete=\"current-password\"");
  return html(words, problem.empty() ? 200 : 403,
              fmt::format("<h1>{}</h1>\n<p class=\"hint\">{}</p>\n{}<form method=\"post\" action=\"{}\">{}"
                          "<button>{}</button></form>\n<p><a href=\"{}?lang={}\" lang=\"{}\">{}</a></p>\n",
                          words.title, words.purpose, problem_line(problem), typed_path, fields,
                          words.sign_in, typed_path, words.other_code, words.other_code, words.other_name));
}

http::Response typed_page(const TypedView& view) {
  const TypedWords& words = typed_words(view.session.language);
  const std::string_view problem =
      view.refusal ? words.refusals[static_cast<std::size_t>(*view.refusal)] : std::string_view{};
  std::string body = header(view, words);
  body += fmt::format("<h1>{}</h1>\n<p class=\"hint\">{}</p>\n{}", words.title, words.purpose,
                      problem_line(problem));
  body += view.form ? entry_form(view, words) : search_form(view, words);
  body += fmt::format("<h2>{} {}</h2>\n", words.passages, sitegate::to_text(view.day));
  body += day_links(view, words) + passages_table(view, words);
  return html(words, view.refusal ? 400 : 200, body);
}

http::Response recorded_page(Language language, const TypedRecord& record, const TypedOutcome& outcome,
                             minutes utc_offset) {
  const TypedWords& words = typed_words(language);
  std::string said;
  if (outcome.sequence)
    said = fmt::format("<p class=\"good\">{}</p>\n<p>{}</p>\n",
                       outcome.repeat ? words.repeated : words.recorded, words.awaiting);
  else
    said =
        problem_line(words.not_recorded) +
        fmt::format("<p>{}</p>\n", outcome.problem == "storage_full" ? words.storage_full : words.try_again);
  return html(words, outcome.sequence ? 200 : 503,
              fmt::format("<h1>{}</h1>\n{}{}<p><a href=\"{}\">{}</a></p>\n", words.title, said,
                          facts(record, outcome, words, utc_offset), typed_path, words.another));
}

http::Response problem_page(Language language, unsigned status, std::string_view problem) {
  const TypedWords& words = typed_words(language);
  return html(words, status,
              fmt::format("<h1>{}</h1>\n{}<p><a href=\"{}\">{}</a></p>\n", words.title, problem_line(problem),
                          typed_path, words.title));
}

}  // namespace sitegate::edge
