// What the cloud answers after its commit.
#pragma once
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/base/civil_time.hpp"
#include "shared/base/error.hpp"
#include "shared/base/ids.hpp"

namespace sitegate::wire {

struct RefusedEntry {
  Sequence sequence = 0;
  std::string reason;
  bool operator==(const RefusedEntry&) const = default;
};
struct SequenceRange {
  Sequence first = 0;
  Sequence through = 0;
  bool operator==(const SequenceRange&) const = default;
};

struct Receipt {
  GatewayId gateway;
  Epoch epoch = 0;
  Sequence sequence_through = 0;      ///< 0: nothing yet
  std::vector<RefusedEntry> refused;  ///< at most 1,000
  std::vector<SequenceRange> gaps;    ///< asked for; at most 100
  std::string problem;                ///< why the last batch was not taken; at most 256 bytes
  UtcTime cloud_time{};
  /// Hash of the batch that ends at sequence_through: a gateway whose own batch there has another one is not
  /// the only one with its identity. Zero: not told.
  Digest chain_head{};
  bool operator==(const Receipt&) const = default;
};

inline constexpr std::size_t receipt_size_max = 256 * 1024;
inline constexpr std::size_t refused_count_max = 1'000;
inline constexpr std::size_t gap_count_max = 100;

/// Texts that are too long for the wire are cut; refused entries and gaps over the limits are left out.
Bytes encode(const Receipt& receipt);
Result<Receipt> decode_receipt(ByteView bytes);

}  // namespace sitegate::wire
