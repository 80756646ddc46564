#include "devices/uhf/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "shared/base/log.hpp"

namespace sitegate::devices::uhf {

const char* errc_category(UhfErrc) {
  return "uhf";
}

std::string_view errc_text(UhfErrc what) {
  switch (what) {
    case UhfErrc::cannot_connect:
      return "the reader cannot be reached; see its address, its power and the network";
    case UhfErrc::gone:
      return "the connection to the reader has ended";
    case UhfErrc::other_client:
      return "the reader serves another client already; end that program, or wait until the reader has "
             "noticed its end";
    case UhfErrc::refused:
      return "the reader refuses what it was asked";
    case UhfErrc::no_answer:
      return "the reader does not answer";
    case UhfErrc::silent:
      return "the reader has fallen silent";
    case UhfErrc::stopped_reading:
      return "the reader has stopped reading";
  }
  return "unknown";
}

// One request and the type of its answer. An optional one may be refused or left unanswered.
struct Session::Step {
  std::uint16_t answer;
  bool optional;
  Element (*request)(const Session&);
};

namespace {

enum StepName : std::size_t {
  ask_version,
  set_version,
  ask_capabilities,
  configure,
  remove,
  add,
  enable,
  start,
  done
};

constexpr std::size_t logged_damage_max = 10;  // then only every power of two

}  // namespace

const Session::Step Session::steps[] = {
    {message::get_supported_version_response, true,
     [](const Session&) { return plain(message::get_supported_version); }},
    {message::set_protocol_version_response, false,
     [](const Session&) { return set_protocol_version(Version::v1_1); }},
    {message::get_reader_capabilities_response, true,
     [](const Session&) { return get_reader_capabilities(); }},
    {message::set_reader_config_response, true,
     [](const Session& session) {
       return set_reader_config(session.settings_.keepalive,
                                session.capabilities_ && session.capabilities_->can_hold_events);
     }},
    {message::delete_rospec_response, false, [](const Session&) { return delete_all_rospecs(); }},
    {message::add_rospec_response, false,
     [](const Session& session) { return uhf::add_rospec(session.settings_.inventory); }},
    {message::enable_rospec_response, false, [](const Session&) { return enable_rospec(); }},
    {message::start_rospec_response, false, [](const Session&) { return start_rospec(); }},
};

Session::Session(SessionSettings settings, MonotonicTime now)
    : settings_(std::move(settings)), deadline_(now + greeting_within), last_heard_(now) {}

// The two messages that settle the version are of 1.1 by themselves (9.1.1, 9.1.3).
void Session::send(const Element& body) {
  const bool settles =
      body.type == message::get_supported_version || body.type == message::set_protocol_version;
  const auto bytes = encode({settles ? Version::v1_1 : version_, ++last_id_, body});
  output_.insert(output_.end(), bytes.begin(), bytes.end());
}

void Session::begin_step(std::size_t step, MonotonicTime now) {
  step_ = step;
  if (step == done) {
    send(plain(
        message::enable_events_and_reports));  // where the reader holds them back; otherwise without effect
    phase_ = Phase::reading;
    return;
  }
  phase_ = Phase::preparing;
  deadline_ = now + answer_within;
  send(steps[step].request(*this));
}

Result<void> Session::receive(ByteView bytes, MonotonicTime now) {
  const auto skipped = incoming_.skipped();
  incoming_.add(bytes);
  while (phase_ != Phase::closed) {
    SITEGATE_TRY(next, incoming_.next());
    if (!next) break;
    ++counts_.messages;
    last_heard_ = now;
    const auto message = decode(*next);
    if (!message) {
      note_damage(message.error().text());
      continue;
    }
    SITEGATE_TRYV(take(message.value(), now));
  }
  if (incoming_.skipped() != skipped)
    note_damage(fmt::format("a message of more than {} bytes", MessageBuffer::message_size_max));
  return success();
}

void Session::note_damage(const std::string& text) {
  ++counts_.damaged;
  if (counts_.damaged <= logged_damage_max || std::has_single_bit(counts_.damaged))
    log::warn("reader={} passed over a message, the {}. so far: {}", settings_.name, counts_.damaged, text);
}

Result<void> Session::take(const Message& message, MonotonicTime now) {
  switch (message.body.type) {
    case message::keepalive:
      send(plain(message::keepalive_ack));
      return success();
    case message::ro_access_report:
      take_tags(message.body);
      return success();
    case message::reader_event_notification:
      return take_event(message.body, now);
    case message::error_message:
      return take_error(message.body, now);
    case message::delete_rospec_response:
      if (phase_ == Phase::closing) send(plain(message::close_connection));
      return take_answer(message.body, now);
    case message::close_connection_response:
      if (phase_ == Phase::closing) phase_ = Phase::closed;
      return success();
    default:
      return take_answer(message.body, now);
  }
}

// What a reader has kept from an earlier client is none of this session's reads.
void Session::take_tags(const Element& report) {
  if (phase_ != Phase::reading) return;
  for (auto& tag : tag_reports(report)) {
    counts_.tag_reads += tag.seen_count;
    reports_.push_back(std::move(tag));
  }
}

Result<void> Session::take_answer(const Element& answer, MonotonicTime now) {
  if (phase_ != Phase::preparing || answer.type != steps[step_].answer) return success();
  const auto status = status_of(answer);
  if (!status) return fail(UhfErrc::refused, answer.name() + " without a status");
  if (!status->ok()) {
    if (!steps[step_].optional) return fail(UhfErrc::refused, answer.name() + ": " + status->full_text());
    log::warn("reader={} goes on without: {}: {}", settings_.name, answer.name(), status->full_text());
  }
  auto next = step_ + 1;
  if (step_ == ask_version && (!status->ok() || answer.number("SupportedVersion") < 2))
    next = ask_capabilities;
  if (step_ == set_version) version_ = Version::v1_1;
  if (step_ == ask_capabilities) {
    capabilities_ = capabilities_of(answer);
    SITEGATE_TRYV(check_antennas());
  }
  if (step_ == configure) watchdog_ = status->ok() && settings_.keepalive.count() > 0;
  begin_step(next, now);
  return success();
}

Result<void> Session::check_antennas() const {
  if (!capabilities_ || settings_.inventory.antennas.empty()) return success();
  const auto last = *std::ranges::max_element(settings_.inventory.antennas);
  if (last <= capabilities_->antenna_count) return success();
  return fail(UhfErrc::refused, fmt::format("antenna {} is asked for, the reader has {} ({})", last,
                                            capabilities_->antenna_count, to_text(*capabilities_)));
}

// To a request as a whole, as by a reader of 1.0.1 that is asked for its version.
Result<void> Session::take_error(const Element& error, MonotonicTime now) {
  const auto status = status_of(error);
  const auto text = status ? status->full_text() : std::string("without a status");
  if (phase_ == Phase::closing) phase_ = Phase::closed;
  if (phase_ != Phase::preparing) {
    log::warn("reader={} reports an error: {}", settings_.name, text);
    return success();
  }
  const auto name = steps[step_].request(*this).name();
  if (!steps[step_].optional) return fail(UhfErrc::refused, name + ": " + text);
  log::warn("reader={} goes on without {}: {}", settings_.name, name, text);
  begin_step(step_ == ask_version ? ask_capabilities : step_ + 1, now);
  return success();
}

Result<void> Session::take_event(const Element& notification, MonotonicTime now) {
  if (const auto status = connection_attempt(notification)) return greet(*status, now);
  const auto* data = notification.find(parameter::reader_event_notification_data);
  if (data == nullptr) return success();
  for (const auto& event : data->parameters) {
    if (event.layout == nullptr) continue;
    SITEGATE_TRYV(heed(event));
  }
  return success();
}

// 16.2.8.3.9
Result<void> Session::greet(std::uint16_t status, MonotonicTime now) {
  if (phase_ != Phase::greeting) {
    log::warn("reader={} was asked for by another client (connection attempt, status {})", settings_.name,
              status);
    return success();
  }
  if (status == 1 || status == 2)
    return fail(UhfErrc::other_client, fmt::format("connection attempt refused, status {}", status));
  if (status != 0)
    return fail(UhfErrc::refused, fmt::format("connection attempt refused, status {}", status));
  begin_step(settings_.version == Version::v1_1 ? ask_version : ask_capabilities, now);
  return success();
}

Result<void> Session::heed(const Element& event) const {
  switch (event.type) {
    case parameter::connection_close_event:
      return fail(UhfErrc::gone, "the reader closes it");
    case parameter::rospec_event:
      if (phase_ == Phase::reading && event.number("ROSpecID") == our_rospec &&
          event.number("EventType") != 0)
        return fail(UhfErrc::stopped_reading, fmt::format("ROSpec event {}", event.number("EventType")));
      return success();
    case parameter::report_buffer_level_warning_event:
      log::warn("reader={} report buffer {} % full", settings_.name,
                event.number("ReportBufferPercentageFull"));
      return success();
    case parameter::report_buffer_overflow_error_event:
      log::error("reader={} has lost reads: its report buffer ran over", settings_.name);
      return success();
    case parameter::reader_exception_event:
      log::warn("reader={} exception: {}", settings_.name, event.text("Message"));
      return success();
    case parameter::antenna_event:
      log::warn("reader={} antenna={} {}", settings_.name, event.number("AntennaID"),
                event.number("EventType") == 0 ? "disconnected" : "connected");
      return success();
    default:
      return success();
  }
}

Result<void> Session::pass_time(MonotonicTime now) {
  switch (phase_) {
    case Phase::greeting:
      if (now < deadline_) return success();
      return fail(UhfErrc::no_answer, "no connection attempt event; is this the reader's LLRP port?");
    case Phase::preparing: {
      if (now < deadline_) return success();
      const auto name = steps[step_].request(*this).name();
      if (step_ != ask_version && step_ != ask_capabilities) return fail(UhfErrc::no_answer, "to " + name);
      log::warn("reader={} goes on without an answer to {}", settings_.name, name);
      begin_step(ask_capabilities + (step_ == ask_version ? 0 : 1), now);
      return success();
    }
    case Phase::reading:
      if (!watchdog_ || now - last_heard_ < silent_intervals * settings_.keepalive) return success();
      return fail(UhfErrc::silent, fmt::format("nothing heard for {} s, keepalives were agreed every {} s",
                                               (now - last_heard_) / std::chrono::seconds(1),
                                               settings_.keepalive / std::chrono::seconds(1)));
    case Phase::closing:
      if (now >= deadline_) phase_ = Phase::closed;
      return success();
    case Phase::closed:
      return success();
  }
  return success();
}

void Session::close(MonotonicTime now) {
  if (phase_ == Phase::closing || phase_ == Phase::closed) return;
  if (phase_ == Phase::greeting) {
    phase_ = Phase::closed;
    return;
  }
  send(delete_all_rospecs());  // CLOSE_CONNECTION follows its answer: not every reader takes two at once
  phase_ = Phase::closing;
  deadline_ = now + close_within;
}

Bytes Session::take_output() {
  return std::exchange(output_, {});
}

std::vector<TagReport> Session::take_reports() {
  return std::exchange(reports_, {});
}

}  // namespace sitegate::devices::uhf
