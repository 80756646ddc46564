// The reader as the gateway runs it: a real server, real requests; what its URL may say; restarts, slow and
// strange clients, a table that changes.
#include <boost/test/unit_test.hpp>

#include "shared/http/client.hpp"
#include "tests/devices/tag/gate_fixture.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/raw_peer.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::tag {
namespace {

using tests::wait_until;

struct Phones : Gate {
  /// Also on threads, where nothing of Boost.Test may be called.
  Result<http::Response> ask(const std::string& target, const DeviceToken& token) {
    http::Client client;
    http::ClientRequest request;
    request.url = origin() + target;
    request.headers = {{"Cookie", "sitegate_token=" + token.text()}, {"Accept-Language", "en"}};
    return client.call(request);
  }
  http::Response get(const std::string& target, const DeviceToken& token) { return must(ask(target, token)); }
};

bool shows(const http::Response& response, Message message) {
  return response.body.find("<h1>" + std::string(phrase(Language::english, message).title)) !=
         std::string::npos;
}

std::string refusal(const std::string& url) {
  SystemClock clock;
  const auto reader = open_tag_reader(must(parse_url(url)), {clock, "/nowhere"});
  return reader ? "" : reader.error().text();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tag_reader, Phones)

BOOST_AUTO_TEST_CASE(a_tap_over_the_network) {
  auto chip = north_tag();
  const auto token = DeviceToken::make();
  const auto response = get("/t?" + chip.tap(), token);
  BOOST_TEST(response.status == 200u);
  BOOST_TEST(shows(response, Message::entry));
  BOOST_TEST(response.body.find("Yamada Taro") != std::string::npos);
  BOOST_TEST(read_count() == 1u);
  BOOST_TEST(reader->state() == "listening on 127.0.0.1 port " + std::to_string(reader->port()) + ", 3 tags");
}

BOOST_AUTO_TEST_CASE(many_phones_at_once) {
  auto chip = north_tag();
  std::vector<std::string> urls;
  for (int i = 0; i < 24; ++i) urls.push_back("/t?" + chip.tap());
  std::atomic<int> accepted{0};
  std::atomic<int> unanswered{0};
  {
    std::vector<std::jthread> phones;
    // Taps come in any order: whoever is overtaken by a higher counter taps again.
    for (const auto& url : urls)
      phones.emplace_back([&, url] {
        const auto response = ask(url, DeviceToken::make());
        if (!response) ++unanswered;
        if (response && shows(response.value(), Message::entry)) ++accepted;
      });
  }
  BOOST_TEST(unanswered == 0);
  BOOST_TEST(accepted > 0);
  BOOST_TEST(static_cast<std::size_t>(accepted) == read_count());
  BOOST_TEST(reader->failed_reads() == urls.size() - read_count());
}

// The counters survive the program; so does "used before".
BOOST_AUTO_TEST_CASE(a_restart_forgets_no_counter) {
  auto chip = north_tag();
  const auto old = "/t?" + chip.tap();
  const auto token = DeviceToken::make();
  get(old, token);
  get("/t?" + chip.tap(), token);
  stop();
  BOOST_REQUIRE(ended.has_value());
  BOOST_TEST(ended->has_value());
  BOOST_TEST(reader->port() == 0);
  start();
  BOOST_TEST(shows(get(old, token), Message::replayed));
  BOOST_TEST(shows(get("/t?" + chip.tap(), token), Message::entry));
}

// Garbage, a slow writer and a giant are turned away; the next good tap works.
BOOST_AUTO_TEST_CASE(strange_clients) {
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\x02\x00\x01\x00", 7), std::string("GET /t?\x01\x02 HTTP/9.9\r\n\r\n"),
        "GET /t?" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
        std::string("POST /t HTTP/1.1\r\nHost: g\r\nContent-Length: 1000000\r\n\r\n"),
        std::string("GET /t HTTP/1.1\r\nHost: g\r\nCookie: ") + std::string(9'000, ';') + "\r\n\r\n"}) {
    const tests::RawPeer check(reader->port());
    BOOST_REQUIRE(check.connected());
    tests::RawPeer peer(reader->port());
    peer.send(bytes);
    peer.finish_sending();
    const auto answer = peer.receive_all();
    BOOST_TEST((answer.empty() || answer.starts_with("HTTP/1.1 4")), answer.substr(0, 60));
  }
  tests::RawPeer slow(reader->port());
  slow.send("GET /t?picc_data=EF96");  // and never more
  auto chip = north_tag();
  BOOST_TEST(shows(get("/t?" + chip.tap(), DeviceToken::make()), Message::entry));
}

BOOST_AUTO_TEST_CASE(a_slow_client_is_cut_off) {
  tests::RawPeer slow(reader->port());
  slow.send("GET /t?picc_data=EF96");
  const auto answer = slow.receive_all(std::chrono::seconds(30));
  BOOST_TEST(answer.starts_with("HTTP/1.1 408"));
  BOOST_TEST(slow.closed());
}

// A tag added to the file is known without a restart; a broken file changes nothing.
BOOST_AUTO_TEST_CASE(the_table_is_loaded_when_it_changes) {
  const auto newcomer = *parse_uid("04AAAAAAAAAAAA");
  VirtualTag chip({newcomer, std::nullopt, file_key, ""});
  const auto token = DeviceToken::make();
  BOOST_TEST(shows(get("/t?" + chip.tap(), token), Message::foreign_tag));
  write("tags.toml", std::string(table_text) + "\n[04AAAAAAAAAAAA]\nfile_key = \"yard\"\n", 0644);
  BOOST_TEST(wait_until([&] { return reader->state().ends_with("4 tags"); }));
  BOOST_TEST(get("/t?" + chip.tap(), token).status == 200u);
  write("tags.toml", "[table", 0644);
  BOOST_TEST(
      wait_until([&] { return reader->state().ends_with("4 tags; the changed tag table cannot be used"); }));
  BOOST_TEST(get("/t?" + chip.tap(), token).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_a_failed_device) {
  TagReaderSettings settings{.address = "127.0.0.1", .port = reader->port(), .table = table, .taps = {}};
  TagReader second(settings, load(), {clock, folder / "data" / "tag-2"});
  const auto ran = second.run({}, [](const CredentialRead&) {});
  BOOST_REQUIRE(!ran);
  BOOST_TEST(is(ran.error(), ReaderErrc::device_failed));
  BOOST_TEST(second.state() == ran.error().text());
}

BOOST_AUTO_TEST_CASE(a_data_folder_that_cannot_be_is_a_failed_device) {
  write("file", "x", 0644);
  TagReaderSettings settings{.address = "127.0.0.1", .port = 0, .table = table, .taps = {}};
  TagReader second(settings, load(), {clock, folder / "file" / "data"});
  BOOST_TEST(is(second.run({}, [](const CredentialRead&) {}).error(), ReaderErrc::device_failed));
}

BOOST_AUTO_TEST_CASE(urls) {
  const auto good = "tag+http://127.0.0.1:8090?tags=" + table.string();
  BOOST_TEST(refusal(good) == "");
  BOOST_TEST(
      refusal(good +
              "&id=t&gate=2&direction=exit&utc_offset_min=420&clock_limit_s=60&keep_min=5&secure=yes") == "");
  BOOST_TEST(refusal("tag+http://[::]:8090/?tags=" + table.string()) == "");
  BOOST_TEST(refusal("tag+http://?tags=" + table.string()) == "");
  const std::pair<std::string, std::string> bad[] = {{"tag+http://0.0.0.0:8090", "tags="},
                                                     {"tag+http://0.0.0.0:8090?tags=/no/such", "/no/such"},
                                                     {"tag+http://0.0.0.0:port?tags=/x", "port"},
                                                     {"tag+http://0.0.0.0:99999?tags=/x", "99999"},
                                                     {"tag+http://0.0.0.0/path?tags=/x", "/path"},
                                                     {good + "&secure=maybe", "yes or no"},
                                                     {good + "&keep_min=0", "1 to 60"},
                                                     {good + "&clock_limit_s=x", "clock_limit_s"},
                                                     {good + "&utc_offset_min=9999", "utc_offset_min"},
                                                     {good + "&key=00", "\"key\""}};
  for (const auto& [url, word] : bad)
    BOOST_TEST(refusal(url).find(word) != std::string::npos, url << ": " << refusal(url));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
