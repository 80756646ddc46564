// The first half of ingest: is this message a batch that its gateway signed? Reads the store, changes
// nothing.
#pragma once
#include <string>
#include <variant>

#include "cloud/store/store.hpp"
#include "shared/wire/topic.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::cloud {

/// Envelope bytes of a history message; one byte more is enough to know that it is too large.
inline constexpr std::size_t message_size_max = wire::batch_size_max + 1024;

/// A message as it came from the broker.
struct IncomingMessage {
  std::string topic;
  Bytes payload;  ///< cut behind message_size_max + 1 bytes, or none of them
  UtcTime received{};
  std::uint64_t size = 0;  ///< bytes of the payload before cutting; above message_size_max: too_large
};

IncomingMessage incoming(std::string_view topic, ByteView payload, UtcTime received);

/// A batch whose signature, gateway and site are right. Whether it is the next of its chain is not yet known.
struct ScreenedBatch {
  wire::Topic topic;
  wire::DecodedBatch decoded;
  Digest hash{};
};

/// Why a message does not count: one word for lists and receipts, and the particulars for the operator.
struct Rejection {
  std::string reason;
  std::string detail;
};

/// Reasons: bad_topic, those of wire::WireErrc, wrong_gateway, wrong_site. An error is the store's.
Result<std::variant<ScreenedBatch, Rejection>> screen(const ReadTransaction& transaction,
                                                      const IncomingMessage& message);

}  // namespace sitegate::cloud
