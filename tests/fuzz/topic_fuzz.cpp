// Topics: what is taken is exactly what to_text makes, and nothing else.
#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"
#include "shared/wire/topic.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  const auto text = as_text({data, size});
  if (const auto topic = wire::parse_topic(text)) SITEGATE_ASSERT(wire::to_text(*topic) == text);
  return 0;
}
