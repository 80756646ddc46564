// Face and finger-vein templates: personal identifiers. In the clear only in memory; never in a log, never in
// a file.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/ids.hpp"

namespace sitegate {

/// Values go on the wire and into stores: append only, never renumber.
enum class TemplateKind : std::uint8_t { face = 1, finger_vein = 2 };
std::string_view to_text(TemplateKind kind);

/// What one picture of a person was turned into.
struct BiometricTemplate {
  TechnicianId technician;
  TemplateKind kind = TemplateKind::face;
  /// SHA-256 of what made it (the embedding network's file; a version name of our own extraction): templates
  /// of different makers are never compared.
  Digest maker{};
  Bytes bytes;  ///< the maker's own form; 1 to template_size_max
  bool operator==(const BiometricTemplate&) const = default;
};
inline constexpr std::size_t template_size_max = 16'384;
inline constexpr std::size_t templates_per_technician_max = 16;  ///< of one kind

/// The templates of the people on a site's roster, of one kind and maker. Immutable.
struct TemplateSet {
  std::uint64_t version = 0;  ///< another one whenever the content is another
  std::vector<BiometricTemplate> templates;
  std::size_t other_makers = 0;  ///< templates of this kind that another maker made: not usable here
};

/// Who knows them, for the readers that match by themselves. Any thread.
class TemplateSource {
 public:
  virtual ~TemplateSource() = default;
  /// Never null; cheap when nothing has changed.
  [[nodiscard]] virtual std::shared_ptr<const TemplateSet> templates(TemplateKind kind,
                                                                     const Digest& maker) const = 0;
};

}  // namespace sitegate
