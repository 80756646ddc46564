// What a phone reader is told by its URL.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "devices/phone/announcement.hpp"
#include "devices/phone/called_numbers.hpp"
#include "devices/phone/trunk.hpp"
#include "devices/reader.hpp"

namespace sitegate::devices::phone {

/// How a recorded call is ended.
enum class CallAnswer : std::uint8_t {
  decline,  ///< 603: no call comes about, nothing is charged
  speak,    ///< 200, an announcement, BYE
};

/// UDP ports for RTP, both included; even ones are used (RFC 3550, 11).
struct RtpPorts {
  std::uint16_t low = 16384;
  std::uint16_t high = 16484;
};

/// The account that the gate keeps at a registrar, where the trunk wants one.
struct PhoneAccount {
  std::string user;       ///< the number or name that is registered
  std::string host;       ///< "sip.example.jp" or "192.0.2.1:5060"
  std::string auth_user;  ///< for the digest; usually the user
  std::string password;   ///< from a file, never from the URL
  std::uint32_t expires_s =
      120;  ///< asked for; a registrar that was restarted knows us again after half of it
  bool tcp = false;
};

struct PhoneSettings {
  ReaderPlace place;
  std::string address;  ///< IPv4 or IPv6, without brackets
  std::uint16_t port = 5060;
  bool udp = true;
  bool tcp = true;
  TrunkPeers trunk;
  NumberPlan plan;
  CalledNumbers numbers;
  CallAnswer answer = CallAnswer::decline;
  Bytes accepted_sound;  ///< PCMU
  Bytes refused_sound;
  RtpPorts rtp;
  std::optional<PhoneAccount> account;
};

/// The settings of a URL; reads the files that it names. Keys: README.md.
Result<PhoneSettings> phone_settings(const Url& url);

}  // namespace sitegate::devices::phone
