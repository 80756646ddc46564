#include "cloud/service/service.hpp"

#include <algorithm>
#include <random>

#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"

namespace sitegate::cloud {
namespace {

/// Between attempts to open a failed store again: a disk that comes back is used within half a minute.
constexpr std::chrono::milliseconds mend_base{500};
constexpr std::chrono::milliseconds mend_cap{30'000};
/// A message above this can be nothing that a gateway sends; the rest of it is not even kept for the list.
constexpr std::size_t broker_message_size_max = std::size_t{16} << 20;

constexpr std::chrono::milliseconds reaches_interval{1'000};

void add(IngestCounts& sum, const IngestCounts& more) {
  sum.messages += more.messages;
  sum.batches_taken += more.batches_taken;
  sum.batches_duplicate += more.batches_duplicate;
  sum.batches_behind_a_gap += more.batches_behind_a_gap;
  sum.quarantined += more.quarantined;
  sum.passages += more.passages;
  sum.passages_known += more.passages_known;
  sum.registration.added += more.registration.added;
  sum.registration.changed += more.registration.changed;
  sum.registration.unchanged += more.registration.unchanged;
  sum.registration.unregistered += more.registration.unregistered;
  sum.registration.awaiting += more.registration.awaiting;
}

}  // namespace

Result<std::unique_ptr<Service>> Service::start(const ServiceSettings& settings, const Clock& clock) {
  SITEGATE_TRY(key, crypto::SigningKey::load(settings.signing_key));
  SITEGATE_TRY(store, open_store(settings.store_url, {.map_size = settings.store_map_bytes}));
  auto service = std::unique_ptr<Service>(new Service(settings, clock, std::move(store), std::move(key)));
  SITEGATE_TRYV(service->connect());
  return service;
}

Service::Service(const ServiceSettings& settings, const Clock& clock, std::unique_ptr<Store> store,
                 crypto::SigningKey key)
    : settings_(settings),
      clock_(clock),
      store_(std::move(store)),
      key_(std::move(key)),
      inbox_(settings.queue_messages, settings.queue_bytes),
      commit_size_(settings.messages_per_commit),
      mend_delay_(mend_base, mend_cap, std::random_device{}()) {}

Result<void> Service::connect() {
  mqtt::BrokerSettings broker = settings_.broker;
  broker.message_size_max = broker_message_size_max;
  broker.in_flight_max = 1'000;
  mqtt::TransportEvents events;
  events.message = [this](std::string_view topic, ByteView payload) { take(topic, payload); };
  events.connected = [] { log::info("connected to the broker, listening"); };
  events.disconnected = [](const std::string& why) {
    log::warn("disconnected from the broker reason=\"{}\"", why);
  };
  // Its bytes are gone already; that it came is listed all the same.
  events.oversized = [this](std::string_view topic, std::size_t size) {
    push({std::string(topic), {}, clock_.now(), size});
  };
  const std::vector<std::string> filters{topic_filter(wire::Channel::history),
                                         topic_filter(wire::Channel::health)};
  SITEGATE_TRY(client, mqtt::Client::start(broker, filters, std::move(events)));
  client_ = std::move(client);
  ingest_ = std::make_unique<Ingest>(*store_, *client_, clock_, key_);
  fleet_ = std::make_unique<Fleet>(*store_, *client_, clock_, key_);
  worker_ = std::jthread([this](std::stop_token stop) { work(std::move(stop)); });
  return success();
}

Service::~Service() {
  inbox_.close();
  if (worker_.joinable()) {
    worker_.request_stop();
    worker_.join();
  }
  client_.reset();  // before the inbox that its callbacks fill
}

void Service::take(std::string_view topic, ByteView payload) {
  push(incoming(topic, payload, clock_.now()));
}

void Service::push(IncomingMessage message) {
  const std::size_t left_out = inbox_.push(std::move(message));
  if (left_out == 0) return;
  counts_.with([&](ServiceCounts& counts) { counts.left_to_be_sent_again += left_out; });
}

void Service::work(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (!store_works_) {
      mend_store(stop);
      continue;
    }
    auto messages = gather();
    if (!messages.empty()) process(std::move(messages));
    keep_reaches(reaches_interval);
  }
  keep_reaches(std::chrono::milliseconds{0});
}

/// Meanwhile the inbox fills, and what does not fit is sent again: no receipt went out for it.
void Service::mend_store(const std::stop_token& stop) {
  const auto opened = store_->reopen();
  store_works_ = opened.has_value();
  counts_.with([&](ServiceCounts& counts) { counts.store_problem = opened ? "" : opened.error().text(); });
  if (opened) return log::info("store opened again");
  const auto delay = mend_delay_.next();
  log::error("nothing can be registered reason=\"{}\" retry_in_ms={}", opened.error().text(), delay.count());
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_for(lock, stop, delay, [] { return false; });
}

/// What is waiting, but only the histories: health messages are answered first, each for itself.
std::vector<IncomingMessage> Service::gather() {
  auto taken = inbox_.take(commit_size_, std::chrono::milliseconds{200});
  for (const auto& health : taken.healths) answer(health);
  return std::move(taken.histories);
}

void Service::answer(const IncomingMessage& health) {
  const auto taken = fleet_->on_health(health.topic, health.payload);
  if (!taken) log::warn("health message refused topic={} reason=\"{}\"", health.topic, taken.error().text());
  counts_.with([&](ServiceCounts& counts) { ++(taken ? counts.health_messages : counts.health_refused); });
}

/// One commit for many health messages. What fails is tried again: health messages say it anew.
void Service::keep_reaches(std::chrono::milliseconds interval) {
  if (clock_.monotonic() < reaches_kept_at_ + interval) return;
  reaches_kept_at_ = clock_.monotonic();
  if (const auto kept = fleet_->keep(); !kept)
    log::error("what gateways say cannot be kept reason=\"{}\"", kept.error().text());
}

void Service::process(std::vector<IncomingMessage> messages) {
  const auto counts = ingest_->process(messages);
  if (counts) {
    counts_.with([&](ServiceCounts& sum) { add(sum.ingest, counts.value()); });
    mend_delay_.reset();
    commit_size_ = std::min(2 * commit_size_, settings_.messages_per_commit);
    return;
  }
  log::error("commit failed messages={} reason=\"{}\"", messages.size(), counts.error().text());
  counts_.with([](ServiceCounts& sum) { ++sum.commits_failed; });
  const bool storage = is(counts.error(), StoreErrc::full) || is(counts.error(), StoreErrc::failed);
  if (storage || messages.size() == 1) return on_refused(messages.size(), storage);
  // One bad apple must not keep the others out: each message is a commit of its own.
  for (auto& message : messages) {
    if (store_works_)
      process({std::move(message)});
    else
      on_refused(1, true);
  }
}

/// The gateways keep what has no receipt, and send it again.
void Service::on_refused(std::size_t messages, bool storage) {
  if (storage) {
    store_works_ = false;
    commit_size_ = 1;
  }
  counts_.with([&](ServiceCounts& sum) { sum.left_to_be_sent_again += messages; });
}

ServiceCounts Service::counts() const {
  return counts_.with([](const ServiceCounts& counts) { return counts; });
}

}  // namespace sitegate::cloud
