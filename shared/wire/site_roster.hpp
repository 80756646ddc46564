// The site's roster on its way to the gateways, and as the gateway keeps it on disk.
#pragma once
#include "shared/base/error.hpp"
#include "shared/model/site_roster.hpp"

namespace sitegate::wire {

inline constexpr std::size_t roster_size_max = 16 * 1024 * 1024;  ///< bytes before compression
inline constexpr std::size_t roster_technicians_max = 50'000;
/// A sealed roster: what the broker lets through (deploy/broker: max_packet_size, without topic and header).
inline constexpr std::size_t roster_message_size_max = 4 * 1024 * 1024;
inline constexpr std::size_t technician_credentials_max = 16;

/// Of a technician with more than technician_credentials_max credentials those that expire last are sent.
/// WireErrc::too_large for what decode_site_roster would not take.
Result<Bytes> encode(const SiteRoster& roster);
Result<SiteRoster> decode_site_roster(ByteView bytes);

}  // namespace sitegate::wire
