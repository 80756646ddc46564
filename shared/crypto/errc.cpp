#include "shared/crypto/errc.hpp"

namespace sitegate::crypto {

const char* errc_category(CryptoErrc) {
  return "crypto";
}

std::string_view errc_text(CryptoErrc what) {
  switch (what) {
    case CryptoErrc::unreadable_key:
      return "cannot read the key";
    case CryptoErrc::cannot_write:
      return "cannot write the file";
    case CryptoErrc::bad_certificate:
      return "not a usable certificate";
    case CryptoErrc::library_failed:
      return "OpenSSL failed";
    case CryptoErrc::bad_size:
      return "the bytes have a size that the cipher cannot take";
  }
  return "unknown";
}

}  // namespace sitegate::crypto
