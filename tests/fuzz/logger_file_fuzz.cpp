// Files of logging readers, made ready as an import would: every row ends as a good touch or as a bad one
// with its reason, and what is good has a time that is not ahead of now and a key of its own.
#include <set>

#include "shared/touches/touch_preparation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  using namespace sitegate::touches;
  static const Deployments deployments =
      Deployments::parse(as_bytes("reader_id,site_id,from,until\n"
                                  "R-1,00000000000001,2023-07-01,2023-07-30\n"
                                  "R-1,00000000000002,2023-07-31,\n"))
          .value();
  static_cast<void>(Deployments::parse({data, size}));
  const auto file = parse_touch_file({data, size});
  if (!file) return 0;
  for (const auto* table : {&deployments, static_cast<const Deployments*>(nullptr)}) {
    PreparationOptions options;
    options.deployments = table;
    options.place = {{}, "1", std::nullopt};
    options.now = *parse_utc("2023-08-01T03:00:00.000Z");
    const auto made = prepare(file.value(), options);
    SITEGATE_ASSERT(made.good.size() + made.bad.size() >= file.value().rows);
    SITEGATE_ASSERT(made.good.size() <= file.value().touches.size());
    std::set<std::string> keys;
    for (const auto& touch : made.good) {
      SITEGATE_ASSERT(touch.time <= options.now + std::chrono::minutes{1});
      SITEGATE_ASSERT(touch.key.size() <= 96 && keys.insert(touch.key).second);
      SITEGATE_ASSERT(!touch.touch.card.uid.empty() && touch.touch.card.uid.size() <= card_uid_size_max);
    }
    for (const auto& bad : made.bad) SITEGATE_ASSERT(bad.line > 0 && !bad.reason.empty());
  }
  return 0;
}
