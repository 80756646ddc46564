// HTTP/1.1 as a server takes it: RFC 9112 (messages) and RFC 9110 (semantics).
#include <atomic>
#include <thread>

#include "shared/base/guarded.hpp"
#include "shared/http/client.hpp"
#include "tests/shared/http/echo_server.hpp"

namespace sitegate::tests {

BOOST_AUTO_TEST_SUITE(requests)

BOOST_AUTO_TEST_CASE(a_request_arrives_decoded) {
  Guarded<http::Request> seen;
  const auto server = started([&](http::Request request, http::Responder respond) {
    seen.with([&](http::Request& value) { value = request; });
    respond({.status = 201, .body = "made", .headers = {{"X-Place", "north"}}});
  });
  RawPeer peer(server->port());
  peer.send(
      "POST /a%20b/c?SN=1+2&x=%41&empty&x=second HTTP/1.1\r\nHost: h\r\nX-What: is it\r\n"
      "Content-Length: 3\r\n\r\nabc");
  const auto answer = peer.receive_until("made");
  BOOST_TEST(answer.starts_with("HTTP/1.1 201 "));
  BOOST_TEST(answer.find("X-Place: north\r\n") != std::string::npos);
  BOOST_TEST(answer.find("Content-Length: 4\r\n") != std::string::npos);
  seen.with([](const http::Request& request) {
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.path == "/a b/c");
    BOOST_TEST(request.target == "/a%20b/c?SN=1+2&x=%41&empty&x=second");
    BOOST_TEST(request.parameter("SN") == "1 2");
    BOOST_TEST(request.parameter("x") == "A");
    BOOST_TEST(request.query.contains("empty"));
    BOOST_TEST(request.header("x-what") == "is it");
    BOOST_TEST(request.header("absent").empty());
    BOOST_TEST(request.body == "abc");
    BOOST_TEST(request.peer == "127.0.0.1");
  });
}

// RFC 9112, 9.3.2: pipelined requests are answered in their order.
BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  const auto server = started();
  RawPeer peer(server->port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += post("/" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
  BOOST_TEST(peer.send(all));
  for (int i = 0; i < 50; ++i) {
    const auto wanted = "POST /" + std::to_string(i) + " " + std::to_string(i);
    BOOST_TEST(peer.receive_until(wanted).ends_with("\r\n\r\n" + wanted));
  }
}

// RFC 9112, 9.3: persistence of 1.1 and 1.0.
BOOST_AUTO_TEST_CASE(connections_stay_open_as_the_version_says) {
  const auto server = started();
  RawPeer stays(server->port());
  for (int i = 0; i < 3; ++i) {
    stays.send("GET /again HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(stays.receive_until("GET /again 0").ends_with("GET /again 0"));
  }
  stays.send("GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  BOOST_TEST(stays.receive_all().ends_with("GET /last 0"));
  BOOST_TEST(stays.closed());

  RawPeer old(server->port());
  old.send("GET /old HTTP/1.0\r\n\r\n");
  BOOST_TEST(old.receive_all().ends_with("GET /old 0"));
  BOOST_TEST(old.closed());
}

// RFC 9110, 10.1.1 and 9.3.2.
BOOST_AUTO_TEST_CASE(expect_100_and_head_are_answered) {
  const auto server = started();
  RawPeer peer(server->port());
  peer.send("POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  BOOST_TEST(peer.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  peer.send("hi");
  BOOST_TEST(peer.receive_until("POST /x 2").ends_with("POST /x 2"));
  peer.send("HEAD /h HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto head = peer.receive_all();
  BOOST_TEST(head.find("Content-Length: 9\r\n") != std::string::npos);
  BOOST_TEST(head.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_later_from_another_thread) {
  Guarded<std::vector<http::Responder>> waiting;
  const auto server = started([&](http::Request, http::Responder respond) {
    waiting.with([&](auto& list) { list.push_back(std::move(respond)); });
  });
  RawPeer one(server->port());
  RawPeer other(server->port());
  one.send(post("/", "1"));
  BOOST_REQUIRE(wait_until([&] { return waiting.with([](auto& list) { return list.size() == 1; }); }));
  other.send(post("/", "2"));
  BOOST_REQUIRE(wait_until([&] { return waiting.with([](auto& list) { return list.size() == 2; }); }));
  std::thread([&] {
    waiting.with([](auto& list) {
      list[1]({.status = 200, .body = "second"});
      list[0]({.status = 200, .body = "first"});
      list.clear();
    });
  }).join();
  BOOST_TEST(one.receive_until("first").ends_with("first"));
  BOOST_TEST(other.receive_until("second").ends_with("second"));
}

BOOST_AUTO_TEST_CASE(a_dropped_responder_answers_503) {
  const auto server = started([](http::Request, http::Responder) {});
  RawPeer peer(server->port());
  peer.send(post("/", ""));
  BOOST_TEST(peer.receive_until("\r\n\r\n").starts_with("HTTP/1.1 503 "));
}

BOOST_AUTO_TEST_CASE(answers_after_the_end_go_nowhere) {
  Guarded<std::vector<http::Responder>> waiting;
  auto server = started([&](http::Request, http::Responder respond) {
    waiting.with([&](auto& list) { list.push_back(std::move(respond)); });
  });
  auto gone = std::make_unique<RawPeer>(server->port());
  RawPeer stays(server->port());
  gone->send(post("/", "1"));
  stays.send(post("/", "2"));
  BOOST_REQUIRE(wait_until([&] { return waiting.with([](auto& list) { return list.size() == 2; }); }));
  gone.reset();
  waiting.with([](auto& list) { list[0]({.status = 200, .body = "too late"}); });
  server->stop();
  BOOST_TEST(stays.receive_all().empty());
  BOOST_TEST(stays.closed());
  server.reset();
  waiting.with([](auto& list) { list.clear(); });
}

BOOST_AUTO_TEST_CASE(many_connections_at_once) {
  const auto server = started(echo, {.connections_max = 500, .connections_per_peer_max = 500});
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < 200; ++i) peers.push_back(std::make_unique<RawPeer>(server->port()));
  for (auto& peer : peers) peer->send(post("/many", "12345"));
  for (auto& peer : peers) BOOST_TEST(peer->receive_until("many 5").ends_with("POST /many 5"));
  BOOST_TEST(server->state().requests == 200u);
  BOOST_TEST(server->state().connections == 200u);
  peers.clear();
  BOOST_TEST(wait_until([&] { return server->state().connections == 0; }));
}

BOOST_AUTO_TEST_CASE(a_taken_port_is_said) {
  const auto server = started();
  const auto second =
      http::Server::start({.address = "127.0.0.1", .port = server->port(), .limits = {}}, echo);
  BOOST_REQUIRE(!second);
  BOOST_TEST(is(second.error(), http::HttpErrc::cannot_listen));
  BOOST_TEST(second.error().detail.find(std::to_string(server->port())) != std::string::npos);
  BOOST_TEST(!http::Server::start({.address = "gate.example", .port = 0, .limits = {}}, echo));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
