#include "devices/tag/device_token.hpp"

#include <algorithm>
#include <charconv>

#include "shared/crypto/digest.hpp"

namespace sitegate::devices::tag {
namespace {

constexpr std::size_t token_size = 32;
constexpr std::string_view purpose = "sitegate enrolment 1\n";  // this key signs nothing else under this name

std::string signed_part(const EnrolmentLink& link) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(link.until).time_since_epoch().count();
  return "token=" + link.token.text() + "&until=" + std::to_string(seconds);
}

crypto::AesBlock code_of(std::string_view text, const crypto::AesKey& key) {
  return crypto::aes_cmac(key, as_bytes(std::string(purpose).append(text)));
}

std::optional<UtcTime> seconds_of(std::string_view digits) {
  std::int64_t seconds = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc{} || end != digits.data() + digits.size() || seconds < 0 || seconds > 1LL << 40)
    return std::nullopt;
  return UtcTime{std::chrono::seconds{seconds}};
}

/// Takes "name=value" off the front of `text`, with the "&" behind it.
std::optional<std::string_view> take_part(std::string_view& text, std::string_view name) {
  const auto part = text.substr(0, text.find('&'));
  if (part.size() <= name.size() || !part.starts_with(name) || part[name.size()] != '=') return std::nullopt;
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return part.substr(name.size() + 1);
}

}  // namespace

DeviceToken DeviceToken::make() {
  return DeviceToken(crypto::random_bytes(token_size));
}

std::optional<DeviceToken> DeviceToken::parse(std::string_view text) {
  const bool lower = std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  auto bytes = lower && text.size() == 2 * token_size ? from_hex(text) : std::nullopt;
  if (!bytes) return std::nullopt;
  return DeviceToken(std::move(*bytes));
}

Digest DeviceToken::hash() const {
  return crypto::sha256(bytes_);
}

std::string enrolment_query(const EnrolmentLink& link, const crypto::AesKey& key) {
  const auto text = signed_part(link);
  return text + "&code=" + to_hex(code_of(text, key));
}

Result<EnrolmentLink> parse_enrolment(std::string_view query, const crypto::AesKey& key) {
  if (query.size() > enrolment_query_size_max) return fail(TagErrc::bad_token, "too long");
  const auto token_text = take_part(query, "token");
  const auto until_text = token_text ? take_part(query, "until") : std::nullopt;
  const auto code_text = until_text ? take_part(query, "code") : std::nullopt;
  const auto token = code_text ? DeviceToken::parse(*token_text) : std::nullopt;
  const auto until = token ? seconds_of(*until_text) : std::nullopt;
  const auto code = until ? from_hex(*code_text) : std::nullopt;
  if (!code) return fail(TagErrc::bad_token, "token, until and code are expected");
  EnrolmentLink link{*token, *until};
  if (!crypto::equal_in_constant_time(code_of(signed_part(link), key), *code))
    return fail(TagErrc::bad_token, "the code is not of this site's enrolment key");
  return link;
}

}  // namespace sitegate::devices::tag
