#include "devices/uhf/llrp_messages.hpp"

#include <fmt/format.h>

#include <array>

namespace sitegate::devices::uhf {
namespace {

constexpr std::uint8_t air_protocol_c1g2 = 1;

TagReport tag_report(const Element& data) {
  TagReport report;
  for (const auto& each : data.parameters) {
    switch (each.layout == nullptr ? 0 : each.type) {
      case parameter::epc_96:
      case parameter::epc_data:
        report.epc = each.list("EPC").bytes;
        break;
      case parameter::antenna_id:
        report.antenna = static_cast<std::uint16_t>(each.number("AntennaID"));
        break;
      case parameter::peak_rssi:
        report.peak_rssi_dbm = static_cast<int>(each.integer("PeakRSSI"));
        break;
      case parameter::tag_seen_count:
        report.seen_count = static_cast<std::uint16_t>(each.number("TagCount"));
        break;
      case parameter::last_seen_utc:
      case parameter::last_seen_uptime:
        report.last_seen_us = each.number("Microseconds");
        report.uptime = each.type == parameter::last_seen_uptime;
        break;
      default:
        break;
    }
  }
  return report;
}

// A reader told to report each read may still leave the time of the last one out when it is that of the
// first.
void take_first_seen(const Element& data, TagReport& report) {
  if (report.last_seen_us) return;
  for (const auto type : {parameter::first_seen_utc, parameter::first_seen_uptime})
    if (const auto* first = data.find(type)) {
      report.last_seen_us = first->number("Microseconds");
      report.uptime = type == parameter::first_seen_uptime;
    }
}

struct StatusName {
  std::uint16_t code;
  std::string_view name;
};
// 15.2.1.1
constexpr StatusName status_names[] = {
    {100, "M_ParameterError"},      {101, "M_FieldError"},           {102, "M_UnexpectedParameter"},
    {103, "M_MissingParameter"},    {104, "M_DuplicateParameter"},   {105, "M_OverflowParameter"},
    {106, "M_OverflowField"},       {107, "M_UnknownParameter"},     {108, "M_UnknownField"},
    {109, "M_UnsupportedMessage"},  {110, "M_UnsupportedVersion"},   {111, "M_UnsupportedParameter"},
    {112, "M_UnexpectedMessage"},   {200, "P_ParameterError"},       {201, "P_FieldError"},
    {202, "P_UnexpectedParameter"}, {203, "P_MissingParameter"},     {204, "P_DuplicateParameter"},
    {205, "P_OverflowParameter"},   {206, "P_OverflowField"},        {207, "P_UnknownParameter"},
    {208, "P_UnknownField"},        {209, "P_UnsupportedParameter"}, {300, "A_Invalid"},
    {301, "A_OutOfRange"},          {401, "R_DeviceError"}};

// IANA private enterprise numbers of makers of readers.
constexpr std::pair<std::uint32_t, std::string_view> makers[] = {
    {25882, "Impinj"}, {161, "Motorola"}, {10642, "Zebra"}, {26554, "ThingMagic"}, {1963, "Intermec"}};

// Errors stand within errors, the innermost says which field it was.
void append_cause(std::string& text, const Element& element) {
  for (const auto& each : element.parameters) {
    if (each.layout == nullptr) continue;
    if (each.layout->name == "FieldError")
      text += fmt::format("; field {}: {}", each.number("FieldNum"), each.number("ErrorCode"));
    if (each.layout->name != "ParameterError") continue;
    const auto type = static_cast<std::uint16_t>(each.number("ParameterType"));
    const auto* layout = parameter_layout(type);
    text += fmt::format("; parameter {}: {}",
                        layout == nullptr ? fmt::to_string(type) : std::string(layout->name),
                        each.number("ErrorCode"));
    append_cause(text, each);
  }
}

Element notification_state(EventType type, std::uint64_t on) {
  auto state = Element::parameter(parameter::event_notification_state);
  state.set("EventType", static_cast<std::uint16_t>(type)).set("NotificationState", on);
  return state;
}

// Every type is named, so that nothing an earlier client has asked for goes on.
Element event_spec() {
  auto spec = Element::parameter(parameter::reader_event_notification_spec);
  for (const auto type : {EventType::hopping, EventType::gpi, EventType::rospec, EventType::report_buffer,
                          EventType::reader_exception, EventType::rf_survey, EventType::ai_spec,
                          EventType::ai_spec_with_singulation, EventType::antenna}) {
    const bool heeded = type == EventType::rospec || type == EventType::report_buffer ||
                        type == EventType::reader_exception || type == EventType::antenna;
    spec.add(notification_state(type, heeded ? 1 : 0));
  }
  return spec;
}

// Both triggers empty: begins with START_ROSPEC, ends with STOP or DELETE (11.2.1.1).
Element boundary() {
  auto spec = Element::parameter(parameter::ro_boundary_spec);
  spec.add(Element::parameter(parameter::rospec_start_trigger));
  spec.add(Element::parameter(parameter::rospec_stop_trigger));
  return spec;
}

// For all antennas of the AISpec (0): how tags take part (17.3.1.2). Some 32 people are near a gate at a
// time.
Element antenna_configuration(std::uint8_t session) {
  auto control = Element::parameter(parameter::c1g2_singulation_control);
  control.set("Session", session).set("TagPopulation", 32);
  auto command = Element::parameter(parameter::c1g2_inventory_command);
  command.add(std::move(control));
  auto configuration = Element::parameter(parameter::antenna_configuration);
  configuration.add(std::move(command));
  return configuration;
}

Element ai_spec(const InventorySettings& settings) {
  auto inventory = Element::parameter(parameter::inventory_parameter_spec);
  inventory.set("InventoryParameterSpecID", 1).set("ProtocolID", air_protocol_c1g2);
  inventory.add(antenna_configuration(settings.session));
  auto spec = Element::parameter(parameter::ai_spec);
  auto antennas = settings.antennas;
  if (antennas.empty()) antennas.push_back(0);
  spec.set("AntennaIDs", list_of_words(antennas));
  spec.add(Element::parameter(parameter::ai_spec_stop_trigger));
  spec.add(std::move(inventory));
  return spec;
}

Element report_spec() {
  constexpr std::uint64_t after_n_tags_or_end_of_ai_spec = 1;
  auto selector = Element::parameter(parameter::tag_report_content_selector);
  for (const auto* field : {"EnableAntennaID", "EnablePeakRSSI", "EnableFirstSeenTimestamp",
                            "EnableLastSeenTimestamp", "EnableTagSeenCount"})
    selector.set(field, 1);
  auto spec = Element::parameter(parameter::ro_report_spec);
  spec.set("ROReportTrigger", after_n_tags_or_end_of_ai_spec).set("N", 1);
  spec.add(std::move(selector));
  return spec;
}

Element rospec_message(std::uint16_t type, std::uint32_t id) {
  auto message = Element::message(type);
  message.set("ROSpecID", id);
  return message;
}

}  // namespace

std::vector<TagReport> tag_reports(const Element& ro_access_report) {
  std::vector<TagReport> reports;
  for (const auto& data : ro_access_report.parameters) {
    if (data.type != parameter::tag_report_data) continue;
    reports.push_back(tag_report(data));
    take_first_seen(data, reports.back());
  }
  return reports;
}

std::string Status::full_text() const {
  for (const auto& [known, name] : status_names)
    if (known == code) return fmt::format("{} {}: {}", code, name, text);
  return fmt::format("{}: {}", code, text);
}

std::optional<Status> status_of(const Element& response) {
  const auto* status = response.find(parameter::llrp_status);
  if (status == nullptr) return std::nullopt;
  Status found{static_cast<std::uint16_t>(status->number("StatusCode")), status->text("ErrorDescription")};
  append_cause(found.text, *status);
  return found;
}

std::optional<Capabilities> capabilities_of(const Element& response) {
  const auto* general = response.find(parameter::general_device_capabilities);
  if (general == nullptr) return std::nullopt;
  Capabilities found;
  found.antenna_count = static_cast<std::uint16_t>(general->number("MaxNumberOfAntennaSupported"));
  found.manufacturer = static_cast<std::uint32_t>(general->number("DeviceManufacturerName"));
  found.model = static_cast<std::uint32_t>(general->number("ModelName"));
  found.firmware = general->text("ReaderFirmwareVersion");
  found.has_utc_clock = general->number("HasUTCClockCapability") != 0;
  if (const auto* llrp = response.find(parameter::llrp_capabilities))
    found.can_hold_events = llrp->number("SupportsEventAndReportHolding") != 0;
  return found;
}

std::string to_text(const Capabilities& capabilities) {
  std::string maker = fmt::format("maker {}", capabilities.manufacturer);
  for (const auto& [number, name] : makers)
    if (number == capabilities.manufacturer) maker = name;
  return fmt::format("{} model {}, firmware {}", maker, capabilities.model, capabilities.firmware);
}

std::optional<std::uint16_t> connection_attempt(const Element& event_notification) {
  const auto* data = event_notification.find(parameter::reader_event_notification_data);
  const auto* event = data == nullptr ? nullptr : data->find(parameter::connection_attempt_event);
  if (event == nullptr) return std::nullopt;
  return static_cast<std::uint16_t>(event->number("Status"));
}

Element get_reader_capabilities() {
  return Element::message(message::get_reader_capabilities);  // RequestedData 0: all
}

Element set_reader_config(std::chrono::milliseconds keepalive, bool can_hold_events) {
  auto spec = Element::parameter(parameter::keepalive_spec);
  spec.set("KeepaliveTriggerType", keepalive.count() > 0 ? 1 : 0);
  spec.set("PeriodicTriggerValue", static_cast<std::uint64_t>(keepalive.count()));
  auto message = Element::message(message::set_reader_config);
  message.add(event_spec());
  message.add(std::move(spec));
  if (can_hold_events) message.add(Element::parameter(parameter::events_and_reports));  // 0: does not hold
  return message;
}

Element delete_all_rospecs() {
  return rospec_message(message::delete_rospec, 0);
}

Element add_rospec(const InventorySettings& settings) {
  auto rospec = Element::parameter(parameter::rospec);
  rospec.set("ROSpecID", our_rospec);  // priority 0, the highest; state disabled, as it must be
  rospec.add(boundary());
  rospec.add(ai_spec(settings));
  rospec.add(report_spec());
  auto message = Element::message(message::add_rospec);
  message.add(std::move(rospec));
  return message;
}

Element enable_rospec() {
  return rospec_message(message::enable_rospec, our_rospec);
}

Element start_rospec() {
  return rospec_message(message::start_rospec, our_rospec);
}

Element set_protocol_version(Version version) {
  auto message = Element::message(message::set_protocol_version);
  message.set("ProtocolVersion", static_cast<std::uint8_t>(version));
  return message;
}

Element plain(std::uint16_t type) {
  return Element::message(type);
}

}  // namespace sitegate::devices::uhf
