// What goes wrong at a reader: cards that leave or talk nonsense, pcscd killed, readers that come and go, a
// stop at any moment. Against a real pcscd.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <future>

#include "devices/card/card_reader.hpp"
#include "tests/devices/card/pcscd_fixture.hpp"

namespace sitegate::devices::card {
namespace {

VirtualCard good_card(int number) {
  return VirtualCard(CardTechnology::iso14443a, {0x04, 0x11, 0x22, static_cast<std::uint8_t>(number)});
}

std::unique_ptr<Reader> any_reader(const Clock& clock) {
  return open_card_reader(parse_url("card+pcsc:///?id=gate").value(), {clock, {}}).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(card_reader_faults, *boost::unit_test::precondition(pcscd_can_run))

BOOST_AUTO_TEST_CASE(cards_that_cannot_be_read_give_no_read) {
  auto& readers = fresh_readers(2);
  Gate gate("card+pcsc:///00%2000?id=gate");
  BOOST_REQUIRE(gate.watches(1));
  std::uint64_t failed = 0;
  for (const auto fault :
       {CardFault::vanish, CardFault::short_answer, CardFault::garbage, CardFault::not_supported}) {
    const auto bad =
        put_on(readers.readers()[0], VirtualCard(CardTechnology::felica, {1, 2, 3, 4, 5, 6, 7, 8}, fault));
    BOOST_REQUIRE(bad->was_asked(patience));
    BOOST_REQUIRE(gate.failed_reads_are(++failed));
  }
  BOOST_TEST(gate.reads().empty());
  const auto good = put_on(readers.readers()[0], good_card(1));
  BOOST_REQUIRE(gate.has_reads(1));
  BOOST_TEST(gate.health().failures == 0u);
}

BOOST_AUTO_TEST_CASE(a_uid_of_impossible_size_gives_no_read) {
  auto& readers = fresh_readers(2);
  Gate gate("card+pcsc:///00%2000?id=gate");
  BOOST_REQUIRE(gate.watches(1));
  const auto bad = put_on(readers.readers()[0], VirtualCard(CardTechnology::iso14443a, {1, 2, 3, 4, 5}));
  BOOST_REQUIRE(gate.failed_reads_are(1));
  BOOST_TEST(gate.reads().empty());
}

BOOST_AUTO_TEST_CASE(pcscd_killed_and_restarted_with_more_readers) {
  auto& readers = fresh_readers(2);
  Gate gate("card+pcsc:///?id=gate");
  BOOST_REQUIRE(gate.watches(2));
  const auto before = put_on(readers.readers()[0], good_card(1));
  BOOST_REQUIRE(gate.has_reads(1));
  readers.kill_pcscd();
  BOOST_REQUIRE(gate.becomes([](const ReaderHealth& health) { return health.failures >= 1; }));
  BOOST_TEST(!gate.health().last_error.empty());
  BOOST_REQUIRE(readers.restart(4));
  BOOST_REQUIRE(gate.watches(4));
  for (std::size_t i = 0; i < 4; ++i) {
    const auto card = put_on(readers.readers()[i], good_card(static_cast<int>(10 + i)));
    BOOST_REQUIRE(gate.has_reads(2 + i));
  }
}

BOOST_AUTO_TEST_CASE(readers_that_are_gone_after_a_restart) {
  auto& readers = fresh_readers(4);
  Gate gate("card+pcsc:///Virtual%202?id=gate");
  BOOST_REQUIRE(gate.watches(2));
  readers.kill_pcscd();
  BOOST_REQUIRE(readers.restart(2));
  BOOST_TEST(gate.becomes([](const ReaderHealth& health) {
    return health.running && health.state.starts_with("no reader whose name contains");
  }));
  readers.kill_pcscd();
  BOOST_REQUIRE(readers.restart(4));
  BOOST_REQUIRE(gate.watches(2));
  const auto card = put_on(readers.readers()[3], good_card(1));
  BOOST_TEST(gate.has_reads(1));
}

BOOST_AUTO_TEST_CASE(without_pcscd_run_fails_and_says_so) {
  fresh_readers(2).kill_pcscd();
  const SystemClock clock;
  const auto reader = any_reader(clock);
  const auto ran = reader->run(std::stop_token{}, [](CredentialRead) {});
  BOOST_REQUIRE(!ran);
  BOOST_TEST(is(ran.error(), ReaderErrc::device_failed));
  BOOST_TEST(ran.error().detail.find("pcscd") != std::string::npos, ran.error().detail);
  BOOST_TEST(reader->state() == ran.error().text());
}

// SCardCancel ends the wait: well before the bound of 0.5 s that serves a stop that came just before the
// wait.
BOOST_AUTO_TEST_CASE(stop_ends_the_wait_at_once) {
  fresh_readers(2);
  const SystemClock clock;
  auto fastest = std::chrono::steady_clock::duration::max();
  for (int attempt = 0; attempt < 5; ++attempt) {
    const auto reader = any_reader(clock);
    std::stop_source stop;
    auto running =
        std::async(std::launch::async, [&] { return reader->run(stop.get_token(), [](CredentialRead) {}); });
    while (!reader->state().starts_with("2 readers")) std::this_thread::yield();
    const auto asked = std::chrono::steady_clock::now();
    stop.request_stop();
    BOOST_REQUIRE(running.wait_for(patience) == std::future_status::ready);
    BOOST_TEST(running.get().has_value());
    fastest = std::min(fastest, std::chrono::steady_clock::now() - asked);
  }
  BOOST_TEST((fastest < std::chrono::milliseconds(200)));
}

BOOST_AUTO_TEST_CASE(stopped_before_it_started) {
  fresh_readers(2);
  const SystemClock clock;
  std::stop_source stop;
  stop.request_stop();
  BOOST_TEST(any_reader(clock)->run(stop.get_token(), [](CredentialRead) {}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::card
