// What holds for every decoder of the wire, whatever bytes it is given: bytes that are taken give a value
// that can be encoded, and the encoding gives the value back.
#pragma once
#include <cstddef>
#include <cstdint>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"

namespace sitegate::fuzz {

template <typename Decode, typename Encode>
void check_decoder(ByteView bytes, Decode decode, Encode encode) {
  const auto value = decode(bytes);
  if (!value) {
    SITEGATE_ASSERT(!value.error().text().empty());
    return;
  }
  const auto again = decode(encode(value.value()));
  SITEGATE_ASSERT(again);
  SITEGATE_ASSERT(again.value() == value.value());
}

}  // namespace sitegate::fuzz
