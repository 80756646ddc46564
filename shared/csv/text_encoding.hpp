// Text of unknown origin becomes UTF-8, line by line.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/bytes.hpp"

namespace sitegate {

/// CP932 is Windows' Shift_JIS (Windows-31J), what Japanese spreadsheets write.
enum class TextEncoding : std::uint8_t { detect, utf8, cp932 };
std::string_view to_text(TextEncoding encoding);

/// RFC 3629: no overlong forms, no surrogates, at most U+10FFFF.
bool is_utf8(ByteView bytes);

class TextDecoder {
 public:
  explicit TextDecoder(TextEncoding encoding) : encoding_(encoding) {}
  TextDecoder(const TextDecoder&) = delete;
  TextDecoder& operator=(const TextDecoder&) = delete;
  ~TextDecoder();

  /// Decides by the lines of `beginning` (a mebibyte is plenty) unless the encoding is given; where these are
  /// plain ASCII, the first line that is not decides.
  void detect(ByteView beginning);
  struct Line {
    std::string text;
    bool damaged = false;  ///< bytes that mean nothing in this encoding were replaced by '?'
  };
  Line decode(ByteView line);
  [[nodiscard]] TextEncoding encoding() const { return encoding_; }

 private:
  Line from_cp932(ByteView line);
  TextEncoding encoding_;
  void* converter_ = nullptr;  // iconv_t, opened at first need
};

}  // namespace sitegate
