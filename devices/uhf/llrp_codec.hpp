// LLRP messages as bytes and as trees of fields and parameters. Pure. Source: EPCglobal Low Level Reader
// Protocol 1.1 (2010), section 17.1 (messages), 17.1.2 (parameters: TLV and TV); 1.0.1 (2007), section 16.1,
// has the same form.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "devices/uhf/llrp_layout.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::devices::uhf {

enum class LlrpErrc {
  not_llrp = 1,     ///< these bytes are no message's beginning: where the next one begins is not known
  too_large,        ///< a message of this size is never sent: as above
  damaged_message,  ///< a message whose inside is not well formed; the next one begins after it
};
const char* errc_category(LlrpErrc);
std::string_view errc_text(LlrpErrc);

/// Bits 3 to 5 of a message's header.
enum class Version : std::uint8_t { v1_0_1 = 1, v1_1 = 2 };

/// A counted list of bits, bytes, words or longs, or a block: the count as sent, and the bytes as sent. A bit
/// list's last byte may be filled up; a block's count is its bits.
struct List {
  std::uint16_t count = 0;
  Bytes bytes;
  bool operator==(const List&) const = default;
};
using Value = std::variant<std::uint64_t, List>;

/// A parameter, or the inside of a message. Of a type that the standard does not name (or a vendor's message)
/// there is only what came, in `rest`, so that it can be skipped and yet sent on unchanged.
struct Element {
  const Layout* layout = nullptr;  ///< nullptr: of an unknown type
  std::uint16_t type = 0;
  std::vector<Value> values;        ///< in the order of the layout's fields, without the reserved ones
  std::vector<Element> parameters;  ///< in the order sent
  Bytes rest;                       ///< bytes behind the last known field of a type that has no parameters

  /// All fields 0 or empty. Asserts that the standard names the type.
  static Element parameter(std::uint16_t type);
  static Element message(std::uint16_t type);

  /// A field by the standard's name; asserts that the layout has it and that it is of this kind.
  [[nodiscard]] std::uint64_t number(std::string_view field) const;
  [[nodiscard]] std::int64_t integer(std::string_view field) const;  ///< with its sign
  [[nodiscard]] const List& list(std::string_view field) const;
  [[nodiscard]] std::string text(std::string_view field) const;
  Element& set(std::string_view field, std::uint64_t number);
  Element& set(std::string_view field, List list);
  Element& add(Element parameter);

  /// The first parameter of this type; nullptr if there is none.
  [[nodiscard]] const Element* find(std::uint16_t parameter_type) const;
  /// The standard's name, or "type 4711".
  [[nodiscard]] std::string name() const;
  bool operator==(const Element&) const = default;
};

List list_of_bytes(ByteView bytes);
List list_of_words(const std::vector<std::uint16_t>& words);
/// The numbers of a list of words.
std::vector<std::uint16_t> words_of(const List& list);

struct Message {
  Version version = Version::v1_0_1;
  std::uint32_t id = 0;
  Element body;
  bool operator==(const Message&) const = default;
};

inline constexpr std::size_t header_size = 10;
/// Parameters in parameters; the standard's own go six deep.
inline constexpr int depth_max = 16;

/// The bytes of a message. Asserts that no parameter is larger than 65,535 bytes, which one that was decoded
/// never is.
Bytes encode(const Message& message);

/// One whole message, as MessageBuffer gives them. damaged_message with where and why.
Result<Message> decode(ByteView bytes);

/// Cuts a stream into messages, however it comes in pieces. After not_llrp or too_large the stream is of no
/// use any more.
class MessageBuffer {
 public:
  /// Larger ones are skipped up to the second limit, in parts as they come; beyond that the length is
  /// garbage.
  static constexpr std::size_t message_size_max = std::size_t{1} << 20;
  static constexpr std::size_t skipped_size_max = std::size_t{16} << 20;

  void add(ByteView bytes);
  /// The next whole message's bytes, valid until the next call of add(); nullopt: more must come.
  Result<std::optional<ByteView>> next();
  /// Messages of more than message_size_max so far.
  [[nodiscard]] std::uint64_t skipped() const { return skipped_; }

 private:
  Result<std::size_t> length_of(ByteView header) const;

  Bytes bytes_;
  std::size_t taken_ = 0;  // of bytes_, by next()
  std::size_t left_to_skip_ = 0;
  std::uint64_t skipped_ = 0;
};

/// "READER_EVENT_NOTIFICATION id=1 { ReaderEventNotificationData { UTCTimestamp Microseconds=… } }": for logs
/// and tests.
std::string to_text(const Message& message);

}  // namespace sitegate::devices::uhf
