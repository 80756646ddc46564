#include "tests/system/installation.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test_suite.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "shared/base/clock.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "shared/wire/topic.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::tests {
namespace {

constexpr std::size_t store_map_bytes = std::size_t{1} << 30;
const char* const gateway_name = "gate-1";

template <typename T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(result).value();
}

void must(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().text());
}

std::string program(const std::string& name) {
  const char* folder = std::getenv("SITEGATE_BIN");
  return (folder == nullptr ? std::string(".") : std::string(folder)) + "/" + name;
}

std::vector<std::string> command(std::vector<std::string> prefix, const std::vector<std::string>& arguments) {
  prefix.insert(prefix.end(), arguments.begin(), arguments.end());
  return prefix;
}

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string end_of(const std::string& text) {
  constexpr std::size_t size_max = 12'000;
  return text.size() <= size_max ? text : text.substr(text.size() - size_max);
}

}  // namespace

CardCredential Installation::card_of(int technician) {
  const auto low = static_cast<std::uint8_t>(technician);
  const auto high = static_cast<std::uint8_t>(technician >> 8);
  return {CardTechnology::felica, {0x01, 0x2e, 0x00, 0x00, 0x00, 0x07, high, low}};
}

TechnicianId Installation::technician(int number) {
  return *TechnicianId::from_number(30'000 + static_cast<std::uint64_t>(number));
}

GatewayId Installation::gateway() {
  return *GatewayId::parse(gateway_name);
}

SiteId Installation::site() {
  return *SiteId::from_number(4'711);
}

Installation::Installation(const InstallationSettings& settings) : settings_(settings) {
  const auto cloud_key = crypto::SigningKey::generate();
  must(cloud_key.save(folder_ / "cloud-signing.pem"));
  must(crypto::save_public_key(cloud_key.public_key(), folder_ / "cloud-public.pem"));
  must(key_.save(folder_ / "signing.pem"));
  must(crypto::save_public_key(key_.public_key(), folder_ / "public.pem"));
  make_registry();
  std::ofstream(folder_ / "cloud.toml") << fmt::format(
      "[store]\nurl = \"lmdb:{}\"\nmap_gib = 1\n[keys]\nsigning_key = \"cloud-signing.pem\"\n{}",
      (folder_ / settings_.store).string(), broker_section("cloud", broker_.url()));
}

// What the programs said is gone with the folder: of a case that failed it is told, a sanitizer's report
// included.
Installation::~Installation() {
  const auto& unit = boost::unit_test::framework::current_test_unit();
  if (boost::unit_test::results_collector.results(unit.p_id).passed()) return;
  edge_.reset();
  cloud_.reset();
  for (const char* name : {"edge.log", "cloud.log", "tool.log"})
    std::cerr << "---- end of " << name << "\n" << end_of(read_all(folder_ / name)) << '\n';
}

std::string Installation::broker_section(const std::string& name, const std::string& url) const {
  const ClientFiles files = broker_.client(name);
  return fmt::format("[broker]\nurl = \"{}\"\nca = \"{}\"\ncertificate = \"{}\"\nkey = \"{}\"\n", url,
                     files.ca_file, files.certificate_file, files.key_file);
}

void Installation::write_settings(const std::vector<std::string>& reader_urls) const {
  std::string urls;
  for (const auto& url : reader_urls) urls += (urls.empty() ? "\"" : ", \"") + url + "\"";
  std::ofstream(folder_ / "gateway.toml") << fmt::format(
      "[gateway]\nid = \"{}\"\nsite = \"{}\"\ndata = \"{}\"\n"
      "[keys]\nsigning_key = \"signing.pem\"\ncloud_public_key = \"cloud-public.pem\"\n"
      "[readers]\nurls = [{}]\n[display]\nlanguage = \"en\"\n[health]\ninterval_s = {}\n{}{}",
      gateway_name, site().text(), settings_.edge_data.string(), urls, settings_.health_interval_s,
      broker_section(gateway_name, edge_broker_url_.empty() ? broker_.url() : edge_broker_url_),
      settings_.edge_extra);
}

void Installation::make_registry() {
  const auto company = *CompanyId::from_number(5);
  const auto tokyo = *Prefecture::from_code(13);
  const auto corporation = CompanyClass::corporation;
  const Date day{std::chrono::days{19'000}};
  const Date end = day + std::chrono::days{10'000};
  const auto store = must(cloud::open_store(store_url(), {.map_size = store_map_bytes}));
  const auto transaction = must(store->begin_write());
  must(transaction->put(Company{company, "company", tokyo, corporation, corporation, day}));
  must(transaction->put(Site{site(), "site", tokyo, company, day, day, end, false, {}}));
  must(transaction->put(ContractStructureEntry{site(), company, std::nullopt, true, "CCUS"}));
  for (int i = 0; i < settings_.technicians; ++i) {
    must(transaction->put(Technician{technician(i), technician(i).text(), tokyo, day, company}));
    must(transaction->put(CredentialAssignment{technician(i), card_of(i), std::nullopt}));
    const TradeCode trade = settings_.with_structure ? 1'001 : 0;
    must(transaction->put(RosterEntry{site(), technician(i), company, trade, Position::worker, day, end}));
  }
  for (const auto& assignment : settings_.credentials) must(transaction->put(assignment));
  must(transaction->put(
      GatewayRecord{gateway(), site(), wire::default_bucket(gateway()), key_.public_key(), false}));
  must(transaction->commit());
}

void Installation::start_cloud() {
  cloud_ = std::make_unique<ChildProcess>(
      command(settings_.cloud_prefix,
              {program("sitegate-cloud"), "--settings", (folder_ / "cloud.toml").string()}),
      folder_ / "cloud.log");
}

void Installation::start_edge(const std::vector<std::string>& reader_urls) {
  write_settings(reader_urls);
  edge_ = std::make_unique<ChildProcess>(
      command(settings_.edge_prefix,
              {program("sitegate-edge"), "--settings", (folder_ / "gateway.toml").string()}),
      folder_ / "edge.log");
}

void Installation::kill_cloud() {
  cloud_->signal(SIGKILL);
  cloud_->wait();
}

void Installation::kill_edge() {
  edge_->signal(SIGKILL);
  edge_->wait();
}

int Installation::stop_edge() {
  edge_->signal(SIGTERM);
  return edge_->wait();
}

int Installation::stop_cloud() {
  cloud_->signal(SIGTERM);
  return cloud_->wait();
}

int Installation::run_tool(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{program("sitegate")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return ChildProcess(command, folder_ / "tool.log").wait();
}

std::string Installation::tool_output() const {
  return read_all(folder_ / "tool.log");
}

std::string Installation::edge_output() const {
  return read_all(folder_ / "edge.log");
}
std::string Installation::cloud_output() const {
  return read_all(folder_ / "cloud.log");
}

std::optional<edge::OutboxState> Installation::outbox() const {
  const auto outbox = edge::Outbox::open_read_only(outbox_folder());
  if (!outbox) return std::nullopt;
  return outbox.value()->state();
}

std::unique_ptr<cloud::ReadTransaction> Installation::records() const {
  static thread_local std::unique_ptr<cloud::Store> store;  // the transaction needs it as long as it lives
  store = must(cloud::open_store(store_url(), {.read_only = true, .map_size = store_map_bytes}));
  return must(store->begin_read());
}

std::uint64_t Installation::registered() const {
  std::uint64_t count = 0;
  const auto transaction = records();
  for (const auto& cell : must(transaction->rollups()).histories) count += cell.count;
  return count;
}

std::vector<Passage> Installation::kept_passages() const {
  const auto outbox = must(edge::Outbox::open_read_only(outbox_folder()));
  std::map<Sequence, Passage> passages;
  // What a running gateway seals in between is seen twice, and never missed.
  for (const auto& entry : must(outbox->unsealed(1'000'000, 1'000'000'000)))
    passages[entry.sequence] = must(wire::decode_passage(entry.bytes));
  const auto key = [this](std::string_view) { return std::optional(key_.public_key()); };
  for (const auto& batch : must(outbox->batches(1, 1'000'000, 1'000'000'000))) {
    const auto opened =
        must(wire::open(batch.envelope, wire::MessageKind::history, wire::batch_size_max, key));
    for (auto& passage : must(wire::decode_work_history_batch(opened.payload)).batch.passages)
      passages[passage.sequence] = std::move(passage);
  }
  std::vector<Passage> all;
  for (auto& [sequence, passage] : passages) {
    all.push_back(std::move(passage));
    all.back().sequence = sequence;
  }
  return all;
}

}  // namespace sitegate::tests
