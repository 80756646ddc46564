// Whom a site lets through: asked at the gate, and for touches that are imported later.
#pragma once
#include "shared/model/passage.hpp"
#include "shared/model/registry.hpp"

namespace sitegate {

/// Whether the site lets a person with this admission through.
bool gate_opens(Admission admission, const SiteSettings& settings);

}  // namespace sitegate
