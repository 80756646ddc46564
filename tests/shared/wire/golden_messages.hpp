// The fixed values behind tests/golden/wire/v1/*.bin.
#pragma once
#include "shared/crypto/signing.hpp"
#include "shared/wire/health.hpp"
#include "shared/wire/receipt.hpp"
#include "shared/wire/site_roster.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::wire::test {

/// Keys of the seeds 32 × 0x01 (gateway) and 32 × 0x02 (cloud).
crypto::SigningKey golden_gateway_key();
crypto::SigningKey golden_cloud_key();

Passage golden_passage();  ///< with every field set
WorkHistoryBatch golden_batch();
Receipt golden_receipt();
SiteRoster golden_roster();
/// As sent since companies are told.
SiteRoster golden_roster_of_companies();
Health golden_health();

}  // namespace sitegate::wire::test
