// The gateway's roster.bin as it might come back from a disk: with the checksum it has, and with the one that
// would fit, so that what lies behind it is reached.
#include <algorithm>

#include "edge/roster/roster_file.hpp"
#include "tests/fuzz/memory_file.hpp"

namespace sitegate {
namespace {

constexpr std::size_t head_size =
    24;  // "SGROSTER", format (4), CRC-32C (4), size (8); see edge/roster/README.md

void put(Bytes& bytes, std::size_t at, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    bytes[at + i] = static_cast<std::uint8_t>(value >> 8 * (count - 1 - i));
}

/// Size and checksum as the payload has them.
Bytes with_fitting_head(ByteView file) {
  Bytes bytes = to_bytes(file);
  const auto payload = file.subspan(head_size);
  put(bytes, 12, crc32c(payload), 4);
  put(bytes, 16, payload.size(), 8);
  return bytes;
}

void read(ByteView bytes) {
  const fuzz::MemoryFile file(bytes);
  const auto roster = edge::read_roster_file(file.path());
  if (roster) SITEGATE_ASSERT(roster.value().has_value());
  if (!roster) SITEGATE_ASSERT(!roster.error().text().empty());
}

}  // namespace
}  // namespace sitegate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  read({data, size});
  if (size >= head_size) read(with_fitting_head({data, size}));
  return 0;
}
