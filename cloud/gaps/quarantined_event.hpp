// How a single passage is named in the quarantine list.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "shared/model/passage.hpp"

namespace sitegate::cloud {

/// "gateway/epoch/sequence"
std::string quarantine_source(const EventId& event);
/// nullopt: the source is a message's topic.
std::optional<EventId> quarantined_event(std::string_view source);

}  // namespace sitegate::cloud
