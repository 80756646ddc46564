// Technicians' codes as scanners and cameras read them: text of strangers.
#include <cstdlib>

#include "shared/codes/base41.hpp"
#include "shared/codes/technician_code.hpp"

using namespace sitegate;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const crypto::SigningKey& nobodys_key() {
  static const auto key = crypto::SigningKey::generate();
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  if (const auto bytes = codes::from_base41(text)) require(codes::to_base41(*bytes) == text);
  const auto read = codes::read_technician_code(text);
  const auto verified = codes::verify_technician_code(text, nobodys_key().public_key());
  require(!verified);  // this key has signed nothing that comes from outside
  if (!read) return 0;
  require(codes::is_technician_code(text) && is(verified.error(), codes::CodeErrc::forged));
  require(read.value().technician && read.value().expires_at > read.value().issued_at);
  // The same claims, signed by us, are believed and say the same.
  const auto again = codes::make_technician_code(read.value(), nobodys_key());
  require(codes::verify_technician_code(again, nobodys_key().public_key()).value() == read.value());
  require(again.substr(0, 49) == text.substr(0, 49));  // 30 bytes of claims
  return 0;
}
