#include "shared/http/basic.hpp"

#include <algorithm>
#include <cctype>

namespace sitegate::http {
namespace {

constexpr std::string_view scheme = "basic ";
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
}

std::string encoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const unsigned three = byte_at(text, i) << 16u | byte_at(text, i + 1) << 8u | byte_at(text, i + 2);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= text.size() ? letters[three >> (18 - 6 * k) & 63u] : '=';
  }
  return out;
}

std::optional<std::string> decoded(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  text = text.substr(0, text.size() - (text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0));
  std::string out;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto value = letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6u | static_cast<unsigned>(value)) & 0xFFFFu;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 0xFFu);
  }
  return out;
}

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

}  // namespace

std::string basic_authorization(const Credentials& credentials) {
  return "Basic " + encoded(credentials.user + ":" + credentials.password);
}

std::optional<Credentials> parse_basic(std::string_view authorization) {
  if (authorization.size() < scheme.size() ||
      !std::equal(scheme.begin(), scheme.end(), authorization.begin(),
                  [](char ours, char given) { return ours == lower(given); }))
    return std::nullopt;
  const auto pair = decoded(authorization.substr(scheme.size()));
  if (!pair) return std::nullopt;
  const auto colon = pair->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Credentials{pair->substr(0, colon), pair->substr(colon + 1)};
}

}  // namespace sitegate::http
