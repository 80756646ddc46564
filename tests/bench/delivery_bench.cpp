// Histories registered per second from the broker to the committed store (real Mosquitto, signatures, chain,
// registration, receipts), against the same messages through the same Mosquitto into a subscriber that throws
// them away. Both in turn; prints JSON.
#include <fmt/format.h>

#include <atomic>
#include <cstdio>

#include "cloud/service/service.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/topic.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/mosquitto_fixture.hpp"
#include "tests/support/sample_world.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t batches = 400;
constexpr std::size_t batch_passages = 500;
constexpr int technicians = 20'000;
constexpr int rounds = 5;

mqtt::BrokerSettings broker_settings(MosquittoFixture& broker, const std::string& name) {
  const auto files = broker.client(name);
  return {.url = broker.url(),
          .client_id = name,
          .ca_file = files.ca_file,
          .certificate_file = files.certificate_file,
          .key_file = files.key_file};
}

void make_registry(cloud::Store& store, const crypto::SigningKey& key) {
  const auto company = *CompanyId::from_number(5);
  const auto tokyo = *Prefecture::from_code(13);
  const Date day{std::chrono::days{19'000}};
  const auto corporation = CompanyClass::corporation;
  const auto transaction = store.begin_write().value();
  SITEGATE_ASSERT(transaction->put(Company{company, "", tokyo, corporation, corporation, day}));
  SITEGATE_ASSERT(transaction->put(
      Site{sample_site, "", tokyo, company, day, day, day + std::chrono::days{4'000}, false, {}}));
  SITEGATE_ASSERT(transaction->put(ContractStructureEntry{sample_site, company, std::nullopt, true, "CCUS"}));
  for (int i = 0; i < technicians; ++i) {
    SITEGATE_ASSERT(transaction->put(Technician{sample_technician(i), "", tokyo, day, company}));
    SITEGATE_ASSERT(transaction->put(RosterEntry{sample_site, sample_technician(i), company, 1'001,
                                                 Position::worker, day, day + std::chrono::days{4'000}}));
  }
  SITEGATE_ASSERT(
      transaction->put(GatewayRecord{sample_gateway, sample_site, sample_bucket, key.public_key(), false}));
  SITEGATE_ASSERT(transaction->commit());
}

/// One epoch's chain: every passage a technician-day of its own.
std::vector<Bytes> make_chain(Epoch epoch, const crypto::SigningKey& key) {
  std::vector<Bytes> chain;
  Digest previous{};
  std::size_t number = epoch * batches * batch_passages;
  for (std::size_t i = 0; i < batches; ++i) {
    auto batch = sample_batch(1 + i * batch_passages, batch_passages, previous);
    batch.epoch = epoch;
    for (auto& passage : batch.passages) {
      const auto day = std::chrono::days{number / technicians};
      passage.person = sample_technician(static_cast<int>(number++ % technicians));
      passage.event_time += day;
      passage.work_date += day;
    }
    const auto sealed = sample_sealed(batch, key);
    previous = sealed.hash;
    chain.push_back(sealed.bytes);
  }
  return chain;
}

void publish_all(mqtt::Client& client, const std::string& topic, const std::vector<Bytes>& messages) {
  for (const auto& message : messages)
    SITEGATE_ASSERT(wait_until([&] { return client.publish(topic, message, 0).has_value(); }, 60s));
}

/// Seconds until a subscriber that does nothing has all of them.
double raw_seconds(MosquittoFixture& broker, mqtt::Client& gateway, const std::vector<Bytes>& messages) {
  std::atomic<std::size_t> received{0};
  mqtt::TransportEvents events;
  events.message = [&](std::string_view, ByteView) { ++received; };
  const auto sink = mqtt::Client::start(broker_settings(broker, "cloud"),
                                        {topic_filter(wire::Channel::history)}, std::move(events))
                        .value();
  SITEGATE_ASSERT(wait_until([&] { return sink->connected(); }, 30s));
  const std::string topic = to_text(wire::Topic{sample_bucket, sample_gateway, wire::Channel::history});
  return seconds_of([&] {
    publish_all(gateway, topic, messages);
    SITEGATE_ASSERT(wait_until([&] { return received >= messages.size(); }, 120s));
  });
}

/// Seconds until the cloud service has committed all of them.
double service_seconds(const cloud::ServiceSettings& settings, mqtt::Client& gateway,
                       const std::vector<Bytes>& messages) {
  const SystemClock clock;
  const auto service = cloud::Service::start(settings, clock).value();
  SITEGATE_ASSERT(wait_until([&] { return service->connected(); }, 30s));
  const std::string topic = to_text(wire::Topic{sample_bucket, sample_gateway, wire::Channel::history});
  return seconds_of([&] {
    publish_all(gateway, topic, messages);
    SITEGATE_ASSERT(
        wait_until([&] { return service->counts().ingest.batches_taken >= messages.size(); }, 120s));
  });
}

}  // namespace

int main() {
  log::set_up("delivery_bench", "error");
  TemporaryFolder folder;
  MosquittoFixture broker;
  const auto key = sample_key(1);
  SITEGATE_ASSERT(sample_key(200).save(folder / "cloud.pem"));
  cloud::ServiceSettings settings;
  settings.store_url = "lmdb:" + (folder / "store").string();
  settings.signing_key = folder / "cloud.pem";
  settings.broker = broker_settings(broker, "cloud");
  make_registry(*cloud::open_store(settings.store_url).value(), key);
  const auto gateway = mqtt::Client::start(broker_settings(broker, sample_gateway.text()), {}, {}).value();
  SITEGATE_ASSERT(wait_until([&] { return gateway->connected(); }, 30s));

  std::vector<double> raw, service, ratios;
  for (Epoch epoch = 1; epoch <= rounds; ++epoch) {
    const auto chain = make_chain(epoch, key);
    raw.push_back(raw_seconds(broker, *gateway, chain));
    service.push_back(service_seconds(settings, *gateway, chain));
    ratios.push_back(service.back() / raw.back());
  }
  const double histories = batches * batch_passages;
  fmt::print(
      "{{\"bench\":\"delivery\",\"histories\":{:.0f},\"registered_per_s\":{:.0f},\"raw_mosquitto_per_s\":{:."
      "0f},\"time_ratio\":{:.2f}}}\n",
      histories, histories / median(service), histories / median(raw), median(ratios));
}
