#include "shared/http/errc.hpp"

namespace sitegate::http {

const char* errc_category(HttpErrc) {
  return "http";
}

std::string_view errc_text(HttpErrc what) {
  switch (what) {
    case HttpErrc::cannot_listen:
      return "cannot listen";
    case HttpErrc::bad_request:
      return "the request cannot be made";
    case HttpErrc::unreachable:
      return "the other side cannot be reached or hung up";
    case HttpErrc::timed_out:
      return "no complete answer in time";
    case HttpErrc::answer_too_large:
      return "the answer is larger than allowed";
    case HttpErrc::refused_tls:
      return "the other side's certificate is not trusted";
    case HttpErrc::stopped:
      return "stopped";
  }
  return "unknown";
}

}  // namespace sitegate::http
