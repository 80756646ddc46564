// A server under test whose handler says what it was asked.
#pragma once
#include <boost/test/unit_test.hpp>
#include <string>

#include "shared/http/server.hpp"
#include "tests/support/raw_peer.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::tests {

inline void echo(http::Request request, http::Responder respond) {
  respond({.status = 200,
           .body = request.method + " " + request.path + " " + std::to_string(request.body.size())});
}

inline std::unique_ptr<http::Server> started(http::Handler handler = echo, http::ServerLimits limits = {}) {
  auto server =
      http::Server::start({.address = "127.0.0.1", .port = 0, .limits = limits}, std::move(handler));
  BOOST_REQUIRE_MESSAGE(server.has_value(), (server ? "" : server.error().text()));
  return std::move(server).value();
}

inline std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: gate\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace sitegate::tests
