// A terminal that speaks Hikvision's ISAPI, for tests, demonstrations and simulators: it pushes its events
// and lets its log be searched. The gateway never links it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "devices/terminal/hikvision_protocol.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/guarded.hpp"
#include "shared/http/client.hpp"
#include "shared/http/server.hpp"

namespace sitegate::devices::terminal {

/// Each event is pushed once, when push() is called: like many models it forgets to try again, and the log is
/// the only way to it. The search asks for HTTP Digest (RFC 7616, MD5) and refuses more than 30 entries a
/// page. Concurrency: recognise() and push() on one thread, the search on its own.
class HikvisionSimulator {
 public:
  struct Settings {
    std::string gateway_url;  ///< where it pushes: "http://192.0.2.1:8082/events"
    std::string device_id;
    std::string user = "admin";
    std::string password;
    std::chrono::minutes utc_offset{540};
    bool multipart = false;  ///< with a picture
    std::chrono::milliseconds timeout{10'000};
  };
  struct Recognition {
    std::string employee;
    std::string card = "0";
    int code = 75;  ///< subEventType
    std::string attendance_status = "undefined";
    std::optional<double> temperature_c = std::nullopt;
  };

  static Result<std::unique_ptr<HikvisionSimulator>> start(Settings settings, const Clock& clock);

  /// Where it pushes from now on.
  void set_gateway(std::string url) { settings_.gateway_url = std::move(url); }
  /// Puts an event into its log.
  void recognise(const Recognition& recognition);
  /// Pushes the events that it has not tried yet, one after the other, and goes on whatever comes of it; the
  /// status of each answer, 0 where there was none.
  std::vector<unsigned> push();
  /// As after a network outage: those not tried yet are never pushed.
  void forget_to_push();
  /// Says how its clock stands.
  Result<void> heartbeat();

  /// Of its own server: "http://127.0.0.1:…"
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::size_t searches() const { return searches_; }
  void set_clock_ahead(std::chrono::milliseconds ahead) { clock_ahead_ = ahead; }

 private:
  struct Entry {
    LocalTime time;
    std::uint64_t serial_no;
    Recognition what;
  };
  HikvisionSimulator(Settings settings, const Clock& clock);
  [[nodiscard]] LocalTime local_now() const;
  [[nodiscard]] std::string notice(const Entry& entry) const;
  unsigned post(const std::string& json);
  [[nodiscard]] bool knows_password(const http::Request& request) const;
  http::Response answer(const http::Request& request);
  [[nodiscard]] http::Response page(const std::string& body) const;

  Settings settings_;  // the gateway's URL changes, on the pushing thread; nothing else
  const Clock& clock_;
  http::Client client_;
  Guarded<std::vector<Entry>> log_;
  std::size_t pushed_ = 0;
  std::atomic<std::size_t> searches_{0};
  std::chrono::milliseconds clock_ahead_{0};
  std::unique_ptr<http::Server> server_;  // last: its thread uses everything else
};

}  // namespace sitegate::devices::terminal
