#include "devices/tag/words.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sitegate::devices::tag {
namespace {

constexpr std::size_t languages_offered_max = 16;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// ";q=0.8" gives 0.8, nothing 1, garbage 0.
double weight_of(std::string_view parameter) {
  parameter = trimmed(parameter);
  if (parameter.empty()) return 1;
  if (!parameter.starts_with("q=")) return 0;
  parameter.remove_prefix(2);
  double weight = 0;
  const auto [end, error] = std::from_chars(parameter.data(), parameter.data() + parameter.size(), weight);
  return error == std::errc{} && weight >= 0 && weight <= 1 ? weight : 0;
}

/// The part before the "-" of "vi-VN".
std::optional<Language> language_of_range(std::string_view range) {
  std::string code(range.substr(0, range.find('-')));
  std::transform(code.begin(), code.end(), code.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return parse_language(code);
}

}  // namespace

std::string_view code_of(Language language) {
  switch (language) {
    case Language::japanese:
      return "ja";
    case Language::english:
      return "en";
    case Language::vietnamese:
      return "vi";
  }
  return "ja";
}

std::optional<Language> parse_language(std::string_view code) {
  for (const auto language : languages)
    if (code == code_of(language)) return language;
  return std::nullopt;
}

std::optional<Language> preferred_language(std::string_view accept_language) {
  std::optional<Language> best;
  double best_weight = 0;
  for (std::size_t i = 0; i < languages_offered_max && !accept_language.empty(); ++i) {
    const auto part = accept_language.substr(0, accept_language.find(','));
    accept_language.remove_prefix(std::min(accept_language.size(), part.size() + 1));
    const auto mark = std::min(part.find(';'), part.size());
    const auto language = language_of_range(trimmed(part.substr(0, mark)));
    const auto weight = weight_of(part.substr(std::min(part.size(), mark + 1)));
    if (!language || weight <= best_weight) continue;
    best = language;
    best_weight = weight;
  }
  return best;
}

Message message_of(std::string_view reason) {
  constexpr std::pair<std::string_view, Message> known[] = {
      {"unknown_credential", Message::unknown_credential},
      {"ambiguous_credential", Message::ambiguous_credential},
      {"no_roster", Message::no_roster},
      {"not_on_roster", Message::not_on_roster},
      {"credential_expired", Message::credential_expired},
      {"site_closed", Message::site_closed},
      {"second_factor_missing", Message::second_factor_missing},
      {"contradiction", Message::contradiction},
      {"storage_full", Message::storage_full},
      {"storage_failed", Message::storage_failed}};
  for (const auto& [word, message] : known)
    if (word == reason) return message;
  return Message::not_recorded;
}

const Words& words(Language language) {
  switch (language) {
    case Language::english:
      return words_en;
    case Language::vietnamese:
      return words_vi;
    case Language::japanese:
      break;
  }
  return words_ja;
}

}  // namespace sitegate::devices::tag
