#include "cloud/report/report.hpp"

#include <array>

#include "cloud/report/forms.hpp"

namespace sitegate::cloud {
namespace {

struct FormatName {
  std::string_view name;
  Format format;
};
constexpr std::array<FormatName, 4> format_names{
    {{"html", Format::html}, {"csv", Format::csv}, {"json", Format::json}, {"text", Format::text}}};

}  // namespace

std::optional<Format> parse_format(std::string_view text) {
  for (const FormatName& known : format_names)
    if (known.name == text) return known.format;
  return std::nullopt;
}

std::optional<Language> parse_language(std::string_view text) {
  if (text == "ja") return Language::ja;
  if (text == "en") return Language::en;
  return std::nullopt;
}

std::string render(const OperatingStatus& status, const EnteredFigures& entered, Format format,
                   Language language, UtcTime created) {
  switch (format) {
    case Format::csv:
      return render_csv(status, entered);
    case Format::json:
      return render_json(status, entered, created);
    case Format::html:
      return render_html(make_document(status, entered, language, created));
    case Format::text:
      return render_text(make_document(status, entered, language, created));
  }
  SITEGATE_ASSERT(false);
  return {};
}

}  // namespace sitegate::cloud
