#include "devices/tag/virtual_tag.hpp"

#include <algorithm>

namespace sitegate::devices::tag {
namespace {

/// A tag mirrors in capital letters.
std::string capital_hex(ByteView bytes) {
  auto text = to_hex(bytes);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string plain_identity(const PiccData& data) {
  const std::array counter{static_cast<std::uint8_t>(data.counter >> 16),
                           static_cast<std::uint8_t>(data.counter >> 8),
                           static_cast<std::uint8_t>(data.counter)};
  return "uid=" + capital_hex(data.uid) + "&ctr=" + capital_hex(counter);
}

std::string encrypted_identity(const crypto::AesKey& key, const PiccData& data) {
  std::array<std::uint8_t, 5> padding{};
  const auto random = crypto::random_bytes(padding.size());
  std::copy(random.begin(), random.end(), padding.begin());
  return "picc_data=" + capital_hex(encrypt_picc_data(key, data, padding));
}

Bytes whole_blocks(const std::string& text) {
  auto bytes = to_bytes(as_bytes(text));
  bytes.resize((bytes.size() + 15) / 16 * 16);
  return bytes;
}

}  // namespace

std::string VirtualTag::tap() {
  return query_at(++counter_);
}

std::string VirtualTag::query_at(std::uint32_t counter) const {
  const PiccData data{settings_.uid, counter};
  const auto keys = session_keys(settings_.file_read_key, data);
  auto query =
      settings_.meta_read_key ? encrypted_identity(*settings_.meta_read_key, data) : plain_identity(data);
  std::string mac_input;
  if (!settings_.file_data.empty()) {
    mac_input =
        capital_hex(encrypt_file_data(keys, counter, whole_blocks(settings_.file_data)).value()) + "&cmac=";
    return query + "&enc=" + mac_input + capital_hex(sdm_mac(keys, mac_input));
  }
  return query + "&cmac=" + capital_hex(sdm_mac(keys, mac_input));
}

}  // namespace sitegate::devices::tag
