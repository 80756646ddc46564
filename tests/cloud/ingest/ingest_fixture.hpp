// A store with one site and one gateway, and the ingest in front of it; the test plays broker and gateway.
#pragma once
#include <boost/test/unit_test.hpp>

#include "cloud/ingest/ingest.hpp"
#include "shared/base/log.hpp"
#include "shared/wire/receipt.hpp"
#include "tests/support/recording_transport.hpp"
#include "tests/support/sample_world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

/// A store with one site, one gateway (key 1) and 100 technicians; the cloud's key is 200.
class IngestFixture {
 public:
  IngestFixture() {
    reopen();
    auto transaction = store_->begin_write().value();
    const auto company = *CompanyId::from_number(5);
    const auto tokyo = *Prefecture::from_code(13);
    const Date day{std::chrono::days{19'000}};
    const auto corporation = CompanyClass::corporation;
    BOOST_REQUIRE(transaction->put(Company{company, "company", tokyo, corporation, corporation, day}));
    BOOST_REQUIRE(transaction->put(
        Site{sample_site, "site", tokyo, company, day, day, day + std::chrono::days{4'000}, false, {}}));
    for (int i = 0; i < 100; ++i)
      BOOST_REQUIRE(transaction->put(Technician{sample_technician(i), "", tokyo, day, company}));
    BOOST_REQUIRE(transaction->put(
        GatewayRecord{sample_gateway, sample_site, sample_bucket, key_.public_key(), false}));
    BOOST_REQUIRE(transaction->commit());
  }

  /// As after a restart of the service.
  void reopen() {
    ingest_.reset();
    store_.reset();
    store_ = cloud::open_store("lmdb:" + (folder_ / "store").string(), {.map_size = std::size_t{256} << 20})
                 .value();
    ingest_ = std::make_unique<cloud::Ingest>(*store_, transport_, clock_, cloud_key_);
  }

  cloud::IngestCounts process(std::initializer_list<Bytes> payloads,
                              const std::string& topic = "sitegate/v1/5/gate-1/history") {
    std::vector<cloud::IncomingMessage> messages;
    for (const auto& payload : payloads) messages.push_back(cloud::incoming(topic, payload, clock_.now()));
    const auto counts = ingest_->process(messages);
    BOOST_REQUIRE_MESSAGE(counts.has_value(), (counts.has_error() ? counts.error().text() : std::string()));
    return counts.value();
  }

  std::vector<wire::Receipt> receipts() {
    std::vector<wire::Receipt> receipts;
    for (const auto& sent : transport_.take()) {
      BOOST_TEST(sent.topic == "sitegate/v1/5/gate-1/receipt");
      const auto opened =
          wire::open(sent.payload, wire::MessageKind::receipt, wire::receipt_size_max,
                     [this](std::string_view) { return std::optional(cloud_key_.public_key()); });
      receipts.push_back(wire::decode_receipt(opened.value().payload).value());
    }
    return receipts;
  }

  /// Histories in the counters, after a restart.
  std::uint64_t registered() {
    reopen();
    const auto transaction = store_->begin_read().value();
    const auto rollups = transaction->rollups().value();
    BOOST_TEST((rollups == transaction->recount({}).value()));
    std::uint64_t count = 0;
    for (const auto& cell : rollups.histories) count += cell.count;
    return count;
  }

  std::vector<cloud::QuarantineItem> quarantine() {
    return store_->begin_read().value()->quarantine(1, 1'000).value();
  }

 protected:
  TemporaryFolder folder_;
  ManualClock clock_{sample_time};
  crypto::SigningKey key_ = sample_key(1);
  crypto::SigningKey cloud_key_ = sample_key(200);
  RecordingTransport transport_;
  std::unique_ptr<cloud::Store> store_;
  std::unique_ptr<cloud::Ingest> ingest_;
};

}  // namespace sitegate::tests
