// The standard's binary encodings as one table: what each message and parameter of LLRP consists of. Source:
// EPCglobal Low Level Reader Protocol 1.1 (2010), section 17, and 1.0.1 (2007), section 16; 1.1 only adds
// to 1.0.1.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sitegate::devices::uhf {

enum class FieldKind : std::uint8_t {
  number,    ///< 1 to 64 bits, the most significant first
  integer,   ///< the same with a sign
  reserved,  ///< bits that carry nothing: sent as 0, ignored when read
  block,     ///< that many bits, a multiple of 8, without a count in front
  bits,      ///< u16 count of bits, then the bits, filled up to whole bytes
  bytes,     ///< u16 count, then bytes; also text in UTF-8
  words,     ///< u16 count, then u16 each
  longs,     ///< u16 count, then u32 each
  rest,      ///< whatever follows, to the end
};

struct Field {
  FieldKind kind = FieldKind::number;
  std::uint8_t bits = 0;  ///< of number, integer, reserved, block
  std::string_view name;  ///< as in the standard; empty for reserved bits
};

/// Fields first, then parameters if it may have any. Names are the standard's.
struct Layout {
  std::uint16_t type = 0;
  std::string_view name;
  bool has_parameters = false;
  std::vector<Field> fields;

  /// The position among the fields that are not reserved, which is that of the value; asserts that there is
  /// such a field.
  [[nodiscard]] std::size_t index_of(std::string_view field) const;
};

/// nullptr for a type that neither version of the standard names.
const Layout* message_layout(std::uint16_t type);
const Layout* parameter_layout(std::uint16_t type);
std::span<const Layout> message_layouts();
std::span<const Layout> parameter_layouts();

/// Parameters of these types have no length in front (TV); from here on they have one (TLV).
inline constexpr std::uint16_t first_tlv_type = 128;

}  // namespace sitegate::devices::uhf
