// Messages that must not count, sent to the running service by a client that holds the gateway's certificate:
// none is registered, each is listed with its reason by `sitegate inspect store`, and the next honest batch
// is taken. MQTT 5.0 (OASIS, 2019): 3.14.2.1 DISCONNECT and table 2-6, reason 0x95 packet too large.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "shared/base/guarded.hpp"
#include "shared/mqtt/client.hpp"
#include "shared/wire/receipt.hpp"
#include "shared/wire/topic.hpp"
#include "tests/support/sample_world.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/system/installation.hpp"

using namespace sitegate;
using namespace sitegate::tests;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr std::size_t ten_megabytes = 10'000'000;
constexpr int batch_passages = 5;

/// A site whose gateway is played by the test: the real broker, the real cloud, and the gateway's own
/// certificate and signing key.
class ForgedMessages {
 public:
  ForgedMessages() : installation_({.technicians = 2 * batch_passages}) {}

  void start() {
    installation_.start_cloud();
    mqtt::BrokerSettings settings;
    settings.url = installation_.broker().url();
    settings.client_id = Installation::gateway().text();
    const auto files = installation_.broker().client(settings.client_id);
    settings.ca_file = files.ca_file;
    settings.certificate_file = files.certificate_file;
    settings.key_file = files.key_file;
    settings.message_size_max = 4 * ten_megabytes;
    settings.retry_cap = 200ms;
    mqtt::TransportEvents events;
    events.message = [this](std::string_view, ByteView payload) { take_receipt(payload); };
    events.disconnected = [this](const std::string& why) {
      seen_.with([&](Seen& seen) { seen.disconnected.push_back(why); });
    };
    events.delivered = [this](std::uint64_t, const mqtt::PublishOutcome& outcome) {
      seen_.with([&](Seen& seen) { seen.outcomes.push_back(outcome); });
    };
    client_ = mqtt::Client::start(settings, {to_text(topic(wire::Channel::receipt))}, events).value();
    // A gateway asks for a receipt by sending; the service answers once it listens.
    honest(1, {});
  }

  /// Published and acknowledged by the broker, or a reason why not.
  mqtt::PublishOutcome publish(const Bytes& message) {
    const auto answered = [this] {
      return seen_.with([](const Seen& seen) { return seen.outcomes.size(); });
    };
    const auto before = answered();
    BOOST_REQUIRE(wait_until([&] { return client_->connected(); }));
    BOOST_REQUIRE(client_->publish(to_text(topic(wire::Channel::history)), message, 0));
    BOOST_REQUIRE(wait_until([&] { return answered() > before; }, 60s));
    return seen_.with([](const Seen& seen) { return seen.outcomes.back(); });
  }

  /// Sent until the service says that it is registered: the next of the chain behind `previous`.
  wire::SealedMessage honest(Sequence first, const Digest& previous) {
    const auto sealed = seal(batch(first, previous));
    const auto registered = [&] {
      return seen_.with([&](const Seen& seen) { return seen.through >= first + batch_passages - 1; });
    };
    BOOST_REQUIRE(wait_until(
        [&] {
          if (registered()) return true;
          publish(sealed.bytes);
          return wait_until(registered, 2s);
        },
        60s));
    return sealed;
  }

  /// Passages of technicians that are on the roster: nothing but the message itself can be wrong.
  static wire::WorkHistoryBatch batch(Sequence first, const Digest& previous) {
    auto batch = sample_batch(first, batch_passages, previous);
    batch.site = Installation::site();
    for (auto& passage : batch.passages)
      passage.person =
          Installation::technician(static_cast<int>(passage.sequence - 1) % (2 * batch_passages));
    return batch;
  }

  [[nodiscard]] wire::SealedMessage seal(const wire::WorkHistoryBatch& batch) const {
    return sample_sealed(batch, installation_.gateway_key());
  }

  /// What the tool lists, from the beginning; run beside the service.
  [[nodiscard]] json inspect() const {
    const auto before = installation_.tool_output().size();
    BOOST_REQUIRE(installation_.run_tool({"inspect", "store", installation_.store_url(), "--json"}) == 0);
    return json::parse(installation_.tool_output().substr(before));
  }

  /// Waits until so many items are in quarantine; gives the newest one's reason.
  std::string reason_of_item(std::size_t number) {
    const auto listed = [&] { return installation_.records()->quarantine(1, 1'000).value(); };
    BOOST_REQUIRE_MESSAGE(wait_until([&] { return listed().size() >= number; }),
                          "item " << number << " is not listed\n"
                                  << installation_.cloud_output());
    const auto items = listed();
    BOOST_REQUIRE(items.size() == number);
    BOOST_TEST(items.back().source == to_text(topic(wire::Channel::history)));
    return items.back().reason;
  }

  [[nodiscard]] std::vector<std::string> disconnections() const {
    return seen_.with([](const Seen& seen) { return seen.disconnected; });
  }

  static wire::Topic topic(wire::Channel channel) {
    return {wire::default_bucket(Installation::gateway()), Installation::gateway(), channel};
  }

 protected:
  Installation installation_;

 private:
  struct Seen {
    Sequence through = 0;  // of the newest receipt
    std::vector<mqtt::PublishOutcome> outcomes;
    std::vector<std::string> disconnected;
  };

  void take_receipt(ByteView payload) {
    const auto opened = wire::open_unverified(payload, wire::receipt_size_max);
    const auto receipt = wire::decode_receipt(opened.value().payload);
    seen_.with([&](Seen& seen) { seen.through = std::max(seen.through, receipt.value().sequence_through); });
  }

  Guarded<Seen> seen_;
  std::unique_ptr<mqtt::Client> client_;  // last: its events use what stands above
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(forged_messages, ForgedMessages)

BOOST_AUTO_TEST_CASE(none_counts_each_is_listed_and_the_next_honest_batch_is_registered) {
  start();
  const auto first = seal(batch(1, {}));
  const Sequence next = batch_passages + 1;
  std::size_t listed = 0;

  Bytes flipped = seal(batch(next, first.hash)).bytes;
  flipped[flipped.size() / 2] ^= 0x10;
  publish(flipped);
  BOOST_TEST(reason_of_item(++listed) == "bad_signature");

  publish(sample_sealed(batch(next, first.hash), sample_key(2)).bytes);
  BOOST_TEST(reason_of_item(++listed) == "bad_signature");

  Digest foreign_hash{};
  foreign_hash.fill(7);
  publish(seal(batch(next, foreign_hash)).bytes);
  BOOST_TEST(reason_of_item(++listed) == "bad_chain");

  const Bytes payload = wire::encode(batch(next, first.hash));
  const auto unknown_kind = static_cast<wire::MessageKind>(99);
  publish(wire::seal(unknown_kind, "gate-1", payload, installation_.gateway_key()).bytes);
  BOOST_TEST(reason_of_item(++listed) == "wrong_kind");
  BOOST_TEST(installation_.registered() == std::uint64_t{batch_passages});

  const auto last = honest(next, first.hash);
  BOOST_TEST(installation_.registered() == std::uint64_t{2 * batch_passages});
  const json seen = inspect();
  BOOST_REQUIRE(seen["quarantine"].size() == listed);
  for (const auto& item : seen["quarantine"]) {
    BOOST_TEST(item["source"] == to_text(topic(wire::Channel::history)));
    BOOST_TEST(!item["detail"].get<std::string>().empty());
  }
  BOOST_TEST(seen["positions"][0]["chain_head"] == to_hex(last.hash));
  BOOST_TEST(installation_.stop_cloud() == 0);
}

// Signed, chained, readable, and every passage says what cannot be: the batch is receipted, nothing of it
// counts.
BOOST_AUTO_TEST_CASE(valid_buffers_with_values_out_of_range) {
  start();
  auto impossible = batch(batch_passages + 1, seal(batch(1, {})).hash);
  impossible.passages[0].admission = static_cast<Admission>(99);
  impossible.passages[1].evidence[0].method = static_cast<Method>(200);
  impossible.passages[2].direction = static_cast<Direction>(77);
  impossible.passages[3].clock_state = static_cast<ClockState>(66);
  impossible.passages[4].work_date += std::chrono::days{30};
  const auto sealed = seal(impossible);
  publish(sealed.bytes);
  const auto items = [&] { return installation_.records()->quarantine(1, 100).value().size(); };
  BOOST_REQUIRE(wait_until([&] { return items() == std::size_t{batch_passages}; }));
  BOOST_TEST(installation_.registered() == std::uint64_t{batch_passages});

  const json listed = inspect()["quarantine"];
  for (int i = 0; i < batch_passages; ++i) {
    BOOST_TEST(listed[i]["reason"] == "bad_value");
    BOOST_TEST(listed[i]["source"] == "gate-1/9/" + std::to_string(batch_passages + 1 + i));
  }
  honest(2 * batch_passages + 1, sealed.hash);
  BOOST_TEST(installation_.stop_cloud() == 0);
}

BOOST_AUTO_TEST_CASE(a_replay_is_listed_as_come_again) {
  start();
  const auto first = seal(batch(1, {}));
  const auto second = honest(batch_passages + 1, first.hash);
  const auto times = [&] {
    std::uint64_t sum = 0;
    const auto listed = installation_.records()->repeated_batches(Installation::gateway(), 10).value();
    for (const auto& one : listed)
      if (one.first == 1) sum += one.times;
    return sum;
  };
  const auto before = times();  // the harness itself may have sent again before the first receipt came
  publish(first.bytes);
  publish(first.bytes);
  BOOST_REQUIRE(wait_until([&] { return times() == before + 2; }));
  BOOST_TEST(installation_.registered() == std::uint64_t{2 * batch_passages});
  honest(2 * batch_passages + 1, second.hash);

  const json seen = inspect();
  BOOST_TEST(seen["quarantine"].empty());
  json replayed;
  for (const auto& item : seen["repeated_batches"])
    if (item["first_sequence"] == 1) replayed = item;
  BOOST_TEST(replayed["gateway"] == "gate-1");
  BOOST_TEST(replayed["through"] == batch_passages);
  BOOST_TEST(replayed["hash"] == to_hex(first.hash));
  BOOST_TEST(replayed["times"] == before + 2);
  BOOST_TEST(replayed["reason"] == "came_again");
  BOOST_TEST(installation_.stop_cloud() == 0);
}

// The broker as it is deployed: it disconnects who sends more than its max_packet_size, says why, and names
// them.
BOOST_AUTO_TEST_CASE(ten_megabytes_are_refused_by_the_broker) {
  start();
  const auto outcome = publish(Bytes(ten_megabytes, 0x41));
  BOOST_TEST((outcome.kind == mqtt::PublishOutcome::Kind::failed));
  BOOST_REQUIRE(wait_until([&] { return !disconnections().empty(); }));
  BOOST_TEST_MESSAGE("the sender is told: " << outcome.text << " / " << disconnections().front());
  BOOST_REQUIRE(wait_until([&] {
    return installation_.broker().log().find("Client gate-1 disconnected due to oversize packet") !=
           std::string::npos;
  }));
  honest(batch_passages + 1, seal(batch(1, {})).hash);
  BOOST_TEST(installation_.registered() == std::uint64_t{2 * batch_passages});
  BOOST_TEST(inspect()["quarantine"].empty());  // it never came to the cloud
  BOOST_TEST(installation_.stop_cloud() == 0);
}

// A broker that lets everything through: the cloud refuses by size alone, before it decodes anything.
BOOST_AUTO_TEST_CASE(ten_megabytes_are_refused_by_the_cloud) {
  installation_.broker().stop();
  installation_.broker().set("max_packet_size", std::to_string(3 * ten_megabytes));
  installation_.broker().start();
  start();
  const auto outcome = publish(Bytes(ten_megabytes, 0x41));
  BOOST_TEST((outcome.kind == mqtt::PublishOutcome::Kind::delivered));
  BOOST_TEST(reason_of_item(1) == "too_large");
  publish(Bytes(2 * ten_megabytes, 0x41));  // above what the service takes from its broker at all
  BOOST_TEST(reason_of_item(2) == "too_large");
  const json listed = inspect()["quarantine"];
  BOOST_TEST(listed[0]["size"] == ten_megabytes);
  BOOST_TEST(listed[1]["size"] == 2 * ten_megabytes);
  honest(batch_passages + 1, seal(batch(1, {})).hash);
  BOOST_TEST(installation_.registered() == std::uint64_t{2 * batch_passages});
  BOOST_TEST(installation_.stop_cloud() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
