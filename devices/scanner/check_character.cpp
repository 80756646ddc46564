#include "devices/scanner/check_character.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sitegate::devices::scanner {
namespace {

constexpr std::array<std::pair<CheckRule, std::string_view>, 6> words{{{CheckRule::none, "none"},
                                                                       {CheckRule::mod10, "mod10"},
                                                                       {CheckRule::luhn, "luhn"},
                                                                       {CheckRule::mod43, "mod43"},
                                                                       {CheckRule::mod11_2, "mod11_2"},
                                                                       {CheckRule::mod97, "mod97"}}};

constexpr std::string_view code_39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

int digit(char letter) {
  return letter - '0';
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The rightmost digit is the check and has weight 1.
int gs1_sum(std::string_view text) {
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    sum += digit(text[text.size() - 1 - i]) * (i % 2 == 0 ? 1 : 3);
  return sum;
}

int luhn_sum(std::string_view text) {
  int sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int value = digit(text[text.size() - 1 - i]) * (i % 2 == 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum;
}

bool mod43_holds(std::string_view text) {
  std::size_t sum = 0;
  for (const char letter : text.substr(0, text.size() - 1)) {
    const auto value = code_39.find(letter);
    if (value == std::string_view::npos) return false;
    sum += value;
  }
  return code_39[sum % 43] == text.back();
}

/// ISO/IEC 7064, section 7.1: pure system, radix 2.
bool mod11_2_holds(std::string_view text) {
  if (!all_digits(text.substr(0, text.size() - 1))) return false;
  int sum = 0;
  for (const char letter : text.substr(0, text.size() - 1)) sum = (sum + digit(letter)) * 2 % 11;
  const int check = (12 - sum) % 11;
  return text.back() == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

/// ISO/IEC 7064: the number as a whole leaves 1.
bool mod97_holds(std::string_view text) {
  int remainder = 0;
  for (const char letter : text) remainder = (remainder * 10 + digit(letter)) % 97;
  return remainder == 1;
}

}  // namespace

std::string_view to_text(CheckRule rule) {
  for (const auto& [known, word] : words)
    if (known == rule) return word;
  return "invalid";
}

std::optional<CheckRule> parse_check_rule(std::string_view word) {
  for (const auto& [rule, known] : words)
    if (known == word) return rule;
  return std::nullopt;
}

std::size_t check_size(CheckRule rule) {
  if (rule == CheckRule::none) return 0;
  return rule == CheckRule::mod97 ? 2 : 1;
}

bool check_holds(CheckRule rule, std::string_view text) {
  if (rule == CheckRule::none) return true;
  if (text.size() <= check_size(rule)) return false;
  switch (rule) {
    case CheckRule::none:
      return true;
    case CheckRule::mod10:
      return all_digits(text) && gs1_sum(text) % 10 == 0;
    case CheckRule::luhn:
      return all_digits(text) && luhn_sum(text) % 10 == 0;
    case CheckRule::mod43:
      return mod43_holds(text);
    case CheckRule::mod11_2:
      return mod11_2_holds(text);
    case CheckRule::mod97:
      return all_digits(text) && mod97_holds(text);
  }
  return false;
}

}  // namespace sitegate::devices::scanner
