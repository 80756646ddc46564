// What a server refuses, and that it goes on afterwards: RFC 9110, 15.5 (4xx), RFC 6585, 5 (431).
#include <atomic>

#include "shared/base/guarded.hpp"
#include "tests/shared/http/echo_server.hpp"

namespace sitegate::tests {
namespace {

using namespace std::chrono_literals;

std::string status_of(std::string_view answer) {
  return std::string(answer.substr(0, answer.find("\r\n")).substr(0, 12));
}

void works(const http::Server& server) {
  RawPeer peer(server.port());
  peer.send(post("/good", "body"));
  BOOST_TEST(peer.receive_until("good 4").ends_with("POST /good 4"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(a_large_body_gets_413_announced_or_chunked) {
  const auto server = started(echo, {.body_bytes_max = 1000});
  RawPeer fits(server->port());
  fits.send(post("/fits", std::string(1000, 'x')));
  BOOST_TEST(fits.receive_until("fits 1000").ends_with("fits 1000"));

  RawPeer announced(server->port());  // nothing of the body is ever sent
  announced.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n");
  BOOST_TEST(status_of(announced.receive_until("\r\n\r\n")) == "HTTP/1.1 413");

  RawPeer chunked(server->port());
  chunked.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5dc\r\n" +
               std::string(1500, 'x') + "\r\n0\r\n\r\n");
  BOOST_TEST(status_of(chunked.receive_all()) == "HTTP/1.1 413");
  BOOST_TEST(server->state().refused == 2u);
  works(*server);
}

BOOST_AUTO_TEST_CASE(a_megabyte_in_one_line_is_cut_off_and_answered) {
  const auto server = started(echo, {.body_bytes_max = 1000});
  RawPeer peer(server->port());
  peer.send(post("/", std::string(1u << 20, 'x')));  // written although nobody wants it
  BOOST_TEST(status_of(peer.receive_all()) == "HTTP/1.1 413");
  BOOST_TEST(peer.closed());
  works(*server);
}

BOOST_AUTO_TEST_CASE(a_large_header_gets_431) {
  const auto server = started(echo, {.header_bytes_max = 500});
  RawPeer line(server->port());
  line.send("GET /" + std::string(600, 'a') + " HTTP/1.1\r\n\r\n");
  BOOST_TEST(status_of(line.receive_all()) == "HTTP/1.1 431");
  RawPeer endless(server->port());
  endless.send("GET / HTTP/1.1\r\nX: " + std::string(50'000, 'a'));
  BOOST_TEST(status_of(endless.receive_all()) == "HTTP/1.1 431");
  works(*server);
}

BOOST_AUTO_TEST_CASE(garbage_gets_400_and_the_next_request_works) {
  const auto server = started();
  const std::string_view garbage[] = {
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n",
      "hello\r\n\r\n",
      "GET nowhere HTTP/1.1\r\n\r\n",
      "GET /%zz HTTP/1.1\r\n\r\n",
      "GET /?a=%1 HTTP/1.1\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      // RFC 9112, 6.3: both lengths at once, as used to smuggle a request past somebody
      "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  };
  for (const auto bytes : garbage) {
    RawPeer peer(server->port());
    peer.send(bytes);
    const auto answer = peer.receive_all();
    BOOST_TEST(status_of(answer) == "HTTP/1.1 400", bytes << " gave " << answer);
    BOOST_TEST(peer.closed());
  }
  BOOST_TEST(server->state().requests == 0u);
  works(*server);
}

BOOST_AUTO_TEST_CASE(more_bytes_than_announced_are_garbage_of_their_own) {
  const auto server = started();
  RawPeer peer(server->port());
  peer.send("POST /short HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nabc and more\r\n\r\n");
  const auto answer = peer.receive_all();
  BOOST_TEST(answer.find("POST /short 2") != std::string::npos);
  BOOST_TEST(answer.find("HTTP/1.1 400 ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_request_that_breaks_off_is_never_handed_over) {
  const auto server = started();
  for (const std::string_view part : {"GET / HT", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"}) {
    RawPeer peer(server->port());
    peer.send(part);
    peer.finish_sending();
    BOOST_TEST(peer.receive_all().empty());
    BOOST_TEST(peer.closed());
  }
  BOOST_TEST(server->state().requests == 0u);
  works(*server);
}

BOOST_AUTO_TEST_CASE(a_slow_writer_is_cut_off_however_it_trickles) {
  const auto server = started(echo, {.request_time_max = 300ms, .idle_time_max = 60s});
  RawPeer stalled(server->port());
  stalled.send("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc");
  RawPeer trickling(server->port());
  const auto start = std::chrono::steady_clock::now();
  // Every byte comes well within any time-out between bytes; the whole request never does.
  bool open = true;
  BOOST_TEST(wait_until([&] {
    if (open) open = trickling.send("G");
    return trickling.receive_until("\r\n\r\n", 20ms).starts_with("HTTP/1.1 408 ");
  }));
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 290ms));
  BOOST_TEST(status_of(stalled.receive_all()) == "HTTP/1.1 408");
  BOOST_TEST(stalled.closed());
  works(*server);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
  const auto server = started(echo, {.idle_time_max = 100ms});
  RawPeer never(server->port());
  BOOST_TEST(never.receive_all().empty());
  BOOST_TEST(never.closed());
  RawPeer once(server->port());
  once.send(post("/once", ""));
  BOOST_TEST(once.receive_all().ends_with("POST /once 0"));
  BOOST_TEST(once.closed());
}

BOOST_AUTO_TEST_CASE(a_handler_that_never_answers_is_answered_for) {
  std::vector<http::Responder> kept;
  std::atomic<bool> keep{true};
  const auto server = started(
      [&](http::Request request, http::Responder respond) {
        if (keep)
          kept.push_back(std::move(respond));
        else
          echo(std::move(request), std::move(respond));
      },
      {.answer_time_max = 100ms});
  RawPeer peer(server->port());
  peer.send(post("/", ""));
  BOOST_TEST(peer.receive_until("try again\n").starts_with("HTTP/1.1 503 "));
  keep = false;
  peer.send(post("/next", ""));
  kept.front()({.status = 200, .body = "of the request before"});
  BOOST_TEST(peer.receive_until("next 0").find("before") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_takes_is_given_up) {
  const auto server =
      started([](http::Request,
                 http::Responder respond) { respond({.status = 200, .body = std::string(64u << 20, 'x')}); },
              {.write_time_max = 200ms});
  RawPeer peer(server->port());
  peer.send(post("/", ""));
  BOOST_TEST(wait_until([&] { return server->state().requests == 1; }));
  BOOST_TEST(wait_until([&] { return server->state().connections == 0; }));
}

BOOST_AUTO_TEST_CASE(beyond_the_cap_the_longest_idle_goes_and_busy_ones_stay) {
  Guarded<std::vector<http::Responder>> waiting;
  const auto server = started(
      [&](http::Request request, http::Responder respond) {
        if (request.path == "/wait")
          waiting.with([&](auto& list) { list.push_back(std::move(respond)); });
        else
          echo(std::move(request), std::move(respond));
      },
      {.connections_max = 2});
  RawPeer busy(server->port());
  busy.send(post("/wait", ""));
  BOOST_REQUIRE(wait_until([&] { return waiting.with([](auto& list) { return list.size() == 1; }); }));
  RawPeer idle(server->port());
  idle.send(post("/idle", ""));
  BOOST_TEST(idle.receive_until("idle 0").ends_with("idle 0"));
  RawPeer newcomer(server->port());
  newcomer.send(post("/wait", ""));
  BOOST_TEST(idle.receive_all().empty());
  BOOST_TEST(idle.closed());
  BOOST_REQUIRE(wait_until([&] { return waiting.with([](auto& list) { return list.size() == 2; }); }));
  RawPeer one_too_many(server->port());
  BOOST_TEST(one_too_many.receive_all().empty());
  BOOST_TEST(one_too_many.closed());
  BOOST_TEST(server->state().turned_away == 2u);
  waiting.with([](auto& list) {
    for (auto& respond : list) respond({.status = 200, .body = "done"});
    list.clear();
  });
  BOOST_TEST(busy.receive_until("done").ends_with("done"));
  BOOST_TEST(newcomer.receive_until("done").ends_with("done"));
}

BOOST_AUTO_TEST_CASE(one_address_cannot_take_all_connections) {
  const auto server = started(echo, {.connections_max = 10, .connections_per_peer_max = 2});
  RawPeer one(server->port());
  RawPeer two(server->port());
  BOOST_TEST(wait_until([&] { return server->state().connections == 2; }));
  RawPeer three(server->port());
  BOOST_TEST(three.receive_all().empty());
  BOOST_TEST(three.closed());
  one.send(post("/still", ""));
  BOOST_TEST(one.receive_until("still 0").ends_with("still 0"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
