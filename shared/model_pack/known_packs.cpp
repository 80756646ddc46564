#include <algorithm>

#include "shared/model_pack/model_pack.hpp"

namespace sitegate {

const std::vector<KnownPack>& known_packs() {
  static const std::vector<KnownPack> packs{
#include "known_packs.inc"
  };
  return packs;
}

const KnownPack* known_pack(std::string_view name) {
  const auto& packs = known_packs();
  const auto found =
      std::find_if(packs.begin(), packs.end(), [&](const auto& pack) { return pack.name == name; });
  return found == packs.end() ? nullptr : &*found;
}

}  // namespace sitegate
