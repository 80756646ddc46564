#include "cloud/report/markup.hpp"

namespace sitegate::cloud {
namespace {

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    case '\'':
      out += "&#39;";
      return;
    default:
      break;
  }
  const bool forbidden = static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  forbidden ? out += "\xEF\xBF\xBD" : out += c;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) append_escaped(out, c);
  return out;
}

std::string element(std::string_view tag, std::string_view attributes, std::string_view content) {
  std::string out = "<";
  out.append(tag);
  if (!attributes.empty()) out.append(" ").append(attributes);
  out.append(">").append(content).append("</").append(tag).append(">");
  return out;
}

std::string text_element(std::string_view tag, std::string_view attributes, std::string_view text) {
  return element(tag, attributes, escape(text));
}

}  // namespace sitegate::cloud
