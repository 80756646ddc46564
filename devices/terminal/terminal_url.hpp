// What the URLs of both families of terminals have in common.
#pragma once
#include <chrono>
#include <filesystem>
#include <vector>

#include "devices/reader.hpp"
#include "devices/terminal/terminal.hpp"
#include "shared/http/server.hpp"

namespace sitegate::devices::terminal {

/// terminal+<family>://<address>:<port>?terminals=<file>&live_s=30&…
struct TerminalUrl {
  ReaderPlace place;
  std::string address;
  std::uint16_t port = 0;
  std::vector<Terminal> terminals;
  std::chrono::milliseconds live_max{30'000};
};
/// Looks at these keys only.
Result<TerminalUrl> terminal_url(const Url& url, Family family);

/// A whole number of a URL's key; bad_setting otherwise.
Result<std::int64_t> number_setting(const Url& url, const std::string& key, std::int64_t low,
                                    std::int64_t high, std::int64_t otherwise);

/// Of the server that terminals speak to; bodies up to 2 MiB: a picture may come with an event.
http::ServerLimits server_limits();

}  // namespace sitegate::devices::terminal
