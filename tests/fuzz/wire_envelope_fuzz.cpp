// The envelope, in two ways: the bytes as a whole message from outside, beyond the signature too, and the
// bytes as a payload that somebody enrolled has signed.
#include "shared/wire/envelope.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate {
namespace {

constexpr std::size_t payload_size_max = wire::batch_size_max;

std::optional<PublicKey> key_of_anybody(std::string_view) {
  static const PublicKey key = crypto::SigningKey::from_seed({7}).public_key();
  return key;
}

/// What opens as signed says the same when opened as unproven, and never expands beyond its limit.
void open_from_outside(ByteView bytes) {
  const auto unproven = wire::open_unverified(bytes, payload_size_max);
  if (unproven) {
    SITEGATE_ASSERT(unproven.value().payload.size() <= payload_size_max);
    (void)wire::decode_work_history_batch(unproven.value().payload);
  }
  const auto opened = wire::open(bytes, wire::MessageKind::history, payload_size_max, key_of_anybody);
  if (!opened) return;
  SITEGATE_ASSERT(unproven);
  SITEGATE_ASSERT(unproven.value().payload == opened.value().payload);
  SITEGATE_ASSERT(unproven.value().hash == opened.value().hash);
}

void seal_and_open(ByteView payload) {
  static const auto key = crypto::SigningKey::from_seed({7});
  const auto sealed = wire::seal(wire::MessageKind::history, "g-1", payload, key);
  const auto opened = wire::open(sealed.bytes, wire::MessageKind::history, payload_size_max, key_of_anybody);
  SITEGATE_ASSERT(opened.has_value() == (payload.size() <= payload_size_max));
  if (opened) SITEGATE_ASSERT(opened.value().payload == to_bytes(payload));
}

}  // namespace
}  // namespace sitegate

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sitegate::open_from_outside({data, size});
  sitegate::seal_and_open({data, size});
  return 0;
}
