// Brings sealed batches to the cloud and forgets only by receipt.
//
// A state machine without threads or waiting: its owner tells it what happened (connected, receipt,
// delivered) and calls step(), which does what is due and says when to call again. Time, transport, storage
// and chance are given in, so the same code runs in the gateway and in a seeded simulation.
//
// Sending: in order, ahead of the cloud's last word by a few batches first, and by twice as many after each
// receipt, up to `batches_in_flight_max`: the cloud sets the pace, also when a whole fleet returns at once.
// When it says nothing for `receipt_timeout` plus a full-jitter back-off, everything behind its last word is
// sent again; so it is after a reconnect, and from the first gap that a receipt asks for. The cloud ignores
// what it has already.
//
// A receipt names the hash of the batch that it ends with. Where the outbox has another one there, or none,
// what is registered under this epoch is not this outbox's: its disk was cloned, or an old copy of it was put
// back. Then another epoch begins, in which everything without a receipt goes again. So it is, too, when the
// cloud asks for what is no longer kept: what is behind could never be taken otherwise. What has a receipt
// under an epoch that was ended stays as it was signed then, and is sent again to a cloud that asks for it.
//
// Room: nothing but passages is ever in the outbox, and one that the cloud does not have yet is never given
// up. Copies kept beyond their receipt are: from 95 % on they are kept half as long at each step, until there
// is room.
#pragma once
#include <deque>
#include <string>

#include "edge/publisher/fill_watch.hpp"
#include "edge/publisher/sealer.hpp"
#include "shared/base/clock.hpp"
#include "shared/mqtt/transport.hpp"
#include "shared/wire/receipt.hpp"

namespace sitegate::edge {

struct PublisherSettings {
  std::size_t batch_passages_max = 500;
  std::chrono::milliseconds batch_age_max{500};  ///< a lone passage is on its way after this
  /// For so long a passage stays unsealed, so that a second device can still add its evidence.
  std::chrono::milliseconds settle{0};
  std::size_t batches_in_flight_max = 16;
  std::chrono::milliseconds receipt_timeout{5'000};
  std::chrono::milliseconds retry_base{1'000};
  std::chrono::milliseconds retry_cap{60'000};
  std::chrono::hours retention = outbox_retention_default;
};

struct PublisherState {
  Sequence confirmed_through = 0;  ///< the cloud's last word; the outbox's sequence
  std::uint64_t batches_sent = 0;  ///< resent ones too
  std::uint64_t batches_resent = 0;
  std::uint64_t receipts = 0;
  std::uint64_t receipts_ignored = 0;  ///< not for this gateway and epoch, forged, or unreadable
  std::uint64_t entries_refused = 0;   ///< by the cloud, with a reason
  std::uint64_t epochs_begun = 0;      ///< because the cloud's chain is not the outbox's
  Fill fill;                           ///< of the outbox
  std::string problem;                 ///< what stands in the way now; empty when all is well
};

/// Not thread-safe: one owner. Everything given in outlives it.
class Publisher {
 public:
  Publisher(Outbox& outbox, mqtt::Transport& transport, const Clock& clock, const GatewayIdentity& identity,
            const crypto::SigningKey& key, const PublicKey& cloud_key, const PublisherSettings& settings,
            std::uint64_t seed);

  void on_connected();
  /// A message on the receipt topic, as it came.
  void on_receipt(ByteView bytes);
  void on_delivered(const mqtt::PublishOutcome& outcome);

  /// Seals and sends what is due; returns the time until it wants to be called again (sooner does no harm).
  Result<std::chrono::milliseconds> step();

  [[nodiscard]] const PublisherState& state() const { return state_; }

 private:
  Result<wire::Receipt> read_receipt(ByteView bytes) const;
  /// Why the receipt cannot be for this outbox's batches; empty if it can.
  [[nodiscard]] Result<std::string> contradiction(const wire::Receipt& receipt) const;
  void apply(const wire::Receipt& receipt);
  void apply_to_ended(const wire::Receipt& receipt);
  void apply_gap(Sequence first);
  /// Where to begin again if `first` is not kept any more.
  [[nodiscard]] Result<std::optional<Sequence>> kept_behind(Sequence first) const;
  void begin_epoch(Sequence base, const std::string& why);
  Result<void> forget_due();
  Result<void> watch_room();
  void notice_settled();
  Result<void> seal_due();
  Result<void> send_due();
  Result<void> send_from(Sequence first, std::size_t batches_max);
  void resend_when_overdue();
  void resend_from(Sequence first);
  [[nodiscard]] std::chrono::milliseconds until_due() const;

  Outbox& outbox_;
  mqtt::Transport& transport_;
  const Clock& clock_;
  const GatewayIdentity& identity_;
  const PublicKey cloud_key_;
  const PublisherSettings settings_;
  const std::string topic_;
  Sealer sealer_;
  RetryDelay retry_;
  Random chance_;  // of epochs

  struct Settling {
    Sequence through;
    MonotonicTime at;  // when these may be sealed
  };
  std::deque<Settling> settling_;
  Sequence noticed_through_ = 0;  // the last entry that was ever seen here
  Sequence settled_through_ = 0;  // entries up to here may be sealed

  Sequence next_to_send_ = 1;
  Sequence sent_through_ = 0;                 // the furthest that was ever sent
  std::size_t in_flight_ = 0;                 // batches sent since the cloud's last word
  std::size_t window_;                        // how many may be
  std::optional<MonotonicTime> overdue_at_;   // set while batches are in flight
  std::optional<MonotonicTime> seal_at_;      // set while entries wait to be sealed
  Sequence gap_first_ = 0;                    // the last gap that was answered,
  std::optional<MonotonicTime> gap_at_;       // and when
  std::pair<Epoch, Sequence> ended_asked_{};  // the last request for an ended epoch that was answered,
  std::optional<MonotonicTime> ended_at_;     // and when
  MonotonicTime expire_at_{0};
  FillWatch fill_watch_;
  std::chrono::hours kept_for_;  // shorter than the retention while there is no room
  PublisherState state_;
};

}  // namespace sitegate::edge
