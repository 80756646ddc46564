// The wire's messages as JSON, for people and programs that look at them.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "cloud/store/store.hpp"
#include "shared/wire/health.hpp"
#include "shared/wire/receipt.hpp"
#include "shared/wire/site_roster.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::tool {

nlohmann::json to_json(const Passage& passage);
nlohmann::json to_json(const wire::DecodedBatch& batch);
nlohmann::json to_json(const wire::Receipt& receipt);
nlohmann::json to_json(const SiteRoster& roster);
nlohmann::json to_json(const wire::Health& health);

}  // namespace sitegate::tool
