#include "cloud/report/forms.hpp"

namespace sitegate::cloud {

// Sizes are for A4 portrait: 178 mm between the margins. The prefecture tables have 49 lines on one page.
constexpr std::string_view sheet = R"css(
@page {
  size: A4 portrait;
  margin: 17mm 16mm 16mm;
  @top-left { font: 7.5pt "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif; color: #555; }
  @bottom-center {
    content: counter(page) " / " counter(pages);
    font: 7.5pt "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif; color: #555;
  }
}
* { box-sizing: border-box; }
html { font-size: 9.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body {
  margin: 0; background: #fff; color: #1a1a1a; line-height: 1.6;
  font-family: "Noto Sans CJK JP", "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Yu Gothic", sans-serif;
  font-variant-numeric: tabular-nums lining-nums; font-kerning: normal;
  line-break: strict; overflow-wrap: anywhere;
}
html:lang(en) body {
  font-family: "Noto Sans", "Helvetica Neue", Arial, "Liberation Sans", "Noto Sans CJK JP", sans-serif;
  line-break: auto; overflow-wrap: normal;
}
main { max-width: 178mm; margin: 0 auto; }
h1, h2, figcaption, caption { font-feature-settings: "palt"; }
header { border-bottom: 1.2pt solid #16324f; padding-bottom: 2.5mm; margin-bottom: 6mm; }
h1 { margin: 0; font-size: 16pt; font-weight: 700; line-height: 1.35; color: #16324f; letter-spacing: 0.02em; }
.system { margin: 0.5mm 0 0; color: #555; font-size: 8.5pt; }
.issue { display: flex; justify-content: space-between; align-items: baseline; margin-top: 2.5mm; }
.issue p { margin: 0; }
.month { font-size: 12pt; font-weight: 700; }
.created { font-size: 8.5pt; color: #444; }
h2 {
  margin: 0 0 2mm; font-size: 11pt; font-weight: 700; line-height: 1.4; color: #16324f; white-space: pre-wrap;
  break-after: avoid;
}
section { margin: 0 0 6mm; break-inside: avoid; }
.mark {
  display: inline-block; margin-left: 1.5mm; padding: 0 2mm; border: 0.6pt solid #8a5a00; border-radius: 2pt;
  color: #8a5a00; font-size: 7.5pt; font-weight: 400; line-height: 1.6; vertical-align: 0.6pt;
}
table { width: 100%; border-collapse: collapse; margin: 0 0 2.5mm; break-inside: avoid; }
th, td { padding: 1mm 2mm; border-bottom: 0.4pt solid #c8ccd2; text-align: right; vertical-align: baseline; }
thead th, thead td { border-bottom: 0.6pt solid #6b7785; vertical-align: bottom; font-size: 8.5pt; line-height: 1.35; }
thead tr:first-child th, thead tr:first-child td { border-top: 0.9pt solid #16324f; }
thead th { background: #f1f4f7; font-weight: 500; color: #222; }
thead .corner { background: #f1f4f7; }
thead .group { text-align: center; border-bottom: 0.4pt solid #aab3bd; }
tbody tr:last-child th, tbody tr:last-child td { border-bottom: 0.9pt solid #16324f; }
tbody th, thead .name { text-align: left; font-weight: 500; }
tbody th { white-space: nowrap; }
tbody td { white-space: nowrap; }
.words { text-align: left; }
tbody td.words { white-space: normal; color: #444; font-size: 8.5pt; }
.part th { padding-left: 6mm; font-weight: 400; }
.total th, .total td { font-weight: 700; background: #f8f9fb; }
td.number, th.number { width: 8mm; color: #555; font-weight: 400; }
.registered tbody td, .new-sites tbody td, .work-histories tbody td { font-size: 10.5pt; }
.registered thead th, .new-sites thead th, .work-histories thead th { width: 17%; }
.work-histories thead th { width: 21%; }
.methods th, .methods td { padding-top: 0.45mm; padding-bottom: 0.45mm; }
.methods thead th { width: 17%; }
.methods thead .name { width: auto; }
.entered th, .entered td { padding-top: 0.55mm; padding-bottom: 0.55mm; }
.recent { font-size: 8.5pt; }
.recent th, .recent td { padding: 0.8mm 1.5mm; }
.recent thead th { font-size: 8pt; }
.entered thead .name { width: 48%; }
.note { margin: 0.5mm 0 0; padding-left: 2.4em; text-indent: -2.4em; font-size: 8pt; line-height: 1.55; color: #333; }
html:lang(en) .note { padding-left: 0; text-indent: 0; }
.checks { border-left: 2pt solid #6f96bd; padding-left: 3mm; }
.checks .note { padding-left: 0; text-indent: 0; }
.checks.broken { border-left: 3pt solid #a30000; }
.checks.broken .note { color: #a30000; font-weight: 700; }
.annex { break-before: page; break-inside: auto; margin: 0; }
.annex h2 { margin-bottom: 3mm; font-size: 12pt; }
.side-by-side { display: grid; grid-template-columns: 40% 1fr; column-gap: 9mm; align-items: start; }
caption { padding: 0 0 1.2mm; text-align: left; font-weight: 700; }
.side-by-side table { margin: 0; font-size: 8.5pt; }
.side-by-side th, .side-by-side td { padding: 0 2mm; line-height: 4.62mm; border-bottom-color: #e1e4e8; }
.side-by-side thead th { height: 9mm; font-size: 8pt; line-height: 1.3; vertical-align: middle; padding: 0 2mm; }
.side-by-side tbody th { font-weight: 400; }
.side-by-side .total th { font-weight: 700; }
.side-by-side tbody tr:nth-child(5n+1) th, .side-by-side tbody tr:nth-child(5n+1) td { border-bottom-color: #98a2ae; }
figure { margin: 0 0 6mm; break-inside: avoid; }
figure:nth-of-type(2n) { margin-bottom: 0; }
figcaption { font-size: 10.5pt; font-weight: 700; border-bottom: 0.4pt solid #c8ccd2; padding-bottom: 1mm;
  margin-bottom: 2.5mm; }
figure .note { margin-top: 1mm; padding: 0; text-indent: 0; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text { font-family: inherit; fill: #333; }
svg .axis-heading { font-size: 11.5px; fill: #444; }
svg .tick { font-size: 11.5px; fill: #444; }
svg .band { font-size: 12px; fill: #222; }
svg .band-value { font-size: 12.5px; fill: #222; }
svg .value { font-size: 14px; font-weight: 700; fill: #16324f; }
svg .rule { stroke: #dde1e6; stroke-width: 0.8; }
svg .base { stroke: #555; stroke-width: 1; }
svg .year { stroke: #b4bcc6; stroke-width: 0.8; stroke-dasharray: 2 3; }
svg .edge { fill: none; stroke: #16324f; stroke-width: 2; stroke-linejoin: round; }
svg .inner { fill: none; stroke: #fff; stroke-width: 1.2; stroke-linejoin: round; }
@media screen {
  body { background: #eceff2; }
  main { max-width: 210mm; padding: 14mm 16mm; margin: 8mm auto; background: #fff; box-shadow: 0 1px 6px #0003; }
  .annex { margin-top: 14mm; padding-top: 10mm; border-top: 0.6pt solid #c8ccd2; }
}
@media screen and (max-width: 700px) {
  main { padding: 6mm 4mm; margin: 0; }
  section { overflow-x: auto; }
  .side-by-side { display: block; }
}
)css";

std::string_view stylesheet() { return sheet; }

}  // namespace sitegate::cloud
