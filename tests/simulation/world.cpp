#include "tests/simulation/world.hpp"

#include <stdexcept>

#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "shared/wire/topic.hpp"

namespace sitegate::tests {
namespace {

constexpr UtcTime start_time{std::chrono::milliseconds{1'690'756'200'000}};  // 2023-07-31T07:30+09:00 − 1 h

void promise(bool kept, const std::string& which) {
  if (!kept) throw std::runtime_error("broken promise: " + which);
}

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(result).value();
}

void must(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().text());
}

crypto::SigningKey key_of(std::uint8_t number) {
  std::array<std::uint8_t, 32> seed{};
  seed.fill(number);
  return crypto::SigningKey::from_seed(seed);
}

}  // namespace

/// A transport into the simulated network.
class World::Line final : public mqtt::Transport {
 public:
  explicit Line(World& world) : world_(world) {}
  [[nodiscard]] bool connected() const override { return connected_; }
  Result<void> publish(const std::string& topic, ByteView payload, std::uint64_t) override {
    if (!connected_) return fail(mqtt::MqttErrc::not_connected, topic);
    world_.post(topic, payload);
    return success();
  }
  void set_connected(bool connected) { connected_ = connected; }

 private:
  World& world_;
  bool connected_ = true;
};

struct World::Gateway {
  edge::GatewayIdentity identity;
  crypto::SigningKey key;
  std::filesystem::path folder;
  std::unique_ptr<Line> line;
  std::unique_ptr<edge::Outbox> outbox;
  std::unique_ptr<edge::Publisher> publisher;
};

World::World(std::uint64_t seed, const WorldSettings& settings)
    : random_(seed), settings_(settings), clock_(start_time), start_(start_time), cloud_key_(key_of(200)) {
  open_cloud();
  for (int i = 0; i < settings.technicians; ++i)
    technicians_.push_back(*TechnicianId::from_number(10'000 + static_cast<std::uint64_t>(i)));
  site_ = *SiteId::from_number(77);
  for (int i = 0; i < settings.gateways; ++i) {
    const auto number = static_cast<std::uint8_t>(i + 1);
    gateways_.push_back(
        std::make_unique<Gateway>(Gateway{{*GatewayId::parse("gate-" + std::to_string(i)), site_, 5},
                                          key_of(number),
                                          folder_ / ("gate-" + std::to_string(i)),
                                          nullptr,
                                          nullptr,
                                          nullptr}));
    open_gateway(*gateways_.back());
  }
  make_registry();
}

World::~World() = default;

std::chrono::hours World::simulated() const {
  return std::chrono::duration_cast<std::chrono::hours>(clock_.now() - start_);
}

bool World::happens(double probability) {
  return faults_ && std::uniform_real_distribution<double>(0, 1)(random_) < probability;
}

std::size_t World::pick(std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

void World::make_registry() {
  const auto company = *CompanyId::from_number(5);
  const auto prefecture = *Prefecture::from_code(13);
  const Date day{std::chrono::days{19'000}};
  auto transaction = must(store_->begin_write());
  must(transaction->put(
      Company{company, "company", prefecture, CompanyClass::corporation, CompanyClass::corporation, day}));
  must(transaction->put(
      Site{site_, "site", prefecture, company, day, day, day + std::chrono::days{4'000}, false, {}}));
  for (const auto id : technicians_) must(transaction->put(Technician{id, "", prefecture, day, company}));
  for (const auto& gateway : gateways_)
    must(transaction->put(GatewayRecord{gateway->identity.gateway, site_, gateway->identity.bucket,
                                        gateway->key.public_key(), false}));
  must(transaction->commit());
}

void World::open_cloud() {
  ingest_.reset();
  store_.reset();
  cloud_line_ = std::make_unique<Line>(*this);
  const std::string url = "lmdb:" + (folder_ / "store").string();
  store_ =
      must(cloud::open_store(url, {.durability = cloud::Durability::bulk, .map_size = std::size_t{1} << 30}));
  ingest_ = std::make_unique<cloud::Ingest>(*store_, *cloud_line_, clock_, cloud_key_);
}

void World::open_gateway(Gateway& gateway) {
  gateway.publisher.reset();
  gateway.outbox.reset();
  gateway.line = std::make_unique<Line>(*this);
  Random chance(random_());
  gateway.outbox =
      must(edge::Outbox::open(gateway.folder, {.map_size = std::size_t{64} << 20, .sync = false}, chance));
  gateway.publisher = std::make_unique<edge::Publisher>(
      *gateway.outbox, *gateway.line, clock_, gateway.identity, gateway.key, cloud_key_.public_key(),
      edge::PublisherSettings{.batch_passages_max = 20}, random_());
  gateway.publisher->on_connected();
}

void World::turn() {
  const std::size_t what = pick(100);
  if (what < 30)
    record_passage();
  else if (what < 65)
    deliver();
  else
    step(*gateways_[pick(gateways_.size())]);
  // Mostly moments, now and then a quiet half hour: days go by in a run.
  clock_.advance(std::chrono::milliseconds(pick(10) == 0 ? pick(1'800'000) : pick(20'000)));
  if (happens(settings_.crash)) crash_something();
}

void World::crash_something() {
  ++crashes_;
  const std::size_t what = pick(gateways_.size() + 2);
  if (what < gateways_.size()) return open_gateway(*gateways_[what]);
  if (what == gateways_.size()) return open_cloud();
  network_.clear();  // the broker: whatever it held is gone, and everybody comes back
  for (auto& gateway : gateways_) gateway->publisher->on_connected();
}

void World::record_passage() {
  auto& gateway = *gateways_[pick(gateways_.size())];
  Passage passage;
  const auto technician = technicians_[pick(technicians_.size())];
  passage.person = technician;
  passage.gate = "1";
  passage.reader = "north";
  passage.direction = pick(2) == 0 ? Direction::entry : Direction::exit;
  passage.evidence = {{Method::card, std::nullopt, std::nullopt}};
  passage.event_time = clock_.now();
  passage.work_date = work_date_of(clock_.now(), std::chrono::minutes{540}, std::chrono::minutes{240});
  passage.clock_state = ClockState::synchronised;
  must(gateway.outbox->append(wire::encode_passage(passage)));
  accepted_.emplace(technician, passage.work_date);
  ++passages_;
}

void World::post(const std::string& topic, ByteView payload) {
  if (happens(settings_.loss)) {
    ++lost_;
    return;
  }
  const int copies = happens(settings_.duplication) ? 2 : 1;
  doubled_ += static_cast<std::uint64_t>(copies - 1);
  for (int i = 0; i < copies; ++i) {
    const bool elsewhere = !network_.empty() && happens(settings_.reordering);
    const auto place =
        elsewhere ? network_.begin() + static_cast<std::ptrdiff_t>(pick(network_.size())) : network_.end();
    network_.insert(place, {topic, to_bytes(payload)});
  }
}

void World::deliver() {
  std::vector<Letter> to_cloud;
  std::size_t count = std::min<std::size_t>(network_.size(), 1 + pick(8));
  while (count-- > 0) {
    Letter letter = std::move(network_.front());
    network_.erase(network_.begin());
    const auto topic = wire::parse_topic(letter.topic);
    promise(topic.has_value(), "every topic is one of ours");
    if (topic->channel == wire::Channel::history) {
      to_cloud.push_back(std::move(letter));
      continue;
    }
    for (auto& gateway : gateways_)
      if (gateway->identity.gateway == topic->gateway) {
        gateway->publisher->on_receipt(letter.payload);
        check_receipts(*gateway);
      }
  }
  if (!to_cloud.empty()) deliver_to_cloud(std::move(to_cloud));
}

void World::deliver_to_cloud(std::vector<Letter> letters) {
  std::vector<cloud::IncomingMessage> messages;
  for (const auto& letter : letters)
    messages.push_back(cloud::incoming(letter.topic, letter.payload, clock_.now()));
  const auto before = ingest_->process(messages);
  must(before.has_error() ? Result<void>(before.error()) : Result<void>(success()));
  promise(before.value().quarantined == 0, "an honest gateway is never quarantined");
  if (!settings_.receipt_before_commit || !happens(0.05)) return;
  // The broken cloud: what it has given receipts for is not in its store.
  ingest_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_ / "store");
  open_cloud();
  make_registry();
}

void World::step(Gateway& gateway) {
  must(gateway.publisher->step());
}

/// A receipt is never ahead of the cloud's commit.
void World::check_receipts(const Gateway& gateway) {
  const auto state = gateway.outbox->state();
  const auto transaction = must(store_->begin_read());
  const auto position = must(transaction->position(gateway.identity.gateway, state.epoch));
  promise(state.receipted_through <= (position ? position->watermark : 0), "no receipt before the commit");
}

void World::settle() {
  faults_ = false;
  for (auto& gateway : gateways_) gateway->publisher->on_connected();
  const auto unfinished = [](const auto& gateway) {
    const auto state = gateway->outbox->state();
    return state.receipted_through + 1 < state.next_sequence;
  };
  for (int turns = 0; std::any_of(gateways_.begin(), gateways_.end(), unfinished); ++turns) {
    promise(turns < 100'000, "everything arrives once the faults end");
    for (auto& gateway : gateways_) step(*gateway);
    while (!network_.empty()) deliver();
    clock_.advance(std::chrono::milliseconds{500});
  }
}

void World::check_end() {
  const auto transaction = must(store_->begin_read());
  std::uint64_t registered = 0;
  for (const auto technician : technicians_) {
    const auto histories = must(
        transaction->histories_of(technician, Date{std::chrono::days{0}}, Date{std::chrono::days{40'000}}));
    registered += histories.size();
    for (const auto& history : histories)
      promise(accepted_.contains({technician, history.work_date}),
              "nothing is registered that was not accepted");
  }
  promise(registered == accepted_.size(), "accepted " + std::to_string(accepted_.size()) +
                                              " technician-days, registered " + std::to_string(registered));
  const auto rollups = must(transaction->rollups());
  promise(rollups == must(transaction->recount({})), "counters are what a recount gives");
  std::uint64_t counted = 0;
  for (const auto& cell : rollups.histories) counted += cell.count;
  promise(counted == accepted_.size(), "each is counted once");
  for (const auto& gateway : gateways_) {
    Digest head{};
    const auto epoch = gateway->outbox->state().epoch;
    const auto batches = must(transaction->kept_batches(gateway->identity.gateway, epoch, 1, 1'000'000));
    const auto key = [&](std::string_view) { return std::optional(gateway->key.public_key()); };
    for (const auto& batch : batches) {
      const auto opened =
          must(wire::open(batch.envelope, wire::MessageKind::history, wire::batch_size_max, key));
      promise(must(wire::decode_work_history_batch(opened.payload)).batch.previous_hash == head,
              "the chain is whole");
      head = opened.hash;
    }
    promise(head == gateway->outbox->state().chain_head, "the cloud's chain ends where the gateway's does");
  }
}

}  // namespace sitegate::tests
