// A passage as the outbox keeps it.
#include "shared/wire/passage.hpp"
#include "tests/fuzz/decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  fuzz::check_decoder({data, size}, wire::decode_passage,
                      [](const auto& value) { return wire::encode_passage(value); });
  return 0;
}
