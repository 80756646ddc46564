// A terminal of ZKTeco's PUSH family, for tests, demonstrations and simulators: it speaks the same bytes from
// the other side. The gateway never links it.
#pragma once
#include <deque>
#include <optional>
#include <string>

#include "devices/terminal/zkteco_protocol.hpp"
#include "shared/base/clock.hpp"
#include "shared/http/client.hpp"

namespace sitegate::devices::terminal {

/// Keeps every record until the gateway has acknowledged it, as the real ones do. Not thread-safe.
class ZktecoSimulator {
 public:
  struct Settings {
    std::string url;  ///< of the gateway: "http://192.0.2.1:8081"
    std::string serial;
    Dialect dialect = Dialect::attendance;
    std::chrono::minutes utc_offset{540};
    std::chrono::milliseconds timeout{10'000};
  };
  /// What it recognised somebody by.
  struct Recognition {
    std::string pin = "0";
    std::string card = "0";
    std::string verify = "15";  ///< appendix 3, or 16 binary digits
    int status = 0;             ///< 0 in, 1 out
    std::string temperature = "0";
    int event = 0;  ///< of the security dialect: appendix 2
  };

  ZktecoSimulator(Settings settings, const Clock& clock);

  /// First contact: asks for its options; the gateway's answer, or the error of an answer that is none.
  Result<std::string> connect();
  /// Puts a record into its memory.
  void recognise(const Recognition& recognition);
  /// Sends up to `count_max` records that were not acknowledged (ATTLOG or rtlog) in one message; how many
  /// were.
  Result<std::size_t> push(std::size_t count_max = 50);
  /// The same out of its long-time memory (table=tabledata, tablename=transaction; security dialect).
  Result<std::size_t> push_stored(std::size_t count_max = 50);
  /// Asks before it opens; the answer's text. A door command in it opens the door.
  Result<std::string> ask(const Recognition& recognition);
  /// Fetches and carries out what it is told to do, and reports it.
  Result<void> poll();
  /// Says how its clock stands (rtstate; security dialect).
  Result<void> report_state();
  /// Uploads `count` users (tabledata); the gateway's answer.
  Result<std::string> upload_users(int count);

  [[nodiscard]] std::size_t unacknowledged() const { return records_.size(); }
  [[nodiscard]] int doors_opened() const { return doors_opened_; }
  /// Its clock against the right time.
  void set_clock_ahead(std::chrono::milliseconds ahead) { clock_ahead_ = ahead; }

 private:
  struct Record {
    LocalTime time;
    std::uint64_t index;
    Recognition what;
  };
  [[nodiscard]] LocalTime local_now() const;
  Result<std::string> call(const std::string& method, const std::string& path, std::string body = {});
  Result<std::size_t> push_lines(const std::string& path, std::size_t count_max,
                                 std::string (*line)(const Record&), const std::string& acknowledgement);
  void carry_out(std::string_view command);

  const Settings settings_;
  const Clock& clock_;
  http::Client client_;
  std::deque<Record> records_;
  std::uint64_t last_index_ = 0;
  int doors_opened_ = 0;
  std::chrono::milliseconds clock_ahead_{0};
};

}  // namespace sitegate::devices::terminal
