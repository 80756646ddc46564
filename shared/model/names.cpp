// The words for the enums of the model, one table each.
#include <array>
#include <utility>

#include "shared/model/advice.hpp"
#include "shared/model/biometric.hpp"
#include "shared/model/passage.hpp"
#include "shared/model/registry.hpp"

namespace sitegate {
namespace {

template <typename Enum, std::size_t count>
using Words = std::array<std::pair<Enum, std::string_view>, count>;

template <typename Enum, std::size_t count>
std::string_view word_of(const Words<Enum, count>& words, Enum value) {
  for (const auto& [known, word] : words)
    if (known == value) return word;
  return "invalid";
}

template <typename Enum, std::size_t count>
std::optional<Enum> value_of(const Words<Enum, count>& words, std::string_view text) {
  for (const auto& [value, word] : words)
    if (word == text) return value;
  return std::nullopt;
}

constexpr Words<Method, 9> methods{{{Method::card, "card"},
                                    {Method::qr, "qr"},
                                    {Method::marker, "marker"},
                                    {Method::uhf, "uhf"},
                                    {Method::face, "face"},
                                    {Method::finger_vein, "finger_vein"},
                                    {Method::phone, "phone"},
                                    {Method::nfc_tag, "nfc_tag"},
                                    {Method::typed, "typed"}}};
constexpr Words<Direction, 2> directions{{{Direction::entry, "entry"}, {Direction::exit, "exit"}}};
constexpr Words<Admission, 7> admissions{{{Admission::admitted, "admitted"},
                                          {Admission::unknown_credential, "unknown_credential"},
                                          {Admission::not_on_roster, "not_on_roster"},
                                          {Admission::credential_expired, "credential_expired"},
                                          {Admission::site_closed, "site_closed"},
                                          {Admission::second_factor_missing, "second_factor_missing"},
                                          {Admission::contradiction, "contradiction"}}};
constexpr Words<CredentialKind, 8> credential_kinds{{{CredentialKind::card, "card"},
                                                     {CredentialKind::uhf_tag, "uhf_tag"},
                                                     {CredentialKind::phone, "phone"},
                                                     {CredentialKind::code, "code"},
                                                     {CredentialKind::terminal_user, "terminal_user"},
                                                     {CredentialKind::token, "token"},
                                                     {CredentialKind::marker, "marker"},
                                                     {CredentialKind::technician, "technician"}}};
constexpr Words<TemplateKind, 2> template_kinds{
    {{TemplateKind::face, "face"}, {TemplateKind::finger_vein, "finger_vein"}}};
constexpr Words<AdviceKind, advice_kinds> advices{{{AdviceKind::unknown, "unknown"},
                                                   {AdviceKind::ambiguous, "ambiguous"},
                                                   {AdviceKind::several_people, "several_people"},
                                                   {AdviceKind::come_closer, "come_closer"},
                                                   {AdviceKind::look_here, "look_here"},
                                                   {AdviceKind::hold_still, "hold_still"},
                                                   {AdviceKind::more_light, "more_light"},
                                                   {AdviceKind::uncover, "uncover"},
                                                   {AdviceKind::second_factor, "second_factor"},
                                                   {AdviceKind::place_finger, "place_finger"},
                                                   {AdviceKind::no_templates, "no_templates"}}};
constexpr Words<ClockState, 3> clock_states{{{ClockState::unknown, "unknown"},
                                             {ClockState::synchronised, "synchronised"},
                                             {ClockState::unsynchronised, "unsynchronised"}}};
constexpr Words<CardTechnology, 4> technologies{{{CardTechnology::unknown, "unknown"},
                                                 {CardTechnology::iso14443a, "iso14443a"},
                                                 {CardTechnology::iso14443b, "iso14443b"},
                                                 {CardTechnology::felica, "felica"}}};
constexpr Words<CompanyClass, 3> company_classes{{{CompanyClass::corporation, "corporation"},
                                                  {CompanyClass::individual_business, "individual_business"},
                                                  {CompanyClass::sole_proprietor, "sole_proprietor"}}};
constexpr Words<Position, 4> positions{{{Position::none, "none"},
                                        {Position::foreman, "foreman"},
                                        {Position::crew_leader, "crew_leader"},
                                        {Position::worker, "worker"}}};

}  // namespace

std::string_view to_text(Method method) {
  return word_of(methods, method);
}
std::optional<Method> parse_method(std::string_view text) {
  return value_of(methods, text);
}
std::string_view to_text(Direction direction) {
  return word_of(directions, direction);
}
std::optional<Direction> parse_direction(std::string_view text) {
  return value_of(directions, text);
}
std::string_view to_text(CredentialKind kind) {
  return word_of(credential_kinds, kind);
}
std::optional<CredentialKind> parse_credential_kind(std::string_view text) {
  return value_of(credential_kinds, text);
}
std::string_view to_text(Admission admission) {
  return word_of(admissions, admission);
}
std::string_view to_text(ClockState state) {
  return word_of(clock_states, state);
}
std::string_view to_text(CardTechnology technology) {
  return word_of(technologies, technology);
}
std::optional<CardTechnology> parse_card_technology(std::string_view text) {
  return value_of(technologies, text);
}
std::string_view to_text(CompanyClass company_class) {
  return word_of(company_classes, company_class);
}
std::optional<CompanyClass> parse_company_class(std::string_view text) {
  return value_of(company_classes, text);
}
std::string_view to_text(Position position) {
  return word_of(positions, position);
}
std::optional<Position> parse_position(std::string_view text) {
  return value_of(positions, text);
}

std::string_view to_text(TemplateKind kind) {
  return word_of(template_kinds, kind);
}

std::string_view to_text(AdviceKind kind) {
  return word_of(advices, kind);
}

}  // namespace sitegate
