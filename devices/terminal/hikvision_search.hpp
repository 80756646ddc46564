// Catching up with a terminal's log: what was missed while nobody listened.
#pragma once
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <stop_token>

#include "devices/terminal/deliveries.hpp"
#include "devices/terminal/hikvision_protocol.hpp"
#include "devices/terminal/mark.hpp"
#include "devices/terminal/terminal_book.hpp"
#include "shared/http/client.hpp"

namespace sitegate::devices::terminal {

/// Operation: run() searches all terminals that have a URL, once at its start, then whichever is due or asked
/// for, until it is stopped. A search that fails (no connection, wrong password) is logged and tried again
/// after `retry`. The mark of a terminal moves when a whole search is recorded. Concurrency: run() on one
/// thread; ask() from any.
class HikvisionSearch {
 public:
  struct Pace {
    std::chrono::milliseconds every{600'000};
    std::chrono::milliseconds retry{60'000};
    std::chrono::hours back_max{72};
  };
  HikvisionSearch(TerminalBook& book, Deliveries& deliveries, const Pace& pace, std::filesystem::path data)
      : book_(book), deliveries_(deliveries), pace_(pace), data_(std::move(data)) {}

  /// Something of this terminal may be missing: searched within some seconds.
  void ask(const Terminal& terminal);
  void run(const std::stop_token& stop);

 private:
  const Terminal* next(const std::stop_token& stop);
  void search(const Terminal& terminal, const std::stop_token& stop);
  Result<void> search_pages(const Terminal& terminal, hikvision::SearchQuery query,
                            const std::stop_token& stop);
  Result<hikvision::SearchPage> fetch(const Terminal& terminal, const hikvision::SearchQuery& query,
                                      const std::stop_token& stop);
  Result<void> record(const Terminal& terminal, const hikvision::SearchPage& page,
                      const std::stop_token& stop);
  [[nodiscard]] UtcTime start_of(const Terminal& terminal) const;
  [[nodiscard]] Mark mark_of(const Terminal& terminal) const;

  TerminalBook& book_;
  Deliveries& deliveries_;
  const Pace pace_;
  const std::filesystem::path data_;

  http::Client client_;  // of run()'s thread
  std::mutex mutex_;
  std::condition_variable_any never_;         // for waits that only a stop ends
  std::map<std::string, MonotonicTime> due_;  // guarded by mutex_; by the terminal's name, absent: now
};

}  // namespace sitegate::devices::terminal
