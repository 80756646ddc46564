// Recorded reads that are played again.
#include "devices/replay/replay_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  const auto reads = devices::replay::parse_recording(as_text({data, size}), "fuzz.reads");
  if (!reads) SITEGATE_ASSERT(!reads.error().text().empty());
  return 0;
}
