// What can go wrong with HTTP, for servers and clients alike.
#pragma once
#include "shared/base/error.hpp"

namespace sitegate::http {

enum class HttpErrc {
  cannot_listen = 1,  ///< the address is not ours, or the port is taken
  bad_request,        ///< the caller's: a URL that is none, a file that is not there
  unreachable,        ///< no connection, or it broke before the answer was complete
  timed_out,
  answer_too_large,
  refused_tls,  ///< the peer's certificate is not trusted
  stopped       ///< by the caller's stop token
};
const char* errc_category(HttpErrc);
std::string_view errc_text(HttpErrc);

}  // namespace sitegate::http
