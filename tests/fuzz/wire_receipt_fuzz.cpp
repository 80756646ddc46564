// What the cloud answers, without its envelope.
#include "shared/wire/receipt.hpp"
#include "tests/fuzz/decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  fuzz::check_decoder({data, size}, wire::decode_receipt,
                      [](const auto& value) { return wire::encode(value); });
  return 0;
}
