// The gateway's first page: how it is, for whoever stands in front of it without a network.
#pragma once
#include <string>
#include <vector>

#include "edge/outbox/outbox.hpp"
#include "shared/base/clock.hpp"
#include "shared/wire/health.hpp"

namespace sitegate::edge {

struct GatewayStatus {
  GatewayId gateway;
  SiteId site;
  UtcTime as_of{};
  std::chrono::minutes utc_offset{540};
  ClockState clock_state = ClockState::unknown;
  bool connected = false;    ///< to the broker
  std::string link_problem;  ///< empty when all is well
  OutboxState outbox;
  std::uint64_t roster_version = 0;  ///< 0: none held
  std::size_t roster_people = 0;
  std::vector<wire::ReaderHealth> readers;
};

/// A link to another page.
struct PageLink {
  std::string path;
  std::string japanese;
  std::string english;
};

/// HTML that loads nothing and asks again by itself; every text from outside is escaped.
std::string status_page(const GatewayStatus& status, const std::vector<PageLink>& links, bool japanese);

}  // namespace sitegate::edge
