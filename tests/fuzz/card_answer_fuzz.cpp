// What a card says through a reader: the first byte is the ATR's size, then the ATR, then the answer to GET
// DATA.
#include <algorithm>

#include "devices/card/card_protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  using namespace sitegate::devices::card;
  if (size == 0) return 0;
  const ByteView bytes(data + 1, size - 1);
  const auto atr = bytes.first(std::min<std::size_t>(data[0], bytes.size()));
  (void)technology_of_atr(atr);
  const auto uid = parse_uid_answer(bytes.subspan(atr.size()));
  if (!uid) return 0;
  SITEGATE_ASSERT(!uid.value().empty() && uid.value().size() <= 16);
  (void)is_random_uid(technology_of(atr, uid.value()), uid.value());
  return 0;
}
