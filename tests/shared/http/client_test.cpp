// The client against a server of ours; the Digest scheme by the numbers of its RFC.
#include <atomic>
#include <stop_token>
#include <thread>

#include "shared/http/client.hpp"
#include "tests/shared/http/echo_server.hpp"
#include "tests/support/free_port.hpp"

namespace sitegate::tests {
namespace {

using namespace std::chrono_literals;

http::ClientRequest to(const http::Server& server, std::string path) {
  http::ClientRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(server.port()) + std::move(path);
  return request;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client)

BOOST_AUTO_TEST_CASE(a_request_and_its_answer) {
  const auto server = started([](http::Request request, http::Responder respond) {
    respond({.status = 202,
             .body = request.method + " " + std::string(request.parameter("a")) + " " +
                     std::string(request.header("X-Mine")) + " " + request.body,
             .content_type = "application/json",
             .headers = {{"X-Back", "yes"}}});
  });
  http::Client client;
  auto request = to(*server, "/p?a=b%20c");
  request.method = "PUT";
  request.headers = {{"X-Mine", "1"}};
  request.body = std::string("zero\0inside", 11);
  const auto answer = client.call(request);
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer.value().status == 202u);
  BOOST_TEST(answer.value().body == "PUT b c 1 " + request.body);
  BOOST_TEST(answer.value().content_type == "application/json");
  BOOST_TEST(answer.value().header("x-back") == "yes");
}

BOOST_AUTO_TEST_CASE(connections_are_used_again) {
  const auto server = started();
  http::Client client;
  for (int i = 0; i < 20; ++i) BOOST_TEST(client.call(to(*server, "/")).has_value());
  BOOST_TEST(server->state().requests == 20u);
  BOOST_TEST(server->state().connections == 1u);
}

// RFC 7616, 3.9.1 (MD5): user, password, realm, nonce and opaque of its example; the response depends on the
// client's own nonce, so the server computes nothing and looks at the parts.
BOOST_AUTO_TEST_CASE(a_digest_challenge_is_answered_and_basic_never) {
  std::atomic<int> challenges{0};
  const auto server = started([&](http::Request request, http::Responder respond) {
    const auto given = std::string(request.header("Authorization"));
    if (request.path == "/basic")
      return respond({.status = 401,
                      .body = given.empty() ? "nothing given" : given,
                      .headers = {{"WWW-Authenticate", "Basic realm=\"x\""}}});
    if (given.empty()) {
      ++challenges;
      return respond({.status = 401,
                      .body = "who are you",
                      .headers = {{"WWW-Authenticate",
                                   "Digest realm=\"http-auth@example.org\", qop=\"auth\", algorithm=MD5, "
                                   "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
                                   "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""}}});
    }
    respond({.status = 200, .body = given + "|" + request.body});
  });
  http::Client client;
  auto request = to(*server, "/dir/index.html");
  request.method = "POST";
  request.body = "{}";
  request.digest = http::Credentials{"Mufasa", "Circle of Life"};
  const auto answer = client.call(request);
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer.value().status == 200u);
  const auto& text = answer.value().body;
  for (const std::string_view part : {"Digest ", "username=\"Mufasa\"", "realm=\"http-auth@example.org\"",
                                      "uri=\"/dir/index.html\"", "qop=auth", "nc=00000001", "response=\""})
    BOOST_TEST(text.find(part) != std::string::npos, part << " is not in " << text);
  BOOST_TEST(text.ends_with("|{}"));
  BOOST_TEST(text.find("Circle") == std::string::npos);
  BOOST_TEST(challenges == 1);

  request.url = to(*server, "/basic").url;
  const auto basic = client.call(request);
  BOOST_REQUIRE(basic.has_value());
  BOOST_TEST(basic.value().status == 401u);
  BOOST_TEST(basic.value().body == "nothing given");
}

BOOST_AUTO_TEST_CASE(failures_say_what_and_where) {
  std::vector<http::Responder> kept;
  const auto server = started([&](http::Request request, http::Responder respond) {
    if (request.path == "/large") return respond({.status = 200, .body = std::string(2000, 'x')});
    kept.push_back(std::move(respond));
  });
  http::Client client;
  auto large = to(*server, "/large?secret=1");
  large.answer_bytes_max = 1999;
  const auto too_large = client.call(large);
  BOOST_REQUIRE(!too_large);
  BOOST_TEST(is(too_large.error(), http::HttpErrc::answer_too_large));
  BOOST_TEST(too_large.error().detail.find("/large") != std::string::npos);
  BOOST_TEST(too_large.error().detail.find("secret") == std::string::npos);
  large.answer_bytes_max = 2000;
  BOOST_TEST(client.call(large).has_value());

  auto slow = to(*server, "/slow");
  slow.timeout = 100ms;
  const auto timed_out = client.call(slow);
  BOOST_REQUIRE(!timed_out);
  BOOST_TEST(is(timed_out.error(), http::HttpErrc::timed_out));

  http::ClientRequest nobody;
  nobody.url = "http://127.0.0.1:" + std::to_string(free_port()) + "/";
  const auto unreachable = client.call(nobody);
  BOOST_REQUIRE(!unreachable);
  BOOST_TEST(is(unreachable.error(), http::HttpErrc::unreachable));

  http::ClientRequest file;
  file.url = "file:///etc/hostname";
  const auto not_http = client.call(file);
  BOOST_REQUIRE(!not_http);
  BOOST_TEST(is(not_http.error(), http::HttpErrc::bad_request));
}

BOOST_AUTO_TEST_CASE(a_call_ends_when_it_is_told_to_stop) {
  std::vector<http::Responder> kept;
  const auto server =
      started([&](http::Request, http::Responder respond) { kept.push_back(std::move(respond)); });
  std::stop_source stop;
  std::atomic<bool> asked{false};
  std::jthread stopper([&] {
    asked = wait_until([&] { return server->state().requests == 1; });
    stop.request_stop();
  });
  http::Client client;
  auto request = to(*server, "/");
  request.timeout = 60s;
  const auto answer = client.call(request, stop.get_token());
  BOOST_TEST(asked);
  BOOST_REQUIRE(!answer);
  BOOST_TEST(is(answer.error(), http::HttpErrc::stopped));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
