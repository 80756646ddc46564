#include "devices/phone/caller.hpp"

#include <algorithm>
#include <array>

namespace sitegate::devices::phone {
namespace {

constexpr std::size_t header_size_max = 1024;

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return small;
}

// What follows a quoted display name; the name may contain "<".
std::string_view after_display_name(std::string_view text) {
  if (!text.starts_with('"')) return text;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return text.substr(i + 1);
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// The URI: between the brackets, or without them everything up to the header's own parameters.
std::string_view uri_of(std::string_view header_value) {
  const auto text = after_display_name(trimmed(header_value));
  const auto open = text.find('<');
  if (open == std::string_view::npos) {
    const auto uri = trimmed(text);
    return uri.starts_with("tel:") ? uri : uri.substr(0, uri.find(';'));
  }
  const auto close = text.find('>', open);
  return close == std::string_view::npos ? std::string_view{} : text.substr(open + 1, close - open - 1);
}

// "[2001:db8::1]:5060;transport=udp" -> "[2001:db8::1]"
std::string host_of(std::string_view text) {
  const auto end = text.starts_with('[') ? text.find(']') : text.find_first_of(":;?");
  if (end == std::string_view::npos) return lower(text);
  return lower(text.substr(0, text.starts_with('[') ? end + 1 : end));
}

// RFC 3325, 9.3: id; RFC 3323, 4.2: user. Values are parted by semicolons; some trunks write commas.
bool asks_for_privacy(std::string_view privacy) {
  while (!privacy.empty()) {
    const auto end = privacy.find_first_of(";,");
    const auto word = lower(trimmed(privacy.substr(0, end)));
    if (word == "id" || word == "user") return true;
    privacy = end == std::string_view::npos ? std::string_view{} : privacy.substr(end + 1);
  }
  return false;
}

// RFC 3261, 8.1.1.3 and RFC 3323, 4.1.1.3: sip:anonymous@anonymous.invalid; Japanese carriers also tell a
// public telephone or a network that cannot show numbers by such a user.
bool is_anonymous(const Party& from) {
  constexpr std::array<std::string_view, 5> users{"anonymous", "unavailable", "restricted", "private",
                                                  "withheld"};
  return from.host == "anonymous.invalid" ||
         std::find(users.begin(), users.end(), lower(from.user)) != users.end();
}

}  // namespace

std::optional<Party> parse_party(std::string_view header_value) {
  if (header_value.size() > header_size_max) return std::nullopt;
  const auto uri = uri_of(header_value);
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Party party{lower(uri.substr(0, colon)), {}, {}};
  const auto rest = uri.substr(colon + 1);
  if (party.scheme == "tel") {
    party.user = rest;
    return rest.empty() ? std::nullopt : std::optional(party);
  }
  if (party.scheme != "sip" && party.scheme != "sips") return std::nullopt;
  const auto at = rest.find('@');
  if (at != std::string_view::npos) party.user = rest.substr(0, std::min(at, rest.find(':')));
  party.host = host_of(at == std::string_view::npos ? rest : rest.substr(at + 1));
  return party.host.empty() ? std::nullopt : std::optional(party);
}

Result<std::string> caller_number(const CallerHeaders& headers, const NumberPlan& plan) {
  const auto from = parse_party(headers.from);
  if (asks_for_privacy(headers.privacy)) return fail(PhoneErrc::withheld, "Privacy header");
  if (from && is_anonymous(*from)) return fail(PhoneErrc::withheld, "From header");
  std::optional<Error> first_error;
  for (const auto value : headers.asserted) {
    const auto party = parse_party(value);
    if (!party) continue;
    auto number = to_e164(party->user, plan);
    if (number) return number;
    if (!first_error) first_error = number.error();
  }
  if (first_error) return *first_error;
  if (!headers.asserted.empty())
    return fail(PhoneErrc::no_identity, "P-Asserted-Identity without an address");
  if (!from || from->user.empty()) return fail(PhoneErrc::no_identity, "From header without a number");
  return to_e164(from->user, plan);
}

}  // namespace sitegate::devices::phone
