#include "devices/phone/trunk.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace sitegate::devices::phone {
namespace {

constexpr std::size_t networks_max = 64;
constexpr unsigned ipv4_prefix_bits = 96;

Error bad(std::string_view text) {
  return fail(PhoneErrc::bad_trunk,
              "\"" + std::string(text) + "\": expected addresses or networks, as 192.0.2.10,198.51.100.0/24");
}

bool is_ipv4(std::string_view text) {
  return text.find(':') == std::string_view::npos;
}

}  // namespace

Address address_of_ipv4(std::uint32_t address) {
  return {0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0xFF,
          0xFF,
          static_cast<std::uint8_t>(address >> 24),
          static_cast<std::uint8_t>(address >> 16),
          static_cast<std::uint8_t>(address >> 8),
          static_cast<std::uint8_t>(address)};
}

Result<Address> parse_address(std::string_view text) {
  const std::string terminated(text);
  in_addr four{};
  if (::inet_pton(AF_INET, terminated.c_str(), &four) == 1) return address_of_ipv4(ntohl(four.s_addr));
  Address six{};
  if (::inet_pton(AF_INET6, terminated.c_str(), six.data()) == 1) return six;
  return bad(text);
}

Result<TrunkPeers::Network> TrunkPeers::parse_network(std::string_view text) {
  const auto slash = text.find('/');
  SITEGATE_TRY(address, parse_address(text.substr(0, slash)));
  Network network{address, 128};
  if (slash == std::string_view::npos) return network;
  const auto digits = text.substr(slash + 1);
  const unsigned offset = is_ipv4(text) ? ipv4_prefix_bits : 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), network.bits);
  if (error != std::errc{} || end != digits.data() + digits.size() || network.bits > 128 - offset)
    return bad(text);
  network.bits += offset;
  return network;
}

Result<TrunkPeers> TrunkPeers::parse(std::string_view text) {
  TrunkPeers peers;
  if (text.empty()) return bad(text);
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    SITEGATE_TRY(network, parse_network(part));
    if (peers.networks_.size() == networks_max)
      return fail(PhoneErrc::bad_trunk, "more than 64 addresses; name a network");
    peers.networks_.push_back(network);
  }
  return peers;
}

bool TrunkPeers::contains(const Address& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&address](const Network& network) {
    for (unsigned bit = 0; bit < network.bits; bit += 8) {
      const unsigned left = std::min(network.bits - bit, 8u);
      const auto mask = static_cast<std::uint8_t>(0xFF00 >> left);
      if (((address[bit / 8] ^ network.address[bit / 8]) & mask) != 0) return false;
    }
    return true;
  });
}

}  // namespace sitegate::devices::phone
