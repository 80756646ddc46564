#include "tests/support/browser.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "tests/support/wait_until.hpp"

namespace sitegate::tests {
namespace {

using nlohmann::json;

constexpr const char* program = "/usr/bin/chromium";
constexpr int answer_ms_max = 60'000;  // a first start on a loaded machine

/// Ends the test case: Boost.Test reports what is thrown.
void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error("browser: " + what);
}

/// RFC 4648, section 4.
std::string from_base64(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char letter : text.substr(0, text.find('='))) {
    bits = bits << 6 | static_cast<unsigned>(letters.find(letter));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xFF);
  }
  return bytes;
}

/// A pipe whose ends have numbers from 10 on: read end, write end.
std::pair<int, int> high_pipe() {
  int ends[2];
  require(::pipe2(ends, O_CLOEXEC) == 0, "no pipe");
  const std::pair high{::fcntl(ends[0], F_DUPFD_CLOEXEC, 10), ::fcntl(ends[1], F_DUPFD_CLOEXEC, 10)};
  ::close(ends[0]);
  ::close(ends[1]);
  return high;
}

}  // namespace

bool Browser::is_installed() {
  return std::filesystem::exists(program);
}

Browser::Browser() {
  const auto [their_input, to_browser] = high_pipe();
  const auto [from_browser, their_output] = high_pipe();
  to_browser_ = to_browser;
  from_browser_ = from_browser;
  // Without the last four it looks for its maker's servers at every start.
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{program, "--headless", "--no-sandbox", "--disable-gpu",
                               "--remote-debugging-pipe", "--user-data-dir=" + (folder_ / "profile").string(),
                               "--no-first-run", "--disable-background-networking",
                               "--disable-component-update", "--disable-sync"},
      folder_ / "chromium.log", std::vector<std::pair<int, int>>{{their_input, 3}, {their_output, 4}});
  ::close(their_input);
  ::close(their_output);
  const json target = command("Target.createTarget", {{"url", "about:blank"}});
  const json attached =
      command("Target.attachToTarget", {{"targetId", target.at("targetId")}, {"flatten", true}});
  session_ = attached.at("sessionId");
  command("Network.enable", json::object());
  command("Emulation.setDeviceMetricsOverride",
          {{"width", 360}, {"height", 740}, {"deviceScaleFactor", 2}, {"mobile", true}});
}

Browser::~Browser() {
  ::close(to_browser_);
  ::close(from_browser_);
}

void Browser::speak(const std::string& accept_language) {
  command("Network.setExtraHTTPHeaders", {{"headers", {{"Accept-Language", accept_language}}}});
}

void Browser::open(const std::string& url) {
  command("Page.navigate", {{"url", url}});
  require(wait_until([this] { return evaluate("document.readyState") == "complete"; }),
          "does not load " + url);
}

void Browser::reload() {
  evaluate("window.left = true");
  command("Page.reload", json::object());
  require(wait_until([this] { return evaluate("window.left + document.readyState") == "undefinedcomplete"; }),
          "does not load again");
}

void Browser::click(const std::string& selector) {
  require(evaluate("(e => { if (e) e.click(); return e ? 'there' : ''; })(document.querySelector(" +
                   json(selector).dump() + "))") == "there",
          "nothing to click: " + selector);
}

std::string Browser::evaluate(const std::string& expression) {
  const json answer = exchange("Runtime.evaluate", {{"expression", expression}, {"returnByValue", true}});
  if (!answer.contains("result") || answer["result"].contains("exceptionDetails")) return {};
  const json& value = answer["result"]["result"];
  if (!value.contains("value")) return {};
  return value["value"].is_string() ? value["value"].get<std::string>() : value["value"].dump();
}

bool Browser::shows(const std::string& words) {
  return wait_until([&] { return text().find(words) != std::string::npos; });
}

void Browser::be_at(const std::string& origin, const std::optional<Place>& place) {
  command("Browser.setPermission", {{"permission", {{"name", "geolocation"}}},
                                    {"setting", place ? "granted" : "denied"},
                                    {"origin", origin}});
  if (place)
    command(
        "Emulation.setGeolocationOverride",
        {{"latitude", place->latitude}, {"longitude", place->longitude}, {"accuracy", place->accuracy_m}});
}

void Browser::photograph(const std::filesystem::path& file) {
  const std::string text = command("Page.captureScreenshot", json::object()).at("data");
  std::ofstream(file, std::ios::binary) << from_base64(text);
}

json Browser::command(const std::string& method, const json& parameters) {
  const json answer = exchange(method, parameters);
  require(answer.contains("result"), method + ": " + answer.dump());
  return answer["result"];
}

/// The answer's whole message; events in between are passed over.
json Browser::exchange(const std::string& method, const json& parameters) {
  json message{{"id", ++last_id_}, {"method", method}, {"params", parameters}};
  const bool of_the_page = !method.starts_with("Browser.") && !method.starts_with("Target.");
  if (of_the_page) message["sessionId"] = session_;
  const auto bytes = message.dump() + '\0';
  require(::write(to_browser_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
          "has ended");
  for (;;) {
    json answer = json::parse(next_message());
    if (answer.value("id", 0) == last_id_) return answer;
  }
}

std::string Browser::next_message() {
  for (;;) {
    if (const auto end = received_.find('\0'); end != std::string::npos) {
      auto message = received_.substr(0, end);
      received_.erase(0, end + 1);
      return message;
    }
    pollfd ready{from_browser_, POLLIN, 0};
    require(::poll(&ready, 1, answer_ms_max) == 1, "does not answer");
    char bytes[65536];
    const auto count = ::read(from_browser_, bytes, sizeof bytes);
    require(count > 0, "has ended");
    received_.append(bytes, static_cast<std::size_t>(count));
  }
}

}  // namespace sitegate::tests
