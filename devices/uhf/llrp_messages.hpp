// What SiteGate says to a reader and what it reads out of what the reader says. Pure. Source: EPCglobal Low
// Level Reader Protocol 1.1 (2010), sections 9 to 16; numbers are those of 1.0.1, too.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "devices/uhf/llrp_codec.hpp"

namespace sitegate::devices::uhf {

/// Types of the messages used here (17.1).
namespace message {
inline constexpr std::uint16_t get_reader_capabilities = 1, get_reader_config = 2, set_reader_config = 3,
                               close_connection_response = 4, get_reader_capabilities_response = 11,
                               get_reader_config_response = 12, set_reader_config_response = 13,
                               close_connection = 14, add_rospec = 20, delete_rospec = 21, start_rospec = 22,
                               stop_rospec = 23, enable_rospec = 24, disable_rospec = 25,
                               add_rospec_response = 30, delete_rospec_response = 31,
                               start_rospec_response = 32, enable_rospec_response = 34,
                               get_supported_version = 46, set_protocol_version = 47,
                               get_supported_version_response = 56, set_protocol_version_response = 57,
                               ro_access_report = 61, keepalive = 62, reader_event_notification = 63,
                               enable_events_and_reports = 64, keepalive_ack = 72, error_message = 100;
}  // namespace message

/// Types of the parameters used here (17.2).
namespace parameter {
inline constexpr std::uint16_t antenna_id = 1, first_seen_utc = 2, first_seen_uptime = 3, last_seen_utc = 4,
                               last_seen_uptime = 5, peak_rssi = 6, tag_seen_count = 8, rospec_id = 9,
                               epc_96 = 13, utc_timestamp = 128, uptime = 129,
                               general_device_capabilities = 137, llrp_capabilities = 142,
                               regulatory_capabilities = 143, rospec = 177, ro_boundary_spec = 178,
                               rospec_start_trigger = 179, rospec_stop_trigger = 182, ai_spec = 183,
                               ai_spec_stop_trigger = 184, inventory_parameter_spec = 186,
                               keepalive_spec = 220, antenna_configuration = 222, events_and_reports = 226,
                               ro_report_spec = 237, tag_report_content_selector = 238, tag_report_data = 240,
                               epc_data = 241, reader_event_notification_spec = 244,
                               event_notification_state = 245, reader_event_notification_data = 246,
                               rospec_event = 249, report_buffer_level_warning_event = 250,
                               report_buffer_overflow_error_event = 251, reader_exception_event = 252,
                               antenna_event = 255, connection_attempt_event = 256,
                               connection_close_event = 257, llrp_status = 287, c1g2_inventory_command = 330,
                               c1g2_singulation_control = 336;
}  // namespace parameter

/// 16.2.8.1, EventNotificationState: what a reader is asked to tell of.
enum class EventType : std::uint16_t {
  hopping = 0,
  gpi = 1,
  rospec = 2,
  report_buffer = 3,
  reader_exception = 4,
  rf_survey = 5,
  ai_spec = 6,
  ai_spec_with_singulation = 7,
  antenna = 8
};

/// 14.2.3.1: what one report says of one tag. What the reader left out is empty.
struct TagReport {
  Bytes epc;                  ///< 0 to 62 bytes; a length that is not of whole bytes is filled up with 0
  std::uint16_t antenna = 0;  ///< 0: not told
  std::optional<int> peak_rssi_dbm;
  std::uint16_t seen_count = 1;
  std::optional<std::uint64_t> last_seen_us;  ///< since 1970 or since the reader's start, see `uptime`
  bool uptime = false;                        ///< the reader has no clock that tells the date
  bool operator==(const TagReport&) const = default;
};

/// The tags of an RO_ACCESS_REPORT; none for an empty report, or one of access operations or surveys only.
std::vector<TagReport> tag_reports(const Element& ro_access_report);

/// 15.2.1, LLRPStatus: 0 is success.
struct Status {
  std::uint16_t code = 0;
  std::string text;  ///< the reader's words, and the field or parameter it names
  [[nodiscard]] bool ok() const { return code == 0; }
  /// "101 M_FieldError: …"
  [[nodiscard]] std::string full_text() const;
  bool operator==(const Status&) const = default;
};
/// nullopt if the message has none.
std::optional<Status> status_of(const Element& response);

/// 10.2.1, 10.2.2: what the reader says of itself.
struct Capabilities {
  std::uint16_t antenna_count = 0;
  std::uint32_t manufacturer = 0;  ///< IANA private enterprise number
  std::uint32_t model = 0;
  std::string firmware;
  bool has_utc_clock = false;
  bool can_hold_events = false;
  bool operator==(const Capabilities&) const = default;
};
std::optional<Capabilities> capabilities_of(const Element& response);
/// "Impinj model 2001002, firmware 5.14.0.240"; manufacturers not known here by their number.
std::string to_text(const Capabilities& capabilities);

/// 16.2.8.3.9, ConnectionAttemptEvent: 0 success, 1 and 2 another connection exists (begun by the reader, by
/// a client), 3 another reason, 4 somebody else tried. nullopt if the message has none.
std::optional<std::uint16_t> connection_attempt(const Element& event_notification);

/// What is asked of the reader's inventory.
struct InventorySettings {
  std::vector<std::uint16_t> antennas;  ///< empty: all
  /// EPCglobal Class 1 Generation 2 air interface, 6.3.2.2: in session 0 a tag answers again and again, on
  /// every antenna; in 2 and 3 it keeps silent after it was read, while it has power and some time after.
  std::uint8_t session = 0;
  bool operator==(const InventorySettings&) const = default;
};

/// The one ROSpec that SiteGate uses; 0 in DELETE_ROSPEC means all of them.
inline constexpr std::uint32_t our_rospec = 1;

Element get_reader_capabilities();
/// Keepalives in this interval (0: none), and the events this client heeds. `hold_events`: false where the
/// reader can hold reports back until they are asked for; empty where it cannot.
Element set_reader_config(std::chrono::milliseconds keepalive, bool can_hold_events);
Element delete_all_rospecs();
/// Reads on these antennas from START_ROSPEC until it is stopped; a report for every tag read, at once, with
/// antenna, signal strength, times and count.
Element add_rospec(const InventorySettings& settings);
Element enable_rospec();
Element start_rospec();
Element set_protocol_version(Version version);
/// A message that has no fields.
Element plain(std::uint16_t type);

}  // namespace sitegate::devices::uhf
