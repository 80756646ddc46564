#include "edge/publisher/publisher.hpp"

#include <algorithm>
#include <utility>

#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/topic.hpp"

namespace sitegate::edge {
namespace {

constexpr std::chrono::milliseconds idle{1'000};
constexpr std::chrono::minutes expire_every{10};
constexpr int shed_level = 95;
/// Batches that a gateway sends before the cloud has answered.
constexpr std::size_t first_window = 4;
/// So that epochs and delays are not drawn from the same numbers.
constexpr std::uint64_t epoch_seed = 0x9e3779b97f4a7c15U;
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
      retry_(settings.retry_base, settings.retry_cap, seed),
      chance_(seed ^ epoch_seed),
      window_(std::min(first_window, settings.batches_in_flight_max)),
      kept_for_(settings.retention) {
  state_.confirmed_through = outbox.state().receipted_through;
  next_to_send_ = state_.confirmed_through + 1;
  // What is there already is as old as the last start: nobody adds to it.
  noticed_through_ = settled_through_ = outbox.state().next_sequence - 1;
}

// ---- what happened ----

void Publisher::on_connected() {
  window_ = std::min(first_window, settings_.batches_in_flight_max);
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
  const OutboxState outbox = outbox_.state();
  const bool of_ended = std::ranges::any_of(
      outbox.ended, [&](const EndedEpoch& ended) { return ended.epoch == receipt.value().epoch; });
  if (receipt.value().gateway != identity_.gateway || (receipt.value().epoch != outbox.epoch && !of_ended)) {
    ++state_.receipts_ignored;
    log::warn("receipt for another gateway or epoch ignored gateway={} epoch={:016x}",
              receipt.value().gateway.text(), receipt.value().epoch);
    return;
  }
  ++state_.receipts;
  if (of_ended) return apply_to_ended(receipt.value());
  const auto why = contradiction(receipt.value());
  if (!why) {
    state_.problem = why.error().text();
    return;
  }
  if (!why.value().empty()) return begin_epoch(outbox_.state().receipted_through, why.value());
  apply(receipt.value());
}

Result<std::string> Publisher::contradiction(const wire::Receipt& receipt) const {
  if (receipt.sequence_through == 0 || receipt.chain_head == Digest{}) return std::string();
  const OutboxState state = outbox_.state();
  const std::string through = std::to_string(receipt.sequence_through);
  if (receipt.sequence_through > state.sealed_through - state.epoch_base)
    return "the cloud has registered up to " + through + ", sealed is " +
           std::to_string(state.sealed_through - state.epoch_base);
  const Sequence sequence = receipt.sequence_through + state.epoch_base;
  SITEGATE_TRY(batch, outbox_.batch_holding(sequence));
  const bool ours = !batch || (batch->through == sequence && batch->hash == receipt.chain_head);
  return ours ? std::string() : "the batch that the cloud has registered at " + through + " is another one";
}

/// What has a receipt stays as it is; everything else goes again under the new epoch.
void Publisher::begin_epoch(Sequence base, const std::string& why) {
  Epoch epoch = chance_();
  while (epoch == 0) epoch = chance_();
  log::error(
      "another epoch begins: another gateway has this one's identity, or an old copy of its disk was put "
      "back, or the cloud's backup is older than what is kept here reason=\"{}\" ended={:016x} "
      "begun={:016x} from={}",
      why, outbox_.state().epoch, epoch, base + 1);
  const auto begun = outbox_.begin_epoch(
      epoch, base,
      [this](const SealedBatch& batch, const OutboxState& state) { return sealer_.reseal(batch, state); });
  if (!begun) {
    state_.problem = "another epoch cannot begin: " + begun.error().text();
    log::error("{}", state_.problem);
    return;
  }
  ++state_.epochs_begun;
  state_.problem.clear();
  state_.confirmed_through = sent_through_ = base;
  gap_first_ = 0;
  gap_at_.reset();
  retry_.reset();
  resend_from(base + 1);
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
  const Sequence base = outbox_.state().epoch_base;
  // Beyond what any outbox holds: refused as any that was never sealed.
  const Sequence through =
      receipt.sequence_through > ~Sequence{0} - base ? ~Sequence{0} : receipt.sequence_through + base;
  if (const auto stored = outbox_.receipt(through, clock_.now()); !stored) {
    state_.problem = stored.error().text();
    log::error("receipt not applied through={} reason=\"{}\"", receipt.sequence_through,
               stored.error().text());
    return;
  }
  if (!receipt.gaps.empty()) return apply_gap(through + 1);
  if (through <= state_.confirmed_through) return;
  state_.confirmed_through = through;
  next_to_send_ = std::max(next_to_send_, state_.confirmed_through + 1);
  retry_.reset();
  window_ = std::min(2 * window_, settings_.batches_in_flight_max);
  const bool all_confirmed = state_.confirmed_through >= sent_through_;
  in_flight_ = all_confirmed || in_flight_ == 0 ? 0 : in_flight_ - 1;
  overdue_at_.reset();
  if (!all_confirmed) overdue_at_ = clock_.monotonic() + settings_.receipt_timeout;
}

// A few batches at a time: each receipt for one of them asks for the next, and so does each health message.
void Publisher::apply_to_ended(const wire::Receipt& receipt) {
  const OutboxState outbox = outbox_.state();
  const auto ended = std::ranges::find(outbox.ended, receipt.epoch, &EndedEpoch::epoch);
  const auto next = std::next(ended);
  const Sequence end = next == outbox.ended.end() ? outbox.epoch_base : next->base;
  if (receipt.sequence_through >= end - ended->base || !transport_.connected()) return;
  const Sequence first = ended->base + receipt.sequence_through + 1;
  const auto asked = std::pair(receipt.epoch, first);
  if (asked == ended_asked_ && ended_at_ && clock_.monotonic() < *ended_at_ + settings_.receipt_timeout)
    return;
  ended_asked_ = asked;
  ended_at_ = clock_.monotonic();
  const auto batches = outbox_.batches(first, settings_.batches_in_flight_max, send_bytes_max);
  if (!batches || batches.value().empty() || batches.value().front().first > first)
    return log::error("the cloud lacks what is not kept here any more epoch={:016x} from={}", receipt.epoch,
                      receipt.sequence_through + 1);
  log::warn("the cloud asks for passages of an ended epoch again epoch={:016x} from={}", receipt.epoch,
            receipt.sequence_through + 1);
  for (const auto& batch : batches.value()) {
    if (batch.through > end || !transport_.publish(topic_, batch.envelope, batch.through)) return;
    ++state_.batches_sent;
    ++state_.batches_resent;
  }
}

void Publisher::apply_gap(Sequence first) {
  // Every batch that was already under way behind the gap brings the same request: one answer to it is
  // enough.
  const bool answered =
      gap_first_ == first && gap_at_ && clock_.monotonic() < *gap_at_ + settings_.receipt_timeout;
  if (answered) return;
  gap_first_ = first;
  gap_at_ = clock_.monotonic();
  const auto behind = kept_behind(first);
  if (!behind) {
    state_.problem = behind.error().text();
    return;
  }
  if (behind.value())
    return begin_epoch(*behind.value(), "the cloud asks for " + std::to_string(first) +
                                            ", kept is what is behind " + std::to_string(*behind.value()));
  log::warn("the cloud asks for passages again from={}", first);
  state_.confirmed_through = first - 1;
  resend_from(first);
}

Result<std::optional<Sequence>> Publisher::kept_behind(Sequence first) const {
  if (first > outbox_.state().sealed_through) return std::optional<Sequence>{};
  SITEGATE_TRY(held, outbox_.next_batch(first - 1));
  SITEGATE_TRY(holding, outbox_.batch_holding(first));
  if (holding || (held && *held == first)) return std::optional<Sequence>{};
  return std::optional(held ? *held - 1 : outbox_.state().sealed_through);
}

// ---- what is due ----

Result<std::chrono::milliseconds> Publisher::step() {
  SITEGATE_TRYV(seal_due());
  resend_when_overdue();
  SITEGATE_TRYV(send_due());
  SITEGATE_TRYV(forget_due());
  SITEGATE_TRYV(watch_room());
  return until_due();
}

Result<void> Publisher::forget_due() {
  if (clock_.monotonic() < expire_at_ || clock_.state() != ClockState::synchronised) return success();
  SITEGATE_TRYV(outbox_.expire(clock_.now(), kept_for_));
  expire_at_ = clock_.monotonic() + expire_every;
  return success();
}

// A receipt's time may be from before the clock was right; what is forgotten here is in the national record.
Result<void> Publisher::watch_room() {
  const OutboxState outbox = outbox_.state();
  const Fill before =
      std::exchange(state_.fill, fill_watch_.look(outbox.used_bytes, outbox.room_bytes, clock_.monotonic()));
  if (state_.fill.level > before.level) log::warn("{}", to_text(state_.fill));
  if (state_.fill.level < before.level) log::info("outbox {} % full", state_.fill.percent);
  if (state_.fill.level < shed_level) {
    kept_for_ = settings_.retention;
    return success();
  }
  if (kept_for_.count() == 0) return success();
  kept_for_ /= 2;
  SITEGATE_TRY(forgotten, outbox_.expire(clock_.now(), kept_for_));
  if (forgotten > 0)
    log::warn("outbox {} % full: {} registered batches older than {} h are forgotten before their time",
              state_.fill.percent, forgotten, kept_for_.count());
  return success();
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
  window_ = 1;
  resend_from(state_.confirmed_through + 1);
}

void Publisher::resend_from(Sequence first) {
  next_to_send_ = first;
  in_flight_ = 0;
  overdue_at_.reset();
}

Result<void> Publisher::send_due() {
  if (!transport_.connected() || in_flight_ >= window_) return success();
  if (next_to_send_ > outbox_.state().sealed_through) return success();
  return send_from(next_to_send_, window_ - in_flight_);
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
