#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "devices/face/calibration.hpp"

namespace sitegate::devices::face {
namespace {

constexpr int plot_width = 720;
constexpr int plot_height = 260;
constexpr int plot_margin = 36;
constexpr float score_low = -0.4F;
constexpr std::size_t bins = 70;
constexpr float bin_width = (1 - score_low) / static_cast<float>(bins);

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += c;
  }
  return safe;
}

float x_of(float score) {
  const float part = std::clamp((score - score_low) / (1 - score_low), 0.0F, 1.0F);
  return plot_margin + part * (plot_width - 2 * plot_margin);
}

/// Shares of all scores, so that the few pairs of one person are as high as the many of two people.
std::array<float, bins> histogram(const std::vector<float>& scores) {
  std::array<float, bins> shares{};
  for (const float score : scores) {
    const auto bin = static_cast<std::ptrdiff_t>((score - score_low) / bin_width);
    shares[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(bin, 0, bins - 1))] +=
        1 / static_cast<float>(scores.size());
  }
  return shares;
}

std::string curve(const std::array<float, bins>& shares, float highest, std::string_view colour) {
  const float base = plot_height - plot_margin;
  std::string path = fmt::format("M{:.1f} {:.1f}", x_of(score_low), base);
  for (std::size_t i = 0; i < bins; ++i) {
    const float y = base - shares[i] / highest * (plot_height - 2 * plot_margin);
    const float left = score_low + static_cast<float>(i) * bin_width;
    path += fmt::format("L{:.1f} {:.1f}L{:.1f} {:.1f}", x_of(left), y, x_of(left + bin_width), y);
  }
  path += fmt::format("L{:.1f} {:.1f}Z", x_of(1), base);
  return fmt::format("<path d=\"{}\" fill=\"{}\" fill-opacity=\".35\" stroke=\"{}\"/>\n", path, colour,
                     colour);
}

std::string axis() {
  const int base = plot_height - plot_margin;
  std::string marks = fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"#444\"/>\n",
                                  plot_margin, base, plot_width - plot_margin, base);
  for (int tenth = -4; tenth <= 10; tenth += 2) {
    const float score = static_cast<float>(tenth) / 10;
    marks +=
        fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\" font-size=\"12\">{:.1f}</text>\n",
                    x_of(score), base + 16, score);
  }
  return marks;
}

std::string marks_of(const std::vector<ProposedThreshold>& proposals) {
  std::string marks;
  int row = 0;
  for (const auto& proposal : proposals) {
    const float x = x_of(proposal.score);
    marks += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"20\" x2=\"{:.1f}\" y2=\"{}\" stroke=\"#222\" stroke-dasharray=\"4 3\"/>"
        "<text x=\"{:.1f}\" y=\"{}\" font-size=\"11\">1:{}</text>\n",
        x, x, plot_height - plot_margin, x + 3, 28 + 12 * row++, proposal.people);
  }
  return marks;
}

std::string plot(const Calibration& calibration, const std::vector<ProposedThreshold>& proposals) {
  const auto genuine = histogram(calibration.genuine());
  const auto impostor = histogram(calibration.impostor());
  const float highest = std::max(*std::max_element(genuine.begin(), genuine.end()),
                                 *std::max_element(impostor.begin(), impostor.end()));
  return fmt::format("<svg viewBox=\"0 0 {} {}\" width=\"{}\" role=\"img\">\n", plot_width, plot_height,
                     plot_width) +
         curve(impostor, highest, "#c0392b") + curve(genuine, highest, "#1f7a3d") + axis() +
         marks_of(proposals) + "</svg>\n";
}

std::string rows_of(const std::vector<ProposedThreshold>& proposals) {
  std::string rows;
  for (const auto& proposal : proposals)
    rows += fmt::format("<tr><td>1:{}</td><td>{:.3f}</td><td>{:g}</td><td>{:.1f} %</td><td>{}</td></tr>\n",
                        proposal.people, proposal.score, proposal.wrong_rate, 100 * proposal.recognised_rate,
                        proposal.estimated ? "推定 estimated" : "計数 counted");
  return rows;
}

}  // namespace

std::string calibration_page(const Calibration& calibration, const std::vector<ProposedThreshold>& proposals,
                             const std::string& title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><title>{0}</title>\n"
      "<style>body{{font-family:sans-serif;max-width:760px;margin:2em auto}}td,th{{padding:.2em .8em;"
      "text-align:right;border-bottom:1px solid #ccc}}</style></head><body>\n<h1>{0}</h1>\n"
      "<p>顔照合の調整 / face matching, calibrated with the site's own pictures: {1} 人 people, {2} 枚 "
      "pictures, "
      "本人同士 {3} 件 with the own person (<span style=\"color:#1f7a3d\">■</span>), 他人同士 {4} 件 with "
      "another "
      "people (<span style=\"color:#c0392b\">■</span>); 等誤り率 equal error rate {5:.2f} %</p>\n{6}"
      "<table><tr><th></th><th>しきい値 threshold</th><th>誤受入率 wrong</th><th>認証率 "
      "recognised</th><th></th></tr>\n"
      "{7}</table>\n</body></html>\n",
      escaped(title), calibration.people(), calibration.pictures(), calibration.genuine().size(),
      calibration.impostor().size(), 100 * calibration.equal_error_rate(), plot(calibration, proposals),
      rows_of(proposals));
}

}  // namespace sitegate::devices::face
