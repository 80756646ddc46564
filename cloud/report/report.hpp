// The monthly report as a document: what a ministry prints and what a program reads. Pure; safe from any
// thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "cloud/report/entered_figures.hpp"
#include "cloud/statistics/operating_status.hpp"
#include "shared/base/civil_time.hpp"

namespace sitegate::cloud {

enum class Format { html, csv, json, text };
enum class Language { ja, en };

/// "html", "csv", "json", "text"
std::optional<Format> parse_format(std::string_view text);
/// "ja", "en"
std::optional<Language> parse_language(std::string_view text);

/// UTF-8. html: one self-contained page, A4 portrait, also well-formed XML. csv and json are the same in
/// every language; their form is in cloud/report/README.md. `created` is shown as a date in Japan (UTC+9).
std::string render(const OperatingStatus& status, const EnteredFigures& entered, Format format,
                   Language language, UtcTime created);

}  // namespace sitegate::cloud
