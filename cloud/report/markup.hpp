// Pieces of HTML and SVG that are also well-formed XML.
#pragma once
#include <string>
#include <string_view>

namespace sitegate::cloud {

/// For content and attribute values: & < > " ' become references, characters that XML forbids become U+FFFD.
std::string escape(std::string_view text);
/// <tag attributes>content</tag>; `attributes` and `content` are markup already.
std::string element(std::string_view tag, std::string_view attributes, std::string_view content);
/// <tag>escaped text</tag>
std::string text_element(std::string_view tag, std::string_view attributes, std::string_view text);

}  // namespace sitegate::cloud
