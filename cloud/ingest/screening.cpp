#include "cloud/ingest/screening.hpp"

#include "shared/wire/envelope.hpp"

namespace sitegate::cloud {
namespace {

using Screened = std::variant<ScreenedBatch, Rejection>;

Screened reject(std::string reason, std::string detail = {}) {
  return Rejection{std::move(reason), std::move(detail)};
}

Screened reject(const Error& error) {
  return reject(wire::errc_word(error), error.text());
}

Screened screen_signed(const IncomingMessage& message, const wire::Topic& topic,
                       const GatewayRecord& gateway) {
  // Only the gateway whose topic this is may have signed: another one's valid signature is foreign here.
  const auto key_of = [&](std::string_view signer) {
    return signer == gateway.id.text() ? std::optional(gateway.public_key) : std::nullopt;
  };
  auto opened = wire::open(message.payload, wire::MessageKind::history, wire::batch_size_max, key_of);
  if (!opened) return reject(opened.error());
  auto decoded = wire::decode_work_history_batch(opened.value().payload);
  if (!decoded) return reject(decoded.error());
  const auto& batch = decoded.value().batch;
  if (batch.gateway != gateway.id) return reject("wrong_gateway", batch.gateway.text());
  if (batch.site != gateway.site)
    return reject("wrong_site", "batch says " + batch.site.text() + ", registered is " + gateway.site.text());
  return ScreenedBatch{topic, std::move(decoded).value(), opened.value().hash};
}

}  // namespace

IncomingMessage incoming(std::string_view topic, ByteView payload, UtcTime received) {
  return {std::string(topic), to_bytes(payload.first(std::min(payload.size(), message_size_max + 1))),
          received, payload.size()};
}

Result<Screened> screen(const ReadTransaction& transaction, const IncomingMessage& message) {
  const auto topic = wire::parse_topic(message.topic);
  if (!topic || topic->channel != wire::Channel::history)
    return reject("bad_topic", message.topic.substr(0, 128));
  if (message.size > message_size_max) return reject("too_large", std::to_string(message.size) + " bytes");
  SITEGATE_TRY(gateway, transaction.gateway(topic->gateway));
  if (!gateway) return reject("unknown_signer", "gateway " + topic->gateway.text() + " is not registered");
  if (gateway->revoked) return reject("unknown_signer", "gateway " + topic->gateway.text() + " is revoked");
  return screen_signed(message, *topic, *gateway);
}

}  // namespace sitegate::cloud
