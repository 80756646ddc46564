// Prefectures (都道府県): JIS X 0401 codes 1 to 47.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sitegate {

inline constexpr std::size_t prefecture_count = 47;

class Prefecture {
 public:
  constexpr Prefecture() = default;
  static constexpr std::optional<Prefecture> from_code(int code) {
    if (code < 1 || code > static_cast<int>(prefecture_count)) return std::nullopt;
    return Prefecture(static_cast<std::uint8_t>(code));
  }
  /// "01" to "47" (also "1"), or the Japanese name in full ("北海道").
  static std::optional<Prefecture> parse(std::string_view text);
  /// 1 to 47; 0 only when default-constructed.
  [[nodiscard]] constexpr std::uint8_t code() const { return code_; }
  [[nodiscard]] std::string_view name_ja() const;
  [[nodiscard]] std::string_view name_en() const;
  auto operator<=>(const Prefecture&) const = default;

 private:
  constexpr explicit Prefecture(std::uint8_t code) : code_(code) {}
  std::uint8_t code_ = 0;
};

}  // namespace sitegate
