#include "shared/csv/text_encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "shared/base/error.hpp"

namespace sitegate {
namespace {

constexpr std::size_t detection_size_max = 1 << 20;

/// Length of the UTF-8 sequence at the front of `bytes`; 0 if there is none. RFC 3629, section 4.
std::size_t sequence_length(ByteView bytes) {
  const auto lead = bytes[0];
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
  if (length == 0 || bytes.size() < length) return 0;
  const std::uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (bytes[1] < low || bytes[1] > high) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (bytes[i] < 0x80 || bytes[i] > 0xbf) return 0;
  return length;
}

bool is_ascii(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte < 0x80; });
}

TextDecoder::Line from_utf8(ByteView line) {
  TextDecoder::Line made;
  for (std::size_t at = 0; at < line.size();) {
    const auto length = sequence_length(line.subspan(at));
    if (length == 0) made.damaged = true;
    made.text += length == 0 ? std::string_view("?") : as_text(line.subspan(at, length));
    at += std::max<std::size_t>(length, 1);
  }
  return made;
}

}  // namespace

std::string_view to_text(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::detect:
      return "ascii";
    case TextEncoding::utf8:
      return "utf-8";
    case TextEncoding::cp932:
      return "cp932";
  }
  return "invalid";
}

bool is_utf8(ByteView bytes) {
  while (!bytes.empty()) {
    const auto length = sequence_length(bytes);
    if (length == 0) return false;
    bytes = bytes.subspan(length);
  }
  return true;
}

TextDecoder::~TextDecoder() {
  if (converter_ != nullptr) iconv_close(converter_);
}

void TextDecoder::detect(ByteView beginning) {
  if (encoding_ != TextEncoding::detect) return;
  beginning = beginning.first(std::min(beginning.size(), detection_size_max));
  std::size_t utf8_lines = 0;
  std::size_t other_lines = 0;
  while (!beginning.empty()) {
    const auto end = std::find(beginning.begin(), beginning.end(), '\n');
    const auto line = beginning.first(static_cast<std::size_t>(end - beginning.begin()));
    beginning = beginning.subspan(line.size() + (end == beginning.end() ? 0 : 1));
    const bool cut = end == beginning.end() && beginning.empty() && utf8_lines + other_lines > 0;
    if (cut || is_ascii(line)) continue;
    ++(is_utf8(line) ? utf8_lines : other_lines);
  }
  if (utf8_lines + other_lines > 0)
    encoding_ = other_lines > utf8_lines ? TextEncoding::cp932 : TextEncoding::utf8;
}

TextDecoder::Line TextDecoder::decode(ByteView line) {
  if (is_ascii(line)) return {std::string(as_text(line)), false};
  if (encoding_ == TextEncoding::detect) encoding_ = is_utf8(line) ? TextEncoding::utf8 : TextEncoding::cp932;
  return encoding_ == TextEncoding::utf8 ? from_utf8(line) : from_cp932(line);
}

TextDecoder::Line TextDecoder::from_cp932(ByteView line) {
  if (converter_ == nullptr) converter_ = iconv_open("UTF-8", "CP932");
  SITEGATE_ASSERT(converter_ != reinterpret_cast<void*>(-1));  // part of glibc
  Line made;
  Bytes input = to_bytes(line);
  char* from = reinterpret_cast<char*>(input.data());
  std::size_t left = input.size();
  while (left > 0) {
    std::array<char, 4096> buffer{};
    char* to = buffer.data();
    std::size_t room = buffer.size();
    const auto converted = iconv(converter_, &from, &left, &to, &room);
    const int error = errno;
    made.text.append(buffer.data(), to);
    if (converted != static_cast<std::size_t>(-1) || error == E2BIG) continue;
    made.text += '?';
    made.damaged = true;
    ++from;
    --left;
  }
  return made;
}

}  // namespace sitegate
