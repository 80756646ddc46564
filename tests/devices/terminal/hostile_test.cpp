// What is not a terminal, or not as it should be: refused with a clear line, and the next good message works.
#include "devices/terminal/hikvision_reader.hpp"
#include "devices/terminal/hikvision_simulator.hpp"
#include "devices/terminal/zkteco_reader.hpp"
#include "devices/terminal/zkteco_simulator.hpp"
#include "shared/http/client.hpp"
#include "tests/devices/terminal/reader_run.hpp"
#include "tests/support/raw_peer.hpp"

namespace sitegate::tests {
namespace {

using namespace devices::terminal;
using namespace std::chrono_literals;

const std::string terminals =
    "[att]\nserial = \"ATT1\"\naddress = \"127.0.0.1\"\nrealm = \"site\"\nmethod = \"face\"\n"
    "[far]\nserial = \"FAR1\"\naddress = \"192.0.2.99\"\nrealm = \"site\"\nmethod = \"face\"\n";

struct Zkteco : ReaderRun {
  Zkteco() : ReaderRun(open_zkteco_reader, "terminal+zkteco", terminals) {}
  http::Response post(const std::string& path, std::string body, const std::string& method = "POST") {
    http::ClientRequest request;
    request.method = method;
    request.url = url() + path;
    request.body = std::move(body);
    return client.call(request).value();
  }
  void next_good_message_works() {
    const auto before = ledger.keys().size();
    clock.advance(1s);
    ZktecoSimulator terminal({url(), "ATT1"}, clock);
    terminal.recognise({.pin = "5"});
    BOOST_TEST(terminal.push().value() == 1u);
    BOOST_TEST(ledger.keys().size() == before + 1);
  }
  http::Client client;
};

struct Hikvision : ReaderRun {
  Hikvision() : ReaderRun(open_hikvision_reader, "terminal+hikvision", terminals) {}
  http::Response post(const std::string& path, std::string body,
                      const std::string& type = "application/json") {
    http::ClientRequest request;
    request.method = "POST";
    request.url = url() + path;
    request.headers = {{"Content-Type", type}};
    request.body = std::move(body);
    return client.call(request).value();
  }
  void next_good_message_works() {
    const auto before = ledger.keys().size();
    clock.advance(1s);
    const auto terminal =
        HikvisionSimulator::start({.gateway_url = url(), .device_id = "att1", .password = "x"}, clock)
            .value();
    terminal->recognise({.employee = "5"});
    BOOST_TEST((terminal->push() == std::vector<unsigned>{200}));
    BOOST_TEST(ledger.keys().size() == before + 1);
  }
  http::Client client;
};

const std::string line = "1\t2026-11-22 07:41:05\t0\t15\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_FIXTURE_TEST_CASE(strangers_are_refused, Zkteco) {
  for (const std::string path : {"/iclock/cdata?SN=NOBODY&table=ATTLOG", "/iclock/cdata?table=ATTLOG",
                                 "/iclock/cdata?SN=FAR1&table=ATTLOG", "/iclock/cdata?SN=%00%0a&table=ATTLOG",
                                 "/iclock/getrequest?SN=NOBODY"})
    BOOST_TEST(post(path, line).status == 403u, path);
  BOOST_TEST(post("/", line).status == 404u);
  BOOST_TEST(post("/iclock/exchange?SN=ATT1&type=publickey", "PublicKey=1").status == 404u);
  BOOST_TEST(ledger.read_count() == 0u);
  next_good_message_works();
}

BOOST_FIXTURE_TEST_CASE(broken_lines_are_counted_and_do_not_come_again, Zkteco) {
  const auto answer =
      post("/iclock/cdata?SN=ATT1&table=ATTLOG&Stamp=9", line + "garbage\n\xFF\xFE\t\t\t\n2\tx\t0\t1\n");
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(answer.body == "OK: 4");
  BOOST_TEST(ledger.keys().size() == 1u);
  BOOST_TEST(reader().failed_reads() == 3u);
  BOOST_TEST(!answer.header("Date").empty());
  next_good_message_works();
}

BOOST_FIXTURE_TEST_CASE(a_line_of_a_megabyte, Zkteco) {
  const auto answer = post("/iclock/cdata?SN=ATT1&table=ATTLOG", line + std::string(1u << 20, '\t') + "\n");
  BOOST_TEST(answer.body == "OK: 2");
  BOOST_TEST(post("/iclock/cdata?SN=ATT1&table=rtlog", std::string(1u << 20, '=')).body == "OK");
  BOOST_TEST(post("/iclock/cdata?SN=ATT1&table=ATTLOG", std::string(3u << 20, 'x')).status == 413u);
  BOOST_TEST(ledger.keys().size() == 1u);
  BOOST_TEST(reader().failed_reads() == 2u);
  next_good_message_works();
}

BOOST_FIXTURE_TEST_CASE(wrong_lengths_and_half_messages, Zkteco) {
  const std::string head = "POST /iclock/cdata?SN=ATT1&table=ATTLOG HTTP/1.1\r\nHost: g\r\n";
  RawPeer shorter(port());  // it says less than it sends: the rest is garbage
  shorter.send(head + "Content-Length: " + std::to_string(line.size()) + "\r\n\r\n" + line + line);
  const auto answers_of_shorter = shorter.receive_all();
  BOOST_TEST(answers_of_shorter.find("OK: 1") != std::string::npos);
  BOOST_TEST(answers_of_shorter.find("HTTP/1.1 400 ") != std::string::npos);
  RawPeer half(port());  // it dies in the middle: nothing of it counts
  half.send(head + "Content-Length: 1000\r\n\r\n" + line + line);
  half.finish_sending();
  BOOST_TEST(half.receive_all().empty());
  RawPeer garbage(port());
  garbage.send("\x16\x03\x01\x02\x00\x01\r\n\r\n");
  BOOST_TEST(garbage.receive_all().starts_with("HTTP/1.1 400 "));
  BOOST_TEST(ledger.read_count() == 1u);
  next_good_message_works();
}

BOOST_FIXTURE_TEST_CASE(a_slow_writer_does_not_keep_others_waiting, Zkteco) {
  std::vector<std::unique_ptr<RawPeer>> slow;
  for (int i = 0; i < 10; ++i) {
    slow.push_back(std::make_unique<RawPeer>(port()));
    slow.back()->send("POST /iclock/cdata?SN=ATT1&table=ATTLOG HTTP/1.1\r\nContent-Length: 50\r\n\r\n1\t");
  }
  next_good_message_works();
  BOOST_TEST(ledger.read_count() == 1u);
  // Cut off within the time for one request: shared/http, limits_test.
  BOOST_TEST(slow[0]->receive_all(30s).starts_with("HTTP/1.1 408 "));
}

BOOST_FIXTURE_TEST_CASE(every_table_of_a_terminal_is_acknowledged, Zkteco) {
  const auto body_of = [&](const std::string& query, const std::string& body) {
    return post("/iclock/" + query, body).body;
  };
  BOOST_TEST(body_of("cdata?SN=ATT1&table=tabledata&tablename=user&count=2", "user uid=1\nuser uid=2\n") ==
             "user=2");
  BOOST_TEST(body_of("cdata?SN=ATT1&table=tabledata&tablename=biodata&count=x", "a\nb\nc\n") == "biodata=3");
  BOOST_TEST(body_of("querydata?SN=ATT1&type=options&tablename=options&count=1", "a=1") == "options=1");
  BOOST_TEST(body_of("cdata?SN=ATT1&table=OPERLOG", "OPLOG 4\t1\nUSER PIN=1\n") == "OK: 2");
  BOOST_TEST(body_of("cdata?SN=ATT1&table=options", "a=1,b=2") == "OK");
  BOOST_TEST(body_of("cdata?SN=ATT1&table=unheard-of", "what") == "OK");
  BOOST_TEST(body_of("devicecmd?SN=ATT1", "ID=1&Return=-1002&CMD=CONTROL DEVICE\n%%%\n") == "OK");
  BOOST_TEST(body_of("registry?SN=ATT1", "DeviceType=acc").starts_with("RegistryCode="));
  BOOST_TEST(body_of("push?SN=ATT1", "").starts_with("registry=ok\n"));
  BOOST_TEST(post("/iclock/rtdata?SN=ATT1&type=time", {}, "GET").body ==
             "DateTime=" + std::to_string(zkteco::encode_time(*parse_local_time("2026-11-21 22:41:05"))) +
                 ",ServerTZ=+0900");
  BOOST_TEST(ledger.read_count() == 0u);
}

BOOST_FIXTURE_TEST_CASE(isapi_strangers_and_garbage, Hikvision) {
  const std::string event =
      R"({"dateTime":"2026-11-22T07:41:05+09:00","deviceID":"ID","AccessControllerEvent":{"majorEventType":5,)"
      R"("subEventType":75,"employeeNoString":"1","serialNo":3}})";
  BOOST_TEST(post("/", event).status == 403u);
  BOOST_TEST(post("/events/FAR1", event).status == 403u);
  BOOST_TEST(post("/", "garbage").status == 403u);
  BOOST_TEST(ledger.read_count() == 0u);
  // Of a known terminal garbage is taken, once, and counted.
  std::uint64_t failed = 0;
  for (const std::string& body :
       {std::string("garbage"), std::string("{\"a\":"), std::string(1u << 20, '['),
        std::string(1u << 20, 'x'), std::string("<xml/>"), std::string("--b\r\n\r\n")}) {
    BOOST_TEST(post("/events/ATT1", body).status == 200u);
    BOOST_TEST(reader().failed_reads() == ++failed);
  }
  BOOST_TEST(post("/events/ATT1", std::string(3u << 20, 'x')).status == 413u);
  BOOST_TEST(post("/events/ATT1", event, "multipart/form-data; boundary=never").status == 200u);
  BOOST_TEST(ledger.read_count() == 0u);
  BOOST_TEST(post("/events/ATT1", event).status == 200u);
  BOOST_TEST(ledger.read_count() == 1u);
  next_good_message_works();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
