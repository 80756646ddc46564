// Terminals that speak Hikvision's ISAPI against the reader, over HTTP: pushed events and the search of their
// logs.
#include "devices/terminal/hikvision_reader.hpp"

#include "devices/terminal/hikvision_simulator.hpp"
#include "tests/devices/terminal/reader_run.hpp"

namespace sitegate::tests {
namespace {

using namespace devices::terminal;
using namespace std::chrono_literals;

// The reader and one terminal, which know of each other; `searched`: the reader may search the terminal's
// log.
struct HikvisionRun {
  explicit HikvisionRun(bool searched = false, bool multipart = false,
                        const std::string& password = "secret") {
    HikvisionSimulator::Settings settings{.gateway_url = {}, .device_id = "DS-1", .password = "secret"};
    settings.multipart = multipart;
    // Two know of each other: the terminal is told a port that the reader takes afterwards.
    const auto file = folder / "digest.toml";
    std::ofstream(file) << "[digest]\nuser = \"admin\"\npassword = \"" << password << "\"\n";
    log = HikvisionSimulator::start(settings, clock_of_log).value();
    std::string section =
        "[face]\nserial = \"DS-1\"\naddress = \"127.0.0.1\"\nrealm = \"site\"\nmethod = \"face\"\ndirection "
        "= \"state\"\n";
    if (searched) section += "url = \"" + log->url() + "\"\ncredentials = \"" + file.string() + "\"\n";
    run.emplace(open_hikvision_reader, "terminal+hikvision", section);
    log->set_gateway(run->url() + "/events");
  }
  void advance(std::chrono::milliseconds by) {
    clock_of_log.advance(by);
    run->clock.advance(by);
  }
  std::size_t recorded() const { return run->ledger.keys().size(); }

  TemporaryFolder folder;
  ManualClock clock_of_log{terminal_time};
  std::unique_ptr<HikvisionSimulator> log;
  std::optional<ReaderRun> run;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hikvision_reader)

BOOST_AUTO_TEST_CASE(pushed_events_with_and_without_a_picture) {
  for (const bool multipart : {false, true}) {
    HikvisionRun both(false, multipart);
    both.log->recognise({.employee = "49182736451", .attendance_status = "checkIn", .temperature_c = 36.6});
    both.log->recognise({.employee = "7", .code = 38, .attendance_status = "checkOut"});
    both.log->recognise({.employee = "", .card = "3089312453", .code = 1});
    both.log->recognise({.employee = "8", .code = 76});  // not recognised
    BOOST_TEST((both.log->push() == std::vector<unsigned>{200, 200, 200, 200}));
    const auto reads = both.run->ledger.reads();
    BOOST_REQUIRE(reads.size() == 3u);
    BOOST_TEST((user_of(reads[0]) == TerminalUserCredential{"site", "49182736451"}));
    BOOST_TEST((reads[0].method == Method::face));
    BOOST_TEST(*reads[0].body_temperature_c == 36.6f);
    BOOST_TEST((reads[0].direction == Direction::entry));
    BOOST_TEST((reads[0].event_time == terminal_time));
    BOOST_TEST(reads[0].device_event->key == "hikvision/DS-1/1/2026-11-22T07:41:05");
    BOOST_TEST((reads[1].direction == Direction::exit));
    BOOST_TEST(std::holds_alternative<CardCredential>(reads[2].credential));
    BOOST_TEST(!reads[2].direction.has_value());
    BOOST_TEST(both.run->reader().failed_reads() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_terminal_is_answered_only_after_the_commit) {
  HikvisionRun both;
  both.run->ledger.set_mood(Ledger::Mood::waits);
  both.log->recognise({.employee = "7"});
  std::atomic<bool> answered{false};
  std::vector<unsigned> statuses;
  std::jthread pushing([&] {
    statuses = both.log->push();
    answered = true;
  });
  BOOST_REQUIRE(wait_until([&] { return both.run->ledger.waiting() == 1; }));
  BOOST_TEST(!answered);
  both.run->ledger.commit();
  BOOST_REQUIRE(wait_until([&] { return answered.load(); }));
  BOOST_TEST((statuses == std::vector<unsigned>{200}));
  both.run->ledger.set_mood(Ledger::Mood::refuses);
  both.log->recognise({.employee = "8"});
  BOOST_TEST((both.log->push() == std::vector<unsigned>{503}));
}

BOOST_AUTO_TEST_CASE(the_log_is_searched_at_the_start_page_by_page) {
  HikvisionRun both(true);
  both.run->stop();
  for (int i = 0; i < 95; ++i) {
    both.log->recognise({.employee = std::to_string(i + 1)});
    both.advance(1min);
  }
  both.log->forget_to_push();
  both.run->start();
  BOOST_TEST(wait_until([&] { return both.recorded() == 95; }));
  BOOST_TEST(both.log->searches() >= 4u);  // 30 + 30 + 30 + 5
  const auto reads = both.run->ledger.reads();
  BOOST_TEST(reads.front().device_event->late);
  BOOST_TEST((reads.front().event_time == terminal_time));
}

BOOST_AUTO_TEST_CASE(after_an_outage_the_log_tells_what_was_missed) {
  HikvisionRun both(true);
  both.log->recognise({.employee = "1"});
  BOOST_TEST((both.log->push() == std::vector<unsigned>{200}));
  both.run->stop();
  both.log->recognise({.employee = "2"});
  both.log->recognise({.employee = "3"});
  BOOST_TEST((both.log->push() == std::vector<unsigned>{0, 0}));  // and never again
  both.advance(1h);
  both.run->start();
  BOOST_TEST(wait_until([&] { return both.recorded() == 3; }));
}

BOOST_AUTO_TEST_CASE(a_number_left_out_is_searched_for) {
  HikvisionRun both(true);
  BOOST_REQUIRE(wait_until([&] { return both.log->searches() == 1; }));
  both.log->recognise({.employee = "1"});
  BOOST_TEST(both.log->push().size() == 1u);
  both.log->recognise({.employee = "2"});
  both.log->forget_to_push();
  both.log->recognise({.employee = "3"});
  BOOST_TEST(both.log->push().size() == 1u);
  BOOST_TEST(both.recorded() == 2u);
  both.advance(6s);  // it might still have come by itself
  BOOST_TEST(wait_until([&] { return both.recorded() == 3; }));
}

BOOST_AUTO_TEST_CASE(a_search_that_was_not_recorded_is_made_again) {
  HikvisionRun both(true);
  both.run->stop();
  for (int i = 0; i < 40; ++i) both.log->recognise({.employee = std::to_string(i + 1)});
  both.log->forget_to_push();
  both.run->ledger.set_mood(Ledger::Mood::refuses);
  both.run->start();
  BOOST_REQUIRE(wait_until([&] { return both.run->ledger.read_count() > 0; }));
  BOOST_TEST(both.recorded() == 0u);
  both.run->ledger.set_mood(Ledger::Mood::records);
  BOOST_TEST(wait_until([&] {
    both.advance(61s);  // later than it is tried again
    return both.recorded() == 40;
  }));
}

// From the log of what is recorded only the last minutes are asked for again.
BOOST_AUTO_TEST_CASE(a_search_goes_on_where_the_last_one_ended) {
  HikvisionRun both(true);
  BOOST_REQUIRE(wait_until([&] { return both.log->searches() == 1; }));
  both.run->stop();
  for (int i = 0; i < 40; ++i) both.log->recognise({.employee = std::to_string(i + 1)});
  both.log->forget_to_push();
  both.run->start();
  BOOST_REQUIRE(wait_until([&] { return both.recorded() == 40; }));
  BOOST_REQUIRE(wait_until([&] { return std::filesystem::exists(both.run->folder() / "data/face.mark"); }));
  both.advance(5h);
  // Five hours later it has searched once more, and knows that it was all recorded.
  BOOST_REQUIRE(wait_until([&] {
    std::string mark;
    std::ifstream(both.run->folder() / "data/face.mark") >> mark;
    return mark == to_text(terminal_time + 5h);
  }));
  both.run->stop();
  const auto before = both.run->ledger.read_count();
  both.log->recognise({.employee = "99"});
  both.log->forget_to_push();
  both.run->start();
  BOOST_TEST(wait_until([&] { return both.recorded() == 41; }));
  BOOST_TEST(both.run->ledger.read_count() == before + 1);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_said_and_pushes_still_work) {
  HikvisionRun both(true, false, "wrong");
  both.log->recognise({.employee = "1"});
  BOOST_TEST((both.log->push() == std::vector<unsigned>{200}));
  both.advance(2min);
  both.log->recognise({.employee = "2"});
  BOOST_TEST((both.log->push() == std::vector<unsigned>{200}));
  BOOST_TEST(both.log->searches() == 0u);  // none got past the password
  BOOST_TEST(both.recorded() == 2u);
}

BOOST_AUTO_TEST_CASE(heartbeats_measure_its_clock) {
  HikvisionRun both;
  both.log->set_clock_ahead(2h);
  BOOST_TEST(both.log->heartbeat().has_value());
  both.log->recognise({.employee = "1"});
  both.advance(1h);
  BOOST_TEST(both.log->push().size() == 1u);
  const auto reads = both.run->ledger.reads();
  BOOST_REQUIRE(reads.size() == 1u);
  BOOST_TEST(reads[0].device_event->late);
  BOOST_TEST((reads[0].event_time == terminal_time));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
