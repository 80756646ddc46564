// The addresses of the telephone line's other end: only they are believed. Pure.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "devices/phone/errc.hpp"

namespace sitegate::devices::phone {

/// IPv6, or IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
using Address = std::array<std::uint8_t, 16>;
Address address_of_ipv4(std::uint32_t address);
/// "192.0.2.1" or "2001:db8::1", without brackets; nullopt-like error bad_trunk otherwise.
Result<Address> parse_address(std::string_view text);

class TrunkPeers {
 public:
  /// "192.0.2.10,198.51.100.0/24,2001:db8::/32": addresses and networks, parted by commas; 1 to 64.
  static Result<TrunkPeers> parse(std::string_view text);
  [[nodiscard]] bool contains(const Address& address) const;

 private:
  struct Network {
    Address address{};
    unsigned bits = 128;  ///< of the 128
  };
  static Result<Network> parse_network(std::string_view text);
  std::vector<Network> networks_;
};

}  // namespace sitegate::devices::phone
