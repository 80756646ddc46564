#include "cloud/fleet/fleet.hpp"

#include "shared/base/log.hpp"
#include "shared/wire/envelope.hpp"
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
  if (!health.problem.empty())
    log::warn("gateway reports a problem gateway={} problem=\"{}\"", gateway->id.text(), health.problem);
  const UtcTime now = clock_.now();
  statuses_.with([&](auto& statuses) { statuses[gateway->id] = {std::move(health), now}; });
  return send_roster(*transaction, *gateway, held_version);
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
