#include "tests/simulation/world.hpp"

#include <algorithm>
#include <stdexcept>

#include "edge/publisher/health.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "shared/wire/topic.hpp"

namespace sitegate::tests {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr UtcTime start_time{milliseconds{1'690'756'200'000}};  // 2023-07-31T07:30+09:00 − 1 h
constexpr hours day{24};

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

crypto::SigningKey key_of(std::size_t number) {
  std::array<std::uint8_t, 32> seed{};
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(number >> (8 * (i % 4)));
  return crypto::SigningKey::from_seed(seed);
}
constexpr std::size_t cloud_key_number = 1'000'000;

/// A gateway's own idea of the time: the world's, and how far its wall clock is set wrong.
class GatewayClock final : public Clock {
 public:
  explicit GatewayClock(const ManualClock& world) : world_(world) {}
  [[nodiscard]] UtcTime now() const override { return world_.now() + ahead_; }
  [[nodiscard]] MonotonicTime monotonic() const override { return world_.monotonic() - booted_; }
  [[nodiscard]] BootId boot_id() const override { return {static_cast<std::uint8_t>(boots_)}; }
  [[nodiscard]] ClockState state() const override {
    return ahead_.count() == 0 ? ClockState::synchronised : ClockState::unsynchronised;
  }
  void set_ahead(milliseconds by) { ahead_ = by; }
  void reboot() {
    booted_ = world_.monotonic();
    ++boots_;
  }

 private:
  const ManualClock& world_;
  milliseconds ahead_{0};
  MonotonicTime booted_{0};
  int boots_ = 1;
};

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
  Gateway(std::size_t number, SiteId site, const TemporaryFolder& world_folder, World& world)
      : position(number),
        clock(world.clock_),
        identity{*GatewayId::parse("gate-" + std::to_string(number)), site, 5},
        key_number(number + 1),
        key(key_of(key_number)),
        folder(world_folder / ("gate-" + std::to_string(number))),
        line(world) {}
  [[nodiscard]] bool has_all_receipts() const {
    const auto state = outbox->state();
    return state.receipted_through + 1 >= state.next_sequence;
  }

  std::size_t position;
  GatewayClock clock;
  edge::GatewayIdentity identity;
  std::size_t key_number;
  crypto::SigningKey key;
  std::filesystem::path folder;
  Line line;
  std::vector<TechnicianId> technicians;
  struct Disk {
    std::vector<Day> days;  // of the passages that it holds, as accepted
    std::set<std::string> typed;
  };
  Disk disk;
  std::optional<Disk> backup;             // beside the folder, with ".backup" behind its name
  std::uint64_t epochs_begun_before = 0;  // by publishers that are gone
  std::unique_ptr<edge::Outbox> outbox;
  std::unique_ptr<edge::Publisher> publisher;
  std::optional<MonotonicTime> step_at;
};

World::World(std::uint64_t seed, const WorldSettings& settings)
    : random_(seed), settings_(settings), clock_(start_time), cloud_key_(key_of(cloud_key_number)) {
  open_cloud();
  for (std::size_t i = 0; i < static_cast<std::size_t>(settings.gateways); ++i) {
    const auto site = i / static_cast<std::size_t>(settings.gateways_per_site);
    gateways_.push_back(std::make_unique<Gateway>(i, *SiteId::from_number(77 + site), folder_, *this));
    for (int person = 0; person < settings.technicians_per_site; ++person)
      gateways_.back()->technicians.push_back(
          *TechnicianId::from_number(10'000 + site * 1'000 + static_cast<std::uint64_t>(person)));
    open_gateway(*gateways_.back());
  }
  make_registry();
  plan(milliseconds{0}, Midnight{});
}

World::~World() = default;

// ---- chance and plans ----

bool World::happens(double probability) {
  return faults_ && std::uniform_real_distribution<double>(0, 1)(random_) < probability;
}

std::size_t World::pick(std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

milliseconds World::moment_within(milliseconds length) {
  return milliseconds(pick(static_cast<std::size_t>(length.count()) + 1));
}

void World::plan(milliseconds in, What what) {
  events_.push(Event{clock_.monotonic() + in, planned_++, std::move(what)});
}

template <typename Make>
void World::plan_some(double per_day, Make make) {
  if (per_day <= 0) return;
  for (auto count = std::poisson_distribution<int>(per_day)(random_); faults_ && count > 0; --count)
    plan(moment_within(day), make());
}

void World::plan_day() {
  for (std::size_t i = 0; i < gateways_.size(); ++i) {
    for (int burst = 0; faults_ && burst < settings_.bursts_per_day; ++burst)
      plan(moment_within(day), Burst{i});
    plan_some(settings_.gateway_crashes, [&] { return GatewayCrash{i}; });
    plan_some(settings_.gateway_outages, [&] { return Outage{i, moment_within(2 * day)}; });
    plan_some(settings_.health_messages, [&] { return Health{i}; });
    plan_disk_faults(i);
    plan_some(settings_.clock_steps, [&] { return ClockStep{i, moment_within(hours(4)) - hours(2)}; });
  }
  plan_some(settings_.broker_crashes, [] { return BrokerCrash{}; });
  plan_some(settings_.cloud_crashes, [] { return CloudCrash{}; });
  plan_some(settings_.cloud_restores, [] { return Restore{}; });
  plan_some(settings_.cloud_restores, [] { return Backup{}; });
}

void World::plan_disk_faults(std::size_t gateway) {
  plan_some(settings_.disk_backups, [&] { return DiskBackup{gateway}; });
  plan_some(settings_.disk_restores, [&] { return DiskRestore{gateway}; });
  plan_some(settings_.reinstalls, [&] { return Reinstall{gateway}; });
  plan_some(settings_.clones, [&] { return Clone{gateway}; });
}

void World::run(int days) {
  const auto until = clock_.monotonic() + days * day;
  while (!events_.empty() && events_.top().at < until) next_event();
}

void World::next_event() {
  Event event = events_.top();
  events_.pop();
  clock_.advance(std::chrono::duration_cast<milliseconds>(event.at - clock_.monotonic()));
  std::visit([this](auto& what) { on(what); }, event.what);
}

// ---- the world's parts ----

void World::make_registry() {
  const auto company = *CompanyId::from_number(5);
  const auto prefecture = *Prefecture::from_code(13);
  const Date first{std::chrono::days{19'000}};
  auto transaction = must(store_->begin_write());
  must(transaction->put(
      Company{company, "company", prefecture, CompanyClass::corporation, CompanyClass::corporation, first}));
  for (const auto& gateway : gateways_) {
    const auto& identity = gateway->identity;
    must(transaction->put(Site{identity.site,
                               "site",
                               prefecture,
                               company,
                               first,
                               first,
                               first + std::chrono::days{4'000},
                               false,
                               {}}));
    for (const auto id : gateway->technicians)
      must(transaction->put(Technician{id, "", prefecture, first, company}));
    must(transaction->put(
        GatewayRecord{identity.gateway, identity.site, identity.bucket, gateway->key.public_key(), false}));
  }
  must(transaction->commit());
}

void World::open_cloud() {
  fleet_.reset();
  ingest_.reset();
  store_.reset();
  cloud_line_ = std::make_unique<Line>(*this);
  const std::string url = "lmdb:" + (folder_ / "store").string();
  store_ =
      must(cloud::open_store(url, {.durability = cloud::Durability::bulk, .map_size = std::size_t{1} << 30}));
  ingest_ = std::make_unique<cloud::Ingest>(*store_, *cloud_line_, clock_, cloud_key_);
  fleet_ = std::make_unique<cloud::Fleet>(*store_, *cloud_line_, clock_, cloud_key_);
}

void World::close_gateway(Gateway& gateway) {
  if (gateway.publisher) gateway.epochs_begun_before += gateway.publisher->state().epochs_begun;
  gateway.publisher.reset();
  gateway.outbox.reset();
}

void World::open_gateway(Gateway& gateway) {
  close_gateway(gateway);
  Random chance(random_());
  gateway.outbox =
      must(edge::Outbox::open(gateway.folder, {.map_size = std::size_t{64} << 20, .sync = false}, chance));
  gateway.publisher = std::make_unique<edge::Publisher>(
      *gateway.outbox, gateway.line, gateway.clock, gateway.identity, gateway.key, cloud_key_.public_key(),
      edge::PublisherSettings{.batch_passages_max = 20}, random_());
  if (gateway.line.connected()) gateway.publisher->on_connected();
  send_health(gateway);
  plan_step(gateway, milliseconds{0});
}

void World::send_health(Gateway& gateway) {
  if (!gateway.line.connected()) return;
  auto health = edge::outbox_health(gateway.outbox->state(), gateway.identity, gateway.clock);
  health.roster_version = 1;  // the newest: rosters are no matter here
  const auto sealed = wire::seal(wire::MessageKind::health, gateway.identity.gateway.text(),
                                 wire::encode(health), gateway.key);
  post(to_text(wire::Topic{gateway.identity.bucket, gateway.identity.gateway, wire::Channel::health}),
       sealed.bytes);
}

void World::on(const Health& health) {
  send_health(*gateways_[health.gateway]);
}

void World::on(const Midnight&) {
  check_counters();
  plan_day();
  plan(day, Midnight{});
}

void World::on(const Burst& burst) {
  Gateway& gateway = *gateways_[burst.gateway];
  for (auto count = 1 + pick(static_cast<std::size_t>(settings_.passages_per_burst)); count > 0; --count)
    record_passage(gateway);
  plan_step(gateway, milliseconds{0});
}

void World::record_passage(Gateway& gateway) {
  Passage passage;
  const auto technician = gateway.technicians[pick(gateway.technicians.size())];
  passage.person = technician;
  passage.gate = "1";
  passage.reader = "north";
  passage.direction = pick(2) == 0 ? Direction::entry : Direction::exit;
  passage.evidence = {{Method::card, std::nullopt, std::nullopt}};
  passage.event_time = gateway.clock.now();
  passage.work_date = work_date_of(passage.event_time, std::chrono::minutes{540}, std::chrono::minutes{240});
  passage.monotonic = gateway.clock.monotonic();
  passage.boot_id = gateway.clock.boot_id();
  passage.clock_state = gateway.clock.state();
  if (++counts_.passages % settings_.typed_every == 0) {
    const std::string reason = "forgot the card, no. " + std::to_string(++counts_.typed);
    passage.evidence.front().method = Method::typed;
    passage.typed = TypedEntry{"clerk", reason, passage.event_time, 0};
    gateway.disk.typed.insert(reason);
  } else {
    const Day worked{technician, gateway.identity.site, passage.work_date};
    accepted_.insert(worked);
    gateway.disk.days.push_back(worked);
  }
  must(gateway.outbox->append(wire::encode_passage(passage)));
}

void World::plan_step(Gateway& gateway, milliseconds in) {
  const MonotonicTime at = clock_.monotonic() + in;
  if (gateway.step_at && *gateway.step_at <= at) return;
  gateway.step_at = at;
  plan(in, Step{gateway.position});
}

void World::on(const Step& planned) {
  Gateway& gateway = *gateways_[planned.gateway];
  if (gateway.step_at != clock_.monotonic()) return;  // planned anew since
  gateway.step_at.reset();
  step(gateway);
}

void World::step(Gateway& gateway) {
  const auto due = must(gateway.publisher->step());
  if (gateway.line.connected() && !gateway.has_all_receipts()) plan_step(gateway, due);
}

// ---- what breaks ----

void World::on(const GatewayCrash& crash) {
  ++counts_.gateway_crashes;
  Gateway& gateway = *gateways_[crash.gateway];
  gateway.clock.reboot();
  if (settings_.forgetful_outbox) {
    close_gateway(gateway);
    std::filesystem::remove_all(gateway.folder);
  }
  open_gateway(gateway);
}

namespace {

std::filesystem::path backup_of(const std::filesystem::path& folder) {
  return folder.string() + ".backup";
}

void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::remove_all(to);
  std::filesystem::copy(from, to);
}

}  // namespace

void World::on(const DiskBackup& planned) {
  Gateway& gateway = *gateways_[planned.gateway];
  close_gateway(gateway);
  copy_folder(gateway.folder, backup_of(gateway.folder));
  gateway.backup = gateway.disk;
  open_gateway(gateway);
}

void World::on(const DiskRestore& planned) {
  Gateway& gateway = *gateways_[planned.gateway];
  if (!gateway.backup) return;
  ++counts_.disk_restores;
  close_gateway(gateway);
  copy_folder(backup_of(gateway.folder), gateway.folder);
  gateway.disk = *gateway.backup;
  gateway.clock.reboot();
  open_gateway(gateway);
}

void World::on(const Reinstall& planned) {
  Gateway& gateway = *gateways_[planned.gateway];
  ++counts_.reinstalls;
  close_gateway(gateway);
  std::filesystem::remove_all(gateway.folder);
  gateway.disk = {};
  gateway.clock.reboot();
  open_gateway(gateway);
}

void World::on(const Clone& planned) {
  Gateway& original = *gateways_[planned.gateway];
  ++counts_.clones;
  auto clone = std::make_unique<Gateway>(gateways_.size(), original.identity.site, folder_, *this);
  clone->identity = original.identity;
  clone->key = key_of(original.key_number);
  clone->key_number = original.key_number;
  clone->technicians = original.technicians;
  clone->disk = original.disk;
  close_gateway(original);
  copy_folder(original.folder, clone->folder);
  open_gateway(original);
  gateways_.push_back(std::move(clone));
  open_gateway(*gateways_.back());
}

void World::on(const Outage& outage) {
  ++counts_.outages;
  gateways_[outage.gateway]->line.set_connected(false);
  plan(outage.length, Back{outage.gateway});
}

void World::on(const Back& back) {
  Gateway& gateway = *gateways_[back.gateway];
  gateway.line.set_connected(true);
  gateway.publisher->on_connected();
  send_health(gateway);
  plan_step(gateway, milliseconds{0});
}

void World::on(const ClockStep& step) {
  ++counts_.clock_steps;
  // Every second one puts it right again.
  gateways_[step.gateway]->clock.set_ahead(pick(2) == 0 ? milliseconds{0} : step.by);
}

void World::on(const BrokerCrash&) {
  ++counts_.broker_crashes;
  ++broker_life_;
  for (auto& gateway : gateways_) {
    if (!gateway->line.connected()) continue;
    gateway->publisher->on_connected();
    plan_step(*gateway, milliseconds{0});
  }
}

void World::on(const CloudCrash&) {
  ++counts_.cloud_crashes;
  open_cloud();
}

void World::on(const Backup&) {
  fleet_.reset();
  ingest_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_ / "backup");
  std::filesystem::copy(folder_ / "store", folder_ / "backup");
  has_backup_ = true;
  open_cloud();
}

void World::on(const Restore&) {
  if (!has_backup_) return;
  ++counts_.restores;
  fleet_.reset();
  ingest_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_ / "store");
  std::filesystem::copy(folder_ / "backup", folder_ / "store");
  open_cloud();
}

// ---- the network ----

void World::post(const std::string& topic, ByteView payload) {
  ++counts_.messages;
  if (happens(settings_.loss)) {
    ++counts_.lost;
    return;
  }
  const int copies = happens(settings_.duplication) ? 2 : 1;
  counts_.doubled += static_cast<std::uint64_t>(copies - 1);
  for (int i = 0; i < copies; ++i) {
    ++letters_under_way_;
    plan(moment_within(settings_.latency_max), Letter{topic, to_bytes(payload), broker_life_});
  }
}

void World::on(Letter& letter) {
  --letters_under_way_;
  if (letter.broker_life != broker_life_) return;
  const auto topic = wire::parse_topic(letter.topic);
  promise(topic.has_value(), "every topic is one of ours");
  if (topic->channel == wire::Channel::history) return deliver_to_cloud(letter);
  if (topic->channel == wire::Channel::health) {
    must(fleet_->on_health(letter.topic, letter.payload));
    return must(fleet_->keep());
  }
  if (topic->channel != wire::Channel::receipt) return;  // rosters
  for (auto& gateway : gateways_) {
    if (gateway->identity.gateway != topic->gateway || !gateway->line.connected()) continue;
    gateway->publisher->on_receipt(letter.payload);
    check_receipt(*gateway);
    plan_step(*gateway, milliseconds{0});
  }
}

void World::deliver_to_cloud(const Letter& letter) {
  const std::vector<cloud::IncomingMessage> messages{
      cloud::incoming(letter.topic, letter.payload, clock_.now())};
  const auto round = must(ingest_->process(messages));
  counts_.quarantined += round.quarantined;
  counts_.known_before += round.passages_known;
  const bool one_chain = counts_.disk_restores + counts_.clones == 0;
  promise(round.quarantined == 0 || !one_chain, "an honest gateway is never quarantined");
  if (!settings_.receipt_before_commit || !happens(0.02)) return;
  // The broken cloud: what it has given receipts for is not in its store.
  fleet_.reset();
  ingest_.reset();
  store_.reset();
  std::filesystem::remove_all(folder_ / "store");
  open_cloud();
  make_registry();
}

// ---- promises ----

/// A receipt is never ahead of the cloud's commit. After a backup came back the cloud is behind what it said
/// before; it then asks for what it lacks.
void World::check_receipt(const Gateway& gateway) {
  if (counts_.restores > 0) return;
  const auto state = gateway.outbox->state();
  const auto transaction = must(store_->begin_read());
  const auto position = must(transaction->position(gateway.identity.gateway, state.epoch));
  promise(state.receipted_through - state.epoch_base <= (position ? position->watermark : 0),
          "no receipt before the commit");
}

void World::check_counters() {
  const auto transaction = must(store_->begin_read());
  const auto rollups = must(transaction->rollups());
  promise(rollups == must(transaction->recount({})), "counters are what a recount gives");
  std::uint64_t counted = 0;
  for (const auto& cell : rollups.histories) counted += cell.count;
  promise(counted <= accepted_.size(), "nothing is counted that was not accepted, and nothing twice");
}

bool World::everything_arrived() const {
  if (letters_under_way_ > 0) return false;
  const auto transaction = must(store_->begin_read());
  return std::ranges::all_of(gateways_, [&](const auto& gateway) {
    const auto state = gateway->outbox->state();
    const auto position = must(transaction->position(gateway->identity.gateway, state.epoch));
    const Sequence recorded = state.next_sequence - 1 - state.epoch_base;
    const auto health = edge::outbox_health(state, gateway->identity, gateway->clock);
    const bool has_ended_ones = std::ranges::all_of(health.ended, [&](const wire::EndedReach& ended) {
      const auto then = must(transaction->position(gateway->identity.gateway, ended.epoch));
      return (then ? then->watermark : 0) >= ended.receipted_through;
    });
    return has_ended_ones && gateway->has_all_receipts() && (position ? position->watermark : 0) == recorded;
  });
}

void World::settle() {
  faults_ = false;
  for (auto& gateway : gateways_) {
    if (!gateway->line.connected()) on(Back{gateway->position});
    record_passage(*gateway);  // the next morning's first: the cloud learns what it lacks
    plan_step(*gateway, milliseconds{0});
  }
  const auto until = clock_.monotonic() + 10 * day;
  while (!everything_arrived()) {
    promise(!events_.empty() && clock_.monotonic() < until, "everything arrives once the faults end");
    const bool silent = letters_under_way_ == 0;
    for (auto& gateway : gateways_)
      if (silent) send_health(*gateway);
    for (int i = 0; i < 100 && !events_.empty(); ++i) next_event();
  }
}

void World::check_end() {
  check_counters();
  for (auto& gateway : gateways_) {
    counts_.epochs_begun += gateway->epochs_begun_before + gateway->publisher->state().epochs_begun;
    const auto health = edge::outbox_health(gateway->outbox->state(), gateway->identity, gateway->clock);
    const auto sealed = wire::seal(wire::MessageKind::health, gateway->identity.gateway.text(),
                                   wire::encode(health), gateway->key);
    must(fleet_->on_health(
        to_text(wire::Topic{gateway->identity.bucket, gateway->identity.gateway, wire::Channel::health}),
        sealed.bytes));
    must(fleet_->keep());
  }
  const auto transaction = must(store_->begin_read());
  check_histories(*transaction);
  check_typed(*transaction);
  for (const auto& gateway : gateways_) check_chain(*gateway, *transaction);
  check_gaps();
}

void World::check_histories(const cloud::ReadTransaction& transaction) const {
  std::set<TechnicianId> technicians;
  std::set<Day> certain;
  for (const auto& gateway : gateways_) {
    technicians.insert(gateway->technicians.begin(), gateway->technicians.end());
    certain.insert(gateway->disk.days.begin(), gateway->disk.days.end());
  }
  std::set<Day> registered;
  for (const auto technician : technicians) {
    const auto histories = must(
        transaction.histories_of(technician, Date{std::chrono::days{0}}, Date{std::chrono::days{40'000}}));
    for (const auto& history : histories) {
      const bool once = registered.emplace(technician, history.site, history.work_date).second;
      promise(once, "registered once");
      promise(accepted_.contains({technician, history.site, history.work_date}),
              "nothing is registered that was not accepted");
    }
  }
  promise(std::ranges::includes(registered, certain),
          "accepted and on a disk " + std::to_string(certain.size()) + " technician-site-days, registered " +
              std::to_string(registered.size()));
}

void World::check_typed(const cloud::ReadTransaction& transaction) const {
  std::set<std::string> awaiting;
  for (const auto& typed : must(transaction.typed_passages(std::nullopt, 1'000'000)))
    promise(awaiting.insert(typed.passage.typed->reason).second, "what was typed awaits approval once");
  for (const auto& gateway : gateways_)
    promise(std::ranges::includes(awaiting, gateway->disk.typed), "what was typed awaits approval");
}

cloud::GapReport World::gaps() const {
  return must(cloud::gap_report(*must(store_->begin_read()), clock_.now(), 2 * day));
}

/// Of the epochs that gateways are in nothing is missing, and the report says so with the right number. What
/// it lists is of epochs that ended with a disk.
void World::check_gaps() const {
  const auto report = gaps();
  promise(report.quiet.empty(), "every gateway was heard");
  for (const auto& gap : report.gaps)
    for (const auto& gateway : gateways_) {
      const auto state = gateway->outbox->state();
      if (gateway->identity.gateway != gap.gateway || state.epoch != gap.epoch) continue;
      // A disk that was put back lacks what was said before: that is missing indeed.
      promise(counts_.disk_restores > 0 && gap.first > state.next_sequence - 1 - state.epoch_base,
              "no gap where everything arrived: " + gap.gateway.text() + " " + std::to_string(gap.first) +
                  " to " + std::to_string(gap.through));
    }
  for (const auto& gateway : gateways_) {
    const auto state = gateway->outbox->state();
    const auto told = std::ranges::find_if(report.complete, [&](const auto& one) {
      return one.gateway == gateway->identity.gateway && one.epoch == state.epoch;
    });
    promise(told != report.complete.end() && told->through == state.next_sequence - 1 - state.epoch_base,
            "complete through what the gateway has recorded");
  }
}

void World::check_chain(const Gateway& gateway, const cloud::ReadTransaction& transaction) {
  Digest head{};
  const auto epoch = gateway.outbox->state().epoch;
  const auto batches = must(transaction.kept_batches(gateway.identity.gateway, epoch, 1, 1'000'000));
  const auto key = [&](std::string_view) { return std::optional(gateway.key.public_key()); };
  Sequence next = 1;
  for (const auto& batch : batches) {
    const auto opened =
        must(wire::open(batch.envelope, wire::MessageKind::history, wire::batch_size_max, key));
    promise(must(wire::decode_work_history_batch(opened.payload)).batch.previous_hash == head,
            "the chain is whole");
    promise(batch.first == next, "the batches follow one another");
    next = batch.through + 1;
    head = opened.hash;
  }
  promise(head == gateway.outbox->state().chain_head, "the cloud's chain ends where the gateway's does");
}

}  // namespace sitegate::tests
