#include "shared/wire/topic.hpp"

#include <array>
#include <charconv>
#include <vector>

#include "shared/base/bytes.hpp"

namespace sitegate::wire {
namespace {

constexpr std::string_view prefix = "sitegate/v1/";
constexpr std::array<std::string_view, 5> channels{"history", "receipt", "roster", "health", "command"};

std::string_view channel_text(Channel channel) {
  return channels[static_cast<std::size_t>(channel)];
}

/// The part up to the next '/', which moves on behind it.
std::string_view take_level(std::string_view& text) {
  const auto level = text.substr(0, text.find('/'));
  text.remove_prefix(std::min(text.size(), level.size() + 1));
  return level;
}

}  // namespace

std::string to_text(const Topic& topic) {
  return std::string(prefix) + std::to_string(topic.bucket) + "/" + topic.gateway.text() + "/" +
         std::string(channel_text(topic.channel));
}

std::optional<Topic> parse_topic(std::string_view text) {
  std::string_view rest = text;
  if (!rest.starts_with(prefix)) return std::nullopt;
  rest.remove_prefix(prefix.size());
  const auto bucket_text = take_level(rest);
  Topic topic;
  const auto [end, error] =
      std::from_chars(bucket_text.data(), bucket_text.data() + bucket_text.size(), topic.bucket);
  if (error != std::errc() || end != bucket_text.data() + bucket_text.size() || topic.bucket > bucket_max)
    return std::nullopt;
  const auto gateway = GatewayId::parse(take_level(rest));
  if (!gateway) return std::nullopt;
  topic.gateway = *gateway;
  for (std::size_t i = 0; i < channels.size(); ++i)
    if (rest == channels[i]) topic.channel = static_cast<Channel>(i);
  if (to_text(topic) != text) return std::nullopt;  // unknown channel, leading zeros, anything behind
  return topic;
}

std::string topic_filter(Channel channel) {
  return std::string(prefix) + "+/+/" + std::string(channel_text(channel));
}

std::uint16_t default_bucket(const GatewayId& gateway) {
  return static_cast<std::uint16_t>(crc32c(as_bytes(gateway.text())) % 64);
}

}  // namespace sitegate::wire
