// Settings files of both programs and the report's entered figures: TOML that somebody wrote by hand.
#include "cloud/report/entered_figures.hpp"
#include "cloud/service/settings.hpp"
#include "edge/gateway/settings.hpp"
#include "tests/fuzz/memory_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  const ByteView bytes(data, size);
  const fuzz::MemoryFile file(bytes);
  if (const auto gateway = edge::load_settings(file.path())) {
    SITEGATE_ASSERT(!gateway.value().identity.gateway.text().empty());
    SITEGATE_ASSERT(gateway.value().publisher.batch_passages_max >= 1);
  } else {
    SITEGATE_ASSERT(!gateway.error().text().empty());
  }
  if (const auto service = cloud::load_settings(file.path()))
    SITEGATE_ASSERT(service.value().messages_per_commit >= 1);
  if (const auto entered = cloud::parse_entered_figures(as_text(bytes), "figures.toml"))
    SITEGATE_ASSERT(entered.value().figures.size() <= cloud::entered_figure_count_max);
  return 0;
}
