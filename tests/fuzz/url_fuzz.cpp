// URLs of readers, brokers and stores.
#include "shared/base/bytes.hpp"
#include "shared/base/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  if (const auto url = parse_url(as_text({data, size}))) SITEGATE_ASSERT(!url.value().scheme.empty());
  return 0;
}
