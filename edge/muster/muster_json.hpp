// Muster lists as JSON (RFC 8259): between the gateways of a site, on their disks, and for programs. The form
// is in README.md.
#pragma once
#include <string>
#include <string_view>

#include "edge/muster/muster.hpp"
#include "shared/base/error.hpp"

namespace sitegate::edge {

enum class MusterErrc {
  bad_list = 1,  ///< not a list, or one that breaks a limit
  wrong_site,
  not_a_peer,  ///< the gateway itself, or an answer that is none
};
const char* errc_category(MusterErrc);
std::string_view errc_text(MusterErrc);

inline constexpr std::size_t muster_json_size_max = std::size_t{32} << 20;

std::string to_json(const GatewayMuster& muster);
std::string to_json(const SiteMuster& muster);
/// bad_list with the place and why. Every text is valid UTF-8 and within its limit, every ID has its form.
Result<GatewayMuster> parse_gateway_muster(std::string_view json);
Result<SiteMuster> parse_site_muster(std::string_view json);

}  // namespace sitegate::edge

template <>
struct std::is_error_code_enum<sitegate::edge::MusterErrc> : std::true_type {};
