// One HTTP request and its answer, over libcurl.
#pragma once
#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "shared/base/error.hpp"
#include "shared/http/errc.hpp"
#include "shared/http/message.hpp"

namespace sitegate::http {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  ///< http: or https:, with its query already percent-encoded
  Headers headers;
  std::string body;
  std::chrono::milliseconds timeout{10'000};         ///< for everything, the connection included
  std::size_t answer_bytes_max = 4u << 20;           ///< of the body
  std::optional<Credentials> digest = std::nullopt;  ///< answers a Digest challenge (RFC 7616); never Basic
  std::string ca_file;  ///< PEM, for https: what the certificate must be signed by; empty: the system's
};

/// Operation: keeps its connections open between calls, as far as the other side does. Redirections are
/// answers like any other. Concurrency: one call at a time.
class Client {
 public:
  Client();
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Any complete answer is a success, whatever its status; otherwise unreachable, timed_out,
  /// answer_too_large, refused_tls or bad_request, with the URL (its query left out) and libcurl's words. A
  /// requested `stop` ends the call within a second.
  Result<Response> call(const ClientRequest& request, const std::stop_token& stop = {});

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

}  // namespace sitegate::http
