// Puts a model pack in place: each file from a folder or from its official address, checked before it counts.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "shared/model_pack/model_pack.hpp"

namespace sitegate {

/// Gives a file's bytes; whatever they are, they are checked afterwards.
using ModelFetch = std::function<Result<std::string>(const ModelFile& file)>;

/// The file of the same name in `folder`.
ModelFetch fetch_from_folder(std::filesystem::path folder);

struct ModelAddresses {
  std::string ca_file;  ///< PEM, for a proxy's or a mirror's certificate; empty: the system's
  std::string
      instead_of_host;  ///< "http://mirror.example:8080": the same paths at a mirror; empty: as they are
};
/// From each file's own address; follows up to five redirections to https (to the mirror's scheme where there
/// is a mirror). Errors: no_address, cannot_fetch.
ModelFetch fetch_by_http(ModelAddresses addresses);

struct InstalledPack {
  std::filesystem::path folder;
  std::size_t fetched = 0;  ///< files; the others were there from an attempt before
  bool was_there = false;   ///< the pack was complete already; nothing was changed
};

/// Builds <packs>/<name> beside its place and moves it there in one step: a reader finds the old pack, the
/// new one, or none, never half of one. Files that an interrupted attempt left are used again. Errors:
/// bad_manifest, wrong_file, what `fetch` says, cannot_install.
Result<InstalledPack> install_pack(const std::string& manifest, const std::filesystem::path& packs,
                                   const ModelFetch& fetch);

}  // namespace sitegate
