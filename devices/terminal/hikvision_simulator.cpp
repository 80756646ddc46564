#include "devices/terminal/hikvision_simulator.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "shared/crypto/digest.hpp"

namespace sitegate::devices::terminal {
namespace {

using Json = nlohmann::json;

constexpr std::string_view realm = "IP Camera(C1234)";
constexpr std::string_view nonce = "4e6a593059544534596a6f34";
constexpr std::string_view boundary = "MIME_boundary";

std::string md5_text(const std::string& text) {
  return to_hex(crypto::md5(as_bytes(text)));
}

// The value of name="value" or name=value in an Authorization header.
std::string part_of(std::string_view header, const std::string& name) {
  auto at = header.find(" " + name + "=");
  if (at == std::string_view::npos) return {};
  auto value = header.substr(at + name.size() + 2);
  if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
  return std::string(value.substr(0, value.find_first_of(", ")));
}

}  // namespace

HikvisionSimulator::HikvisionSimulator(Settings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

Result<std::unique_ptr<HikvisionSimulator>> HikvisionSimulator::start(Settings settings, const Clock& clock) {
  auto terminal = std::unique_ptr<HikvisionSimulator>(new HikvisionSimulator(std::move(settings), clock));
  SITEGATE_TRY(server, http::Server::start(
                           {}, [own = terminal.get()](const http::Request& request, http::Responder respond) {
                             respond(own->answer(request));
                           }));
  terminal->server_ = std::move(server);
  return terminal;
}

LocalTime HikvisionSimulator::local_now() const {
  return std::chrono::floor<std::chrono::seconds>(
      to_local(clock_.now() + clock_ahead_, settings_.utc_offset));
}

std::string HikvisionSimulator::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port());
}

void HikvisionSimulator::recognise(const Recognition& recognition) {
  log_.with([&](auto& log) { log.push_back({local_now(), log.size() + 1, recognition}); });
}

std::string HikvisionSimulator::notice(const Entry& entry) const {
  Json access{{"deviceName", "Access Controller"},
              {"majorEventType", 5},
              {"subEventType", entry.what.code},
              {"cardNo", entry.what.card},
              {"employeeNoString", entry.what.employee},
              {"serialNo", entry.serial_no},
              {"frontSerialNo", entry.serial_no - 1},
              {"currentVerifyMode", "cardOrFaceOrFp"},
              {"attendanceStatus", entry.what.attendance_status}};
  if (entry.what.temperature_c) {
    access["currTemperature"] = *entry.what.temperature_c;
    access["thermometryUnit"] = "celsius";
  }
  return Json{{"ipAddress", "192.0.2.20"},
              {"dateTime", hikvision::to_text(entry.time, settings_.utc_offset)},
              {"eventType", "AccessControllerEvent"},
              {"eventState", "active"},
              {"deviceID", settings_.device_id},
              {"AccessControllerEvent", access}}
      .dump();
}

unsigned HikvisionSimulator::post(const std::string& json) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = settings_.gateway_url;
  request.timeout = settings_.timeout;
  request.headers = {{"Content-Type", "application/json; charset=\"UTF-8\""}};
  request.body = json;
  if (settings_.multipart) {
    request.headers = {{"Content-Type", fmt::format("multipart/form-data; boundary={}", boundary)}};
    request.body = fmt::format(
        "--{0}\r\nContent-Disposition: form-data; name=\"event_log\"\r\n\r\n{1}\r\n--{0}\r\n"
        "Content-Disposition: form-data; name=\"Picture\"; filename=\"Picture.jpg\"\r\nContent-Type: "
        "image/jpeg\r\n"
        "\r\n{2}\r\n--{0}--\r\n",
        boundary, json, std::string("\xFF\xD8\xFF\xE0\x00\x10JFIF\xFF\xD9", 12));
  }
  const auto answer = client_.call(request);
  return answer ? answer.value().status : 0;
}

std::vector<unsigned> HikvisionSimulator::push() {
  const auto entries = log_.with([](const auto& log) { return log; });
  std::vector<unsigned> statuses;
  while (pushed_ < entries.size()) statuses.push_back(post(notice(entries[pushed_++])));
  return statuses;
}

void HikvisionSimulator::forget_to_push() {
  pushed_ = log_.with([](const auto& log) { return log.size(); });
}

Result<void> HikvisionSimulator::heartbeat() {
  const auto status = post(Json{
      {"dateTime", hikvision::to_text(local_now(), settings_.utc_offset)},
      {"eventType", "heartBeat"},
      {"eventState", "active"},
      {"deviceID",
       settings_.device_id}}.dump());
  if (status != 200) return fail(TerminalErrc::bad_answer, "status " + std::to_string(status));
  return success();
}

// RFC 7616, 3.4.1 with qop=auth.
bool HikvisionSimulator::knows_password(const http::Request& request) const {
  const auto header = request.header("Authorization");
  if (!header.starts_with("Digest ") || part_of(header, "nonce") != nonce) return false;
  const auto secret = md5_text(settings_.user + ":" + std::string(realm) + ":" + settings_.password);
  const auto asked = md5_text(request.method + ":" + request.target);
  const auto expected = md5_text(secret + ":" + std::string(nonce) + ":" + part_of(header, "nc") + ":" +
                                 part_of(header, "cnonce") + ":auth:" + asked);
  return part_of(header, "username") == settings_.user && part_of(header, "response") == expected;
}

http::Response HikvisionSimulator::answer(const http::Request& request) {
  if (!knows_password(request))
    return {.status = 401,
            .body = "<userCheck/>",
            .headers = {{"WWW-Authenticate",
                         fmt::format("Digest qop=\"auth\", realm=\"{}\", nonce=\"{}\"", realm, nonce)}}};
  if (request.path != "/ISAPI/AccessControl/AcsEvent" || request.parameter("format") != "json")
    return {.status = 404, .body = "notSupport"};
  ++searches_;
  return page(request.body);
}

http::Response HikvisionSimulator::page(const std::string& body) const {
  const auto json = Json::parse(body, nullptr, false);
  const auto condition = json.is_object() ? json.value("AcsEventCond", Json::object()) : Json::object();
  const auto from = hikvision::parse_stated_time(condition.value("startTime", ""));
  const auto to = hikvision::parse_stated_time(condition.value("endTime", ""));
  const auto position = condition.value("searchResultPosition", std::size_t{0});
  const auto size = condition.value("maxResults", std::size_t{0});
  if (!from || !to || size == 0 || size > hikvision::page_size)
    return {.status = 400, .body = "badParameters"};
  auto list = Json::array();
  std::size_t matches = 0;
  log_.with([&](const auto& log) {
    for (const auto& entry : log) {
      if (entry.time < from->time || entry.time > to->time) continue;
      if (matches++ < position || list.size() >= size) continue;
      list.push_back({{"major", 5},
                      {"minor", entry.what.code},
                      {"time", hikvision::to_text(entry.time, settings_.utc_offset)},
                      {"cardNo", entry.what.card},
                      {"employeeNoString", entry.what.employee},
                      {"serialNo", entry.serial_no},
                      {"currentVerifyMode", "cardOrFaceOrFp"},
                      {"attendanceStatus", entry.what.attendance_status}});
    }
  });
  const bool more = position + list.size() < matches;
  return {.status = 200,
          .body = Json{{"AcsEvent",
                        {{"searchID", condition.value("searchID", "")},
                         {"totalMatches", matches},
                         {"responseStatusStrg", more           ? "MORE"
                                                : list.empty() ? "NO MATCH"
                                                               : "OK"},
                         {"numOfMatches", list.size()},
                         {"InfoList", list}}}}
                      .dump(),
          .content_type = "application/json"};
}

}  // namespace sitegate::devices::terminal
