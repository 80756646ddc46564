#include "cloud/fleet/fleet.hpp"

#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/receipt.hpp"
#include "shared/wire/site_roster.hpp"
#include "shared/wire/topic.hpp"

namespace sitegate::cloud {

const char* errc_category(FleetErrc) {
  return "fleet";
}

std::string_view errc_text(FleetErrc what) {
  switch (what) {
    case FleetErrc::bad_topic:
      return "not a health topic of a gateway";
    case FleetErrc::unknown_gateway:
      return "the gateway is not registered or revoked";
    case FleetErrc::wrong_gateway:
      return "the message is not in the gateway's name or for its site";
    case FleetErrc::roster_too_large:
      return "the site's roster is too large for the broker";
  }
  return "unknown";
}

namespace {

/// That an epoch is still heard is written down no more often.
constexpr std::chrono::seconds heard_again_after{60};

Result<wire::Health> read_health(const GatewayRecord& gateway, ByteView payload) {
  const auto key_of = [&](std::string_view signer) {
    return signer == gateway.id.text() ? std::optional(gateway.public_key) : std::nullopt;
  };
  SITEGATE_TRY(opened, wire::open(payload, wire::MessageKind::health, wire::health_size_max, key_of));
  SITEGATE_TRY(health, wire::decode_health(opened.payload));
  if (health.gateway != gateway.id || health.site != gateway.site)
    return fail(FleetErrc::wrong_gateway, health.gateway.text());
  return std::move(health);
}

Result<GatewayPosition> position_of(const ReadTransaction& transaction, const GatewayId& gateway,
                                    Epoch epoch) {
  SITEGATE_TRY(position, transaction.position(gateway, epoch));
  return position.value_or(GatewayPosition{gateway, epoch, 0, {}, {}});
}

}  // namespace

Result<void> Fleet::on_health(std::string_view topic_text, ByteView payload) {
  const auto topic = wire::parse_topic(topic_text);
  if (!topic || topic->channel != wire::Channel::health)
    return fail(FleetErrc::bad_topic, std::string(topic_text.substr(0, 128)));
  SITEGATE_TRY(transaction, store_.begin_read());
  SITEGATE_TRY(gateway, transaction->gateway(topic->gateway));
  if (!gateway || gateway->revoked) return fail(FleetErrc::unknown_gateway, topic->gateway.text());
  SITEGATE_TRY(health, read_health(*gateway, payload));
  const std::uint64_t held_version = health.roster_version;
  SITEGATE_TRYV(note_reach(*transaction, health));
  // What cannot be sent now is asked for after the next health message.
  if (const auto sent = send_receipts(*transaction, *gateway, health); !sent)
    log::debug("receipt not sent gateway={} reason=\"{}\"", gateway->id.text(), sent.error().text());
  if (!health.problem.empty())
    log::warn("gateway reports a problem gateway={} problem=\"{}\"", gateway->id.text(), health.problem);
  const UtcTime now = clock_.now();
  statuses_.with([&](auto& statuses) { statuses[gateway->id] = {std::move(health), now}; });
  return send_roster(*transaction, *gateway, held_version);
}

Result<void> Fleet::note_reach(const ReadTransaction& transaction, const wire::Health& health) {
  if (health.epoch == 0) return success();
  const UtcTime now = clock_.now();
  for (const auto& ended : health.ended) {
    SITEGATE_TRYV(note_reach(transaction, {.gateway = health.gateway,
                                           .epoch = ended.epoch,
                                           .at = now,
                                           .promised = ended.receipted_through,
                                           .fork = {},
                                           .of_the_past = true}));
  }
  return note_reach(transaction, {.gateway = health.gateway,
                                  .epoch = health.epoch,
                                  .at = now,
                                  .through = health.sequence_last,
                                  .promised = health.receipted_through,
                                  .fork = {}});
}

Result<void> Fleet::note_reach(const ReadTransaction& transaction, const Word& word) {
  SITEGATE_TRY(position, transaction.position(word.gateway, word.epoch));
  SITEGATE_TRY(before, transaction.reach(word.gateway, word.epoch));
  const EpochReach after = told(before.value_or(EpochReach{}), word, position ? position->watermark : 0);
  const bool newly_missing = !before || after.marks != before->marks;
  if (newly_missing || after.last_heard >= before->last_heard + heard_again_after)
    words_[{word.gateway, word.epoch}] = word;
  return success();
}

Result<void> Fleet::keep() {
  if (words_.empty()) return success();
  SITEGATE_TRY(transaction, store_.begin_write());
  for (const auto& [epoch, word] : words_) {
    SITEGATE_TRYV(note(*transaction, word));
  }
  SITEGATE_TRYV(transaction->commit());
  words_.clear();
  return success();
}

/// Where both agree there is nothing to say. A gateway that holds a receipt for more than is registered is
/// asked for it: the store came back from a backup. One that has sealed less than is registered learns from
/// the hash that it is not what it thinks to be.
Result<void> Fleet::send_receipts(const ReadTransaction& transaction, const GatewayRecord& gateway,
                                  const wire::Health& health) {
  for (const auto& ended : health.ended) {
    SITEGATE_TRY(position, position_of(transaction, gateway.id, ended.epoch));
    if (position.watermark >= ended.receipted_through) continue;
    SITEGATE_TRYV(send_receipt(gateway, position, ended.receipted_through));
  }
  if (health.epoch == 0) return success();
  SITEGATE_TRY(position, position_of(transaction, gateway.id, health.epoch));
  if (position.watermark == health.receipted_through) return success();
  return send_receipt(gateway, position, health.receipted_through);
}

Result<void> Fleet::send_receipt(const GatewayRecord& gateway, const GatewayPosition& position,
                                 Sequence promised) {
  wire::Receipt receipt{.gateway = gateway.id,
                        .epoch = position.epoch,
                        .sequence_through = position.watermark,
                        .refused = {},
                        .gaps = {},
                        .problem = {},
                        .cloud_time = clock_.now(),
                        .chain_head = position.chain_head};
  if (promised > position.watermark) {
    receipt.gaps = {{position.watermark + 1, promised}};
    log::warn(
        "asking for what a receipt was given for and is not registered gateway={} epoch={:016x} from={} "
        "through={}",
        gateway.id.text(), position.epoch, position.watermark + 1, promised);
  }
  const auto sealed = wire::seal(wire::MessageKind::receipt, wire::cloud_signer, wire::encode(receipt), key_);
  const std::string topic = to_text(wire::Topic{gateway.bucket, gateway.id, wire::Channel::receipt});
  return transport_.publish(topic, sealed.bytes, receipt.sequence_through);
}

Result<void> Fleet::send_roster(const ReadTransaction& transaction, const GatewayRecord& gateway,
                                std::uint64_t held_version) {
  SITEGATE_TRY(version, transaction.roster_version(gateway.site));
  if (version == 0 || version == held_version) return success();
  SITEGATE_TRY(roster, transaction.site_roster(gateway.site, held_version));
  SITEGATE_TRY(payload, wire::encode(roster));
  const auto sealed = wire::seal(wire::MessageKind::roster, wire::cloud_signer, payload, key_);
  // The broker would end our connection over it, and with it every other gateway's way to us.
  if (sealed.bytes.size() > roster_message_max_)
    return fail(FleetErrc::roster_too_large,
                "site " + gateway.site.text() + ": " + std::to_string(roster.technicians.size()) +
                    " technicians make " + std::to_string(sealed.bytes.size()) + " bytes, " +
                    std::to_string(roster_message_max_) + " are possible: take off who has left the site");
  const std::string topic = to_text(wire::Topic{gateway.bucket, gateway.id, wire::Channel::roster});
  log::info("roster sent gateway={} version={} base={} technicians={} bytes={}", gateway.id.text(),
            roster.version, roster.base_version, roster.technicians.size(), sealed.bytes.size());
  return transport_.publish(topic, sealed.bytes, version);
}

std::map<GatewayId, GatewayStatus> Fleet::statuses() const {
  return statuses_.with([](const auto& statuses) { return statuses; });
}

}  // namespace sitegate::cloud
