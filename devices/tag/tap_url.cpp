#include "devices/tag/tap_url.hpp"

#include <algorithm>
#include <array>

namespace sitegate::devices::tag {
namespace {

/// The parts of a query that are ours, as sent; where each value begins.
struct Parts {
  std::optional<std::string_view> picc_data, enc, uid, ctr, cmac, lang;
};

std::optional<std::string_view>* part_named(Parts& parts, std::string_view name) {
  if (name == "picc_data") return &parts.picc_data;
  if (name == "enc") return &parts.enc;
  if (name == "uid") return &parts.uid;
  if (name == "ctr") return &parts.ctr;
  if (name == "cmac") return &parts.cmac;
  if (name == "lang") return &parts.lang;
  return nullptr;
}

Error damaged(const std::string& why) {
  return fail(TagErrc::damaged_link, why);
}

Result<Parts> split(std::string_view query) {
  Parts parts;
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    const auto equals = std::min(part.find('='), part.size());
    auto* known = part_named(parts, part.substr(0, equals));
    if (known == nullptr) continue;
    if (*known) return damaged("a name stands there twice");
    *known = part.substr(std::min(part.size(), equals + 1));
  }
  return parts;
}

template <std::size_t Size>
Result<std::array<std::uint8_t, Size>> bytes_of(std::string_view name, std::optional<std::string_view> hex) {
  const auto bytes = hex && hex->size() == 2 * Size ? from_hex(*hex) : std::nullopt;
  if (!bytes)
    return damaged(std::string(name) + ": " + std::to_string(2 * Size) + " hexadecimal digits are expected");
  std::array<std::uint8_t, Size> array{};
  std::copy(bytes->begin(), bytes->end(), array.begin());
  return array;
}

Result<void> read_identity(const Parts& parts, TapUrl& url) {
  if (parts.picc_data.has_value() == parts.uid.has_value())
    return damaged("either picc_data or uid and ctr are expected");
  if (parts.picc_data) {
    SITEGATE_TRY(block, bytes_of<16>("picc_data", parts.picc_data));
    url.picc_data = block;
    url.query = "picc_data=" + to_hex(block);
    return success();
  }
  SITEGATE_TRY(uid, bytes_of<7>("uid", parts.uid));
  SITEGATE_TRY(counter, bytes_of<3>("ctr", parts.ctr));
  url.plain = {uid, static_cast<std::uint32_t>(counter[0] << 16 | counter[1] << 8 | counter[2])};
  url.query = "uid=" + to_hex(uid) + "&ctr=" + to_hex(counter);
  return success();
}

Result<void> read_file_data(const Parts& parts, TapUrl& url) {
  if (!parts.enc) return success();
  const auto bytes = from_hex(*parts.enc);
  if (!bytes || bytes->empty() || bytes->size() % 16 != 0 || bytes->size() > file_data_size_max)
    return damaged("enc: 32 to 192 hexadecimal digits, whole blocks of 32, are expected");
  if (parts.enc->data() > parts.cmac->data()) return damaged("enc stands behind cmac");
  url.file_data = *bytes;
  url.mac_input.assign(parts.enc->data(), parts.cmac->data());
  // As sent: the MAC is over these very letters. They are hexadecimal digits, and names of ours between.
  const auto plain = std::string(*parts.enc) + "&cmac=";
  if (url.mac_input != plain) return damaged("something stands between enc and cmac");
  url.query += "&enc=" + std::string(*parts.enc);
  return success();
}

bool is_language(std::string_view text) {
  return text.size() <= 5 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

/// The table's tag for what the URL says, if there is one.
const Tag* tag_of(const TapUrl& url, const TagTable& table, PiccData& data) {
  if (!url.picc_data) {
    data = url.plain;
    const auto* tag = table.find(data.uid);
    return tag != nullptr && !tag->meta_read_key ? tag : nullptr;
  }
  for (const auto& key : table.meta_read_keys()) {
    const auto opened = decrypt_picc_data(key, *url.picc_data);
    const auto* tag = opened ? table.find(opened->uid) : nullptr;
    if (tag == nullptr || tag->meta_read_key != key) continue;
    data = *opened;
    return tag;
  }
  return nullptr;
}

bool holds_expected_data(const Tag& tag, const SessionKeys& keys, std::uint32_t counter, const Bytes& data) {
  if (tag.file_data.empty()) return true;
  const auto plain = decrypt_file_data(keys, counter, data);
  return plain && as_text(plain.value()).starts_with(tag.file_data);
}

}  // namespace

Result<TapUrl> parse_tap_url(std::string_view query) {
  if (query.size() > tap_query_size_max) return damaged("longer than 1024 characters");
  SITEGATE_TRY(parts, split(query));
  TapUrl url;
  SITEGATE_TRY(mac, bytes_of<8>("cmac", parts.cmac));
  url.mac = mac;
  SITEGATE_TRYV(read_identity(parts, url));
  SITEGATE_TRYV(read_file_data(parts, url));
  url.query += "&cmac=" + to_hex(mac);
  if (parts.lang && is_language(*parts.lang)) url.language = *parts.lang;
  return url;
}

Result<VerifiedTap> verify_tap(const TapUrl& url, const TagTable& table) {
  PiccData data;
  const auto* tag = tag_of(url, table, data);
  if (tag == nullptr)
    return fail(TagErrc::foreign_tag,
                url.picc_data ? "no meta key of the table opens it" : uid_text(data.uid));
  const auto keys = session_keys(tag->file_read_key, data);
  if (!crypto::equal_in_constant_time(sdm_mac(keys, url.mac_input), url.mac))
    return fail(TagErrc::forged, uid_text(tag->uid) + ": the MAC is wrong");
  if (!holds_expected_data(*tag, keys, data.counter, url.file_data))
    return fail(TagErrc::forged, uid_text(tag->uid) + ": its file data are not those of the table");
  return VerifiedTap{tag, data.counter};
}

}  // namespace sitegate::devices::tag
