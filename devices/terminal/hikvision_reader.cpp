#include "devices/terminal/hikvision_reader.hpp"

#include <algorithm>
#include <thread>

#include "devices/terminal/hikvision_search.hpp"
#include "shared/base/log.hpp"
#include "shared/http/server.hpp"

namespace sitegate::devices::terminal {
namespace {

using hikvision::Notice;

http::Response ok() {
  return {.status = 200,
          .body = R"({"statusCode":1,"statusString":"OK","subStatusCode":"ok"})",
          .content_type = "application/json"};
}

// "/events/DS-K1T671-0001" names the terminal by the last part of the path that it was told to post to.
std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// One run of the reader: the server's side of pushed events. Called on the server's thread.
class Push {
 public:
  Push(TerminalBook& book, Deliveries& deliveries, HikvisionSearch& search)
      : book_(book), deliveries_(deliveries), search_(search) {}

  void handle(const http::Request& request, http::Responder respond) {
    if (request.method != "POST") return respond({.status = 405, .body = "events are posted here\n"});
    auto notice = hikvision::parse_notice(request.header("Content-Type"), request.body);
    std::vector<std::string> names{last_part(request.path)};
    if (notice) names.insert(names.end(), notice.value().ids.begin(), notice.value().ids.end());
    std::erase(names, "");
    const auto* terminal = book_.find(names, request.peer);
    if (terminal == nullptr) return respond({.status = 403, .body = "not a terminal of this site\n"});
    book_.heard(*terminal);
    if (notice) return take(*terminal, notice.value(), std::move(respond));
    refuse_body(*terminal, notice.error());
    respond(ok());
  }

 private:
  // Answered as taken, so that it is not sent for ever; if there was an event in it, the search finds it.
  void refuse_body(const Terminal& terminal, const Error& error) {
    book_.reads_of(terminal, {.events = {}, .mistakes = {{1, error.detail}}, .lines = 1});
    search_.ask(terminal);
  }

  void take(const Terminal& terminal, const Notice& notice, http::Responder respond) {
    if (notice.kind == Notice::Kind::heartbeat && notice.time)
      book_.set_clock(terminal, *notice.time, notice.utc_offset);
    if (notice.kind != Notice::Kind::log_entry) return respond(ok());
    look_for_gap(terminal, notice.entry);
    if (notice.entry.event.kind == Event::Kind::device && !notice.entry.event.pin.empty())
      log::info("terminal={} event={} has a code that means no recognition here", terminal.name,
                notice.entry.event.key);
    auto waiting = std::make_shared<http::Responder>(std::move(respond));
    auto completion = [waiting, name = terminal.name](const std::vector<ReadOutcome>& outcomes) {
      if (all_recorded(outcomes)) return (*waiting)(ok());
      log::warn("terminal={} its event is not on the disk: told to send it again", name);
      (*waiting)({.status = 503, .body = "not recorded, send again\n"});
    };
    auto reads = book_.reads_of(terminal, {.events = {notice.entry.event}, .mistakes = {}, .lines = 1});
    if (!deliveries_.add(std::move(reads), std::move(completion), Deliveries::Urgency::person_waits))
      log::warn("terminal={} too much is waiting: told to send again", terminal.name);
  }

  void look_for_gap(const Terminal& terminal, const hikvision::LogEntry& entry) {
    auto& last = last_serial_no_[terminal.name];
    const bool gap = last != 0 && entry.previous_serial_no > last;
    if (gap)
      log::info("terminal={} entries {} to {} of its log did not come: searched", terminal.name, last + 1,
                entry.previous_serial_no);
    last = std::max(last, entry.serial_no);
    if (gap) search_.ask(terminal);
  }

  TerminalBook& book_;
  Deliveries& deliveries_;
  HikvisionSearch& search_;
  std::map<std::string, std::uint64_t> last_serial_no_;  // by the terminal's name
};

}  // namespace

HikvisionReader::HikvisionReader(TerminalUrl settings, const CatchUp& catch_up, const Clock& clock,
                                 std::filesystem::path data)
    : address_(settings.address),
      wanted_port_(settings.port),
      catch_up_(catch_up),
      data_(std::move(data)),
      book_(std::move(settings.terminals), "hikvision", settings.place.id, settings.live_max, clock) {}

Result<void> HikvisionReader::run(std::stop_token stop, const ReadSink& sink) {
  Deliveries deliveries;
  HikvisionSearch search(book_, deliveries, {.every = catch_up_.every, .back_max = catch_up_.back_max},
                         data_);
  Push push(book_, deliveries, search);
  auto server = http::Server::start({address_, wanted_port_, server_limits()},
                                    [&](const http::Request& request, http::Responder respond) {
                                      push.handle(request, std::move(respond));
                                    });
  if (!server) return fail(ReaderErrc::device_failed, server.error().text());
  port_ = server.value()->port();
  log::info("hikvision listens address={} port={} terminals={}", address_, port_.load(),
            book_.terminals().size());
  std::jthread searching([&](const std::stop_token& search_stop) { search.run(search_stop); });
  deliveries.run(stop, sink);
  port_ = 0;
  server.value()->stop();
  return success();  // the search is told to stop and joined here, before what it uses ends
}

Result<std::unique_ptr<Reader>> open_hikvision_reader(const Url& url,
                                                      const ReaderSurroundings& surroundings) {
  SITEGATE_TRYV(check_keys(url, {"terminals", "live_s", "catch_up_min", "catch_up_h"}));
  SITEGATE_TRY(settings, terminal_url(url, Family::hikvision));
  SITEGATE_TRY(minutes, number_setting(url, "catch_up_min", 1, 1440, 10));
  SITEGATE_TRY(hours, number_setting(url, "catch_up_h", 1, 24 * 60, 72));
  return std::unique_ptr<Reader>(std::make_unique<HikvisionReader>(
      std::move(settings), HikvisionReader::CatchUp{std::chrono::minutes(minutes), std::chrono::hours(hours)},
      surroundings.clock, surroundings.data));
}

}  // namespace sitegate::devices::terminal
