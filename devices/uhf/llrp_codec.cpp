#include "devices/uhf/llrp_codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitegate::devices::uhf {

const char* errc_category(LlrpErrc) {
  return "llrp";
}

std::string_view errc_text(LlrpErrc what) {
  switch (what) {
    case LlrpErrc::not_llrp:
      return "this is not LLRP; see whether the address is a reader's and the port its LLRP port";
    case LlrpErrc::too_large:
      return "no reader sends a message of this size; the stream is damaged";
    case LlrpErrc::damaged_message:
      return "the message is not well formed";
  }
  return "unknown";
}

namespace {

constexpr std::size_t tlv_header_size = 4;
constexpr std::size_t parameter_size_max = 0xFFFF;
constexpr std::uint16_t type_mask = 0x3FF;
constexpr std::uint8_t tv_bit = 0x80;

std::uint64_t big_endian(ByteView bytes) {
  std::uint64_t number = 0;
  for (const auto byte : bytes) number = number << 8 | byte;
  return number;
}

void append_big_endian(Bytes& bytes, std::uint64_t number, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

std::size_t list_size(FieldKind kind, std::size_t count) {
  switch (kind) {
    case FieldKind::bits:
      return (count + 7) / 8;
    case FieldKind::words:
      return 2 * count;
    case FieldKind::longs:
      return 4 * count;
    default:
      return count;
  }
}

bool is_number(FieldKind kind) {
  return kind == FieldKind::number || kind == FieldKind::integer;
}

Error damaged(std::string why) {
  return fail(LlrpErrc::damaged_message, std::move(why));
}

// Takes fields off the front; bits stand most significant first, and whole bytes are full before a list
// begins.
class FieldReader {
 public:
  explicit FieldReader(ByteView bytes) : bytes_(bytes) {}

  Result<std::vector<Value>> values(const Layout& layout) {
    std::vector<Value> values;
    values.reserve(layout.fields.size());
    for (const auto& field : layout.fields) {
      if (is_number(field.kind) || field.kind == FieldKind::reserved) {
        SITEGATE_TRY(number, bits(field.bits));
        if (field.kind != FieldKind::reserved) values.emplace_back(number);
      } else {
        SITEGATE_TRY(list, list_of(field));
        values.emplace_back(std::move(list));
      }
    }
    return values;
  }
  [[nodiscard]] ByteView left() const { return bytes_.subspan((at_ + 7) / 8); }

 private:
  Result<std::uint64_t> bits(std::size_t count) {
    if (at_ + count > bytes_.size() * 8) return damaged("it ends within a field");
    std::uint64_t number = 0;
    for (std::size_t end = at_ + count; at_ < end;) {
      const std::size_t step = std::min(8 - at_ % 8, end - at_);
      const unsigned shifted = bytes_[at_ / 8] >> (8 - at_ % 8 - step);
      number = number << step | (shifted & ((1u << step) - 1));
      at_ += step;
    }
    return number;
  }

  Result<List> list_of(const Field& field) {
    List list;
    std::size_t size = left().size();
    if (field.kind == FieldKind::block) {
      list.count = field.bits;
      size = field.bits / 8;
    } else if (field.kind != FieldKind::rest) {
      SITEGATE_TRY(count, bits(16));
      list.count = static_cast<std::uint16_t>(count);
      size = list_size(field.kind, list.count);
    }
    if (size > left().size())
      return damaged(
          fmt::format("{}: {} bytes are announced, {} are there", field.name, size, left().size()));
    list.bytes = to_bytes(left().first(size));
    at_ += 8 * size;
    return list;
  }

  ByteView bytes_;
  std::size_t at_ = 0;  // in bits
};

Result<std::vector<Element>> decode_parameters(ByteView bytes, int depth);

Result<void> decode_body(Element& element, ByteView body, int depth) {
  if (element.layout == nullptr) {
    element.rest = to_bytes(body);
    return success();
  }
  FieldReader reader(body);
  SITEGATE_TRY(values, reader.values(*element.layout));
  element.values = std::move(values);
  if (element.layout->has_parameters) {
    SITEGATE_TRY(parameters, decode_parameters(reader.left(), depth + 1));
    element.parameters = std::move(parameters);
  } else {
    element.rest = to_bytes(reader.left());
  }
  return success();
}

std::size_t tv_size(const Layout& layout) {
  std::size_t bits = 8;
  for (const auto& field : layout.fields) bits += field.bits;
  return bits / 8;
}

// A TV parameter of an unknown type has no length of its own: all that follows in its parent belongs to it.
Result<std::size_t> decode_tv(ByteView bytes, Element& element, int depth) {
  element.type = bytes[0] & ~tv_bit;
  element.layout = parameter_layout(element.type);
  const std::size_t size = element.layout == nullptr ? bytes.size() : tv_size(*element.layout);
  if (size > bytes.size()) return damaged(element.name() + " is cut off");
  SITEGATE_TRYV(decode_body(element, bytes.subspan(1, size - 1), depth));
  return size;
}

Result<std::size_t> decode_tlv(ByteView bytes, Element& element, int depth) {
  if (bytes.size() < tlv_header_size) return damaged(fmt::format("{} bytes are no parameter", bytes.size()));
  element.type = static_cast<std::uint16_t>(big_endian(bytes.first(2)) & type_mask);
  if (element.type < first_tlv_type)
    return damaged(
        fmt::format("type {} with a length, which types from {} on have", element.type, first_tlv_type));
  element.layout = parameter_layout(element.type);
  const auto size = static_cast<std::size_t>(big_endian(bytes.subspan(2, 2)));
  if (size < tlv_header_size || size > bytes.size())
    return damaged(fmt::format("{} says it has {} bytes, {} are there", element.name(), size, bytes.size()));
  auto decoded = decode_body(element, bytes.subspan(tlv_header_size, size - tlv_header_size), depth);
  if (!decoded) return damaged(element.name() + ": " + decoded.error().detail);
  return size;
}

Result<std::vector<Element>> decode_parameters(ByteView bytes, int depth) {
  if (depth > depth_max) return damaged("parameters within parameters, deeper than the standard knows");
  std::vector<Element> parameters;
  while (!bytes.empty()) {
    Element element;
    SITEGATE_TRY(size, (bytes[0] & tv_bit) != 0 ? decode_tv(bytes, element, depth)
                                                : decode_tlv(bytes, element, depth));
    parameters.push_back(std::move(element));
    bytes = bytes.subspan(size);
  }
  return parameters;
}

class FieldWriter {
 public:
  explicit FieldWriter(Bytes& bytes) : bytes_(bytes) {}

  void values(const Element& element) {
    std::size_t index = 0;
    for (const auto& field : element.layout->fields) {
      if (field.kind == FieldKind::reserved)
        bits(0, field.bits);
      else if (is_number(field.kind))
        bits(std::get<std::uint64_t>(element.values.at(index++)), field.bits);
      else
        list(field, std::get<List>(element.values.at(index++)));
    }
  }

 private:
  void bits(std::uint64_t number, std::size_t count) {
    while (count > 0) {
      if (free_ == 0) {
        bytes_.push_back(0);
        free_ = 8;
      }
      const std::size_t step = std::min(free_, count);
      const auto part = (number >> (count - step)) & ((std::uint64_t{1} << step) - 1);
      bytes_.back() |= static_cast<std::uint8_t>(part << (free_ - step));
      free_ -= step;
      count -= step;
    }
  }

  void list(const Field& field, const List& list) {
    const bool counted = field.kind != FieldKind::block && field.kind != FieldKind::rest;
    if (counted) SITEGATE_ASSERT(list.bytes.size() == list_size(field.kind, list.count));
    if (field.kind == FieldKind::block) SITEGATE_ASSERT(list.bytes.size() == field.bits / 8u);
    if (counted) bits(list.count, 16);
    bytes_.insert(bytes_.end(), list.bytes.begin(), list.bytes.end());
  }

  Bytes& bytes_;
  std::size_t free_ = 0;  // bits of the last byte not yet written
};

void encode_body(Bytes& bytes, const Element& element);

void encode_parameter(Bytes& bytes, const Element& element) {
  if (element.type < first_tlv_type) {
    bytes.push_back(static_cast<std::uint8_t>(element.type | tv_bit));
    encode_body(bytes, element);
    return;
  }
  const std::size_t start = bytes.size();
  append_big_endian(bytes, element.type, 2);
  append_big_endian(bytes, 0, 2);
  encode_body(bytes, element);
  const std::size_t size = bytes.size() - start;
  SITEGATE_ASSERT(size <= parameter_size_max);
  bytes[start + 2] = static_cast<std::uint8_t>(size >> 8);
  bytes[start + 3] = static_cast<std::uint8_t>(size);
}

void encode_body(Bytes& bytes, const Element& element) {
  if (element.layout != nullptr) FieldWriter(bytes).values(element);
  for (const auto& parameter : element.parameters) encode_parameter(bytes, parameter);
  bytes.insert(bytes.end(), element.rest.begin(), element.rest.end());
}

Element empty_element(const Layout* layout) {
  SITEGATE_ASSERT(layout != nullptr);
  Element element{layout, layout->type, {}, {}, {}};
  for (const auto& field : layout->fields) {
    if (field.kind == FieldKind::reserved) continue;
    if (is_number(field.kind))
      element.values.emplace_back(std::uint64_t{0});
    else if (field.kind == FieldKind::block)
      element.values.emplace_back(List{field.bits, Bytes(field.bits / 8u)});
    else
      element.values.emplace_back(List{});
  }
  return element;
}

void append_text(std::string& text, const Element& element) {
  text += element.name();
  if (element.layout == nullptr) text += fmt::format(" ({} bytes)", element.rest.size());
  std::size_t index = 0;
  for (std::size_t i = 0; element.layout != nullptr && i < element.layout->fields.size(); ++i) {
    const auto& field = element.layout->fields[i];
    if (field.kind == FieldKind::reserved) continue;
    const auto& value = element.values.at(index++);
    if (field.kind == FieldKind::integer)
      text += fmt::format(" {}={}", field.name, element.integer(field.name));
    else if (const auto* number = std::get_if<std::uint64_t>(&value))
      text += fmt::format(" {}={}", field.name, *number);
    else
      text += fmt::format(" {}={}", field.name, to_hex(std::get<List>(value).bytes));
  }
  if (element.parameters.empty()) return;
  text += " {";
  for (const auto& parameter : element.parameters) append_text(text += ' ', parameter);
  text += " }";
}

}  // namespace

Element Element::parameter(std::uint16_t type) {
  return empty_element(parameter_layout(type));
}

Element Element::message(std::uint16_t type) {
  return empty_element(message_layout(type));
}

std::uint64_t Element::number(std::string_view field) const {
  SITEGATE_ASSERT(layout != nullptr);
  return std::get<std::uint64_t>(values.at(layout->index_of(field)));
}

std::int64_t Element::integer(std::string_view field) const {
  const auto raw = number(field);
  const auto found = std::find_if(layout->fields.begin(), layout->fields.end(),
                                  [&](const Field& each) { return each.name == field; });
  const std::uint64_t sign = std::uint64_t{1} << (found->bits - 1);
  return static_cast<std::int64_t>((raw ^ sign) - sign);
}

const List& Element::list(std::string_view field) const {
  SITEGATE_ASSERT(layout != nullptr);
  return std::get<List>(values.at(layout->index_of(field)));
}

std::string Element::text(std::string_view field) const {
  return std::string(as_text(list(field).bytes));
}

Element& Element::set(std::string_view field, std::uint64_t number) {
  std::get<std::uint64_t>(values.at(layout->index_of(field))) = number;
  return *this;
}

Element& Element::set(std::string_view field, List list) {
  std::get<List>(values.at(layout->index_of(field))) = std::move(list);
  return *this;
}

Element& Element::add(Element parameter) {
  parameters.push_back(std::move(parameter));
  return *this;
}

const Element* Element::find(std::uint16_t parameter_type) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Element& each) { return each.type == parameter_type; });
  return found == parameters.end() ? nullptr : &*found;
}

std::string Element::name() const {
  return layout == nullptr ? fmt::format("type {}", type) : std::string(layout->name);
}

List list_of_bytes(ByteView bytes) {
  SITEGATE_ASSERT(bytes.size() <= parameter_size_max);
  return {static_cast<std::uint16_t>(bytes.size()), to_bytes(bytes)};
}

List list_of_words(const std::vector<std::uint16_t>& words) {
  List list{static_cast<std::uint16_t>(words.size()), {}};
  for (const auto word : words) append_big_endian(list.bytes, word, 2);
  return list;
}

std::vector<std::uint16_t> words_of(const List& list) {
  std::vector<std::uint16_t> words;
  for (std::size_t i = 0; i + 2 <= list.bytes.size(); i += 2)
    words.push_back(static_cast<std::uint16_t>(list.bytes[i] << 8 | list.bytes[i + 1]));
  return words;
}

// 17.1: 3 reserved bits, 3 bits of version, 10 of type; u32 length with the header; u32 identifier.
Bytes encode(const Message& message) {
  Bytes bytes;
  append_big_endian(bytes, static_cast<unsigned>(message.version) << 10 | message.body.type, 2);
  append_big_endian(bytes, 0, 4);
  append_big_endian(bytes, message.id, 4);
  encode_body(bytes, message.body);
  for (std::size_t i = 0; i < 4; ++i) bytes[2 + i] = static_cast<std::uint8_t>(bytes.size() >> (24 - 8 * i));
  return bytes;
}

Result<Message> decode(ByteView bytes) {
  if (bytes.size() < header_size || big_endian(bytes.subspan(2, 4)) != bytes.size())
    return damaged("its length is not that of its header");
  Message message;
  const auto head = static_cast<std::uint16_t>(big_endian(bytes.first(2)));
  message.version = static_cast<Version>(head >> 10 & 7);
  message.id = static_cast<std::uint32_t>(big_endian(bytes.subspan(6, 4)));
  message.body.type = head & type_mask;
  message.body.layout = message_layout(message.body.type);
  const auto decoded = decode_body(message.body, bytes.subspan(header_size), 0);
  if (!decoded) return damaged(message.body.name() + ": " + decoded.error().detail);
  return message;
}

void MessageBuffer::add(ByteView bytes) {
  const std::size_t skipped = std::min(left_to_skip_, bytes.size());
  left_to_skip_ -= skipped;
  bytes = bytes.subspan(skipped);
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

Result<std::size_t> MessageBuffer::length_of(ByteView header) const {
  const unsigned reserved = header[0] >> 5;
  const unsigned version = header[0] >> 2 & 7;
  const auto length = static_cast<std::size_t>(big_endian(header.subspan(2, 4)));
  if (reserved != 0 || (version != 1 && version != 2) || length < header_size)
    return fail(LlrpErrc::not_llrp, "it begins with " + to_hex(header));
  if (length > skipped_size_max)
    return fail(LlrpErrc::too_large, fmt::format("{} bytes announced by {}", length, to_hex(header)));
  return length;
}

Result<std::optional<ByteView>> MessageBuffer::next() {
  while (true) {
    const ByteView left = ByteView(bytes_).subspan(taken_);
    if (left.size() < header_size) return std::optional<ByteView>{};
    SITEGATE_TRY(length, length_of(left.first(header_size)));
    const std::size_t here = std::min(length, left.size());
    if (length <= message_size_max) {
      if (here < length) return std::optional<ByteView>{};
      taken_ += length;
      return std::optional(left.first(length));
    }
    ++skipped_;
    taken_ += here;
    left_to_skip_ = length - here;
  }
}

std::string to_text(const Message& message) {
  std::string text;
  append_text(text, message.body);
  return fmt::format("id={} {}", message.id, text);
}

}  // namespace sitegate::devices::uhf
