#include "devices/terminal/terminal_url.hpp"

#include <fmt/format.h>

#include <charconv>

namespace sitegate::devices::terminal {
namespace {

constexpr std::size_t reader_id_size_max = 64;

Result<void> read_authority(const Url& url, TerminalUrl& into) {
  const auto colon = url.authority.rfind(':');
  auto address = url.authority.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  const auto canonical = canonical_address(address);
  unsigned port = 65'536;
  if (colon != std::string::npos)
    std::from_chars(url.authority.data() + colon + 1, url.authority.data() + url.authority.size(), port);
  if (!canonical || port > 65'535 || (!url.path.empty() && url.path != "/"))
    return fail(ReaderErrc::bad_setting, url.scheme + "://" + url.authority + url.path +
                                             ": the address and port to listen on are expected, such as " +
                                             url.scheme + "://0.0.0.0:8081");
  into.address = *canonical;
  into.port = static_cast<std::uint16_t>(port);
  return success();
}

}  // namespace

Result<std::int64_t> number_setting(const Url& url, const std::string& key, std::int64_t low,
                                    std::int64_t high, std::int64_t otherwise) {
  const auto text = url.get(key);
  if (text.empty()) return otherwise;
  std::int64_t value = low - 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return fail(ReaderErrc::bad_setting,
                fmt::format("{}={}: a whole number from {} to {}", key, text, low, high));
  return value;
}

Result<TerminalUrl> terminal_url(const Url& url, Family family) {
  TerminalUrl settings;
  SITEGATE_TRY(place, reader_place(url));
  settings.place = std::move(place);
  SITEGATE_TRYV(read_authority(url, settings));
  SITEGATE_TRY(live_s, number_setting(url, "live_s", 1, 3600, 30));
  settings.live_max = std::chrono::seconds(live_s);
  const auto file = url.get("terminals");
  if (file.empty())
    return fail(ReaderErrc::bad_setting, "terminals=<file> is missing: the terminals that may speak");
  SITEGATE_TRY(terminals, load_terminals(file, family));
  for (const auto& terminal : terminals)
    if (settings.place.id.size() + 1 + terminal.name.size() > reader_id_size_max)
      return fail(ReaderErrc::bad_setting, "id=" + settings.place.id + " is too long: with /" +
                                               terminal.name + " at most 64 characters");
  settings.terminals = std::move(terminals);
  return settings;
}

http::ServerLimits server_limits() {
  http::ServerLimits limits;
  limits.body_bytes_max = 2u << 20;
  limits.connections_max = 64;
  limits.connections_per_peer_max = 16;
  return limits;
}

}  // namespace sitegate::devices::terminal
