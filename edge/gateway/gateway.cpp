#include "edge/gateway/gateway.hpp"

#include <set>

#include "edge/gateway/kept_passages.hpp"
#include "shared/base/log.hpp"
#include "shared/settings/settings_file.hpp"

namespace sitegate::edge {
namespace {

/// More passages than a day has at a gate where somebody corrects them by hand.
constexpr Sequence typed_listed_max = 3'000;
/// How soon the gate notices that its outbox failed elsewhere, as in the publisher's hands.
constexpr std::chrono::milliseconds tick_interval{1'000};

}  // namespace

Result<std::unique_ptr<Gateway>> Gateway::start(const GatewaySettings& settings, const Clock& clock,
                                                OutcomeDisplay& display) {
  SITEGATE_TRY(key, crypto::SigningKey::load(settings.signing_key));
  auto gateway = std::unique_ptr<Gateway>(new Gateway(settings, clock, std::move(key)));
  SITEGATE_TRYV(gateway->open(display));
  return gateway;
}

Gateway::Gateway(const GatewaySettings& settings, const Clock& clock, crypto::SigningKey key)
    : settings_(settings), clock_(clock), key_(std::move(key)), expected_(settings.expect) {}

Result<void> Gateway::open(OutcomeDisplay& display) {
  cameras_ = devices::open_cameras(clock_);  // first: it wants no other thread
  SITEGATE_TRY(cloud_key, crypto::load_public_key(settings_.cloud_public_key));
  Random chance(std::random_device{}());
  SITEGATE_TRY(outbox, Outbox::open(settings_.data / "outbox", settings_.outbox, chance));
  outbox_ = std::move(outbox);
  SITEGATE_TRY(roster, RosterBook::open(settings_.data / "roster", settings_.identity.site));
  roster_ = std::move(roster);
  if (!roster_->problem().empty()) log::error("started without a roster reason=\"{}\"", roster_->problem());
  SITEGATE_TRYV(open_gate(display, cloud_key));
  gate_->tell(&expected_);
  SITEGATE_TRYV(recall());
  SITEGATE_TRYV(open_barriers());
  // The readers are opened into their places first: the link's thread asks for their health.
  SITEGATE_TRYV(open_readers());
  SITEGATE_TRY(link, Link::start(settings_, *outbox_, *roster_, clock_, key_, cloud_key,
                                 [this] { return reader_healths(); }));
  link_ = std::move(link);
  pipeline_ = std::jthread([this] { work(); });
  return open_local_page();
}

Result<void> Gateway::open_gate(OutcomeDisplay& display, const PublicKey& cloud_key) {
  display_ = &display;
  SITEGATE_TRY(codes, TechnicianCodes::open(settings_.data / "codes", cloud_key, settings_.identity.site,
                                            settings_.codes, clock_.now()));
  codes_ = std::move(codes);
  gate_ = std::make_unique<Gate>(*outbox_, *roster_, display, clock_, settings_.debounce,
                                 Fusion(settings_.fusion),
                                 [this](const std::string& gate) { let_through(gate); });
  gate_->believe(*codes_);
  return success();
}

/// Whoever may still be inside comes back from the outbox.
Result<void> Gateway::recall() {
  LiveMusterSettings muster = settings_.muster;
  if (!muster.peers.empty() && !settings_.local_page.password_file.empty()) {
    SITEGATE_TRY(password, read_password(settings_.local_page.password_file));
    muster.password = std::move(password);
  }
  muster_ = std::make_unique<LiveMuster>(std::move(muster), *roster_, clock_);
  gate_->watch([this](const Passage& passage) { muster_->remember(passage); });
  SITEGATE_TRYV(gate_->recall(key_.public_key()));
  muster_->start();
  return success();
}

/// Pages are mounted before it listens.
Result<void> Gateway::open_local_page() {
  if (settings_.local_page.listen.empty()) return success();
  SITEGATE_TRY(page, LocalPage::open(settings_.local_page));
  local_page_ = std::move(page);
  local_page_->add("GET", "/", [this](const http::Request& request, http::Responder respond) {
    const auto wanted = request.parameter("lang");
    const bool japanese = wanted.empty() ? settings_.japanese : wanted != "en";
    respond({.status = 200,
             .body = status_page(status(), pages(), japanese),
             .content_type = "text/html; charset=utf-8"});
  });
  for (const auto path : LiveMuster::paths)
    local_page_->add("GET", std::string(path), [this](const http::Request& request, http::Responder respond) {
      respond(muster_->answer(request));
    });
  if (settings_.typed_entry) {
    SITEGATE_TRYV(mount_typed_page());
  }
  return local_page_->start();
}

Result<void> Gateway::open_barriers() {
  for (const auto& url : settings_.barriers) {
    SITEGATE_TRY(barrier, devices::open_barrier(url, {clock_, settings_.data / "barriers"}));
    barriers_.push_back(std::move(barrier));
  }
  return success();
}

/// The pipeline's: asks, and waits for nothing.
void Gateway::let_through(const std::string& gate) {
  for (const auto& barrier : barriers_)
    if (barrier->serves(gate) && !barrier->open(gate))
      log::error("gate={} cannot be opened: too many openings wait for its barrier", gate);
}

Result<void> Gateway::mount_typed_page() {
  SITEGATE_TRY(clerks, Clerks::load(settings_.typed_entry->clerks));
  TypedRules rules = settings_.typed_entry->rules;
  if (rules.gates.empty()) rules.gates = typed_gates();
  if (rules.gates.empty())
    return fail(SettingsErrc::missing,
                "typed_entry.gates: no reader names a gate, so name at least one here");
  typed_page_ = std::make_unique<TypedPage>(std::move(clerks), std::move(rules), typed_ports(), clock_,
                                            settings_.japanese ? Language::japanese : Language::english);
  const auto handler = [this](http::Request request, http::Responder respond) {
    typed_page_->handle(request, std::move(respond));
  };
  // The clerks sign in by themselves.
  for (const auto* method : {"GET", "POST"})
    local_page_->add(method, std::string(typed_path), handler, Access::everybody);
  return success();
}

std::vector<std::string> Gateway::typed_gates() const {
  std::set<std::string> gates;
  for (const auto& reader : readers_) gates.insert(reader.place.gate);
  return {gates.begin(), gates.end()};
}

TypedPorts Gateway::typed_ports() {
  TypedPorts ports;
  ports.roster = [this] { return roster_->current(); };
  ports.last_sequence = [this] { return outbox_->state().next_sequence - 1; };
  ports.passages = [this](WorkDate date) {
    return kept_passages(*outbox_, key_.public_key(), date, typed_listed_max);
  };
  ports.record = [this](TypedRecord record, TypedAnswer answer) {
    const TypedAnswer refused = answer;
    if (!reads_.push(Typed{std::move(record), std::move(answer)})) refused({.problem = "not_recorded"});
  };
  return ports;
}

Result<void> Gateway::open_readers() {
  readers_.reserve(settings_.readers.size());
  for (const auto& url : settings_.readers) {
    SITEGATE_TRY(place, devices::reader_place(url));
    SITEGATE_TRY(reader, devices::open_reader(url, surroundings(place)));
    const std::size_t position = readers_.size();
    readers_.push_back({place, std::make_unique<devices::SystemWaiter>(), nullptr});
    auto sink = [this, position](CredentialRead read) {
      const ReadAnswer answer = read.answer;
      if (reads_.push(Read{std::move(read), position})) return;
      log::error("read dropped reason=\"the pipeline is too slow\"");
      if (answer) answer(ReadOutcome{.direction = {}, .person = {}, .reason = "not_recorded"});
    };
    readers_.back().loop =
        std::make_unique<devices::ReaderLoop>(place.id, std::move(reader), std::move(sink), clock_,
                                              *readers_.back().waiter, std::random_device{}());
  }
  return success();
}

devices::ReaderSurroundings Gateway::surroundings(const devices::ReaderPlace& place) {
  devices::ReaderSurroundings around{clock_, settings_.data / "readers" / place.id};
  around.cameras = cameras_.get();
  around.model_packs = settings_.model_packs;
  around.expected = [this](const std::string& gate) { return expected_.at(gate, clock_.monotonic()); };
  around.advise = [this, place](const Advice& advice) { advise(advice, place); };
  return around;
}

/// A reader's thread. What the queue has no room for is said again soon.
void Gateway::advise(Advice advice, const devices::ReaderPlace& place) {
  if (advice.gate.empty()) advice.gate = place.gate;
  if (advice_desk_.take(advice, clock_.monotonic())) reads_.push(std::move(advice));
}

Gateway::~Gateway() {
  if (local_page_) local_page_->stop();
  for (auto& reader : readers_) reader.loop->stop();
  reads_.close();
  if (pipeline_.joinable()) pipeline_.join();
  link_.reset();
}

/// Until the queue is closed and empty: what a reader handed over is recorded.
void Gateway::work() {
  while (true) {
    auto read = reads_.pop(std::min(gate_->due_in().value_or(tick_interval), tick_interval));
    if (!read && reads_.closed()) return gate_->close();
    gate_->tick();
    tell_trouble();
    if (!read) continue;
    if (std::visit([this](const auto& one) { return take(one); }, *read)) link_->wake();
  }
}

/// What fails, and what is well again, is in a health message within a second or two, whatever their
/// interval.
void Gateway::tell_trouble() {
  const auto now = clock_.monotonic();
  if (troubles_at_ && now - *troubles_at_ < tick_interval) return;
  troubles_at_ = now;
  std::vector<std::string> troubles;
  for (const auto& reader : readers_) {
    auto health = reader.loop->health();
    troubles.push_back(health.last_error.empty() ? std::move(health.trouble) : std::move(health.last_error));
  }
  if (troubles != troubles_) link_->tell_health();
  troubles_ = std::move(troubles);
}

bool Gateway::take(const Read& read) {
  return gate_->on_read(read.read, readers_[read.place].place).sequence.has_value();
}

bool Gateway::take(const Typed& typed) {
  const TypedOutcome outcome = gate_->on_typed(typed.record);
  typed.answer(outcome);
  return outcome.sequence && !outcome.repeat;
}

bool Gateway::take(const Advice& advice) {
  display_->advise(advice);
  return false;
}

std::vector<wire::ReaderHealth> Gateway::reader_healths() const {
  std::vector<wire::ReaderHealth> healths;
  for (const auto& reader : readers_) {
    const auto health = reader.loop->health();
    std::string state = health.last_error.empty() ? health.state : health.last_error;
    if (const auto advice = advice_desk_.counts(health.id); !advice.empty()) state += "; advice: " + advice;
    healths.push_back(
        {health.id, state, health.reads, health.failures + health.failed_reads, health.last_read});
  }
  for (const auto& barrier : barriers_) {
    const auto health = barrier->health();
    const std::string state = health.last_error.empty() ? health.state : health.last_error;
    healths.push_back({health.id, state, health.opened, health.failures + health.missed, health.last_opened});
  }
  return healths;
}

std::vector<PageLink> Gateway::pages() const {
  std::vector<PageLink> pages{{"/muster", "在場者名簿", "people on site"}};
  if (typed_page_) pages.push_back({std::string(typed_path), "入退場の手入力", "typed entry"});
  return pages;
}

GatewayStatus Gateway::status() const {
  const auto roster = roster_->current();
  const LinkState link = link_->state();
  return {.gateway = settings_.identity.gateway,
          .site = settings_.identity.site,
          .as_of = clock_.now(),
          .utc_offset = std::chrono::minutes(roster->settings().utc_offset_minutes),
          .clock_state = clock_.state(),
          .connected = link.connected,
          .link_problem = link.publisher.problem,
          .outbox = outbox_->state(),
          .roster_version = roster->roster().version,
          .roster_people = roster->roster().technicians.size(),
          .readers = reader_healths()};
}

GatewayState Gateway::state() const {
  return {gate_->counts(), outbox_->state(), link_->state()};
}

}  // namespace sitegate::edge
