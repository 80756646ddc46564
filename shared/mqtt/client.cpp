#include "shared/mqtt/client.hpp"

#include <mqtt/async_client.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>
#include <utility>

#include "shared/base/log.hpp"
#include "shared/base/retry_delay.hpp"
#include "shared/mqtt/broker_address.hpp"
#include "shared/mqtt/diagnosis.hpp"
#include "shared/mqtt/refusal.hpp"

namespace sitegate::mqtt {
namespace {

namespace paho = ::mqtt;

constexpr int at_least_once = 1;
// Subscriptions stand behind what a broken connection left to send, 4 MiB at most; the library has no
// time-out.
constexpr std::chrono::seconds grant_time{60};
// A connection must live this long before the next wait starts small again: a broker that takes us in and
// throws us out would otherwise be called on without pause.
constexpr std::chrono::seconds settled_time{30};
// For each step of finding out why there is no connection; a little more than a bad mobile line's round trip.
constexpr std::chrono::milliseconds diagnosis_patience{3000};

struct Listener final : paho::iaction_listener {
  std::function<void(const paho::token&)> success;
  std::function<void(const paho::token&)> failure;
  void on_success(const paho::token& token) override { success(token); }
  void on_failure(const paho::token& token) override { failure(token); }
};

/// The library's handles travel as its `void*` context.
void* to_context(std::uint64_t handle) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(handle));
}
std::uint64_t from_context(const paho::token& token) {
  return static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
}

int library_version(Protocol protocol) {
  return protocol == Protocol::v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
}

// No error handler is set here: version 1.2.0 hands the library the address of a copy that is gone by then.
paho::ssl_options tls_options(const BrokerSettings& settings) {
  paho::ssl_options options;
  options.set_trust_store(settings.ca_file);
  if (!settings.certificate_file.empty()) options.set_key_store(settings.certificate_file);
  if (!settings.key_file.empty()) options.set_private_key(settings.key_file);
  options.set_enable_server_cert_auth(true);
  options.set_verify(true);  // the certificate must name the host
  return options;
}

paho::connect_options connect_options(const BrokerSettings& settings, bool tls, Protocol protocol) {
  paho::connect_options options;
  options.set_mqtt_version(library_version(protocol));
  // See the header: no session outlives its connection. Without a property the session expiry is 0
  // (MQTT 5.0, 3.1.2.11.2).
  if (protocol == Protocol::v5)
    options.set_clean_start(true);
  else
    options.set_clean_session(true);
  options.set_keep_alive_interval(settings.keep_alive_s);
  options.set_connect_timeout(settings.connect_timeout_s);
  options.set_automatic_reconnect(false);
  options.set_max_inflight(static_cast<int>(settings.in_flight_max));
  if (tls) options.set_ssl(tls_options(settings));
  return options;
}

Result<void> check_file(const std::string& file, const char* name) {
  std::error_code error;
  if (std::filesystem::is_regular_file(file, error)) return success();
  return fail(MqttErrc::bad_settings, std::string(name) + ": no file " + (file.empty() ? "given" : file));
}

Result<void> check(const BrokerSettings& settings, const BrokerAddress& address) {
  if (settings.client_id.empty() || settings.client_id.size() > 64)
    return fail(MqttErrc::bad_settings, "client_id: 1 to 64 characters");
  if (settings.in_flight_max < 1 || settings.in_flight_max > 1000)
    return fail(MqttErrc::bad_settings, "in_flight_max: 1 to 1000");
  if (settings.keep_alive_s < 1 || settings.keep_alive_s > 65535)
    return fail(MqttErrc::bad_settings, "keep_alive_s: 1 to 65535");
  if (!address.tls) return success();
  SITEGATE_TRYV(check_file(settings.ca_file, "ca_file"));
  if (settings.certificate_file.empty() && settings.key_file.empty()) return success();
  SITEGATE_TRYV(check_file(settings.certificate_file, "certificate_file"));
  return check_file(settings.key_file, "key_file");
}

std::uint64_t seed_of(const BrokerSettings& settings) {
  return settings.retry_seed != 0 ? settings.retry_seed : std::random_device{}() + 1ULL;
}

PublishOutcome outcome_of_success(int reason) {
  // The library (1.3.12) passes 0 for every success; a newer one may pass 0x10.
  if (reason == paho::NO_MATCHING_SUBSCRIBERS)
    return {PublishOutcome::Kind::no_subscriber, reason, reason_text(reason)};
  return {PublishOutcome::Kind::delivered, 0, {}};
}

PublishOutcome outcome_of_failure(int reason) {
  // 0xff is the library's own "none".
  if (reason >= 0x80 && reason < 0xff) return {PublishOutcome::Kind::denied, reason, reason_text(reason)};
  return {PublishOutcome::Kind::failed, 0, "the connection ended before the broker answered"};
}

void count(ClientState& state, PublishOutcome::Kind kind) {
  switch (kind) {
    case PublishOutcome::Kind::delivered:
      ++state.delivered;
      break;
    case PublishOutcome::Kind::no_subscriber:
      ++state.no_subscriber;
      break;
    case PublishOutcome::Kind::denied:
      ++state.denied;
      break;
    case PublishOutcome::Kind::failed:
      ++state.failed;
      break;
  }
}

constexpr std::chrono::seconds look_interval{1};
constexpr int ends_missed_max = 2;

// The library says only that there is none; tear_down finds out why.
constexpr std::string_view no_connection = "no connection";
// TLS 1.3: the client is through before the server has looked at its certificate.
constexpr std::string_view closed_during_sign_in =
    "the broker closed the connection before it let us in: look at its log (certificate, client id, "
    "protocol)";

template <typename Function, typename... Arguments>
void call(const Function& function, Arguments&&... arguments) {
  if (function) function(std::forward<Arguments>(arguments)...);
}

}  // namespace

// The library calls back with its own lock held, so ours is never held while the library is called.
//
// One library client serves all connections. Messages that it had queued behind a full socket when the
// connection broke stay with it and are sent on the next one: destroying it would leak them
// (MQTTAsync_destroy in 1.3.12 forgets topic and payload of queued commands). Their callers were told
// `failed` and will send them again; the far side knows duplicates. They fill the bounds of what may be in
// flight until they are gone.
class Client::Implementation final : private paho::callback {
 public:
  Implementation(BrokerSettings settings, BrokerAddress address, std::vector<std::string> subscriptions,
                 TransportEvents events);
  ~Implementation() override { thread_ = {}; }

  [[nodiscard]] bool is_connected() const;
  [[nodiscard]] ClientState state() const;
  Result<void> publish(const std::string& topic, ByteView payload, std::uint64_t tag);

 private:
  enum class Phase { idle, connecting, subscribing, ready, ended };
  struct Handed {
    std::uint64_t tag;
    std::size_t size;
    bool told;  // the caller has its outcome; the library still holds the message
  };

  // the connection's own thread
  void run(const std::stop_token& stop);
  void attempt(const std::stop_token& stop);
  void begin();
  void make_library_client();
  void subscribe();
  bool wait_ready(const std::stop_token& stop);
  void wait_end(const std::stop_token& stop);
  void tear_down(bool was_ready, const std::stop_token& stop);
  void drop_library_client();
  void tell_left_over();
  std::string conclude(bool was_ready, const std::stop_token& stop);
  void wait_before_retry(const std::stop_token& stop, std::chrono::milliseconds delay);

  // the library's thread
  void on_connected();
  void on_connect_failed(const paho::token& token);
  void note_library_ended();
  void on_granted();
  void on_subscription_failed(const paho::token& token);
  void on_published(const paho::token& token, PublishOutcome outcome);
  void connection_lost(const std::string& cause) override;
  void message_arrived(paho::const_message_ptr message) override;

  // any thread
  void end(std::string why, int refusal = 0);
  void finish(std::uint64_t handle, PublishOutcome outcome);
  Result<std::uint64_t> reserve(std::size_t size, std::uint64_t tag);

  // constant after construction
  const BrokerSettings settings_;
  const BrokerAddress address_;
  const std::vector<std::string> subscriptions_;
  const TransportEvents events_;
  Listener connect_listener_, subscribe_listener_, publish_listener_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // guarded by mutex_
  Phase phase_ = Phase::idle;
  std::string why_;      // the connection ended
  std::string trouble_;  // why the last one ended, for whoever looks while the next is tried
  int refusal_ = 0;      // its CONNACK code, if that was the reason
  std::size_t grants_missing_ = 0;
  std::size_t publishing_ = 0;                           // threads inside paho_->publish
  std::unordered_map<std::uint64_t, Handed> in_flight_;  // by handle
  std::size_t in_flight_bytes_ = 0;
  bool library_ended_ = false;  // the library itself has closed this connection: its client can be used again
  std::uint64_t last_handle_ = 0;
  ClientState state_;

  // of thread_; also used by publish while publishing_ counts it
  std::unique_ptr<paho::async_client> paho_;
  Protocol protocol_;
  RetryDelay retry_delay_;

  std::jthread thread_;  // last: ends before the rest goes
};

Client::Implementation::Implementation(BrokerSettings settings, BrokerAddress address,
                                       std::vector<std::string> subscriptions, TransportEvents events)
    : settings_(std::move(settings)),
      address_(std::move(address)),
      subscriptions_(std::move(subscriptions)),
      events_(std::move(events)),
      protocol_(settings_.protocol == Protocol::automatic ? Protocol::v5 : settings_.protocol),
      retry_delay_(settings_.retry_base, settings_.retry_cap, seed_of(settings_)) {
  connect_listener_.success = [this](const paho::token&) { on_connected(); };
  connect_listener_.failure = [this](const paho::token& token) { on_connect_failed(token); };
  subscribe_listener_.success = [this](const paho::token&) { on_granted(); };
  subscribe_listener_.failure = [this](const paho::token& token) { on_subscription_failed(token); };
  publish_listener_.success = [this](const paho::token& token) {
    on_published(token, outcome_of_success(token.get_reason_code()));
  };
  publish_listener_.failure = [this](const paho::token& token) {
    on_published(token, outcome_of_failure(token.get_reason_code()));
  };
  state_.text = "starting";
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

// ---- any thread ----

bool Client::Implementation::is_connected() const {
  const std::lock_guard lock(mutex_);
  return phase_ == Phase::ready;
}

ClientState Client::Implementation::state() const {
  const std::lock_guard lock(mutex_);
  ClientState state = state_;
  state.connected = phase_ == Phase::ready;
  state.in_flight = in_flight_.size();
  return state;
}

Result<std::uint64_t> Client::Implementation::reserve(std::size_t size, std::uint64_t tag) {
  if (size > settings_.message_size_max)
    return fail(MqttErrc::too_large,
                std::to_string(size) + " bytes, at most " + std::to_string(settings_.message_size_max));
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::ready) return fail(MqttErrc::not_connected, state_.text);
  // One message may always go, however large: otherwise it would never go.
  if (in_flight_.size() >= settings_.in_flight_max ||
      (!in_flight_.empty() && in_flight_bytes_ + size > settings_.in_flight_bytes_max))
    return fail(MqttErrc::too_much_in_flight, std::to_string(in_flight_.size()) + " messages of " +
                                                  std::to_string(in_flight_bytes_) + " bytes");
  ++publishing_;
  in_flight_.emplace(++last_handle_, Handed{tag, size, false});
  in_flight_bytes_ += size;
  return last_handle_;
}

Result<void> Client::Implementation::publish(const std::string& topic, ByteView payload, std::uint64_t tag) {
  SITEGATE_TRY(handle, reserve(payload.size(), tag));
  std::string refused;
  try {
    paho_->publish(paho::message::create(topic, payload.data(), payload.size(), at_least_once, false),
                   to_context(handle), publish_listener_);
  } catch (const std::exception& error) {
    refused = error.what();
  }
  const std::lock_guard lock(mutex_);
  --publishing_;
  changed_.notify_all();
  if (refused.empty() || in_flight_.erase(handle) == 0) return success();
  in_flight_bytes_ -= payload.size();
  return fail(MqttErrc::refused, topic + ": " + refused);
}

void Client::Implementation::end(std::string why, int refusal) {
  const std::lock_guard lock(mutex_);
  if (phase_ == Phase::ended) return;  // the first reason is the true one
  phase_ = Phase::ended;
  why_ = std::move(why);
  refusal_ = refusal;
  changed_.notify_all();
}

void Client::Implementation::finish(std::uint64_t handle, PublishOutcome outcome) {
  Handed handed{};
  {
    const std::lock_guard lock(mutex_);
    const auto found = in_flight_.find(handle);
    if (found == in_flight_.end()) return;
    handed = found->second;
    in_flight_.erase(found);
    in_flight_bytes_ -= handed.size;
    if (!handed.told) count(state_, outcome.kind);
  }
  if (!handed.told) call(events_.delivered, handed.tag, std::move(outcome));
}

// ---- the library's thread ----

/// Only notes it: the library's client is the other thread's, which may be about to drop it.
void Client::Implementation::on_connected() {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::connecting) return;
  phase_ = subscriptions_.empty() ? Phase::ready : Phase::subscribing;
  grants_missing_ = subscriptions_.size();
  changed_.notify_all();
}

void Client::Implementation::on_connect_failed(const paho::token& token) {
  note_library_ended();
  const int code = token.get_return_code();
  if (is_connack_refusal(code))
    end("the broker refused the connection: " + connack_text(code), code);
  else
    end(std::string(no_connection));
}

void Client::Implementation::on_granted() {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::subscribing || --grants_missing_ > 0) return;
  phase_ = Phase::ready;
  changed_.notify_all();
}

void Client::Implementation::on_subscription_failed(const paho::token& token) {
  const auto topics = token.get_topics();
  const std::string topic = topics && !topics->empty() ? (*topics)[0] : std::string("?");
  end("the broker refused the subscription to " + topic + ": " + reason_text(token.get_reason_code()));
}

void Client::Implementation::on_published(const paho::token& token, PublishOutcome outcome) {
  finish(from_context(token), std::move(outcome));
}

void Client::Implementation::note_library_ended() {
  const std::lock_guard lock(mutex_);
  library_ended_ = true;
}

void Client::Implementation::connection_lost(const std::string& cause) {
  note_library_ended();
  end("the connection to the broker was lost" + (cause.empty() ? std::string() : ": " + cause));
}

void Client::Implementation::message_arrived(paho::const_message_ptr message) {
  const auto& payload = message->get_payload();
  const bool oversized = payload.size() > settings_.message_size_max;
  {
    const std::lock_guard lock(mutex_);
    ++(oversized ? state_.oversized : state_.received);
  }
  if (oversized)
    call(events_.oversized, message->get_topic(), payload.size());
  else
    call(events_.message, message->get_topic(), as_bytes(payload));
}

// ---- the connection's own thread ----

void Client::Implementation::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto begun = std::chrono::steady_clock::now();
    attempt(stop);
    if (stop.stop_requested()) return;
    if (std::chrono::steady_clock::now() - begun > settled_time) retry_delay_.reset();
    wait_before_retry(stop, retry_delay_.next());
  }
}

void Client::Implementation::attempt(const std::stop_token& stop) {
  begin();
  const bool was_ready = wait_ready(stop);
  if (was_ready) {
    log::info("connected to the broker broker={} protocol={}", address_.text(),
              protocol_ == Protocol::v5 ? "5" : "3.1.1");
    call(events_.connected);
    wait_end(stop);
  }
  tear_down(was_ready, stop);
}

void Client::Implementation::begin() {
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::connecting;
    why_.clear();
    refusal_ = 0;
    library_ended_ = false;
    state_.protocol = protocol_;
    state_.text = "connecting to " + address_.text() + (trouble_.empty() ? "" : "; last time: " + trouble_);
  }
  try {
    if (!paho_) make_library_client();
    const auto options = connect_options(settings_, address_.tls, protocol_);
    paho_->connect(options, nullptr, connect_listener_);
  } catch (const std::exception& error) {
    end(std::string("cannot start: ") + error.what());
  }
}

void Client::Implementation::make_library_client() {
  paho::create_options options(library_version(protocol_));
  // Never reached: our own bound comes first. The library counts a few commands more than messages.
  options.set_max_buffered_messages(static_cast<int>(settings_.in_flight_max) + 100);
  paho_ =
      std::make_unique<paho::async_client>(address_.uri_for_paho(), settings_.client_id, options, nullptr);
  paho_->set_callback(*this);
}

void Client::Implementation::subscribe() {
  try {
    for (const auto& filter : subscriptions_)
      paho_->subscribe(filter, at_least_once, nullptr, subscribe_listener_);
  } catch (const std::exception& error) {
    end(std::string("cannot subscribe: ") + error.what());
  }
}

bool Client::Implementation::wait_ready(const std::stop_token& stop) {
  const auto limit =
      std::chrono::steady_clock::now() + std::chrono::seconds(settings_.connect_timeout_s) + grant_time;
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, limit, [this] { return phase_ != Phase::connecting; });
  if (phase_ == Phase::subscribing && !stop.stop_requested()) {
    lock.unlock();
    subscribe();
    lock.lock();
  }
  changed_.wait_until(lock, stop, limit, [this] { return phase_ == Phase::ready || phase_ == Phase::ended; });
  if (phase_ == Phase::connecting) why_ = "the broker did not answer";
  if (phase_ == Phase::subscribing) why_ = "the broker did not grant the subscriptions";
  if (phase_ != Phase::ready || stop.stop_requested()) return false;
  ++state_.connections;
  state_.text = "connected to " + address_.text();
  return true;
}

/// The library (1.3.12) does not tell every end: not when the broker closes a TLS connection while a large
/// message is being written. So it is asked now and then.
void Client::Implementation::wait_end(const std::stop_token& stop) {
  const auto is_over = [this] { return phase_ == Phase::ended; };
  for (int missed = 0; missed < ends_missed_max;) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, stop, look_interval, is_over) || stop.stop_requested()) return;
    }
    missed = paho_->is_connected() ? 0 : missed + 1;  // the first time it may be about to tell
  }
  note_library_ended();
  end("the connection to the broker was lost");
}

void Client::Implementation::tear_down(bool was_ready, const std::stop_token& stop) {
  bool keep_library_client = false;
  {
    std::unique_lock lock(mutex_);
    phase_ = Phase::ended;
    changed_.wait(lock, [this] { return publishing_ == 0; });
    keep_library_client = library_ended_ && !stop.stop_requested();
  }
  const bool other_protocol = settings_.protocol == Protocol::automatic && is_protocol_refusal(refusal_);
  if (!keep_library_client || other_protocol) drop_library_client();
  tell_left_over();
  const std::string why = conclude(was_ready, stop);
  if (was_ready) call(events_.disconnected, why);
  if (!stop.stop_requested()) log::warn("no broker: {}", why);
  if (other_protocol) protocol_ = Protocol::v3_1_1;
}

/// Says goodbye to the broker if it can; what it still held is answered by its destructor.
void Client::Implementation::drop_library_client() {
  paho_.reset();
  tell_left_over();
  const std::lock_guard lock(mutex_);
  in_flight_.clear();
  in_flight_bytes_ = 0;
}

std::string Client::Implementation::conclude(bool was_ready, const std::stop_token& stop) {
  std::string why = "stopped";
  if (!stop.stop_requested()) {
    const std::lock_guard lock(mutex_);
    why = why_;
  }
  if (why == no_connection)
    why = diagnose(address_, settings_, diagnosis_patience).value_or(std::string(closed_during_sign_in));
  why = address_.text() + ": " + why;
  const std::lock_guard lock(mutex_);
  if (!stop.stop_requested()) ++(was_ready ? state_.disconnections : state_.attempts_failed);
  state_.text = trouble_ = why;
  return why;
}

void Client::Implementation::tell_left_over() {
  std::vector<std::uint64_t> tags;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [handle, handed] : in_flight_) {
      if (!std::exchange(handed.told, true)) tags.push_back(handed.tag);
    }
    state_.failed += tags.size();
  }
  for (const auto tag : tags) call(events_.delivered, tag, outcome_of_failure(0));
}

void Client::Implementation::wait_before_retry(const std::stop_token& stop, std::chrono::milliseconds delay) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, delay, [] { return false; });
}

// ---- the public face ----

Client::Client(std::unique_ptr<Implementation> implementation) : implementation_(std::move(implementation)) {}
Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::start(BrokerSettings settings, std::vector<std::string> subscriptions,
                                              TransportEvents events) {
  SITEGATE_TRY(address, parse_broker_url(settings.url));
  SITEGATE_TRYV(check(settings, address));
  return std::unique_ptr<Client>(new Client(std::make_unique<Implementation>(
      std::move(settings), std::move(address), std::move(subscriptions), std::move(events))));
}

bool Client::connected() const {
  return implementation_->is_connected();
}
ClientState Client::state() const {
  return implementation_->state();
}
Result<void> Client::publish(const std::string& topic, ByteView payload, std::uint64_t tag) {
  return implementation_->publish(topic, payload, tag);
}

}  // namespace sitegate::mqtt
