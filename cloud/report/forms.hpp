// The forms that render() chooses from.
#pragma once
#include <string>

#include "cloud/report/document.hpp"

namespace sitegate::cloud {

std::string render_csv(const OperatingStatus& status, const EnteredFigures& entered);
std::string render_json(const OperatingStatus& status, const EnteredFigures& entered, UtcTime created);
std::string render_html(const Document& document);
std::string render_text(const Document& document);

/// The style sheet of the HTML form. Holds no & and no <, so that the page stays well-formed XML.
std::string_view stylesheet();

}  // namespace sitegate::cloud
