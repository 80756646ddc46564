// A gateway's outbox and publisher on a clock that the test moves; the test plays broker and cloud.
#pragma once
#include <boost/test/unit_test.hpp>

#include "edge/publisher/publisher.hpp"
#include "shared/wire/passage.hpp"
#include "tests/support/recording_transport.hpp"
#include "tests/support/sample_world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

/// A gateway's outbox and publisher; the cloud (key 200) is played by the test.
class PublisherFixture {
 public:
  PublisherFixture() { reopen(); }

  /// As after a restart of the gateway.
  void reopen() {
    publisher_.reset();
    outbox_.reset();
    Random chance(4);
    outbox_ =
        edge::Outbox::open(folder_ / "outbox", {.map_size = std::size_t{64} << 20, .sync = false}, chance)
            .value();
    publisher_ = std::make_unique<edge::Publisher>(*outbox_, transport_, clock_, identity_, key_,
                                                   cloud_key_.public_key(), settings_, 1);
  }

  void record(int count) {
    for (int i = 0; i < count; ++i)
      BOOST_REQUIRE(outbox_->append(wire::encode_passage(sample_passage(0, i))));
  }

  /// Lets `time` go by; gives the batches that were published meanwhile.
  std::vector<wire::DecodedBatch> run(std::chrono::milliseconds time) {
    const auto end = clock_.monotonic() + time;
    do {
      BOOST_REQUIRE(publisher_->step());
      clock_.advance(std::chrono::milliseconds{100});
    } while (clock_.monotonic() < end);
    std::vector<wire::DecodedBatch> batches;
    for (const auto& sent : transport_.take()) batches.push_back(opened(sent.payload));
    return batches;
  }

  wire::DecodedBatch opened(ByteView payload) {
    const auto message = wire::open(payload, wire::MessageKind::history, wire::batch_size_max,
                                    [this](std::string_view) { return std::optional(key_.public_key()); });
    BOOST_REQUIRE(message);
    return wire::decode_work_history_batch(message.value().payload).value();
  }

  wire::Receipt receipt_through(Sequence through) {
    return {.gateway = sample_gateway,
            .epoch = outbox_->state().epoch,
            .sequence_through = through,
            .refused = {},
            .gaps = {},
            .problem = {},
            .cloud_time = clock_.now()};
  }
  void give(const wire::Receipt& receipt, std::uint8_t key = 200) {
    publisher_->on_receipt(
        wire::seal(wire::MessageKind::receipt, wire::cloud_signer, wire::encode(receipt), sample_key(key))
            .bytes);
  }

 protected:
  TemporaryFolder folder_;
  ManualClock clock_{sample_time};
  edge::GatewayIdentity identity_{sample_gateway, sample_site, sample_bucket};
  crypto::SigningKey key_ = sample_key(1);
  crypto::SigningKey cloud_key_ = sample_key(200);
  edge::PublisherSettings settings_{.batch_passages_max = 10};
  RecordingTransport transport_;
  std::unique_ptr<edge::Outbox> outbox_;
  std::unique_ptr<edge::Publisher> publisher_;
};

}  // namespace sitegate::tests
