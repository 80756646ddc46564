#include "cloud/registry/row_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "shared/base/ids.hpp"
#include "shared/csv/cell_values.hpp"

namespace sitegate::cloud {
namespace {

template <typename Value>
struct Word {
  std::string_view word;
  Value value;
};

constexpr Word<CompanyClass> japanese_classes[] = {{"法人", CompanyClass::corporation},
                                                   {"個人事業主", CompanyClass::individual_business},
                                                   {"一人親方", CompanyClass::sole_proprietor}};
constexpr Word<Position> japanese_positions[] = {{"職長", Position::foreman},
                                                 {"班長", Position::crew_leader},
                                                 {"作業員", Position::worker},
                                                 {"一般", Position::worker},
                                                 {"なし", Position::none}};
constexpr Word<bool> flags[] = {{"1", true},    {"0", false},      {"true", true}, {"false", false},
                                {"yes", true},  {"no", false},     {"有", true},   {"無", false},
                                {"はい", true}, {"いいえ", false}, {"済", true},   {"未", false},
                                {"○", true},    {"×", false}};

template <typename Value, std::size_t count>
std::optional<Value> find_word(const Word<Value> (&words)[count], std::string_view word) {
  for (const auto& known : words)
    if (known.word == word) return known.value;
  return std::nullopt;
}

}  // namespace

std::string_view RowValues::required_cell(std::string_view column) {
  const auto value = cell(column);
  if (value.empty()) refuse(column, "is empty");
  return value;
}

void RowValues::refuse(std::string_view column, std::string reason) {
  if (!bad_) bad_ = Bad{std::string(column), std::move(reason)};
}

std::string RowValues::text(std::string_view column, std::size_t size_max) {
  const auto value = cell(column);
  if (value.size() > size_max)
    refuse(column, fmt::format("is longer than {} bytes: {}", size_max, shown_cell(value)));
  const bool control = std::any_of(value.begin(), value.end(), [](unsigned char letter) {
    return letter < 0x20 && letter != '\n' && letter != '\r' && letter != '\t';
  });
  if (control) refuse(column, "holds control characters");
  return std::string(value);
}

std::string_view RowValues::id_text(std::string_view column) {
  const auto value = required_cell(column);
  if (value.empty()) return {};
  if (is_digits(value) && value.size() < 14)
    refuse(column,
           fmt::format("has {} digits instead of 14: {}; a spreadsheet drops leading zeros unless the column "
                       "is text",
                       value.size(), shown_cell(value)));
  else if (parse_ccus_digits(value) == 0)
    refuse(column, fmt::format("is no 14-digit ID: {}", shown_cell(value)));
  return value;
}

Date RowValues::date(std::string_view column) {
  const auto value = required_cell(column);
  const auto date = lenient_date(value);
  if (!date) refuse(column, fmt::format("is no date like 2023-07-31: {}", shown_cell(value)));
  return date.value_or(Date{});
}

std::optional<Date> RowValues::optional_date(std::string_view column) {
  if (cell(column).empty()) return std::nullopt;
  return date(column);
}

Prefecture RowValues::prefecture(std::string_view column) {
  const auto value = required_cell(column);
  const auto prefecture = Prefecture::parse(value);
  if (!prefecture)
    refuse(column, fmt::format("is no prefecture (01 to 47, or a name like 東京都): {}", shown_cell(value)));
  return prefecture.value_or(Prefecture{});
}

CompanyClass RowValues::company_class(std::string_view column) {
  const auto value = required_cell(column);
  auto company_class = parse_company_class(lower_case(value));
  if (!company_class) company_class = find_word(japanese_classes, value);
  if (!company_class)
    refuse(column,
           fmt::format("is none of corporation (法人), individual_business (個人事業主), sole_proprietor "
                       "(一人親方): {}",
                       shown_cell(value)));
  return company_class.value_or(CompanyClass::corporation);
}

bool RowValues::flag(std::string_view column, bool otherwise) {
  const auto value = cell(column);
  if (value.empty()) return otherwise;
  const auto flag = find_word(flags, lower_case(value));
  if (!flag) refuse(column, fmt::format("is neither 1 nor 0: {}", shown_cell(value)));
  return flag.value_or(otherwise);
}

std::int16_t RowValues::number(std::string_view column, int minimum, int maximum, std::int16_t otherwise) {
  const auto value = cell(column);
  if (value.empty()) return otherwise;
  int number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc() && end == value.data() + value.size() && number >= minimum && number <= maximum)
    return static_cast<std::int16_t>(number);
  refuse(column, fmt::format("is no whole number from {} to {}: {}", minimum, maximum, shown_cell(value)));
  return otherwise;
}

TradeCode RowValues::trade(std::string_view column) {
  const auto value = cell(column);
  if (value.empty()) return 0;
  std::string digits(value);
  if (digits.size() == 5 && digits[2] == '-') digits.erase(2, 1);
  if (digits.size() == 4 && is_digits(digits)) return static_cast<TradeCode>(std::stoi(digits));
  refuse(column, fmt::format("is no four-digit trade code like 1001 or 10-01: {}", shown_cell(value)));
  return 0;
}

Position RowValues::position(std::string_view column) {
  const auto value = cell(column);
  if (value.empty()) return Position::none;
  auto position = parse_position(lower_case(value));
  if (!position) position = find_word(japanese_positions, value);
  if (!position)
    refuse(column, fmt::format("is none of foreman (職長), crew_leader (班長), worker (作業員), none: {}",
                               shown_cell(value)));
  return position.value_or(Position::none);
}

CardTechnology RowValues::technology(std::string_view column) {
  const auto value = required_cell(column);
  const auto technology = parse_card_technology(lower_case(value));
  if (!technology)
    refuse(column, fmt::format("is none of iso14443a, iso14443b, felica, unknown: {}", shown_cell(value)));
  return technology.value_or(CardTechnology::unknown);
}

CredentialKind RowValues::credential_kind(std::string_view column) {
  const auto value = cell(column);
  if (value.empty()) return CredentialKind::card;
  const auto kind = parse_credential_kind(lower_case(value));
  if (!kind || kind == CredentialKind::technician)
    refuse(column, fmt::format("is none of card, uhf_tag, phone, code, terminal_user, token, marker: {}",
                               shown_cell(value)));
  return kind.value_or(CredentialKind::card);
}

Credential RowValues::credential() {
  CredentialForm form;
  form.kind = credential_kind("kind");
  const bool card = form.kind == CredentialKind::card;
  form.technology = card ? technology("technology") : CardTechnology::unknown;
  form.realm = cell("realm");
  const auto text = required_cell("uid");
  form.value = parse_credential_value(form.kind, text).value_or(Bytes{});
  auto credential = credential_of(form);
  if (!credential && !bad())
    refuse("uid",
           fmt::format("is no {}: {}", card ? "UID of 1 to 16 bytes in hexadecimal" : to_text(form.kind),
                       shown_cell(text)));
  return std::move(credential).value_or(Credential{});
}

}  // namespace sitegate::cloud
