#include "devices/uhf/llrp_layout.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "shared/base/error.hpp"

namespace sitegate::devices::uhf {
namespace {

// One line an encoding. The word before a field's name is its kind: u8 and s8 are numbers without and with a
// sign, of that many bits; r7 is 7 reserved bits; b96 a block of bits; u1v, u8v, u16v, u32v counted lists;
// rest what is left. "*": parameters follow.
struct Row {
  std::uint16_t type;
  std::string_view name;
  std::string_view fields;
};

constexpr Row message_rows[] = {
    {1, "GET_READER_CAPABILITIES", "u8 RequestedData *"},
    {2, "GET_READER_CONFIG", "u16 AntennaID u8 RequestedData u16 GPIPortNum u16 GPOPortNum *"},
    {3, "SET_READER_CONFIG", "u1 ResetToFactoryDefault r7 *"},
    {4, "CLOSE_CONNECTION_RESPONSE", "*"},
    {11, "GET_READER_CAPABILITIES_RESPONSE", "*"},
    {12, "GET_READER_CONFIG_RESPONSE", "*"},
    {13, "SET_READER_CONFIG_RESPONSE", "*"},
    {14, "CLOSE_CONNECTION", ""},
    {20, "ADD_ROSPEC", "*"},
    {21, "DELETE_ROSPEC", "u32 ROSpecID"},
    {22, "START_ROSPEC", "u32 ROSpecID"},
    {23, "STOP_ROSPEC", "u32 ROSpecID"},
    {24, "ENABLE_ROSPEC", "u32 ROSpecID"},
    {25, "DISABLE_ROSPEC", "u32 ROSpecID"},
    {26, "GET_ROSPECS", ""},
    {30, "ADD_ROSPEC_RESPONSE", "*"},
    {31, "DELETE_ROSPEC_RESPONSE", "*"},
    {32, "START_ROSPEC_RESPONSE", "*"},
    {33, "STOP_ROSPEC_RESPONSE", "*"},
    {34, "ENABLE_ROSPEC_RESPONSE", "*"},
    {35, "DISABLE_ROSPEC_RESPONSE", "*"},
    {36, "GET_ROSPECS_RESPONSE", "*"},
    {40, "ADD_ACCESSSPEC", "*"},
    {41, "DELETE_ACCESSSPEC", "u32 AccessSpecID"},
    {42, "ENABLE_ACCESSSPEC", "u32 AccessSpecID"},
    {43, "DISABLE_ACCESSSPEC", "u32 AccessSpecID"},
    {44, "GET_ACCESSSPECS", ""},
    {45, "CLIENT_REQUEST_OP", "*"},
    {46, "GET_SUPPORTED_VERSION", ""},
    {47, "SET_PROTOCOL_VERSION", "u8 ProtocolVersion"},
    {50, "ADD_ACCESSSPEC_RESPONSE", "*"},
    {51, "DELETE_ACCESSSPEC_RESPONSE", "*"},
    {52, "ENABLE_ACCESSSPEC_RESPONSE", "*"},
    {53, "DISABLE_ACCESSSPEC_RESPONSE", "*"},
    {54, "GET_ACCESSSPECS_RESPONSE", "*"},
    {55, "CLIENT_REQUEST_OP_RESPONSE", "*"},
    {56, "GET_SUPPORTED_VERSION_RESPONSE", "u8 CurrentVersion u8 SupportedVersion *"},
    {57, "SET_PROTOCOL_VERSION_RESPONSE", "*"},
    {60, "GET_REPORT", ""},
    {61, "RO_ACCESS_REPORT", "*"},
    {62, "KEEPALIVE", ""},
    {63, "READER_EVENT_NOTIFICATION", "*"},
    {64, "ENABLE_EVENTS_AND_REPORTS", ""},
    {72, "KEEPALIVE_ACK", ""},
    {100, "ERROR_MESSAGE", "*"},
    {1023, "CUSTOM_MESSAGE", "u32 VendorIdentifier u8 MessageSubtype rest Data"},
};

constexpr Row parameter_rows[] = {
    // TV: of a tag's report
    {1, "AntennaID", "u16 AntennaID"},
    {2, "FirstSeenTimestampUTC", "u64 Microseconds"},
    {3, "FirstSeenTimestampUptime", "u64 Microseconds"},
    {4, "LastSeenTimestampUTC", "u64 Microseconds"},
    {5, "LastSeenTimestampUptime", "u64 Microseconds"},
    {6, "PeakRSSI", "s8 PeakRSSI"},
    {7, "ChannelIndex", "u16 ChannelIndex"},
    {8, "TagSeenCount", "u16 TagCount"},
    {9, "ROSpecID", "u32 ROSpecID"},
    {10, "InventoryParameterSpecID", "u16 InventoryParameterSpecID"},
    {11, "C1G2CRC", "u16 CRC"},
    {12, "C1G2PC", "u16 PCBits"},
    {13, "EPC-96", "b96 EPC"},
    {14, "SpecIndex", "u16 SpecIndex"},
    {15, "ClientRequestOpSpecResult", "u16 OpSpecID"},
    {16, "AccessSpecID", "u32 AccessSpecID"},
    {17, "OpSpecID", "u16 OpSpecID"},
    {18, "C1G2SingulationDetails", "u16 NumCollisionSlots u16 NumEmptySlots"},
    {19, "C1G2XPCW1", "u16 XPCW1"},
    {20, "C1G2XPCW2", "u16 XPCW2"},
    // TLV: general
    {128, "UTCTimestamp", "u64 Microseconds"},
    {129, "Uptime", "u64 Microseconds"},
    // capabilities
    {137, "GeneralDeviceCapabilities",
     "u16 MaxNumberOfAntennaSupported u1 CanSetAntennaProperties u1 HasUTCClockCapability r14 "
     "u32 DeviceManufacturerName u32 ModelName u8v ReaderFirmwareVersion *"},
    {139, "ReceiveSensitivityTableEntry", "u16 Index s16 ReceiveSensitivityValue"},
    {140, "PerAntennaAirProtocol", "u16 AntennaID u8v ProtocolID"},
    {141, "GPIOCapabilities", "u16 NumGPIs u16 NumGPOs"},
    {142, "LLRPCapabilities",
     "u1 CanDoRFSurvey u1 CanReportBufferFillWarning u1 SupportsClientRequestOpSpec "
     "u1 CanDoTagInventoryStateAwareSingulation u1 SupportsEventAndReportHolding r3 "
     "u8 MaxNumPriorityLevelsSupported u16 ClientRequestOpSpecTimeout u32 MaxNumROSpecs "
     "u32 MaxNumSpecsPerROSpec u32 MaxNumInventoryParameterSpecsPerAISpec u32 MaxNumAccessSpecs "
     "u32 MaxNumOpSpecsPerAccessSpec"},
    {143, "RegulatoryCapabilities", "u16 CountryCode u16 CommunicationsStandard *"},
    {144, "UHFBandCapabilities", "*"},
    {145, "TransmitPowerLevelTableEntry", "u16 Index s16 TransmitPowerValue"},
    {146, "FrequencyInformation", "u1 Hopping r7 *"},
    {147, "FrequencyHopTable", "u8 HopTableID r8 u32v Frequency"},
    {148, "FixedFrequencyTable", "u32v Frequency"},
    {149, "PerAntennaReceiveSensitivityRange",
     "u16 AntennaID u16 ReceiveSensitivityIndexMin u16 ReceiveSensitivityIndexMax"},
    // reader operation
    {177, "ROSpec", "u32 ROSpecID u8 Priority u8 CurrentState *"},
    {178, "ROBoundarySpec", "*"},
    {179, "ROSpecStartTrigger", "u8 ROSpecStartTriggerType *"},
    {180, "PeriodicTriggerValue", "u32 Offset u32 Period *"},
    {181, "GPITriggerValue", "u16 GPIPortNum u1 GPIEvent r7 u32 Timeout"},
    {182, "ROSpecStopTrigger", "u8 ROSpecStopTriggerType u32 DurationTriggerValue *"},
    {183, "AISpec", "u16v AntennaIDs *"},
    {184, "AISpecStopTrigger", "u8 AISpecStopTriggerType u32 DurationTrigger *"},
    {185, "TagObservationTrigger",
     "u8 TriggerType r8 u16 NumberOfTags u16 NumberOfAttempts u16 T u32 Timeout"},
    {186, "InventoryParameterSpec", "u16 InventoryParameterSpecID u8 ProtocolID *"},
    {187, "RFSurveySpec", "u16 AntennaID u32 StartFrequency u32 EndFrequency *"},
    {188, "RFSurveySpecStopTrigger", "u8 StopTriggerType u32 DurationPeriod u32 N"},
    {355, "LoopSpec", "u32 LoopCount"},
    // access operation
    {207, "AccessSpec", "u32 AccessSpecID u16 AntennaID u8 ProtocolID u1 CurrentState r7 u32 ROSpecID *"},
    {208, "AccessSpecStopTrigger", "u8 AccessSpecStopTrigger u16 OperationCountValue"},
    {209, "AccessCommand", "*"},
    {210, "ClientRequestOpSpec", "u16 OpSpecID"},
    {211, "ClientRequestResponse", "u32 AccessSpecID *"},
    // configuration
    {217, "LLRPConfigurationStateValue", "u32 LLRPConfigurationStateValue"},
    {218, "Identification", "u8 IDType u8v ReaderID"},
    {219, "GPOWriteData", "u16 GPOPortNumber u1 GPOData r7"},
    {220, "KeepaliveSpec", "u8 KeepaliveTriggerType u32 PeriodicTriggerValue"},
    {221, "AntennaProperties", "u1 AntennaConnected r7 u16 AntennaID s16 AntennaGain"},
    {222, "AntennaConfiguration", "u16 AntennaID *"},
    {223, "RFReceiver", "u16 ReceiverSensitivity"},
    {224, "RFTransmitter", "u16 HopTableID u16 ChannelIndex u16 TransmitPower"},
    {225, "GPIPortCurrentState", "u16 GPIPortNum u1 Config r7 u8 State"},
    {226, "EventsAndReports", "u1 HoldEventsAndReportsUponReconnect r7"},
    // reports
    {237, "ROReportSpec", "u8 ROReportTrigger u16 N *"},
    {238, "TagReportContentSelector",
     "u1 EnableROSpecID u1 EnableSpecIndex u1 EnableInventoryParameterSpecID u1 EnableAntennaID "
     "u1 EnableChannelIndex u1 EnablePeakRSSI u1 EnableFirstSeenTimestamp u1 EnableLastSeenTimestamp "
     "u1 EnableTagSeenCount u1 EnableAccessSpecID r6 *"},
    {239, "AccessReportSpec", "u8 AccessReportTrigger"},
    {240, "TagReportData", "*"},
    {241, "EPCData", "u1v EPC"},
    {242, "RFSurveyReportData", "*"},
    {243, "FrequencyRSSILevelEntry", "u32 Frequency u32 Bandwidth s8 AverageRSSI s8 PeakRSSI *"},
    // events
    {244, "ReaderEventNotificationSpec", "*"},
    {245, "EventNotificationState", "u16 EventType u1 NotificationState r7"},
    {246, "ReaderEventNotificationData", "*"},
    {247, "HoppingEvent", "u16 HopTableID u16 NextChannelIndex"},
    {248, "GPIEvent", "u16 GPIPortNumber u1 GPIEvent r7"},
    {249, "ROSpecEvent", "u8 EventType u32 ROSpecID u32 PreemptingROSpecID"},
    {250, "ReportBufferLevelWarningEvent", "u8 ReportBufferPercentageFull"},
    {251, "ReportBufferOverflowErrorEvent", ""},
    {252, "ReaderExceptionEvent", "u8v Message *"},
    {253, "RFSurveyEvent", "u8 EventType u32 ROSpecID u16 SpecIndex"},
    {254, "AISpecEvent", "u8 EventType u32 ROSpecID u16 SpecIndex *"},
    {255, "AntennaEvent", "u8 EventType u16 AntennaID"},
    {256, "ConnectionAttemptEvent", "u16 Status"},
    {257, "ConnectionCloseEvent", ""},
    {356, "SpecLoopEvent", "u32 ROSpecID u32 LoopCount"},
    // errors
    {287, "LLRPStatus", "u16 StatusCode u8v ErrorDescription *"},
    {288, "FieldError", "u16 FieldNum u16 ErrorCode"},
    {289, "ParameterError", "u16 ParameterType u16 ErrorCode *"},
    // air protocol Class 1 Generation 2
    {327, "C1G2LLRPCapabilities",
     "u1 CanSupportBlockErase u1 CanSupportBlockWrite u1 CanSupportBlockPermalock "
     "u1 CanSupportTagRecommissioning u1 CanSupportUMIMethod2 u1 CanSupportXPC r2 "
     "u16 MaxNumSelectFiltersPerQuery"},
    {328, "UHFC1G2RFModeTable", "*"},
    {329, "UHFC1G2RFModeTableEntry",
     "u32 ModeIdentifier u1 DRValue u1 EPCHAGTCConformance r6 u8 MValue u8 ForwardLinkModulation "
     "u8 SpectralMaskIndicator u32 BDRValue u32 PIEValue u32 MinTariValue u32 MaxTariValue u32 "
     "StepTariValue"},
    {330, "C1G2InventoryCommand", "u1 TagInventoryStateAware r7 *"},
    {331, "C1G2Filter", "u2 T r6 *"},
    {332, "C1G2TagInventoryMask", "u2 MB r6 u16 Pointer u1v TagMask"},
    {333, "C1G2TagInventoryStateAwareFilterAction", "u8 Target u8 Action"},
    {334, "C1G2TagInventoryStateUnawareFilterAction", "u8 Action"},
    {335, "C1G2RFControl", "u16 ModeIndex u16 Tari"},
    {336, "C1G2SingulationControl", "u2 Session r6 u16 TagPopulation u32 TagTransitTime *"},
    {337, "C1G2TagInventoryStateAwareSingulationAction", "u1 I u1 S u1 SAll r5"},
    {338, "C1G2TagSpec", "*"},
    {339, "C1G2TargetTag", "u2 MB u1 Match r5 u16 Pointer u1v TagMask u1v TagData"},
    {341, "C1G2Read", "u16 OpSpecID u32 AccessPassword u2 MB r6 u16 WordPointer u16 WordCount"},
    {342, "C1G2Write", "u16 OpSpecID u32 AccessPassword u2 MB r6 u16 WordPointer u16v WriteData"},
    {343, "C1G2Kill", "u16 OpSpecID u32 KillPassword"},
    {344, "C1G2Lock", "u16 OpSpecID u32 AccessPassword *"},
    {345, "C1G2LockPayload", "u8 Privilege u8 DataField"},
    {346, "C1G2BlockErase", "u16 OpSpecID u32 AccessPassword u2 MB r6 u16 WordPointer u16 WordCount"},
    {347, "C1G2BlockWrite", "u16 OpSpecID u32 AccessPassword u2 MB r6 u16 WordPointer u16v WriteData"},
    {348, "C1G2EPCMemorySelector", "u1 EnableCRC u1 EnablePCBits u1 EnableXPCBits r5"},
    {349, "C1G2ReadOpSpecResult", "u8 Result u16 OpSpecID u16v ReadData"},
    {350, "C1G2WriteOpSpecResult", "u8 Result u16 OpSpecID u16 NumWordsWritten"},
    {351, "C1G2KillOpSpecResult", "u8 Result u16 OpSpecID"},
    {352, "C1G2LockOpSpecResult", "u8 Result u16 OpSpecID"},
    {353, "C1G2BlockEraseOpSpecResult", "u8 Result u16 OpSpecID"},
    {354, "C1G2BlockWriteOpSpecResult", "u8 Result u16 OpSpecID u16 NumWordsWritten"},
    {357, "C1G2Recommission", "u16 OpSpecID u32 KillPassword r5 u1 SB3 u1 SB2 u1 LSB"},
    {358, "C1G2BlockPermalock", "u16 OpSpecID u32 AccessPassword u2 MB r6 u16 BlockPointer u16v BlockMask"},
    {359, "C1G2GetBlockPermalockStatus",
     "u16 OpSpecID u32 AccessPassword u2 MB r6 u16 BlockPointer u16 BlockRange"},
    {360, "C1G2RecommissionOpSpecResult", "u8 Result u16 OpSpecID"},
    {361, "C1G2BlockPermalockOpSpecResult", "u8 Result u16 OpSpecID"},
    {362, "C1G2GetBlockPermalockStatusOpSpecResult", "u8 Result u16 OpSpecID u16v PermalockStatus"},
    {363, "MaximumReceiveSensitivity", "s16 MaximumSensitivityValue"},
    {365, "RFSurveyFrequencyCapabilities", "u32 MinimumFrequency u32 MaximumFrequency"},
    // of a vendor
    {1023, "Custom", "u32 VendorIdentifier u32 ParameterSubtype rest Data"},
};

std::string_view next_word(std::string_view& text) {
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(std::min(text.size(), word.size() + 1));
  return word;
}

Field field_of(std::string_view kind) {
  if (kind == "u1v") return {FieldKind::bits, 0, {}};
  if (kind == "u8v") return {FieldKind::bytes, 0, {}};
  if (kind == "u16v") return {FieldKind::words, 0, {}};
  if (kind == "u32v") return {FieldKind::longs, 0, {}};
  if (kind == "rest") return {FieldKind::rest, 0, {}};
  Field field;
  if (kind[0] == 's') field.kind = FieldKind::integer;
  if (kind[0] == 'r') field.kind = FieldKind::reserved;
  if (kind[0] == 'b') field.kind = FieldKind::block;
  std::from_chars(kind.data() + 1, kind.data() + kind.size(), field.bits);
  return field;
}

Layout layout_of(const Row& row) {
  Layout layout{row.type, row.name, false, {}};
  for (auto text = row.fields; !text.empty();) {
    const auto kind = next_word(text);
    if (kind == "*") {
      layout.has_parameters = true;
      continue;
    }
    layout.fields.push_back(field_of(kind));
    if (layout.fields.back().kind != FieldKind::reserved) layout.fields.back().name = next_word(text);
  }
  return layout;
}

std::vector<Layout> layouts_of(std::span<const Row> rows) {
  std::vector<Layout> layouts;
  for (const auto& row : rows) layouts.push_back(layout_of(row));
  std::sort(layouts.begin(), layouts.end(), [](const Layout& a, const Layout& b) { return a.type < b.type; });
  return layouts;
}

const Layout* find(std::span<const Layout> layouts, std::uint16_t type) {
  const auto found = std::lower_bound(layouts.begin(), layouts.end(), type,
                                      [](const Layout& layout, std::uint16_t t) { return layout.type < t; });
  return found != layouts.end() && found->type == type ? &*found : nullptr;
}

}  // namespace

std::size_t Layout::index_of(std::string_view field) const {
  std::size_t index = 0;
  for (const auto& each : fields) {
    if (each.kind == FieldKind::reserved) continue;
    if (each.name == field) return index;
    ++index;
  }
  SITEGATE_ASSERT(!"the standard names no such field");
  return index;
}

std::span<const Layout> message_layouts() {
  static const std::vector<Layout> layouts = layouts_of(message_rows);
  return layouts;
}

std::span<const Layout> parameter_layouts() {
  static const std::vector<Layout> layouts = layouts_of(parameter_rows);
  return layouts;
}

const Layout* message_layout(std::uint16_t type) {
  return find(message_layouts(), type);
}

const Layout* parameter_layout(std::uint16_t type) {
  return find(parameter_layouts(), type);
}

}  // namespace sitegate::devices::uhf
