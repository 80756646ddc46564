#include "devices/terminal/hikvision_search.hpp"

#include <fmt/format.h>

#include <future>

#include "shared/base/log.hpp"

namespace sitegate::devices::terminal {
namespace {

// Clocks differ, and entries of one second may come in any order: each search begins a little before the
// mark.
constexpr std::chrono::minutes overlap{10};
// How often the clock, which may be moved by hand or by a test, is looked at.
constexpr std::chrono::milliseconds look_every{200};
// A log that never ends is a terminal that counts wrongly: 150,000 entries are more than any of them holds.
constexpr std::size_t pages_max = 5'000;
constexpr std::chrono::milliseconds answer_time_max{20'000};
// Between something that seems to be missing and the search for it: it may still come by itself.
constexpr std::chrono::seconds soon{5};

}  // namespace

void HikvisionSearch::ask(const Terminal& terminal) {
  const auto when = book_.clock().monotonic() + soon;
  const std::lock_guard lock(mutex_);
  auto& due = due_.try_emplace(terminal.name, when).first->second;
  due = std::min<MonotonicTime>(due, when);
}

const Terminal* HikvisionSearch::next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto now = book_.clock().monotonic();
    for (const auto& terminal : book_.terminals()) {
      const auto due = due_.find(terminal.name);
      if (terminal.url.empty() || (due != due_.end() && now < due->second)) continue;
      due_[terminal.name] = now + pace_.every;
      return &terminal;
    }
    never_.wait_for(lock, stop, look_every, [] { return false; });
  }
  return nullptr;
}

void HikvisionSearch::run(const std::stop_token& stop) {
  while (const auto* terminal = next(stop)) search(*terminal, stop);
}

Mark HikvisionSearch::mark_of(const Terminal& terminal) const {
  return {data_, terminal.name + ".mark"};
}

UtcTime HikvisionSearch::start_of(const Terminal& terminal) const {
  const auto earliest = book_.now() - pace_.back_max;
  const auto mark = parse_utc(mark_of(terminal).get());
  return mark ? std::max(*mark - overlap, earliest) : earliest;
}

void HikvisionSearch::search(const Terminal& terminal, const std::stop_token& stop) {
  const auto now = book_.now();
  const auto from = start_of(terminal);
  const auto ahead = book_.clock_ahead(terminal);  // the log's times are by the terminal's clock
  hikvision::SearchQuery query{.id = fmt::format("sitegate-{}", now.time_since_epoch().count()),
                               .position = 0,
                               .from = to_local(from + std::min(ahead, {}), terminal.utc_offset),
                               .to = to_local(now + overlap + std::max(ahead, {}), terminal.utc_offset),
                               .utc_offset = terminal.utc_offset};
  const auto searched = search_pages(terminal, std::move(query), stop);
  if (searched) return mark_of(terminal).set(to_text(now));
  if (stop.stop_requested()) return;
  log::warn("terminal={} its log cannot be searched, again in {} s: {}", terminal.name,
            pace_.retry.count() / 1000, searched.error().text());
  const std::lock_guard lock(mutex_);
  due_[terminal.name] = book_.clock().monotonic() + pace_.retry;
}

Result<void> HikvisionSearch::search_pages(const Terminal& terminal, hikvision::SearchQuery query,
                                           const std::stop_token& stop) {
  for (std::size_t i = 0; i < pages_max; ++i) {
    SITEGATE_TRY(page, fetch(terminal, query, stop));
    SITEGATE_TRYV(record(terminal, page, stop));
    query.position += page.count;
    if (page.more && page.count > 0) continue;
    log::info("terminal={} its log was searched, entries={}", terminal.name, query.position);
    return success();
  }
  return fail(TerminalErrc::bad_answer, "the log does not end");
}

Result<hikvision::SearchPage> HikvisionSearch::fetch(const Terminal& terminal,
                                                     const hikvision::SearchQuery& query,
                                                     const std::stop_token& stop) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = terminal.url + "/ISAPI/AccessControl/AcsEvent?format=json";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = hikvision::search_request(query);
  request.timeout = answer_time_max;
  request.digest = terminal.digest;
  request.ca_file = terminal.ca_file;
  SITEGATE_TRY(answer, client_.call(request, stop));
  if (answer.status != 200)
    return fail(TerminalErrc::bad_answer,
                fmt::format("{}: status {}{}", request.url, answer.status,
                            answer.status == 401 ? ": user or password of the credentials file" : ""));
  return hikvision::parse_search_page(answer.body);
}

Result<void> HikvisionSearch::record(const Terminal& terminal, const hikvision::SearchPage& page,
                                     const std::stop_token& stop) {
  book_.heard(terminal);
  Events events{.events = {}, .mistakes = page.mistakes, .lines = page.count};
  // Whom the terminal refused it has told already.
  for (const auto& entry : page.entries)
    if (entry.event.kind == Event::Kind::person) events.events.push_back(entry.event);
  // A message that is dropped takes its promise with it, and the future ends as broken.
  auto promise = std::make_shared<std::promise<bool>>();
  auto recorded = promise->get_future();
  const bool added = deliveries_.add(book_.reads_of(terminal, events), [promise](const auto& outcomes) {
    promise->set_value(all_recorded(outcomes));
  });
  promise.reset();
  while (added && recorded.wait_for(look_every) == std::future_status::timeout)
    if (stop.stop_requested()) return fail(http::HttpErrc::stopped, terminal.name);
  if (!added || !recorded.get())
    return fail(TerminalErrc::bad_event, "its entries could not be recorded yet");
  return success();
}

}  // namespace sitegate::devices::terminal
