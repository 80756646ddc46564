#include "edge/publisher/publisher.hpp"

#include <algorithm>

#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/topic.hpp"

namespace sitegate::edge {
namespace {

constexpr std::chrono::milliseconds idle{1'000};
constexpr std::chrono::minutes expire_every{10};
constexpr std::size_t send_bytes_max = 4 * 1024 * 1024;

std::chrono::milliseconds until(MonotonicTime due, MonotonicTime now) {
  return std::max(std::chrono::milliseconds{0}, std::chrono::ceil<std::chrono::milliseconds>(due - now));
}

}  // namespace

Publisher::Publisher(Outbox& outbox, mqtt::Transport& transport, const Clock& clock,
                     const GatewayIdentity& identity, const crypto::SigningKey& key,
                     const PublicKey& cloud_key, const PublisherSettings& settings, std::uint64_t seed)
    : outbox_(outbox),
      transport_(transport),
      clock_(clock),
      identity_(identity),
      cloud_key_(cloud_key),
      settings_(settings),
      topic_(to_text(wire::Topic{identity.bucket, identity.gateway, wire::Channel::history})),
      sealer_(outbox, identity, key),
      retry_(settings.retry_base, settings.retry_cap, seed) {
  state_.confirmed_through = outbox.state().receipted_through;
  next_to_send_ = state_.confirmed_through + 1;
  // What is there already is as old as the last start: nobody adds to it.
  noticed_through_ = settled_through_ = outbox.state().next_sequence - 1;
}

// ---- what happened ----

void Publisher::on_connected() {
  resend_from(state_.confirmed_through + 1);
}

void Publisher::on_delivered(const mqtt::PublishOutcome& outcome) {
  using Kind = mqtt::PublishOutcome::Kind;
  // Only a receipt proves anything; here only the reasons why none will come are taken in. The overdue timer
  // resends.
  if (outcome.kind == Kind::denied) state_.problem = "the broker denies publishing: " + outcome.text;
  if (outcome.kind == Kind::no_subscriber) state_.problem = "no cloud service is listening at the broker";
}

void Publisher::on_receipt(ByteView bytes) {
  const auto receipt = read_receipt(bytes);
  if (!receipt) {
    ++state_.receipts_ignored;
    log::warn("receipt ignored reason=\"{}\"", receipt.error().text());
    return;
  }
  if (receipt.value().gateway != identity_.gateway || receipt.value().epoch != outbox_.state().epoch) {
    ++state_.receipts_ignored;
    log::warn("receipt for another gateway or epoch ignored gateway={} epoch={:016x}",
              receipt.value().gateway.text(), receipt.value().epoch);
    return;
  }
  ++state_.receipts;
  apply(receipt.value());
}

Result<wire::Receipt> Publisher::read_receipt(ByteView bytes) const {
  const auto key_of = [this](std::string_view signer) {
    return signer == wire::cloud_signer ? std::optional(cloud_key_) : std::nullopt;
  };
  SITEGATE_TRY(opened, wire::open(bytes, wire::MessageKind::receipt, wire::receipt_size_max, key_of));
  return wire::decode_receipt(opened.payload);
}

void Publisher::apply(const wire::Receipt& receipt) {
  for (const auto& entry : receipt.refused)
    log::error("the cloud refused a passage sequence={} reason={}", entry.sequence, entry.reason);
  state_.entries_refused += receipt.refused.size();
  state_.problem = receipt.problem;
  if (const auto stored = outbox_.receipt(receipt.sequence_through, clock_.now()); !stored) {
    state_.problem = stored.error().text();
    log::error("receipt not applied through={} reason=\"{}\"", receipt.sequence_through,
               stored.error().text());
    return;
  }
  if (!receipt.gaps.empty()) return apply_gap(receipt.gaps.front().first);
  if (receipt.sequence_through <= state_.confirmed_through) return;
  state_.confirmed_through = receipt.sequence_through;
  next_to_send_ = std::max(next_to_send_, state_.confirmed_through + 1);
  retry_.reset();
  const bool all_confirmed = state_.confirmed_through >= sent_through_;
  in_flight_ = all_confirmed || in_flight_ == 0 ? 0 : in_flight_ - 1;
  overdue_at_.reset();
  if (!all_confirmed) overdue_at_ = clock_.monotonic() + settings_.receipt_timeout;
}

void Publisher::apply_gap(Sequence first) {
  // Every batch that was already under way behind the gap brings the same request: one answer to it is
  // enough.
  const bool answered =
      gap_first_ == first && gap_at_ && clock_.monotonic() < *gap_at_ + settings_.receipt_timeout;
  if (answered) return;
  gap_first_ = first;
  gap_at_ = clock_.monotonic();
  log::warn("the cloud asks for passages again from={}", first);
  state_.confirmed_through = first - 1;
  resend_from(first);
}

// ---- what is due ----

Result<std::chrono::milliseconds> Publisher::step() {
  SITEGATE_TRYV(seal_due());
  resend_when_overdue();
  SITEGATE_TRYV(send_due());
  if (clock_.monotonic() >= expire_at_ && clock_.state() == ClockState::synchronised) {
    SITEGATE_TRYV(outbox_.expire(clock_.now(), settings_.retention));
    expire_at_ = clock_.monotonic() + expire_every;
  }
  return until_due();
}

void Publisher::notice_settled() {
  const Sequence last = outbox_.state().next_sequence - 1;
  const MonotonicTime now = clock_.monotonic();
  if (last > noticed_through_) settling_.push_back({last, now + settings_.settle});
  noticed_through_ = last;
  for (; !settling_.empty() && settling_.front().at <= now; settling_.pop_front())
    settled_through_ = settling_.front().through;
}

Result<void> Publisher::seal_due() {
  notice_settled();
  while (true) {
    const std::uint64_t waiting =
        settled_through_ - std::min(settled_through_, outbox_.state().sealed_through);
    if (waiting == 0) {
      seal_at_.reset();
      return success();
    }
    if (!seal_at_) seal_at_ = clock_.monotonic() + settings_.batch_age_max;
    const bool full = waiting >= settings_.batch_passages_max;
    // Away from the broker there is no hurry: large batches drain faster afterwards.
    const bool old_enough = transport_.connected() && clock_.monotonic() >= *seal_at_;
    if (!full && !old_enough) return success();
    SITEGATE_TRYV(
        sealer_.seal_next(std::min<std::uint64_t>(settings_.batch_passages_max, waiting), clock_.now()));
    if (full) continue;
    seal_at_.reset();
    return success();
  }
}

void Publisher::resend_when_overdue() {
  if (!overdue_at_ || clock_.monotonic() < *overdue_at_) return;
  log::warn("no receipt in time, sending again from={}", state_.confirmed_through + 1);
  resend_from(state_.confirmed_through + 1);
}

void Publisher::resend_from(Sequence first) {
  next_to_send_ = first;
  in_flight_ = 0;
  overdue_at_.reset();
}

Result<void> Publisher::send_due() {
  if (!transport_.connected() || in_flight_ >= settings_.batches_in_flight_max) return success();
  if (next_to_send_ > outbox_.state().sealed_through) return success();
  return send_from(next_to_send_, settings_.batches_in_flight_max - in_flight_);
}

Result<void> Publisher::send_from(Sequence first, std::size_t batches_max) {
  auto batches = outbox_.batches(first, batches_max, send_bytes_max);
  if (!batches) {
    state_.problem = batches.error().text();
    return is(batches.error(), OutboxErrc::damaged) ? Result<void>(success()) : batches.error();
  }
  for (const auto& batch : batches.value()) {
    const auto sent = transport_.publish(topic_, batch.envelope, batch.through);
    if (!sent) break;  // not connected or too much in flight: the next step tries again
    ++state_.batches_sent;
    if (batch.through <= sent_through_) ++state_.batches_resent;
    sent_through_ = std::max(sent_through_, batch.through);
    next_to_send_ = batch.through + 1;
    ++in_flight_;
  }
  if (in_flight_ > 0 && !overdue_at_)
    overdue_at_ = clock_.monotonic() + settings_.receipt_timeout + retry_.next();
  return success();
}

std::chrono::milliseconds Publisher::until_due() const {
  std::chrono::milliseconds wait = idle;
  const MonotonicTime now = clock_.monotonic();
  if (overdue_at_) wait = std::min(wait, until(*overdue_at_, now));
  if (seal_at_ && transport_.connected()) wait = std::min(wait, until(*seal_at_, now));
  if (!settling_.empty()) wait = std::min(wait, until(settling_.front().at, now));
  return std::max(wait, std::chrono::milliseconds{1});
}

}  // namespace sitegate::edge
