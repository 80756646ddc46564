// Registry files: the first byte chooses the kind, the rest is the file. Imported into a real store, so that
// references, classes and dates are judged too.
#include <algorithm>

#include "cloud/registry/import.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::cloud {
namespace {

/// Holds the example of every kind, so that references can be met; what is imported later stays.
Store& store_with_examples() {
  static const tests::TemporaryFolder folder;
  static const auto store = [] {
    StoreOptions options;
    options.durability = Durability::bulk;
    options.map_size = std::size_t{256} << 20;
    auto opened = open_store("lmdb:" + folder.path().string(), options).value();
    for (const ImportKind kind : all_import_kinds)
      SITEGATE_ASSERT(import_bytes(*opened, kind, as_bytes(example_csv(kind))));
    return opened;
  }();
  return *store;
}

void check(const ImportResult& result) {
  SITEGATE_ASSERT(result.rows == result.imported + result.unchanged + result.refused);
  SITEGATE_ASSERT(result.bad_rows.size() == std::min<std::size_t>(result.refused, bad_rows_kept_max));
  for (const auto& bad : result.bad_rows) SITEGATE_ASSERT(bad.line >= 2 && !bad.reason.empty());
}

}  // namespace
}  // namespace sitegate::cloud

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  if (size == 0) return 0;
  const auto kind = cloud::all_import_kinds[data[0] % cloud::all_import_kinds.size()];
  const auto result = cloud::import_bytes(cloud::store_with_examples(), kind, {data + 1, size - 1});
  if (result) cloud::check(result.value());
  return 0;
}
