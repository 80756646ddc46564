// Readers, brokers and stores are named by URLs (RFC 3986, the subset "scheme://authority/path?query").
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "shared/base/error.hpp"

namespace sitegate {

struct Url {
  std::string scheme;     ///< "card+pcsc", "mqtts", "lmdb"
  std::string authority;  ///< host and port, may be empty
  std::string path;       ///< percent-decoded, with its leading slash where there is an authority part
  std::map<std::string, std::string> query;

  [[nodiscard]] std::string get(const std::string& key, std::string_view otherwise = {}) const;
};

enum class UrlErrc { no_scheme = 1, bad_escape, bad_query };
const char* errc_category(UrlErrc);
std::string_view errc_text(UrlErrc);

/// "scheme:rest" is accepted too: "lmdb:/var/lib/store" has an empty authority and the path "/var/lib/store",
/// "lmdb:store" the relative path "store".
Result<Url> parse_url(std::string_view text);

}  // namespace sitegate
