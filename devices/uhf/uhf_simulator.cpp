#include "devices/uhf/uhf_simulator.hpp"

#include <sys/socket.h>

#include <algorithm>

namespace sitegate::devices::uhf {
namespace {

constexpr std::uint16_t field_error = 101, missing_parameter = 103, unsupported_message = 109,
                        unsupported_version = 110;
constexpr std::uint16_t other_client_exists = 2;
constexpr std::chrono::milliseconds tick{5};

Element status_parameter(const Status& status) {
  auto parameter = Element::parameter(parameter::llrp_status);
  parameter.set("StatusCode", status.code).set("ErrorDescription", list_of_bytes(as_bytes(status.text)));
  return parameter;
}

Element single(std::uint16_t type, std::string_view field, std::uint64_t number) {
  auto parameter = Element::parameter(type);
  parameter.set(field, number);
  return parameter;
}

// 14.2.3.2, 14.2.3.3: EPC-96 for 96 bits, EPCData for every other length.
Element epc_parameter(const Bytes& epc) {
  const auto bits = static_cast<std::uint16_t>(8 * epc.size());
  auto parameter = Element::parameter(epc.size() == 12 ? parameter::epc_96 : parameter::epc_data);
  parameter.set("EPC", List{bits, epc});
  return parameter;
}

// Requests are answered by the type ten above theirs.
std::uint16_t answer_type(std::uint16_t request) {
  return request == message::close_connection ? message::close_connection_response
                                              : static_cast<std::uint16_t>(request + 10);
}

bool is_request(std::uint16_t type) {
  return type <= message::set_reader_config || type == message::close_connection ||
         (type >= message::add_rospec && type <= message::disable_rospec) ||
         type == message::get_supported_version || type == message::set_protocol_version;
}

Element connection_event(std::uint16_t status) {
  return single(parameter::connection_attempt_event, "Status", status);
}

}  // namespace

Bytes streamed_epc(std::uint64_t number) {
  Bytes epc(12);
  epc[0] = 0x30;
  for (std::size_t i = 0; i < 8; ++i) epc[11 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return epc;
}

Result<std::unique_ptr<UhfSimulator>> UhfSimulator::start(SimulatorSettings settings, const Clock& clock,
                                                          std::uint16_t port) {
  SITEGATE_TRY(listener, listen_tcp(port));
  return std::unique_ptr<UhfSimulator>(new UhfSimulator(settings, clock, std::move(listener)));
}

UhfSimulator::UhfSimulator(SimulatorSettings settings, const Clock& clock, Socket listener)
    : settings_(settings),
      clock_(clock),
      listener_(std::move(listener)),
      port_(port_of(listener_)),
      thread_([this](const std::stop_token& stop) { serve(stop); }) {}

UhfSimulator::~UhfSimulator() {
  thread_.request_stop();
  wakeup_.signal();
  thread_.join();
}

UhfSimulator::Counts UhfSimulator::counts() const {
  return counts_.with([](const Counts& counts) { return counts; });
}

Bytes UhfSimulator::received() const {
  return received_.with([](const Bytes& bytes) { return bytes; });
}

void UhfSimulator::see(std::vector<SimulatedTag> tags) {
  orders_.with([&](Orders& orders) { orders.tags.push_back(std::move(tags)); });
  wakeup_.signal();
}

void UhfSimulator::stream(unsigned reads_per_second, std::uint64_t total) {
  orders_.with([&](Orders& orders) { orders.stream = Stream{reads_per_second, total, 0, MonotonicTime{0}}; });
  wakeup_.signal();
}

void UhfSimulator::send_raw(Bytes bytes) {
  orders_.with([&](Orders& orders) { orders.raw.insert(orders.raw.end(), bytes.begin(), bytes.end()); });
  wakeup_.signal();
}

void UhfSimulator::drop() {
  orders_.with([](Orders& orders) { orders.drop = true; });
  wakeup_.signal();
}

void UhfSimulator::reset() {
  orders_.with([](Orders& orders) { orders.drop = orders.reset = true; });
  wakeup_.signal();
}

void UhfSimulator::set_silent(bool on) {
  faults_.with([on](Faults& faults) { faults.silent = on; });
}

void UhfSimulator::set_slow(bool on) {
  faults_.with([on](Faults& faults) { faults.slow = on; });
}

void UhfSimulator::serve(const std::stop_token& stop) {
  const Socket nobody;
  while (!stop.stop_requested()) {
    const bool to_write = client_ && !client_->output.empty();
    wait_for(client_ ? client_->socket : nobody, to_write, &wakeup_, tick);
    wakeup_.reset();
    accept_clients();
    if (!client_) continue;
    follow_orders();
    if (client_) serve_client();
  }
}

// 16.2.8.3.9: the client that comes while another is served is told so.
void UhfSimulator::accept_clients() {
  for (auto socket = accept_tcp(listener_); socket.open(); socket = accept_tcp(listener_)) {
    if (!client_) {
      orders_.with([](Orders& orders) {  // faults of a connection that is gone
        orders.raw.clear();
        orders.drop = orders.reset = false;
      });
      client_.emplace();
      client_->socket = std::move(socket);
      counts_.with([](Counts& counts) { ++counts.connections; });
      send_event(connection_event(0));
      continue;
    }
    auto data = Element::parameter(parameter::reader_event_notification_data);
    data.add(single(parameter::uptime, "Microseconds", 1)).add(connection_event(other_client_exists));
    auto bytes =
        encode({Version::v1_0_1, ++last_id_, Element::message(message::reader_event_notification).add(data)});
    static_cast<void>(send_some(socket, bytes));
    counts_.with([](Counts& counts) { ++counts.sent_away; });
  }
}

void UhfSimulator::follow_orders() {
  const bool reads = client_->spec == SpecState::active;
  auto orders = orders_.with([&](Orders& waiting) {
    Orders taken = std::exchange(waiting, {});
    if (!reads) std::swap(waiting.tags, taken.tags);
    return taken;
  });
  if (orders.stream) stream_ = *orders.stream;
  for (const auto& tags : orders.tags) report(tags);
  client_->output.insert(client_->output.end(), orders.raw.begin(), orders.raw.end());
  if (!orders.drop) return;
  flush();
  const linger hard{1, 0};
  if (orders.reset) setsockopt(client_->socket.fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  client_.reset();
  counts_.with([](Counts& counts) { counts.reading = false; });
}

void UhfSimulator::serve_client() {
  std::array<std::uint8_t, 4096> buffer{};
  const auto got = receive_some(client_->socket, buffer);
  bool here = got.has_value();
  if (here) {
    const auto bytes = ByteView(buffer).first(got.value());
    received_.with([&](Bytes& all) { all.insert(all.end(), bytes.begin(), bytes.end()); });
    client_->incoming.add(bytes);
    for (auto next = client_->incoming.next(); here && next && next.value();
         next = client_->incoming.next()) {
      const auto request = decode(*next.value());
      here = request.has_value();
      if (here) answer(request.value());
    }
  }
  if (here) {
    go_on_streaming();
    keep_alive();
    flush();
    here = !(client_->closing && client_->output.empty());
  }
  const bool reading = here && client_->spec == SpecState::active;
  if (!here) client_.reset();
  counts_.with([reading](Counts& counts) { counts.reading = reading; });
}

void UhfSimulator::flush() {
  const auto faults = faults_.with([](const Faults& now) { return now; });
  if (faults.silent) return;
  if (!faults.slow) {
    static_cast<void>(send_some(client_->socket, client_->output));
    return;
  }
  if (client_->output.empty()) return;
  Bytes first{client_->output.front()};
  static_cast<void>(send_some(client_->socket, first));
  if (first.empty()) client_->output.erase(client_->output.begin());
}

void UhfSimulator::send(const Element& body, std::uint32_t id) {
  const auto bytes = encode({client_->version, id, body});
  client_->output.insert(client_->output.end(), bytes.begin(), bytes.end());
}

void UhfSimulator::send_event(Element event) {
  auto data = Element::parameter(parameter::reader_event_notification_data);
  add_times(data);
  data.add(std::move(event));
  send(Element::message(message::reader_event_notification).add(std::move(data)), ++last_id_);
}

void UhfSimulator::add_times(Element& data) const {
  const auto since_1970 = std::chrono::microseconds(clock_.now().time_since_epoch()).count();
  const auto since_start = std::chrono::duration_cast<std::chrono::microseconds>(clock_.monotonic()).count();
  const bool event = data.type == parameter::reader_event_notification_data;
  const auto utc = static_cast<std::uint64_t>(since_1970);
  const auto up = static_cast<std::uint64_t>(since_start);
  if (event)
    data.add(settings_.utc_clock ? single(parameter::utc_timestamp, "Microseconds", utc)
                                 : single(parameter::uptime, "Microseconds", up));
  if (!event && client_->content.number("EnableFirstSeenTimestamp") != 0)
    data.add(settings_.utc_clock ? single(parameter::first_seen_utc, "Microseconds", utc)
                                 : single(parameter::first_seen_uptime, "Microseconds", up));
  if (!event && client_->content.number("EnableLastSeenTimestamp") != 0)
    data.add(settings_.utc_clock ? single(parameter::last_seen_utc, "Microseconds", utc)
                                 : single(parameter::last_seen_uptime, "Microseconds", up));
}

void UhfSimulator::answer(const Message& request) {
  const auto type = request.body.type;
  if (type == message::keepalive_ack) counts_.with([](Counts& counts) { ++counts.acknowledged; });
  if (type == message::keepalive_ack || type == message::enable_events_and_reports) return;
  if (type == message::get_reader_capabilities && !settings_.answers_capabilities) return;
  const auto status = carry_out(request);
  if (!status.ok()) counts_.with([](Counts& counts) { ++counts.refused; });
  const bool known =
      is_request(type) && status.code != unsupported_version && status.code != unsupported_message;
  auto response = Element::message(known ? answer_type(type) : message::error_message);
  if (response.type == message::get_supported_version_response)
    response.set("CurrentVersion", static_cast<std::uint8_t>(client_->version))
        .set("SupportedVersion", static_cast<std::uint8_t>(settings_.newest));
  response.add(status_parameter(status));
  if (response.type == message::get_reader_capabilities_response)
    for (auto& parameter : capabilities().parameters) response.add(std::move(parameter));
  send(response, request.id);
}

Status UhfSimulator::carry_out(const Message& request) {
  const auto& body = request.body;
  if (request.version > settings_.newest) return {unsupported_version, "this reader speaks 1.0.1"};
  switch (body.type) {
    case message::get_reader_capabilities:
    case message::get_reader_config:
    case message::get_supported_version:
      return {};
    case message::set_protocol_version:
      client_->version = static_cast<Version>(body.number("ProtocolVersion"));
      return {};
    case message::set_reader_config:
      configure(body);
      return {};
    case message::add_rospec:
      return add(body);
    case message::delete_rospec:
      client_->spec = SpecState::none;
      return {};
    case message::enable_rospec:
      return change_spec(static_cast<std::uint32_t>(body.number("ROSpecID")), SpecState::disabled,
                         SpecState::inactive);
    case message::start_rospec:
      return change_spec(static_cast<std::uint32_t>(body.number("ROSpecID")), SpecState::inactive,
                         SpecState::active);
    case message::close_connection:
      client_->closing = true;
      return {};
    default:
      return {unsupported_message, "not known to the simulated reader"};
  }
}

Status UhfSimulator::add(const Element& request) {
  const auto* spec = request.find(parameter::rospec);
  const auto* antennas = spec == nullptr ? nullptr : spec->find(parameter::ai_spec);
  const auto* reports = spec == nullptr ? nullptr : spec->find(parameter::ro_report_spec);
  const auto* content = reports == nullptr ? nullptr : reports->find(parameter::tag_report_content_selector);
  if (content == nullptr || antennas == nullptr || spec->find(parameter::ro_boundary_spec) == nullptr)
    return {missing_parameter, "of the ROSpec"};
  if (spec->number("ROSpecID") != our_rospec || spec->number("CurrentState") != 0)
    return {field_error, "ROSpecID 1, disabled, is expected"};
  if (client_->spec != SpecState::none) return {field_error, "there is a ROSpec already"};
  for (const auto antenna : words_of(antennas->list("AntennaIDs")))
    if (antenna > settings_.antenna_count) return {field_error, "no such antenna"};
  client_->content = *content;
  client_->spec = SpecState::disabled;
  return {};
}

Status UhfSimulator::change_spec(std::uint32_t id, SpecState from, SpecState to) {
  if (id != our_rospec || client_->spec != from) return {field_error, "no ROSpec in that state"};
  client_->spec = to;
  return {};
}

void UhfSimulator::configure(const Element& request) {
  const auto* spec = request.find(parameter::keepalive_spec);
  if (spec == nullptr || spec->number("KeepaliveTriggerType") == 0) return;
  client_->keepalive = std::chrono::milliseconds(spec->number("PeriodicTriggerValue"));
  client_->next_keepalive = clock_.monotonic() + client_->keepalive;
}

// 10.2: the least that is mandatory.
Element UhfSimulator::capabilities() const {
  auto general = Element::parameter(parameter::general_device_capabilities);
  general.set("MaxNumberOfAntennaSupported", settings_.antenna_count)
      .set("HasUTCClockCapability", settings_.utc_clock ? 1 : 0)
      .set("ModelName", 1)
      .set("ReaderFirmwareVersion", list_of_bytes(as_bytes("simulated")));
  auto llrp = Element::parameter(parameter::llrp_capabilities);
  llrp.set("MaxNumROSpecs", 1).set("MaxNumSpecsPerROSpec", 1).set("SupportsEventAndReportHolding", 1);
  auto all = Element::message(message::get_reader_capabilities_response);
  all.add(std::move(general))
      .add(std::move(llrp))
      .add(Element::parameter(parameter::regulatory_capabilities));
  return all;
}

Element UhfSimulator::tag_data(const SimulatedTag& tag) const {
  auto data = Element::parameter(parameter::tag_report_data);
  data.add(epc_parameter(tag.epc));
  if (client_->content.number("EnableAntennaID") != 0)
    data.add(single(parameter::antenna_id, "AntennaID", tag.antenna));
  if (client_->content.number("EnablePeakRSSI") != 0)
    data.add(single(parameter::peak_rssi, "PeakRSSI", static_cast<std::uint8_t>(tag.rssi_dbm)));
  add_times(data);
  if (client_->content.number("EnableTagSeenCount") != 0)
    data.add(single(parameter::tag_seen_count, "TagCount", tag.count));
  return data;
}

void UhfSimulator::report(const std::vector<SimulatedTag>& tags) {
  auto report = Element::message(message::ro_access_report);
  for (const auto& tag : tags) report.add(tag_data(tag));
  send(report, ++last_id_);
  counts_.with([&](Counts& counts) { counts.tags_sent += tags.size(); });
}

void UhfSimulator::go_on_streaming() {
  const auto now = clock_.monotonic();
  if (stream_.sent >= stream_.total || client_->spec != SpecState::active) {
    stream_.since = MonotonicTime{0};
    return;
  }
  if (stream_.since == MonotonicTime{0}) stream_.since = now;
  // Whole reads since the last look; the rest of the time counts for the next.
  const auto interval = MonotonicTime(std::chrono::seconds(1)) / stream_.per_second;
  for (; stream_.since + interval <= now && stream_.sent < stream_.total; stream_.since += interval) {
    const auto antenna = static_cast<std::uint16_t>(1 + stream_.sent % settings_.antenna_count);
    report({{streamed_epc(stream_.sent++), antenna}});
  }
}

void UhfSimulator::keep_alive() {
  if (client_->keepalive.count() == 0 || clock_.monotonic() < client_->next_keepalive) return;
  client_->next_keepalive += client_->keepalive;
  send(Element::message(message::keepalive), ++last_id_);
  counts_.with([](Counts& counts) { ++counts.keepalives; });
}

}  // namespace sitegate::devices::uhf
