// The identifiers of the field. CCUS IDs are 14 decimal digits; no check digit is publicly known, so none is
// checked.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sitegate {

/// Digits of a CCUS ID; 0 if `text` is not exactly 14 ASCII digits or all zero.
std::uint64_t parse_ccus_digits(std::string_view text);
std::string format_ccus_digits(std::uint64_t value);
inline constexpr std::uint64_t ccus_id_max = 99'999'999'999'999;

/// A 14-digit CCUS ID with its leading zeros. `Tag` keeps technicians, companies and sites apart.
template <typename Tag>
class CcusId {
 public:
  constexpr CcusId() = default;
  /// 1 to 99,999,999,999,999; nullopt outside.
  static constexpr std::optional<CcusId> from_number(std::uint64_t number) {
    if (number == 0 || number > ccus_id_max) return std::nullopt;
    return CcusId(number);
  }
  static std::optional<CcusId> parse(std::string_view text) { return from_number(parse_ccus_digits(text)); }
  [[nodiscard]] constexpr std::uint64_t number() const { return number_; }
  [[nodiscard]] std::string text() const { return format_ccus_digits(number_); }
  /// False only for a default-constructed id, which names nobody.
  constexpr explicit operator bool() const { return number_ != 0; }
  auto operator<=>(const CcusId&) const = default;

 private:
  constexpr explicit CcusId(std::uint64_t number) : number_(number) {}
  std::uint64_t number_ = 0;
};

using TechnicianId = CcusId<struct TechnicianTag>;  ///< 技能者ID
using CompanyId = CcusId<struct CompanyTag>;        ///< 事業者ID
using SiteId = CcusId<struct SiteTag>;              ///< 現場ID

/// Name of a gateway: 1 to 48 of [A-Za-z0-9-]; stands in topics and as the common name of its certificate.
class GatewayId {
 public:
  GatewayId() = default;
  static std::optional<GatewayId> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const { return text_; }
  auto operator<=>(const GatewayId&) const = default;

 private:
  std::string text_;
};

/// One life of a gateway's outbox: chosen at random when the outbox is created; never 0.
using Epoch = std::uint64_t;
/// Runs from 1 without gaps within an epoch.
using Sequence = std::uint64_t;

}  // namespace sitegate

template <typename Tag>
struct std::hash<sitegate::CcusId<Tag>> {
  std::size_t operator()(sitegate::CcusId<Tag> id) const noexcept {
    return std::hash<std::uint64_t>{}(id.number());
  }
};
template <>
struct std::hash<sitegate::GatewayId> {
  std::size_t operator()(const sitegate::GatewayId& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
