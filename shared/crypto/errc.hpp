// What can go wrong with keys, certificates and signatures.
#pragma once
#include <string_view>

#include "shared/base/error.hpp"

namespace sitegate::crypto {

enum class CryptoErrc {
  unreadable_key = 1,  ///< the file is missing, not PEM, or not the kind of key that is needed
  cannot_write,        ///< the file exists already or the folder cannot be written
  bad_certificate,     ///< not PEM X.509, or not usable for what was asked
  library_failed,      ///< OpenSSL refused; detail has its words
  bad_size,            ///< a cipher works on whole blocks only
};
const char* errc_category(CryptoErrc);
std::string_view errc_text(CryptoErrc);

}  // namespace sitegate::crypto
