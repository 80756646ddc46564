#include "devices/terminal/zkteco_service.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "shared/base/log.hpp"
#include "shared/crypto/digest.hpp"

namespace sitegate::devices::terminal {
namespace {

constexpr std::chrono::seconds command_fresh{10};
constexpr std::size_t commands_max = 8;
constexpr std::size_t stamp_size_max = 20;
constexpr std::size_t count_size_max = 6;
constexpr std::size_t handful = 5;

bool is_number(std::string_view text, std::size_t size_max) {
  return !text.empty() && text.size() <= size_max && text.find_first_not_of("0123456789") == text.npos;
}

// Parameters come as SN, sn, Stamp, stamp: models differ.
std::string_view parameter(const http::Request& request, std::string_view name) {
  for (const auto& [key, value] : request.query)
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(),
                   [](unsigned char a, unsigned char b) { return (a | 0x20) == (b | 0x20); }))
      return value;
  return {};
}

// "<table>=<n>", n as the terminal counts: whatever else is answered, it sends the table for ever.
std::string table_answer(const http::Request& request) {
  const auto said = parameter(request, "count");
  auto table = std::string(parameter(request, "tablename").substr(0, 32));
  std::erase_if(table, [](unsigned char c) { return c <= ' ' || c == '=' || c > '~'; });
  return table + "=" +
         (is_number(said, count_size_max) ? std::string(said)
                                          : std::to_string(zkteco::count_lines(request.body)));
}

std::string tips_of(const ReadOutcome& outcome) {
  return outcome.recorded && outcome.accepted ? "OK" : outcome.reason.substr(0, 32);
}

// Of one registration: the same after every start, and different for every terminal.
std::string registry_code(const Terminal& terminal) {
  return to_hex(crypto::sha256(as_bytes("zkteco registry " + terminal.serial))).substr(0, 32);
}

}  // namespace

void DoorCommands::open(const std::string& terminal, const Door& door) {
  const auto now = clock_.monotonic();
  queues_.with([&](Queues& queues) {
    // Never a number of an earlier run: a terminal may take that for a repetition.
    if (queues.last_id == 0)
      queues.last_id = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count() / 1000);
    auto& queue = queues.by_terminal[terminal];
    if (queue.size() >= commands_max) queue.pop_front();
    queue.push_back(
        {now, fmt::format("C:{}:{}", ++queues.last_id, zkteco::open_door_command(door.number, door.open_s))});
  });
}

std::string DoorCommands::take(const std::string& terminal) {
  const auto now = clock_.monotonic();
  return queues_.with([&](Queues& queues) {
    std::string text;
    for (auto& command : std::exchange(queues.by_terminal[terminal], {}))
      if (now - command.given <= command_fresh)
        text += (text.empty() ? "" : "\n") + command.text;
      else
        log::warn("terminal={} a door command was fetched too late and is dropped", terminal);
    return text;
  });
}

// The Date header is what terminals set their clocks by (4.1).
http::Response ZktecoService::plain(std::string body) const {
  const auto now = std::chrono::system_clock::to_time_t(book_.now());
  return {.status = 200,
          .body = std::move(body),
          .headers = {{"Date", fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(now))}}};
}

Mark ZktecoService::stamp_of(const Terminal& terminal) const {
  return {data_, terminal.name + ".stamp"};
}

void ZktecoService::handle(const http::Request& request, http::Responder respond) {
  if (!request.path.starts_with("/iclock/")) return respond({.status = 404, .body = "no such thing here\n"});
  const std::string serial(parameter(request, "SN"));
  const auto* terminal = book_.find(std::span(&serial, 1), request.peer);
  if (terminal == nullptr) return respond({.status = 403, .body = "not a terminal of this site\n"});
  book_.heard(*terminal);
  route(*terminal, request, std::move(respond));
}

void ZktecoService::route(const Terminal& terminal, const http::Request& request, http::Responder respond) {
  const auto path = std::string_view(request.path).substr(std::string_view("/iclock/").size());
  const bool post = request.method == "POST";
  if (path == "cdata")
    return post ? post_data(terminal, request, std::move(respond)) : get_data(terminal, std::move(respond));
  if (path == "querydata" && post) return post_data(terminal, request, std::move(respond));
  if (path == "getrequest") {
    const auto commands = doors_->take(terminal.name);
    return respond(plain(commands.empty() ? "OK" : commands));
  }
  if (path == "devicecmd") take_commands_result(terminal, request);
  if (path == "devicecmd" || path == "ping") return respond(plain("OK"));
  if (path == "registry") return respond(plain("RegistryCode=" + registry_code(terminal)));
  if (path == "push") return respond(plain(zkteco::security_options(registry_code(terminal))));
  if (path == "rtdata") return respond(plain(time_answer(terminal)));
  log::warn("terminal={} asks for /iclock/{}, which is not supported", terminal.name, path.substr(0, 40));
  respond({.status = 404, .body = "not supported\n"});
}

void ZktecoService::get_data(const Terminal& terminal, http::Responder respond) const {
  log::info("terminal={} connects", terminal.name);
  respond(plain(
      terminal.dialect == Dialect::security
          ? zkteco::security_options(registry_code(terminal))
          : zkteco::attendance_options(terminal.serial, stamp_of(terminal).get(), terminal.utc_offset)));
}

// Appendix 5, in UTC, and the offset that the terminal adds.
std::string ZktecoService::time_answer(const Terminal& terminal) const {
  const auto minutes = std::abs(terminal.utc_offset.count());
  return fmt::format("DateTime={},ServerTZ={}{:02}{:02}", zkteco::encode_time(to_local(book_.now(), {})),
                     terminal.utc_offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

void ZktecoService::post_data(const Terminal& terminal, const http::Request& request,
                              http::Responder respond) {
  const auto table = parameter(request, "table");
  const auto name = parameter(request, "tablename");
  if (parameter(request, "AuthType") == "device") return decide(terminal, request, std::move(respond));
  if (table == "ATTLOG") {
    const auto events = zkteco::parse_attlog(request.body);
    return record(terminal, events, "OK: " + std::to_string(events.lines),
                  std::string(parameter(request, "Stamp")), std::move(respond));
  }
  if (table == "rtlog")
    return record(terminal, zkteco::parse_rtlog(request.body, terminal.online), "OK", {}, std::move(respond));
  if (name == "transaction")
    return record(terminal, zkteco::parse_transactions(request.body, terminal.online), table_answer(request),
                  {}, std::move(respond));
  respond(plain(take_side_table(terminal, request)));
}

std::string ZktecoService::take_side_table(const Terminal& terminal, const http::Request& request) {
  const auto table = parameter(request, "table");
  if (table == "rtstate")
    if (const auto time = zkteco::parse_state_time(request.body))
      book_.set_clock(terminal, *time, std::nullopt);
  if (table == "tabledata" || request.path == "/iclock/querydata") return table_answer(request);
  if (table == "OPERLOG" || table == "BIODATA" || table == "ATTPHOTO")
    return "OK: " + std::to_string(zkteco::count_lines(request.body));
  if (table != "rtstate" && table != "options" && table != "irstate" && table != "errorlog")
    log::info("terminal={} sends a table that means nothing here: {}", terminal.name,
              fmt::format("{:?}", std::string(table.substr(0, 32))));
  return "OK";
}

void ZktecoService::record(const Terminal& terminal, const Events& events, std::string answer,
                           const std::string& stamp, http::Responder respond) {
  auto reads = book_.reads_of(terminal, events);
  std::vector<bool> live(reads.size());
  std::transform(reads.begin(), reads.end(), live.begin(),
                 [](const CredentialRead& read) { return !read.device_event->late; });
  auto waiting = std::make_shared<http::Responder>(std::move(respond));
  // Of this object only what outlives it is kept: answers may come after the end of the run.
  auto completion = [waiting, live, doors = doors_, name = terminal.name, door = terminal.door,
                     mark = stamp_of(terminal), stamp,
                     ok = plain(std::move(answer))](const std::vector<ReadOutcome>& outcomes) {
    for (std::size_t i = 0; door.follow && i < outcomes.size(); ++i)
      if (live[i] && outcomes[i].gate_opened) doors->open(name, door);
    if (!all_recorded(outcomes)) {
      log::warn("terminal={} its records are not on the disk: told to send them again", name);
      return (*waiting)({.status = 503, .body = "not recorded, send again\n"});
    }
    if (is_number(stamp, stamp_size_max)) mark.set(stamp);
    (*waiting)(ok);
  };
  // A handful is somebody at the door, more is what a terminal kept while it was alone.
  const auto urgency =
      reads.size() <= handful ? Deliveries::Urgency::person_waits : Deliveries::Urgency::backlog;
  if (!deliveries_.add(std::move(reads), std::move(completion), urgency))
    log::warn("terminal={} too much is waiting: told to send again", terminal.name);
}

void ZktecoService::decide(const Terminal& terminal, const http::Request& request, http::Responder respond) {
  auto question = zkteco::parse_question(request.body);
  Events events{.events = {}, .mistakes = {}, .lines = 1};
  if (question)
    events.events.push_back(std::move(question).value());
  else
    events.mistakes.push_back({1, question.error().detail});
  auto reads = book_.reads_of(terminal, events);
  if (reads.empty())
    return respond(plain(
        zkteco::decision_answer(request.body, {.accepted = false, .command = {}, .tips = "unreadable"})));
  auto waiting = std::make_shared<http::Responder>(std::move(respond));
  auto completion = [waiting, record = request.body, answer = plain({}),
                     command = zkteco::open_door_command(terminal.door.number, terminal.door.open_s)](
                        const std::vector<ReadOutcome>& outcomes) mutable {
    const auto& outcome = outcomes.front();
    const bool open = outcome.recorded && outcome.gate_opened;
    answer.body = zkteco::decision_answer(
        record, {.accepted = open, .command = open ? command : std::string(), .tips = tips_of(outcome)});
    (*waiting)(std::move(answer));
  };
  deliveries_.add(std::move(reads), std::move(completion), Deliveries::Urgency::person_waits);
}

void ZktecoService::take_commands_result(const Terminal& terminal, const http::Request& request) const {
  // "ID=17&Return=0&CMD=CONTROL DEVICE", one line for each command.
  auto rest = std::string_view(request.body).substr(0, 4096);
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find_first_of("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto result = http::parse_form(line);
    if (!result || !result->contains("Return")) continue;
    const auto& value = result->at("Return");
    const bool done = is_number(value, 9);
    if (done)
      log::info("terminal={} did what it was told return={}", terminal.name, value);
    else
      log::warn("terminal={} could not do what it was told return={}", terminal.name, value.substr(0, 12));
  }
}

}  // namespace sitegate::devices::terminal
