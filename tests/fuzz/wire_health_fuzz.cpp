// How a gateway is, without its envelope.
#include "shared/wire/health.hpp"
#include "tests/fuzz/decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  fuzz::check_decoder({data, size}, wire::decode_health,
                      [](const auto& value) { return wire::encode(value); });
  return 0;
}
