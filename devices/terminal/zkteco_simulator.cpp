#include "devices/terminal/zkteco_simulator.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitegate::devices::terminal {
namespace {

std::string wall_text(LocalTime time) {
  auto text = to_text(UtcTime(time.time_since_epoch())).substr(0, 19);
  text[10] = ' ';
  return text;
}

}  // namespace

ZktecoSimulator::ZktecoSimulator(Settings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

LocalTime ZktecoSimulator::local_now() const {
  return std::chrono::floor<std::chrono::seconds>(
      to_local(clock_.now() + clock_ahead_, settings_.utc_offset));
}

Result<std::string> ZktecoSimulator::call(const std::string& method, const std::string& path,
                                          std::string body) {
  http::ClientRequest request;
  request.method = method;
  request.url = settings_.url + "/iclock/" + path;
  request.headers = {{"User-Agent", "iClock Proxy/1.09"}, {"Content-Type", "application/push;charset=UTF-8"}};
  request.body = std::move(body);
  request.timeout = settings_.timeout;
  SITEGATE_TRY(answer, client_.call(request));
  if (answer.status != 200)
    return fail(TerminalErrc::bad_answer, fmt::format("{}: status {}", request.url, answer.status));
  return std::move(answer.body);
}

Result<std::string> ZktecoSimulator::connect() {
  SITEGATE_TRY(options, call("GET", "cdata?SN=" + settings_.serial + "&options=all&pushver=3.1.2" +
                                        (settings_.dialect == Dialect::security ? "&DeviceType=acc" : "")));
  const std::string_view start = settings_.dialect == Dialect::security ? "registry=ok" : "GET OPTION FROM: ";
  if (!options.starts_with(start)) return fail(TerminalErrc::bad_answer, options);
  return std::move(options);
}

void ZktecoSimulator::recognise(const Recognition& recognition) {
  records_.push_back({local_now(), ++last_index_, recognition});
}

Result<std::size_t> ZktecoSimulator::push_lines(const std::string& path, std::size_t count_max,
                                                std::string (*line)(const Record&),
                                                const std::string& acknowledgement) {
  const auto count = std::min(count_max, records_.size());
  if (count == 0) return count;
  std::string body;
  for (std::size_t i = 0; i < count; ++i) body += line(records_[i]) + "\r\n";
  SITEGATE_TRY(answer, call("POST", path + "&count=" + std::to_string(count), body));
  if (!answer.starts_with(acknowledgement)) return fail(TerminalErrc::bad_answer, answer);
  records_.erase(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(count));
  return count;
}

Result<std::size_t> ZktecoSimulator::push(std::size_t count_max) {
  const auto count = std::min(count_max, records_.size());
  if (settings_.dialect == Dialect::attendance)
    return push_lines(
        "cdata?SN=" + settings_.serial + "&table=ATTLOG&Stamp=" + std::to_string(last_index_), count_max,
        [](const Record& record) {
          return fmt::format("{}\t{}\t{}\t{}\t0\t0\t0\t0\t{}\t0", record.what.pin, wall_text(record.time),
                             record.what.status, record.what.verify, record.what.temperature);
        },
        "OK: " + std::to_string(count));
  return push_lines(
      "cdata?SN=" + settings_.serial + "&table=rtlog", count_max,
      [](const Record& record) {
        return fmt::format(
            "time={}\tpin={}\tcardno={}\tsitecode=0\tlinkid=0\teventaddr=1\tevent={}\tinoutstatus={}\t"
            "verifytype={}\tindex={}\tmaskflag=0\ttemperature={}\tconvtemperature={}",
            wall_text(record.time), record.what.pin, record.what.card, record.what.event, record.what.status,
            record.what.verify, record.index, record.what.temperature, record.what.temperature);
      },
      "OK");
}

Result<std::size_t> ZktecoSimulator::push_stored(std::size_t count_max) {
  const auto count = std::min(count_max, records_.size());
  return push_lines(
      "cdata?SN=" + settings_.serial + "&table=tabledata&tablename=transaction", count_max,
      [](const Record& record) {
        return fmt::format(
            "transaction "
            "cardno={}\tpin={}\tverified={}\tdoorid=1\teventtype={}\tinoutstate={}\ttime_second={}\t"
            "index={}",
            record.what.card, record.what.pin, record.what.verify, record.what.event, record.what.status,
            zkteco::encode_time(record.time), record.index);
      },
      "transaction=" + std::to_string(count));
}

Result<std::string> ZktecoSimulator::ask(const Recognition& recognition) {
  const auto record = fmt::format(
      "time={}\tpin={}\tcardno={}\taddrtype=2\teventaddr=1\tevent=223\tinoutstatus={}\tverifytype={}",
      wall_text(local_now()), recognition.pin, recognition.card, recognition.status, recognition.verify);
  SITEGATE_TRY(answer, call("POST", "cdata?SN=" + settings_.serial + "&AuthType=device", record));
  for (auto rest = std::string_view(answer); !rest.empty();) {
    const auto line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 2));
    if (line.starts_with("CONTROL DEVICE ")) carry_out(line);
  }
  return std::move(answer);
}

void ZktecoSimulator::carry_out(std::string_view command) {
  if (command.starts_with("CONTROL DEVICE 0101")) ++doors_opened_;
}

Result<void> ZktecoSimulator::poll() {
  SITEGATE_TRY(answer, call("GET", "getrequest?SN=" + settings_.serial));
  std::string results;
  for (auto rest = std::string_view(answer); rest.starts_with("C:");) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto colon = line.find(':', 2);
    if (colon == std::string_view::npos) return fail(TerminalErrc::bad_answer, answer);
    carry_out(line.substr(colon + 1));
    results += fmt::format("ID={}&Return=0&CMD=CONTROL DEVICE\n", line.substr(2, colon - 2));
  }
  if (results.empty()) return success();
  SITEGATE_TRYV(call("POST", "devicecmd?SN=" + settings_.serial, results));
  return success();
}

Result<void> ZktecoSimulator::report_state() {
  SITEGATE_TRYV(call("POST", "cdata?SN=" + settings_.serial + "&table=rtstate",
                     "time=" + wall_text(local_now()) + "\tsensor=00\trelay=00\talarm=0200000000000000"));
  return success();
}

Result<std::string> ZktecoSimulator::upload_users(int count) {
  std::string body;
  for (int i = 1; i <= count; ++i)
    body += fmt::format("user uid={0}\tcardno=\tpin={0}\tpassword=\tgroup=1\tname=\tprivilege=0\r\n", i);
  return call("POST",
              fmt::format("cdata?SN={}&table=tabledata&tablename=user&count={}", settings_.serial, count),
              body);
}

}  // namespace sitegate::devices::terminal
