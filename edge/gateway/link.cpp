#include "edge/gateway/link.hpp"

#include "edge/publisher/health.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/site_roster.hpp"
#include "shared/wire/topic.hpp"

namespace sitegate::edge {
namespace {

constexpr std::string_view software_version = SITEGATE_VERSION;

std::uint64_t seed_from(const Clock& clock) {
  return static_cast<std::uint64_t>(clock.monotonic().count()) ^ std::random_device{}();
}

}  // namespace

Result<std::unique_ptr<Link>> Link::start(const GatewaySettings& settings, Outbox& outbox, RosterBook& roster,
                                          const Clock& clock, const crypto::SigningKey& key,
                                          const PublicKey& cloud_key, ReaderHealths readers) {
  auto link =
      std::unique_ptr<Link>(new Link(settings, outbox, roster, clock, key, cloud_key, std::move(readers)));
  SITEGATE_TRYV(link->connect());
  return link;
}

Link::Link(const GatewaySettings& settings, Outbox& outbox, RosterBook& roster, const Clock& clock,
           const crypto::SigningKey& key, const PublicKey& cloud_key, ReaderHealths readers)
    : settings_(settings),
      outbox_(outbox),
      roster_(roster),
      clock_(clock),
      key_(key),
      cloud_key_(cloud_key),
      readers_(std::move(readers)) {}

Result<void> Link::connect() {
  const auto topic = [this](wire::Channel channel) {
    return to_text(wire::Topic{settings_.identity.bucket, settings_.identity.gateway, channel});
  };
  mqtt::TransportEvents events;
  events.connected = [this] { events_.push(Connected{}); };
  events.disconnected = [](const std::string& why) {
    log::warn("disconnected from the broker reason=\"{}\"", why);
  };
  // An event that does not fit into the queue is made up for: receipts by resending, rosters by the next
  // health message.
  events.message = [this](std::string_view from, ByteView payload) {
    events_.push(Message{std::string(from), to_bytes(payload)});
  };
  events.delivered = [this](std::uint64_t, mqtt::PublishOutcome outcome) {
    if (outcome.kind != mqtt::PublishOutcome::Kind::delivered) events_.push(std::move(outcome));
  };
  mqtt::BrokerSettings broker = settings_.broker;
  broker.message_size_max = wire::roster_size_max + 1'024;
  SITEGATE_TRY(client,
               mqtt::Client::start(broker, {topic(wire::Channel::receipt), topic(wire::Channel::roster)},
                                   std::move(events)));
  client_ = std::move(client);
  publisher_ = std::make_unique<Publisher>(outbox_, *client_, clock_, settings_.identity, key_, cloud_key_,
                                           settings_.publisher, seed_from(clock_));
  thread_ = std::jthread([this](std::stop_token stop) { work(std::move(stop)); });
  return success();
}

Link::~Link() {
  events_.close();
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  client_.reset();  // before the queue that its callbacks fill
}

void Link::wake() {
  events_.push(Woken{});
}

void Link::tell_health() {
  events_.push(HealthWanted{});
}

void Link::work(std::stop_token stop) {
  std::chrono::milliseconds wait{0};
  while (!stop.stop_requested()) {
    for (auto event = events_.pop(wait); event; event = events_.try_pop()) take(*event);
    const auto next = publisher_->step();
    problem_ = next ? "" : next.error().text();
    if (!next) log::error("publishing stands still reason=\"{}\"", problem_);
    wait = next ? next.value() : std::chrono::milliseconds{1'000};
    if (client_->connected() && (!health_at_ || clock_.monotonic() >= *health_at_)) send_health();
    state_.with([this](LinkState& state) {
      state.connected = client_->connected();
      state.publisher = publisher_->state();
    });
  }
}

void Link::take(const Event& event) {
  if (std::holds_alternative<Connected>(event)) {
    log::info("connected to the broker");
    publisher_->on_connected();
    health_at_.reset();
  } else if (std::holds_alternative<HealthWanted>(event)) {
    health_at_.reset();
  } else if (const auto* message = std::get_if<Message>(&event)) {
    on_message(*message);
  } else if (const auto* outcome = std::get_if<mqtt::PublishOutcome>(&event)) {
    publisher_->on_delivered(*outcome);
  }
}

void Link::on_message(const Message& message) {
  const auto topic = wire::parse_topic(message.topic);
  if (topic && topic->channel == wire::Channel::receipt) return publisher_->on_receipt(message.payload);
  const auto applied = apply_roster(message.payload);
  if (!applied) log::error("roster not applied reason=\"{}\"", applied.error().text());
  roster_wanted_in_full_ = !applied && is(applied.error(), RosterErrc::base_mismatch);
  if (roster_wanted_in_full_) health_at_.reset();
  state_.with([&](LinkState& state) { ++(applied ? state.rosters_applied : state.rosters_refused); });
}

Result<void> Link::apply_roster(ByteView payload) {
  const auto key_of = [this](std::string_view signer) {
    return signer == wire::cloud_signer ? std::optional(cloud_key_) : std::nullopt;
  };
  SITEGATE_TRY(opened, wire::open(payload, wire::MessageKind::roster, wire::roster_size_max, key_of));
  SITEGATE_TRY(roster, wire::decode_site_roster(opened.payload));
  SITEGATE_TRY(change, roster_.apply(roster));
  if (change == RosterChange::applied)
    log::info("roster applied version={} technicians={}", roster.version,
              roster_.current()->roster().technicians.size());
  return success();
}

void Link::send_health() {
  const auto sealed =
      wire::seal(wire::MessageKind::health, settings_.identity.gateway.text(), wire::encode(health()), key_);
  const std::string topic =
      to_text(wire::Topic{settings_.identity.bucket, settings_.identity.gateway, wire::Channel::health});
  if (const auto sent = client_->publish(topic, sealed.bytes, 0); !sent)
    log::debug("health not sent reason=\"{}\"", sent.error().text());
  health_at_ = clock_.monotonic() + settings_.health_interval;
}

wire::Health Link::health() const {
  const OutboxState outbox = outbox_.state();
  std::string problem = !outbox.failure.empty() ? outbox.failure : outbox.refusal;
  if (problem.empty()) problem = problem_;
  if (problem.empty()) problem = publisher_->state().problem;
  if (problem.empty()) problem = to_text(publisher_->state().fill);
  if (problem.empty()) problem = roster_.problem();
  wire::Health health = outbox_health(outbox, settings_.identity, clock_);
  health.software_version = std::string(software_version);
  health.roster_version = roster_wanted_in_full_ ? 0 : roster_.current()->roster().version;
  health.readers = readers_();
  health.problem = std::move(problem);
  return health;
}

LinkState Link::state() const {
  return state_.with([](const LinkState& state) { return state; });
}

}  // namespace sitegate::edge
