// Files of logging readers in a folder: taken when they are whole, put away when all was recorded.
#include "devices/logger/logger_reader.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "devices/logger/virtual_logger.hpp"
#include "devices/reader_loop.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::logger {

namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;
using std::chrono::seconds;
using tests::wait_until;

const UtcTime morning = *parse_utc("2023-07-30T22:00:00.000Z");  // 07:00 in Japan
const UtcTime noon = morning + std::chrono::hours{5};

CardCredential card(std::uint8_t number) {
  return {CardTechnology::felica, {1, 2, 3, 4, 5, 6, 7, number}};
}

/// Waits 2 ms where a gateway waits for seconds.
class QuickWaiter final : public Waiter {
 public:
  std::function<void()> between_looks;  ///< set before the reader starts
  void wait(std::chrono::milliseconds, std::stop_token stop) override {
    if (between_looks) between_looks();
    waiter_.wait(std::chrono::milliseconds{2}, std::move(stop));
  }

 private:
  SystemWaiter waiter_;
};

/// What stands behind the reader: records each key once and answers from a thread of its own.
class Recorder {
 public:
  ~Recorder() {
    queue_.close();
    BOOST_TEST(!overrun_);
  }
  /// On the reader's thread, where nothing of Boost.Test may be called.
  void take(CredentialRead read) {
    if (!queue_.push(std::move(read))) overrun_ = true;
  }
  std::vector<CredentialRead> recorded() const {
    return recorded_.with([](const auto& reads) { return reads; });
  }
  /// Refuses everything from the n-th read on, until told otherwise; 0: records all.
  void refuse_from(std::size_t count) { refuse_from_ = count; }
  std::size_t asked() const { return asked_; }

 private:
  void work() {
    while (!queue_.closed())
      if (auto read = queue_.pop(std::chrono::milliseconds{20})) answer(*read);
  }
  void answer(const CredentialRead& read) {
    const std::size_t number = ++asked_;
    ReadOutcome outcome;
    outcome.reason = "storage_full";
    if (refuse_from_ == 0 || number < refuse_from_) {
      outcome.recorded = true;
      outcome.repeat = !keys_.insert(read.device_event->key).second;
      outcome.direction = read.direction.value_or(Direction::entry);
      const auto& uid = std::get<CardCredential>(read.credential).uid;
      outcome.accepted = uid.back() != 99;
      outcome.reason = outcome.accepted ? "admitted" : "unknown_credential";
      if (!outcome.repeat) recorded_.with([&](auto& reads) { reads.push_back(read); });
    }
    read.answer(outcome);
  }

  BoundedQueue<CredentialRead> queue_{100};
  Guarded<std::vector<CredentialRead>> recorded_;
  std::set<std::string> keys_;  // of the thread
  std::atomic<std::size_t> refuse_from_{0};
  std::atomic<std::size_t> asked_{0};
  std::atomic<bool> overrun_{false};
  std::jthread thread_{[this] { work(); }};
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct Gateway {
  const tests::TemporaryFolder folder;
  ManualClock clock{noon};
  QuickWaiter waiter;
  SystemWaiter loop_waiter;
  Recorder recorder;
  std::unique_ptr<ReaderLoop> loop;

  Gateway() { fs::create_directories(folder / "in"); }
  void start(const std::string& query = "") {
    const auto url =
        parse_url("logger+file://" + (folder / "in").string() + "?gate=north&id=folder&" + query).value();
    auto settings = logger_settings(url);
    if (!settings) BOOST_FAIL(settings.error().text());
    loop = std::make_unique<ReaderLoop>(
        "folder",
        std::make_unique<LoggerReader>(reader_place(url).value(), settings.value(),
                                       ReaderSurroundings{clock, folder / "data"}, &waiter),
        [this](CredentialRead read) { recorder.take(std::move(read)); }, clock, loop_waiter, 1);
  }
  void stop() { loop.reset(); }
  /// As a file manager does: written beside, then there at once.
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
    fs::rename(folder / name, folder / "in" / name);
  }
  std::string report_of(const std::string& name) const {
    const auto file = folder / "in/done" / name;
    BOOST_TEST(wait_until([&] { return fs::exists(file); }), loop->health().state);
    BOOST_TEST(!fs::exists(folder / "in" / name));
    return content_of(folder / "in/done" / (name + ".report.txt"));
  }
};

VirtualLogger logger_ahead_by(std::chrono::milliseconds offset) {
  return {"BLR-0007", {noon, offset, 0}};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(logger_reader, Gateway)

BOOST_AUTO_TEST_CASE(touches_come_in_corrected_in_order_and_with_keys) {
  auto reader = logger_ahead_by(minutes{5});
  reader.touch(card(1), morning);
  reader.touch(card(2), morning + minutes{10});
  put("monday.csv", reader.file(noon));
  start();
  const auto report = report_of("monday.csv");
  const auto reads = recorder.recorded();
  BOOST_REQUIRE(reads.size() == 2U);
  BOOST_TEST((reads[0].event_time == morning));
  BOOST_TEST((reads[1].event_time == morning + minutes{10}));
  BOOST_TEST((std::get<CardCredential>(reads[0].credential) == card(1)));
  BOOST_TEST(reads[0].reader_id == "BLR-0007");
  BOOST_TEST(reads[0].gate == "north");
  BOOST_TEST((reads[0].method == Method::card));
  BOOST_TEST((reads[0].clock_state == ClockState::synchronised));
  BOOST_REQUIRE(reads[0].device_event);
  BOOST_TEST(reads[0].device_event->late);
  BOOST_TEST(reads[0].device_event->key == "logger/BLR-0007/1/20230730T220500");
  BOOST_TEST(holds(report, "2 rows, 2 taken, 0 refused\n  admitted: 2\n"), report);
  BOOST_TEST(holds(report, "BLR-0007: clock +00 h 05 min 00 s against ours"), report);
}

BOOST_AUTO_TEST_CASE(a_card_goes_in_and_out_by_turns) {
  auto reader = logger_ahead_by(seconds{0});
  for (const seconds after : {seconds{0}, seconds{30}, seconds{7200}, seconds{10'800}})
    reader.touch(card(1), morning + after);
  put("monday.csv", reader.file());
  start();
  report_of("monday.csv");
  const auto reads = recorder.recorded();
  BOOST_REQUIRE(reads.size() == 4U);
  BOOST_TEST(!reads[0].direction.has_value());  // the gate knows who is inside
  BOOST_TEST((reads[1].direction == Direction::entry));
  BOOST_TEST((reads[2].direction == Direction::exit));
  BOOST_TEST((reads[3].direction == Direction::entry));
  BOOST_TEST((reads[0].clock_state == ClockState::unsynchronised));
}

BOOST_AUTO_TEST_CASE(a_place_or_a_key_of_the_reader_says_the_direction) {
  auto reader = logger_ahead_by(seconds{0});
  reader.touch(card(1), morning);
  reader.touch(card(2), morning, Direction::entry);
  put("monday.csv", reader.file());
  start("direction=exit");
  report_of("monday.csv");
  const auto reads = recorder.recorded();
  BOOST_REQUIRE(reads.size() == 2U);
  BOOST_TEST((reads[0].direction == Direction::exit));
  BOOST_TEST((reads[1].direction == Direction::entry));
}

BOOST_AUTO_TEST_CASE(the_same_file_twice_and_a_longer_one_record_each_touch_once) {
  auto reader = logger_ahead_by(seconds{0});
  reader.touch(card(1), morning);
  put("monday.csv", reader.file());
  start();
  report_of("monday.csv");
  put("monday.csv", reader.file());
  BOOST_TEST(wait_until([&] { return fs::exists(folder / "in/done/monday.2.csv"); }));
  BOOST_TEST(holds(content_of(folder / "in/done/monday.2.csv.report.txt"), "  known: 1\n"));
  reader.touch(card(2), morning + minutes{1});
  put("tuesday.csv", reader.file());
  BOOST_TEST(holds(report_of("tuesday.csv"), "2 rows, 2 taken, 0 refused\n  admitted: 1\n  known: 1\n"));
  BOOST_TEST(recorder.recorded().size() == 2U);
}

BOOST_AUTO_TEST_CASE(bad_rows_are_named_and_good_ones_recorded) {
  put("monday.csv",
      "number,card_uid,reader_clock,reader_id\n1,01,2023-07-31 07:00:00,R\n2,zz,2023-07-31 07:01:00,R\n"
      "3,63,2023-07-31 07:02:00,R\n4,04,2024-07-31 07:00:00,R\n");
  start();
  const auto report = report_of("monday.csv");
  BOOST_TEST(recorder.recorded().size() == 2U);
  BOOST_TEST(holds(report, "4 rows, 2 taken, 2 refused\n"), report);
  BOOST_TEST(holds(report, "line 3: card_uid: is not 1 to 16 bytes in hexadecimal: \"zz\"\n"), report);
  BOOST_TEST(holds(report, "line 5: reader_clock: lies +365 d"), report);
  BOOST_TEST(holds(report, "recorded, and no history so far:\n  line 4: card_uid: unknown_credential\n"),
             report);
  BOOST_TEST(loop->health().failed_reads == 2U);
}

BOOST_AUTO_TEST_CASE(a_file_that_could_not_be_recorded_stays_until_it_is) {
  auto reader = logger_ahead_by(seconds{0});
  for (std::uint8_t number = 1; number <= 5; ++number) reader.touch(card(number), morning + minutes{number});
  recorder.refuse_from(3);
  put("monday.csv", reader.file());
  start();
  BOOST_TEST(wait_until([&] { return recorder.asked() > 10; }));
  BOOST_TEST(fs::exists(folder / "in/monday.csv"));
  BOOST_TEST(!fs::exists(folder / "in/done"));
  recorder.refuse_from(0);
  report_of("monday.csv");
  const auto reads = recorder.recorded();
  BOOST_REQUIRE(reads.size() == 5U);
  for (std::uint8_t number = 1; number <= 5; ++number)
    BOOST_TEST((std::get<CardCredential>(reads[number - 1U].credential) == card(number)));
}

BOOST_AUTO_TEST_CASE(stopped_in_the_middle_and_started_again) {
  auto reader = logger_ahead_by(seconds{0});
  for (std::uint8_t number = 1; number <= 5; ++number) reader.touch(card(number), morning + minutes{number});
  recorder.refuse_from(4);
  put("monday.csv", reader.file());
  start();
  BOOST_TEST(wait_until([&] { return recorder.asked() > 4; }));
  stop();
  BOOST_TEST(fs::exists(folder / "in/monday.csv"));
  recorder.refuse_from(0);
  start();
  report_of("monday.csv");
  BOOST_TEST(recorder.recorded().size() == 5U);
}

BOOST_AUTO_TEST_CASE(what_is_no_such_file_is_refused_and_the_next_is_taken) {
  put("a.csv", std::string(1 << 20, 'x'));
  put("b.csv", std::string("\0\1\2\3", 4));
  put("c.csv", "");
  put("remarks.txt", "not ours");
  auto reader = logger_ahead_by(seconds{0});
  reader.touch(card(1), morning);
  put("d.csv", reader.file());
  start();
  report_of("d.csv");
  for (const char* name : {"a.csv", "b.csv", "c.csv"}) {
    BOOST_TEST(fs::exists(folder / "in/refused" / name), name);
    BOOST_TEST(!content_of(folder / "in/refused" / (std::string(name) + ".report.txt")).empty(), name);
  }
  BOOST_TEST(fs::exists(folder / "in/remarks.txt"));
}

BOOST_AUTO_TEST_CASE(a_file_that_still_grows_is_left_alone) {
  auto reader = logger_ahead_by(seconds{0});
  reader.touch(card(1), morning);
  std::atomic<int> looks{0};
  std::atomic<std::size_t> asked_while_growing{0};
  waiter.between_looks = [&] {
    const int look = ++looks;
    if (look > 5) return;
    asked_while_growing += recorder.asked();
    const auto mode = look == 1 ? std::ios::trunc : std::ios::app;
    std::ofstream(folder / "in/monday.csv", mode) << (look == 1 ? reader.file() : "# more\n");
  };
  start();
  report_of("monday.csv");
  stop();
  BOOST_TEST(looks > 6);
  BOOST_TEST(recorder.recorded().size() == 1U);
  BOOST_TEST(asked_while_growing == 0U);
}

BOOST_AUTO_TEST_CASE(the_drift_is_known_from_the_second_import_on) {
  VirtualLogger reader("BLR-0007", {morning - std::chrono::days{8}, seconds{0}, 1.0});
  put("first.csv", reader.file(morning - std::chrono::days{8}));
  start();
  BOOST_TEST(holds(report_of("first.csv"), "drift not known: one measurement"));
  stop();
  start();  // what was measured survives a restart
  reader.touch(card(1), morning - std::chrono::days{4});
  put("second.csv", reader.file(morning));
  BOOST_TEST(holds(report_of("second.csv"), "clock +8.000 s against ours, drift +1.00 s a day"));
  const auto reads = recorder.recorded();
  BOOST_REQUIRE(reads.size() == 1U);
  BOOST_TEST((std::chrono::abs(reads[0].event_time - (morning - std::chrono::days{4})) <= seconds{1}));
}

BOOST_AUTO_TEST_CASE(bound_by_the_table_to_our_site_only) {
  std::ofstream(folder / "table.csv") << "reader_id,site_id,gate,direction,from,until\n"
                                         "BLR-0007,00000000000001,south,,2023-07-01,2023-07-30\n"
                                         "BLR-0007,00000000000002,east,exit,2023-07-31,\n";
  auto reader = logger_ahead_by(seconds{0});
  reader.touch(card(1), morning - std::chrono::days{1});
  reader.touch(card(2), morning);
  put("monday.csv", reader.file());
  start("site=00000000000002&deployment=" + (folder / "table.csv").string());
  const auto report = report_of("monday.csv");
  const auto reads = recorder.recorded();
  BOOST_REQUIRE(reads.size() == 1U);
  BOOST_TEST(reads[0].gate == "east");
  BOOST_TEST((reads[0].direction == Direction::exit));
  BOOST_TEST(holds(report, "stood at site 00000000000001 on 2023-07-30: import it there"), report);
}

BOOST_AUTO_TEST_CASE(a_bad_table_stops_the_import_until_it_is_mended) {
  const auto table = folder / "table.csv";
  std::ofstream(table) << "reader_id,site_id,from\nBLR-0007,2,2023-07-31\n";
  auto reader = logger_ahead_by(seconds{0});
  reader.touch(card(1), morning);
  put("monday.csv", reader.file());
  start("site=00000000000002&deployment=" + table.string());
  BOOST_TEST(wait_until([&] { return loop->health().failures > 0; }));
  BOOST_TEST(holds(loop->health().last_error, "site_id is no 14-digit ID"), loop->health().last_error);
  BOOST_TEST(fs::exists(folder / "in/monday.csv"));
  std::ofstream(table) << "reader_id,site_id,from\nBLR-0007,00000000000002,2023-07-31\n";
  report_of("monday.csv");
  BOOST_TEST(recorder.recorded().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_may_come) {
  fs::remove_all(folder / "in");
  fs::create_directories(folder / "elsewhere");
  fs::create_directory_symlink(folder / "nowhere", folder / "in");
  start();
  fs::remove(folder / "in");
  fs::rename(folder / "elsewhere", folder / "in");
  auto reader = logger_ahead_by(seconds{0});
  reader.touch(card(1), morning);
  put("monday.csv", reader.file());
  report_of("monday.csv");
  const auto lost = logger_settings(parse_url("logger+file:///nowhere/at/all").value()).value();
  LoggerReader without({"x", "1", DirectionRule::toggle}, lost, {clock, folder / "data"}, &waiter);
  std::stop_source source;
  BOOST_TEST(is(without.run(source.get_token(), [](CredentialRead) {}).error(), ReaderErrc::device_gone));
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_be_used_are_refused) {
  for (const char* text : {"logger+file:relative", "logger+file://host/x", "logger+file:///x?site=1",
                           "logger+file:///x?deployment=/t.csv", "logger+file:///x?poll_s=0",
                           "logger+file:///x?utc_offset_minutes=9h", "logger+file:///x?speed=1"}) {
    const auto reader = open_logger_reader(parse_url(text).value(), {clock, folder / "data"});
    BOOST_TEST_CONTEXT(text) BOOST_TEST(is(reader.error(), ReaderErrc::bad_setting));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::logger
