#include "shared/wire/errc.hpp"

#include <array>

namespace sitegate::wire {
namespace {

struct Words {
  std::string_view word;
  std::string_view text;
};
constexpr std::array<Words, 9> words{{
    {"unknown", "unknown"},
    {"too_large", "larger than the limit"},
    {"malformed", "not a message of the expected form"},
    {"unsupported_version", "a newer schema version than this program knows"},
    {"wrong_kind", "another kind of message than expected"},
    {"unknown_signer", "the signer is not registered or revoked"},
    {"bad_signature", "the signature does not fit the bytes"},
    {"bad_compression", "the payload cannot be decompressed to the size it claims"},
    {"bad_value", "a value is outside its range"},
}};

}  // namespace

const char* errc_category(WireErrc) {
  return "wire";
}
std::string_view errc_text(WireErrc what) {
  return words[static_cast<std::size_t>(what) % words.size()].text;
}

std::string errc_word(const Error& error) {
  if (error.code.category() != EnumCategory<WireErrc>::instance()) return error.code.category().name();
  return std::string(words[static_cast<std::size_t>(error.code.value()) % words.size()].word);
}

}  // namespace sitegate::wire
