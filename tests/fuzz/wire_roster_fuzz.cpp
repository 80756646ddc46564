// A site's roster, without its envelope.
#include "shared/wire/site_roster.hpp"
#include "tests/fuzz/decoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  fuzz::check_decoder({data, size}, wire::decode_site_roster,
                      [](const auto& value) { return wire::encode(value).value(); });
  return 0;
}
