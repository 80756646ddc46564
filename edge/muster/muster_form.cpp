#include "edge/muster/muster_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shared/http/html.hpp"

namespace sitegate::edge {
namespace {

using http::escape_html;

/// "2023-07-31 07:50" at the site.
std::string local_text(UtcTime time, const MusterRules& rules) {
  const std::string text = to_text(time + rules.utc_offset);
  return text.substr(0, 10) + " " + text.substr(11, 5);
}

std::string since_text(const MusterPerson& person, const MusterRules& rules) {
  return local_text(person.since, rules) + (person.time_sure ? "" : " ?");
}

std::string id_of(const MusterPerson& person) {
  return person.credential.empty() ? person.key : person.credential;
}

std::string gateway_of(const MusterSource& source) {
  return source.gateway ? source.gateway->text() : source.address;
}

// ---- by company ----

using People = std::vector<MusterPerson>;

bool tells_companies(const SiteMuster& muster) {
  const auto told = [](const MusterPerson& person) { return !person.company_id.empty(); };
  return std::ranges::any_of(muster.inside, told) || std::ranges::any_of(muster.long_ago, told);
}

/// How many of the company of `people[at]`, if that is its first; otherwise 0. They stand together.
std::size_t begins_company(const People& people, std::size_t at) {
  const auto same = [&](const MusterPerson& one) { return one.company_id == people[at].company_id; };
  if (at > 0 && same(people[at - 1])) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(people, same));
}

std::string company_of(const MusterPerson& person, std::string_view unknown) {
  if (person.company_id.empty()) return std::string(unknown);
  return person.company.empty() ? person.company_id : person.company;
}

// ---- CSV ----

std::string field(std::string_view text) {
  std::string value(text);
  if (!value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos)
    value.insert(0, 1, '\'');
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char c : value) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string row(std::string_view status, const MusterPerson& person, const MusterRules& rules) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{}\r\n", status, field(person.name), field(person.key),
                     field(person.credential), person.gateway.text(), field(person.gate),
                     local_text(person.since, rules), to_text(person.method),
                     person.time_sure ? "sure" : "unsure", field(person.company), person.company_id);
}

// ---- HTML ----

struct Words {
  std::string_view code, title, as_of, inside, people, number, name, id, gate, since, method, unnamed,
      unidentified, nobody, long_ago, kept, unsure, typed, stale, never, gateways, clock, checked_by,
      checked_at, present, other_language, other_code, seconds, here, no_company;
};

constexpr Words japanese{
    "ja",
    "在場者名簿",
    "{} 現在",
    "現在の在場者",
    "名",
    "番号",
    "氏名",
    "技能者ID",
    "ゲート",
    "入場時刻",
    "認識方法",
    "（氏名不明）",
    "未確認者",
    "在場者はいません。",
    "入場から{}時間を超えて退場の記録がない人（要確認）",
    "{}日を超える前の入場は、この名簿に載りません。",
    "「?」の時刻は、時計が合っていなかった可能性があります。",
    "手入力",
    "接続できません：赤字の人は古い情報です",
    "一度も接続できていません：このゲートの在場者は名簿に含まれません",
    "名簿の出所",
    "時計の差",
    "点呼者",
    "点呼時刻",
    "確認人数",
    "English",
    "en",
    "秒",
    "この装置",
    "所属事業者不明",
};

constexpr Words english{
    "en",
    "People on site",
    "as of {}",
    "on site now",
    "people",
    "No.",
    "name",
    "technician ID",
    "gate",
    "since",
    "seen by",
    "(name not known)",
    "not identified",
    "Nobody is on site.",
    "Entered more than {} hours ago and no exit recorded: look for them, too",
    "Entries of more than {} days ago are not on this list.",
    "A time with ? was taken by a clock that may have been wrong.",
    "typed",
    "cannot be reached: its people are as they were",
    "has never been reached: its people are NOT on this list",
    "made from",
    "clock differs by",
    "roll called by",
    "at",
    "present",
    "日本語",
    "ja",
    "s",
    "this gateway",
    "company not known",
};

constexpr std::string_view style = R"css(
*{box-sizing:border-box;margin:0}
@page{size:A4;margin:12mm}
body{font-family:"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP",Meiryo,sans-serif;color:#000;background:#fff;
max-width:190mm;margin:0 auto;padding:4mm;line-height:1.35;overflow-wrap:anywhere}
header{display:flex;justify-content:space-between;align-items:flex-end;gap:6mm;
border-bottom:1.2mm solid #000;padding-bottom:3mm}
h1{font-size:9mm;line-height:1.15}.site{font-size:5mm;font-weight:600}.time{font-size:6mm;font-weight:700}
.count{text-align:right;white-space:nowrap}.count b{font-size:17mm;line-height:1}.count span{font-size:5mm}
h2{font-size:5.2mm;margin:6mm 0 2mm;break-after:avoid}
.alert{background:#b00020;color:#fff;font-size:4.6mm;font-weight:700;padding:2.5mm 3.5mm;margin-top:3mm;
-webkit-print-color-adjust:exact;print-color-adjust:exact}
table{width:100%;border-collapse:collapse;font-size:4.2mm;margin-top:3mm}
th{font-size:3.4mm;text-align:left;border-bottom:.5mm solid #000;padding:1mm}
td{border-bottom:.25mm solid #777;padding:1.6mm 1mm;vertical-align:middle}tr{break-inside:avoid}
.box{width:8mm}.box i{display:block;width:5.5mm;height:5.5mm;border:.5mm solid #000}
.no{width:9mm;text-align:right;padding-right:2mm;font-variant-numeric:tabular-nums}
.name{font-size:5.4mm;font-weight:700}.id,.since{white-space:nowrap;font-variant-numeric:tabular-nums}
.company{break-after:avoid}.company th{font-size:4.6mm;padding-top:3mm}.company b{float:right}
.old td{color:#b00020;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.note,footer{font-size:3.6mm;margin-top:2.5mm}
.sign{display:flex;gap:6mm;font-size:4.6mm;margin-top:8mm;break-inside:avoid}
.sign span{flex:1;border-bottom:.4mm solid #000;padding-bottom:1mm}
nav{display:flex;gap:5mm;font-size:4.2mm;padding-bottom:4mm}
@media print{nav{display:none}body{padding:0;max-width:none}}
)css";

struct Page {
  const SiteMuster& muster;
  const Words& words;
};

constexpr std::string_view methods_in_japanese[] = {"",   "カード", "QR",   "マーカー", "UHFタグ",
                                                    "顔", "指静脈", "電話", "NFCタグ",  "手入力"};
static_assert(std::size(methods_in_japanese) == method_max + 1);

std::string as_of_text(const Page& page, UtcTime time) {
  return fmt::format(fmt::runtime(page.words.as_of), local_text(time, page.muster.rules));
}

/// At the foot of each sheet: they may be handed to different people.
std::string foot_style(const SiteMuster& muster) {
  return fmt::format(
      "@page{{@bottom-left{{font-size:3.4mm;content:\"{} · {}\"}}"
      "@bottom-right{{font-size:3.4mm;content:counter(page) \" / \" counter(pages)}}}}",
      muster.site.text(), local_text(muster.as_of, muster.rules));
}

bool is_old(const Page& page, const MusterPerson& person) {
  return std::any_of(page.muster.sources.begin(), page.muster.sources.end(), [&](const MusterSource& source) {
    return !source.answers && source.gateway == person.gateway;
  });
}

std::string name_of(const Page& page, const MusterPerson& person) {
  if (!person.credential.empty()) return std::string(page.words.unidentified);
  return person.name.empty() ? std::string(page.words.unnamed) : escape_html(person.name);
}

std::string method_of(const Page& page, const MusterPerson& person) {
  const bool typed = person.typed && person.method != Method::typed;
  const auto method = page.words.code == japanese.code ? methods_in_japanese[static_cast<int>(person.method)]
                                                       : to_text(person.method);
  return std::string(method) + (typed ? " (" + std::string(page.words.typed) + ")" : std::string());
}

std::string html_row(const Page& page, const MusterPerson& person, std::size_t number) {
  return fmt::format(
      "<tr{}><td class=box><i></i><td class=no>{}<td class=name>{}<td class=id>{}<td>{} / {}"
      "<td class=since>{}<td>{}\n",
      is_old(page, person) ? " class=old" : "", number, name_of(page, person), escape_html(id_of(person)),
      escape_html(person.gateway.text()), escape_html(person.gate), since_text(person, page.muster.rules),
      escape_html(method_of(page, person)));
}

/// Above its first person: an evacuation is counted company by company.
std::string html_company(const Page& page, const People& people, std::size_t at) {
  const std::size_t count = begins_company(people, at);
  if (count == 0) return {};
  return fmt::format("<tr class=company><th colspan=7>{} <b>{} {}</b>\n",
                     escape_html(company_of(people[at], page.words.no_company)), count, page.words.people);
}

std::string html_table(const Page& page, const std::vector<MusterPerson>& people, std::size_t first_number) {
  const Words& w = page.words;
  std::string html =
      fmt::format("<table><thead><tr><th><th>{}<th>{}<th>{}<th>{}<th>{}<th>{}</thead><tbody>\n", w.number,
                  w.name, w.id, w.gate, w.since, w.method);
  const bool by_company = tells_companies(page.muster);
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (by_company) html += html_company(page, people, i);
    html += html_row(page, people[i], first_number++);
  }
  return html + "</tbody></table>\n";
}

/// In red above everything: what the list cannot know.
std::string html_alerts(const Page& page) {
  std::string html;
  for (const auto& source : page.muster.sources) {
    if (source.answers) continue;
    const std::string then = source.as_of
                                 ? fmt::format("{} ({})", page.words.stale, as_of_text(page, *source.as_of))
                                 : std::string(page.words.never);
    html += fmt::format("<p class=alert>⚠ {}: {}</p>\n", escape_html(gateway_of(source)), then);
  }
  return html;
}

std::string html_sources(const Page& page) {
  std::string html = fmt::format("<footer>{}: ", page.words.gateways);
  for (const auto& source : page.muster.sources) {
    html += &source == &page.muster.sources.front() ? "" : " · ";
    html += escape_html(gateway_of(source));
    if (source.as_of) html += fmt::format(" ({})", as_of_text(page, *source.as_of));
    if (source.clock_offset.count() != 0)
      html += fmt::format(" [{} {} {}]", page.words.clock, source.clock_offset.count(), page.words.seconds);
  }
  return html + "</footer>\n";
}

std::string html_head(const Page& page, bool served) {
  const Words& w = page.words;
  const SiteMuster& muster = page.muster;
  const std::string links =
      served ? fmt::format(
                   "<nav><a href=\"/\">{}</a><a href=\"/muster?lang={}\">{}</a>"
                   "<a href=\"/muster.csv\">CSV</a><a href=\"/muster.json\">JSON</a></nav>\n",
                   w.here, w.other_code, w.other_language)
             : std::string();
  const std::string site =
      muster.title.empty() ? muster.site.text() : escape_html(muster.title) + " (" + muster.site.text() + ")";
  return fmt::format(
      "<!DOCTYPE html><html lang={}><head><meta charset=utf-8><meta name=viewport "
      "content=\"width=device-width\">{}<title>{} {}</title><style>{}{}</style></head><body>\n{}"
      "<header><div><div class=site>{}</div><h1>{}</h1><div class=time>{}</div></div>"
      "<div class=count><b>{}</b> <span>{}<br>{}</span></div></header>\n",
      w.code, served ? "<meta http-equiv=refresh content=30>" : "", w.title, site, style, foot_style(muster),
      links, site, w.title, as_of_text(page, muster.as_of), muster.inside.size() + muster.long_ago.size(),
      w.people, w.inside);
}

std::string html_notes(const Page& page) {
  const Words& w = page.words;
  return fmt::format(
      "<p class=note>{} {}</p>\n<div class=sign><span>{}:</span><span>{}:</span><span>{}:</span></div>\n",
      fmt::format(fmt::runtime(w.kept), page.muster.rules.keep.count()), w.unsure, w.checked_by, w.checked_at,
      w.present);
}

std::string table_rows(const SiteMuster& muster, const People& people, std::string_view status) {
  std::string text;
  const bool by_company = tells_companies(muster);
  for (std::size_t i = 0; i < people.size(); ++i) {
    const MusterPerson& person = people[i];
    const std::size_t of_company = by_company ? begins_company(people, i) : 0;
    if (of_company > 0) text += fmt::format("{}: {}\n", company_of(person, english.no_company), of_company);
    text += fmt::format("{:<9} {:<18} {:<24} {:<16} {:<11} {}\n", status, since_text(person, muster.rules),
                        person.gateway.text() + " / " + person.gate,
                        person.credential.empty() ? person.key : "-", to_text(person.method),
                        person.credential.empty() ? person.name : "(" + person.credential + ")");
  }
  return text;
}

}  // namespace

std::string to_table(const SiteMuster& muster) {
  std::string text = fmt::format(
      "site {} {}as of {}: {} inside, {} of them since more than {} h\n", muster.site.text(),
      muster.title.empty() ? "" : muster.title + " ", local_text(muster.as_of, muster.rules),
      muster.inside.size() + muster.long_ago.size(), muster.long_ago.size(), muster.rules.long_ago.count());
  for (const auto& source : muster.sources)
    if (!source.answers)
      text += fmt::format("NOT REACHED: {}, {}\n", gateway_of(source),
                          source.as_of ? "its people as of " + local_text(*source.as_of, muster.rules)
                                       : std::string("its people are NOT on this list"));
  text += fmt::format("{:<9} {:<18} {:<24} {:<16} {:<11} {}\n", "", "since", "gateway / gate", "technician",
                      "seen by", "name");
  text += table_rows(muster, muster.inside, "inside");
  return text + table_rows(muster, muster.long_ago, "long ago");
}

std::string to_csv(const SiteMuster& muster) {
  std::string text =
      "\xEF\xBB\xBFstatus,name,person,credential,gateway,gate,since,seen_by,time,company,company_id\r\n";
  for (const auto& person : muster.inside) text += row("inside", person, muster.rules);
  for (const auto& person : muster.long_ago) text += row("long_ago", person, muster.rules);
  return text;
}

std::string to_html(const SiteMuster& muster, MusterLanguage language, bool served) {
  const Page page{muster, language == MusterLanguage::japanese ? japanese : english};
  std::string html = html_head(page, served) + html_alerts(page);
  if (muster.inside.empty() && muster.long_ago.empty())
    html += fmt::format("<h2>{}</h2>\n", page.words.nobody);
  if (!muster.inside.empty()) html += html_table(page, muster.inside, 1);
  if (!muster.long_ago.empty())
    html += fmt::format("<h2>{}</h2>\n",
                        fmt::format(fmt::runtime(page.words.long_ago), muster.rules.long_ago.count())) +
            html_table(page, muster.long_ago, muster.inside.size() + 1);
  return html + html_notes(page) + html_sources(page) + "</body></html>\n";
}

}  // namespace sitegate::edge
