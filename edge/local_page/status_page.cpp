#include "edge/local_page/status_page.hpp"

#include <fmt/format.h>

#include "shared/http/html.hpp"

namespace sitegate::edge {
namespace {

using http::escape_html;

constexpr std::string_view style = R"css(
*{box-sizing:border-box;margin:0}
body{font-family:"Hiragino Sans","Noto Sans CJK JP","Noto Sans JP",Meiryo,sans-serif;max-width:60rem;margin:0 auto;
padding:1.5rem;color:#111;line-height:1.5;overflow-wrap:anywhere}
h1{font-size:1.8rem}h2{font-size:1.2rem;margin:1.5rem 0 .5rem}
nav{display:flex;flex-wrap:wrap;gap:.8rem;margin:1rem 0}
nav a{padding:.7rem 1.2rem;border:2px solid #0b4a8f;border-radius:.5rem;font-weight:700;text-decoration:none;
color:#0b4a8f}
table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #bbb}
.good{color:#0a6b30;font-weight:700}.bad{color:#b00020;font-weight:700}
)css";

/// One text in the page's language.
struct Chooser {
  bool japanese;
  std::string_view operator()(std::string_view in_japanese, std::string_view in_english) const {
    return japanese ? in_japanese : in_english;
  }
};

std::string local_text(UtcTime time, std::chrono::minutes utc_offset) {
  const std::string text = to_text(time + utc_offset);
  return text.substr(0, 10) + " " + text.substr(11, 8);
}

std::string fact(std::string_view name, const std::string& value, bool good) {
  return fmt::format("<tr><th>{}<td class={}>{}\n", name, good ? "good" : "bad", escape_html(value));
}

std::string link_text(const GatewayStatus& status, const Chooser& choose) {
  if (!status.connected)
    return std::string(choose("切断（記録は続きます）", "not connected (recording goes on)"));
  return status.link_problem.empty() ? std::string(choose("接続中", "connected")) : status.link_problem;
}

std::string outbox_text(const OutboxState& outbox, const Chooser& choose) {
  if (!outbox.failure.empty()) return outbox.failure;
  if (!outbox.refusal.empty()) return outbox.refusal;
  const auto recorded = outbox.next_sequence - 1;
  return fmt::format(fmt::runtime(choose("記録 {} 件、登録待ち {} 件、使用 {} %",
                                         "{} recorded, {} not yet registered, {} % used")),
                     recorded, recorded - outbox.receipted_through,
                     outbox.map_bytes == 0 ? 0 : 100 * outbox.used_bytes / outbox.map_bytes);
}

std::string clock_text(ClockState state, const Chooser& choose) {
  return std::string(state == ClockState::synchronised ? choose("同期済み", "synchronised")
                                                       : choose("同期していません（時刻を確認してください）",
                                                                "not synchronised (check the time)"));
}

std::string facts(const GatewayStatus& status, const Chooser& choose) {
  const bool clock_good = status.clock_state == ClockState::synchronised;
  return "<table>\n" +
         fact(choose("クラウドとの接続", "link to the cloud"), link_text(status, choose),
              status.connected && status.link_problem.empty()) +
         fact(choose("入退場の記録", "record of passages"), outbox_text(status.outbox, choose),
              status.outbox.failure.empty() && status.outbox.refusal.empty()) +
         fact(choose("技能者名簿", "roster"),
              status.roster_version == 0
                  ? std::string(choose("未受信", "none received yet"))
                  : fmt::format(fmt::runtime(choose("{} 名（版 {}）", "{} people (version {})")),
                                status.roster_people, status.roster_version),
              status.roster_version > 0) +
         fact(choose("時計", "clock"), clock_text(status.clock_state, choose), clock_good) + "</table>\n";
}

std::string reader_row(const wire::ReaderHealth& reader, const GatewayStatus& status) {
  return fmt::format("<tr><td>{}<td>{}<td>{}<td>{}<td>{}\n", escape_html(reader.id),
                     escape_html(reader.state), reader.reads, reader.errors,
                     reader.last_read ? local_text(*reader.last_read, status.utc_offset) : std::string("–"));
}

std::string readers(const GatewayStatus& status, const Chooser& choose) {
  std::string html =
      fmt::format("<h2>{}</h2><table><tr><th>{}<th>{}<th>{}<th>{}<th>{}\n", choose("読み取り装置", "readers"),
                  choose("装置", "reader"), choose("状態", "state"), choose("読み取り", "reads"),
                  choose("異常", "errors"), choose("最終読み取り", "last read"));
  for (const auto& reader : status.readers) html += reader_row(reader, status);
  return html + "</table>\n";
}

std::string navigation(const std::vector<PageLink>& links, const Chooser& choose) {
  std::string html = "<nav>";
  for (const auto& link : links)
    html += fmt::format("<a href=\"{}\">{}</a>", escape_html(link.path),
                        escape_html(choose(link.japanese, link.english)));
  return html +
         fmt::format("<a href=\"/?lang={}\">{}</a></nav>\n", choose("en", "ja"), choose("English", "日本語"));
}

}  // namespace

std::string status_page(const GatewayStatus& status, const std::vector<PageLink>& links, bool japanese) {
  const Chooser choose{japanese};
  return fmt::format(
             "<!DOCTYPE html><html lang={}><head><meta charset=utf-8><meta name=viewport "
             "content=\"width=device-width\"><meta http-equiv=refresh content=10><title>SiteGate {}</title>"
             "<style>{}</style></head><body><h1>{} {}</h1><p>{} {} · {}</p>\n",
             choose("ja", "en"), status.gateway.text(), style, choose("ゲート装置", "gateway"),
             status.gateway.text(), choose("現場ID", "site"), status.site.text(),
             local_text(status.as_of, status.utc_offset)) +
         navigation(links, choose) + facts(status, choose) + readers(status, choose) + "</body></html>\n";
}

}  // namespace sitegate::edge
