#include "devices/phone/phone_number.hpp"

#include <algorithm>

#include "shared/base/bytes.hpp"

namespace sitegate::devices::phone {
namespace {

constexpr std::size_t digits_min = 7;
constexpr std::size_t digits_max = 15;
// A number without any prefix counts as international without "+" only if this many digits follow the country
// code: an extension such as 8112 is not meant.
constexpr std::size_t subscriber_digits_min = 8;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

Error bad(std::string_view text) {
  return fail(PhoneErrc::bad_number, std::string(text.substr(0, 40)));
}

// "%2B81" -> "+81"; a damaged escape stays as it is and is no digit later.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' && i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (byte) i += 2;
    plain += byte ? static_cast<char>(byte->front()) : text[i];
  }
  return plain;
}

std::string without_separators(std::string_view text) {
  std::string plain;
  std::copy_if(text.begin(), text.end(), std::back_inserter(plain),
               [](char c) { return std::string_view("-.() ").find(c) == std::string_view::npos; });
  return plain;
}

// The value of ";phone-context=" (RFC 3966, 5.1.5), if it is a number's beginning and not a domain.
std::string_view context_of(std::string_view parameters) {
  constexpr std::string_view key = ";phone-context=";
  const auto at = parameters.find(key);
  if (at == std::string_view::npos) return {};
  const auto value = parameters.substr(at + key.size());
  const auto end = value.find(';');
  const auto context = value.substr(0, end);
  return context.starts_with('+') && all_digits(context.substr(1)) ? context : std::string_view{};
}

// The digits after the "+".
std::string international_digits(const std::string& digits, std::string_view context,
                                 const NumberPlan& plan) {
  if (!plan.international.empty() && digits.starts_with(plan.international))
    return digits.substr(plan.international.size());
  if (!context.empty()) {
    const auto national = digits.starts_with('0') ? digits.substr(1) : digits;
    return std::string(context.substr(1)) + national;
  }
  if (digits.starts_with('0')) return plan.country + digits.substr(1);
  const bool whole =
      digits.starts_with(plan.country) && digits.size() >= plan.country.size() + subscriber_digits_min;
  return whole ? digits : std::string{};
}

}  // namespace

Result<std::string> to_e164(std::string_view text, const NumberPlan& plan) {
  if (text.size() > number_size_max) return bad(text);
  const auto plain = unescaped(text);
  const auto semicolon = plain.find(';');
  const auto number = without_separators(std::string_view(plain).substr(0, semicolon));
  const auto parameters =
      semicolon == std::string::npos ? std::string_view{} : std::string_view(plain).substr(semicolon);
  const bool global = number.starts_with('+');
  const auto digits = global ? number.substr(1) : number;
  if (!all_digits(digits)) return bad(text);
  const auto full = global ? digits : international_digits(digits, context_of(parameters), plan);
  if (full.size() < digits_min || full.size() > digits_max || full.starts_with('0')) return bad(text);
  return "+" + full;
}

std::string masked_number(std::string_view number) {
  if (number.size() < 9) return std::string(number);
  return std::string(number.substr(0, 5)) + "…" + std::string(number.substr(number.size() - 2));
}

}  // namespace sitegate::devices::phone
