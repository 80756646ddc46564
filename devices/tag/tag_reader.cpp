#include "devices/tag/tag_reader.hpp"

#include <fmt/format.h>

#include <charconv>

#include "devices/tag/tag_store.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::tag {
namespace {

constexpr std::size_t queue_size = 256;
constexpr std::chrono::seconds table_look_every{3};
constexpr std::chrono::milliseconds idle_wait{500};  // a stop does not wait for it

/// One request that waits for run()'s thread.
struct Job {
  http::Request request;
  http::Responder respond;
};
using Jobs = BoundedQueue<Job>;

/// Phones ask for one page and go; nothing they send is large.
constexpr http::ServerLimits phone_limits{.header_bytes_max = 8192,
                                          .body_bytes_max = 4096,
                                          .request_time_max = std::chrono::milliseconds{10'000},
                                          .idle_time_max = std::chrono::milliseconds{15'000}};

http::Handler into(const std::shared_ptr<Jobs>& jobs, std::chrono::minutes utc_offset) {
  return [jobs, utc_offset](http::Request request, http::Responder respond) {
    // Only this thread pushes, so what is free now stays free.
    if (jobs->size() < queue_size)
      jobs->push({std::move(request), std::move(respond)});
    else
      respond(render({.language = visitor_of(request).language, .message = Message::busy}, utc_offset));
  };
}

using Times = std::vector<std::filesystem::file_time_type>;
Times times_of(const std::vector<std::filesystem::path>& files) {
  Times times;
  std::error_code ignored;  // a file that is just being replaced is looked at again
  for (const auto& file : files) times.push_back(std::filesystem::last_write_time(file, ignored));
  return times;
}

}  // namespace

/// One run: the store, the server and the handler between them.
class TagReader::Session {
 public:
  Session(TagReader& owner, std::unique_ptr<TagStore> store, const ReadSink& sink)
      : owner_(owner),
        store_(std::move(store)),
        handler_(owner.settings_.taps,
                 {owner.surroundings_.clock, *store_, *store_, [&owner] { return owner.table(); }, sink}),
        times_(times_of(owner.table()->files())),
        looked_(owner.surroundings_.clock.monotonic()) {}

  Result<void> serve(const std::stop_token& stop) {
    const auto jobs = std::make_shared<Jobs>(queue_size);
    auto server = http::Server::start({owner_.settings_.address, owner_.settings_.port, phone_limits},
                                      into(jobs, owner_.settings_.taps.utc_offset));
    if (!server) return fail(ReaderErrc::device_failed, server.error().text());
    owner_.port_ = server.value()->port();
    say_state("");
    const std::stop_callback wake(stop, [&jobs] { jobs->close(); });
    while (!stop.stop_requested() && !store_->failed()) {
      if (auto job = jobs->pop(idle_wait)) answer(*job);
      look_at_table();
    }
    server.value()->stop();
    if (store_->failed()) return fail(ReaderErrc::device_failed, "the counters cannot be written");
    return success();
  }

 private:
  void answer(Job& job) {
    const auto refused_before = handler_.refused();
    handler_.handle(job.request, std::move(job.respond));
    owner_.failed_reads_ += handler_.refused() - refused_before;
  }

  void look_at_table() {
    const auto now = owner_.surroundings_.clock.monotonic();
    if (now - looked_ < table_look_every) return;
    looked_ = now;
    auto times = times_of(owner_.table()->files());
    if (times == times_) return;
    times_ = std::move(times);
    say_state(owner_.load_table() ? "" : "; the changed tag table cannot be used");
  }

  void say_state(std::string_view trouble) {
    auto text = fmt::format("listening on {} port {}, {} tags{}", owner_.settings_.address,
                            owner_.port_.load(), owner_.table()->size(), trouble);
    owner_.state_.with([&](std::string& state) { state = std::move(text); });
  }

  TagReader& owner_;
  const std::unique_ptr<TagStore> store_;
  TapHandler handler_;
  Times times_;  // of the files that the table in force was loaded from, or that could not be used
  MonotonicTime looked_;
};

TagReader::TagReader(TagReaderSettings settings, TagTable table, const ReaderSurroundings& surroundings)
    : settings_(std::move(settings)),
      surroundings_(surroundings),
      table_(std::make_shared<const TagTable>(std::move(table))),
      state_("not started") {}

std::string TagReader::state() const {
  return state_.with([](const std::string& state) { return state; });
}

std::shared_ptr<const TagTable> TagReader::table() const {
  return table_.with([](const auto& table) { return table; });
}

bool TagReader::load_table() {
  auto loaded = TagTable::load(settings_.table);
  if (!loaded) {
    log::error("reader={} the changed tag table is not used: {}", settings_.taps.reader_id,
               loaded.error().text());
    return false;
  }
  log::info("reader={} tag table loaded, {} tags", settings_.taps.reader_id, loaded.value().size());
  table_.with([&](auto& table) { table = std::make_shared<const TagTable>(std::move(loaded).value()); });
  return true;
}

Result<void> TagReader::run(std::stop_token stop, const ReadSink& sink) {
  const auto ran = [&]() -> Result<void> {
    auto store = TagStore::open(surroundings_.data);
    if (!store) return fail(ReaderErrc::device_failed, store.error().text());
    return Session(*this, std::move(store).value(), sink).serve(stop);
  }();
  port_ = 0;
  state_.with([&](std::string& state) { state = ran ? "stopped" : ran.error().text(); });
  return ran;
}

// ---- the reader's URL ----

namespace {

Error bad(const std::string& what) {
  return fail(ReaderErrc::bad_setting, what);
}

Result<std::int64_t> whole_number(const Url& url, const std::string& key, std::int64_t low, std::int64_t high,
                                  std::int64_t otherwise) {
  const auto text = url.get(key, std::to_string(otherwise));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return bad(fmt::format("{}={}: a whole number from {} to {}", key, text, low, high));
  return value;
}

/// "0.0.0.0:8090", "[::]:8090", "0.0.0.0"
Result<void> read_authority(const std::string& authority, TagReaderSettings& settings) {
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string::npos ? 0 : bracket);
  auto address = authority.substr(0, colon);
  if (bracket != std::string::npos && address.size() > 2) address = address.substr(1, address.size() - 2);
  if (!address.empty()) settings.address = address;
  if (colon == std::string::npos) return success();
  const auto digits = authority.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), settings.port);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return bad("tag+http://" + authority + ": an address and a port are expected, 0.0.0.0:8090");
  return success();
}

Result<TapSettings> tap_settings(const Url& url) {
  SITEGATE_TRY(place, reader_place(url));
  SITEGATE_TRY(offset, whole_number(url, "utc_offset_min", -14 * 60, 14 * 60, 540));
  SITEGATE_TRY(clock, whole_number(url, "clock_limit_s", 1, 86'400, 300));
  SITEGATE_TRY(keep, whole_number(url, "keep_min", 1, 60, 10));
  const auto secure = url.get("secure", "no");
  if (secure != "yes" && secure != "no") return bad("secure=" + secure + ": yes or no");
  return TapSettings{.reader_id = place.id,
                     .utc_offset = std::chrono::minutes(offset),
                     .clock_limit = std::chrono::seconds(clock),
                     .keep = std::chrono::minutes(keep),
                     .secure = secure == "yes"};
}

}  // namespace

Result<std::unique_ptr<Reader>> open_tag_reader(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRYV(check_keys(url, {"tags", "utc_offset_min", "clock_limit_s", "keep_min", "secure"}));
  TagReaderSettings settings;
  SITEGATE_TRY(taps, tap_settings(url));
  settings.taps = std::move(taps);
  SITEGATE_TRYV(read_authority(url.authority, settings));
  if (!url.path.empty() && url.path != "/") return bad("tag+http: has no path, but " + url.path);
  settings.table = url.get("tags");
  if (settings.table.empty()) return bad("tag+http: tags=<the tag table's file> is missing");
  SITEGATE_TRY(table, TagTable::load(settings.table));
  return std::unique_ptr<Reader>(
      std::make_unique<TagReader>(std::move(settings), std::move(table), surroundings));
}

}  // namespace sitegate::devices::tag
