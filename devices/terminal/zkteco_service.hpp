// The server's side of /iclock/…: which request means what, and what it is answered.
#pragma once
#include <deque>
#include <filesystem>
#include <map>
#include <string>

#include "devices/terminal/deliveries.hpp"
#include "devices/terminal/mark.hpp"
#include "devices/terminal/terminal_book.hpp"
#include "devices/terminal/zkteco_protocol.hpp"
#include "shared/http/server.hpp"

namespace sitegate::devices::terminal {

/// Commands that wait until a terminal asks for them. Each is given out once, and only while it is fresh: a
/// door must not open for somebody who has long gone. Safe from any thread.
class DoorCommands {
 public:
  explicit DoorCommands(const Clock& clock) : clock_(clock) {}
  void open(const std::string& terminal, const Door& door);
  /// "C:17:CONTROL DEVICE 01010105"; empty: nothing to do.
  std::string take(const std::string& terminal);

 private:
  struct Command {
    MonotonicTime given;
    std::string text;
  };
  struct Queues {
    std::uint64_t last_id = 0;
    std::map<std::string, std::deque<Command>> by_terminal;
  };
  const Clock& clock_;
  Guarded<Queues> queues_;
};

/// One run of a reader. Called on the server's thread.
class ZktecoService {
 public:
  /// All must outlive the server that calls this and the answers that are still to come.
  ZktecoService(TerminalBook& book, Deliveries& deliveries, std::shared_ptr<DoorCommands> doors,
                std::filesystem::path data)
      : book_(book), deliveries_(deliveries), doors_(std::move(doors)), data_(std::move(data)) {}

  void handle(const http::Request& request, http::Responder respond);

 private:
  [[nodiscard]] http::Response plain(std::string body) const;
  void route(const Terminal& terminal, const http::Request& request, http::Responder respond);
  void get_data(const Terminal& terminal, http::Responder respond) const;
  void post_data(const Terminal& terminal, const http::Request& request, http::Responder respond);
  void decide(const Terminal& terminal, const http::Request& request, http::Responder respond);
  void record(const Terminal& terminal, const Events& events, std::string answer, const std::string& stamp,
              http::Responder respond);
  void take_commands_result(const Terminal& terminal, const http::Request& request) const;
  std::string take_side_table(const Terminal& terminal, const http::Request& request);
  [[nodiscard]] std::string time_answer(const Terminal& terminal) const;
  [[nodiscard]] Mark stamp_of(const Terminal& terminal) const;

  TerminalBook& book_;
  Deliveries& deliveries_;
  const std::shared_ptr<DoorCommands> doors_;
  const std::filesystem::path data_;
};

}  // namespace sitegate::devices::terminal
