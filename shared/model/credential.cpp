#include "shared/model/credential.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace sitegate {
namespace {

constexpr std::size_t epc_size_max = 62;
constexpr std::size_t pin_size_max = 32;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_graph(char c) {
  return c > 0x20 && c < 0x7f;
}

bool is_realm(std::string_view text) {
  return !text.empty() && text.size() <= credential_realm_size_max &&
         std::ranges::all_of(text, is_word_character);
}
bool is_phone_number(std::string_view text) {
  return text.size() >= 5 && text.size() <= 16 && text[0] == '+' &&
         std::ranges::all_of(text.substr(1), is_digit);
}
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= credential_value_size_max && is_graph(text.front()) &&
         is_graph(text.back()) && std::ranges::all_of(text, [](char c) { return is_graph(c) || c == ' '; });
}
bool is_pin(std::string_view text) {
  return !text.empty() && text.size() <= pin_size_max && std::ranges::all_of(text, is_graph);
}
std::optional<std::uint32_t> marker_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool canonical = text.size() == 1 || (!text.empty() && text[0] != '0');
  if (error != std::errc{} || end != text.data() + text.size() || !canonical) return std::nullopt;
  return id;
}

struct FormMaker {
  static CredentialForm of_text(CredentialKind kind, std::string_view text, std::string realm = {}) {
    return {kind, CardTechnology::unknown, std::move(realm), to_bytes(as_bytes(text))};
  }
  CredentialForm operator()(const CardCredential& card) const {
    return {CredentialKind::card, card.technology, {}, card.uid};
  }
  CredentialForm operator()(const UhfTagCredential& tag) const {
    return {CredentialKind::uhf_tag, CardTechnology::unknown, {}, tag.epc};
  }
  CredentialForm operator()(const PhoneCredential& phone) const {
    return of_text(CredentialKind::phone, phone.number);
  }
  CredentialForm operator()(const CodeCredential& code) const {
    return of_text(CredentialKind::code, code.text);
  }
  CredentialForm operator()(const TerminalUserCredential& user) const {
    return of_text(CredentialKind::terminal_user, user.pin, user.realm);
  }
  CredentialForm operator()(const TokenCredential& token) const {
    return {CredentialKind::token, CardTechnology::unknown, {}, to_bytes(token.hash)};
  }
  CredentialForm operator()(const MarkerCredential& marker) const {
    return of_text(CredentialKind::marker, std::to_string(marker.id), marker.family);
  }
  CredentialForm operator()(const TechnicianCredential& named) const {
    return of_text(CredentialKind::technician, named.technician.text());
  }
};

std::optional<Credential> when(bool valid, Credential credential) {
  return valid ? std::optional(std::move(credential)) : std::nullopt;
}

std::optional<Credential> token_of(const Bytes& value) {
  TokenCredential token;
  if (value.size() != token.hash.size()) return std::nullopt;
  std::ranges::copy(value, token.hash.begin());
  return token;
}

std::optional<Credential> technician_of(std::string_view text) {
  const auto id = TechnicianId::parse(text);
  return when(id.has_value(), TechnicianCredential{id.value_or(TechnicianId{})});
}

std::optional<Credential> marker_of(const std::string& family, std::string_view text) {
  const auto id = marker_id(text);
  return when(id && is_realm(family), MarkerCredential{family, id.value_or(0)});
}

bool in_hexadecimal(CredentialKind kind) {
  return kind == CredentialKind::card || kind == CredentialKind::uhf_tag || kind == CredentialKind::token;
}

}  // namespace

CredentialForm form_of(const Credential& credential) {
  return std::visit(FormMaker{}, credential);
}

std::optional<Credential> credential_of(const CredentialForm& form) {
  const auto size = form.value.size();
  const std::string text(as_text(form.value));
  const bool has_realm = form.kind == CredentialKind::terminal_user || form.kind == CredentialKind::marker;
  if (form.kind != CredentialKind::card && form.technology != CardTechnology::unknown) return std::nullopt;
  if (form.technology > CardTechnology::felica || (!has_realm && !form.realm.empty())) return std::nullopt;
  switch (form.kind) {
    case CredentialKind::card:
      return when(size > 0 && size <= card_uid_size_max, CardCredential{form.technology, form.value});
    case CredentialKind::uhf_tag:
      return when(size > 0 && size <= epc_size_max, UhfTagCredential{form.value});
    case CredentialKind::phone:
      return when(is_phone_number(text), PhoneCredential{text});
    case CredentialKind::code:
      return when(is_code(text), CodeCredential{text});
    case CredentialKind::terminal_user:
      return when(is_pin(text) && is_realm(form.realm), TerminalUserCredential{form.realm, text});
    case CredentialKind::token:
      return token_of(form.value);
    case CredentialKind::marker:
      return marker_of(form.realm, text);
    case CredentialKind::technician:
      return technician_of(text);
  }
  return std::nullopt;
}

bool same_credential(const Credential& a, const Credential& b) {
  const auto* first = std::get_if<CardCredential>(&a);
  const auto* second = std::get_if<CardCredential>(&b);
  if (first == nullptr || second == nullptr) return a == b;
  const bool agree = first->technology == second->technology ||
                     first->technology == CardTechnology::unknown ||
                     second->technology == CardTechnology::unknown;
  return agree && first->uid == second->uid;
}

std::string value_text(const CredentialForm& form) {
  return in_hexadecimal(form.kind) ? to_hex(form.value) : std::string(as_text(form.value));
}

std::optional<Bytes> parse_credential_value(CredentialKind kind, std::string_view text) {
  if (!in_hexadecimal(kind)) return to_bytes(as_bytes(text));
  std::string digits(text);
  std::erase_if(digits, [](char letter) { return letter == ':' || letter == '-' || letter == ' '; });
  return from_hex(digits);
}

std::string masked_text(const Credential& credential) {
  const CredentialForm form = form_of(credential);
  std::string text(to_text(form.kind));
  if (form.kind == CredentialKind::card) text += " " + std::string(to_text(form.technology));
  const std::size_t shown = std::min<std::size_t>(2, form.value.size());
  const ByteView end = ByteView(form.value).last(shown);
  return text + " …" + (in_hexadecimal(form.kind) ? to_hex(end) : std::string(as_text(end)));
}

}  // namespace sitegate
