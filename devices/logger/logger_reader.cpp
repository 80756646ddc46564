#include "devices/logger/logger_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <mutex>

#include "shared/base/log.hpp"
#include "shared/csv/cell_values.hpp"
#include "shared/model/registry.hpp"

namespace sitegate::devices::logger {
namespace {

namespace fs = std::filesystem;
using touches::PreparedTouch;

/// An answer comes after a commit; one that does not come within this time is taken as "not recorded".
constexpr std::chrono::seconds answer_patience{60};

/// Filled by the pipeline's thread, waited for by the reader's.
class Answer {
 public:
  void give(const ReadOutcome& outcome) {
    {
      const std::lock_guard lock(mutex_);
      outcome_ = outcome;
    }
    given_.notify_all();
  }
  /// nullopt: stopped, or nobody answered.
  std::optional<ReadOutcome> wait(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    given_.wait_for(lock, stop, answer_patience, [this] { return outcome_.has_value(); });
    return outcome_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any given_;
  std::optional<ReadOutcome> outcome_;
};

std::optional<Direction> direction_of(DirectionRule rule) {
  if (rule == DirectionRule::toggle) return std::nullopt;
  return rule == DirectionRule::entry ? Direction::entry : Direction::exit;
}

Result<int> number_of(const Url& url, const std::string& key, int otherwise, int minimum, int maximum) {
  const auto text = url.get(key, std::to_string(otherwise));
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = error == std::errc{} && end == text.data() + text.size();
  if (good && number >= minimum && number <= maximum) return number;
  return fail(ReaderErrc::bad_setting, fmt::format("{}={}: {} to {}", key, text, minimum, maximum));
}

bool is_touch_file(const fs::path& file) {
  const auto name = file.filename().string();
  return !name.starts_with('.') && lower_case(file.extension().string()) == ".csv";
}

/// A name that is still free in the folder: "monday.csv", "monday.2.csv", …
fs::path free_name(const fs::path& folder, const fs::path& name) {
  fs::path made = folder / name;
  for (int number = 2; fs::exists(made); ++number)
    made = folder / fmt::format("{}.{}{}", name.stem().string(), number, name.extension().string());
  return made;
}

/// What became of a touch, in a word.
std::string word_of(const ReadOutcome& outcome) {
  return outcome.repeat ? "known" : outcome.reason;
}

}  // namespace

Result<LoggerSettings> logger_settings(const Url& url) {
  LoggerSettings settings;
  if (!url.authority.empty() || !url.path.starts_with('/'))
    return fail(ReaderErrc::bad_setting,
                "a folder of logging readers' files is named logger+file:///path/folder");
  settings.path = url.path;
  if (const auto table = url.get("deployment"); !table.empty()) settings.deployment = table;
  if (const auto site = url.get("site"); !site.empty()) {
    settings.site = SiteId::parse(site);
    if (!settings.site) return fail(ReaderErrc::bad_setting, "site=" + site + ": 14 digits");
  }
  if (settings.deployment && !settings.site)
    return fail(ReaderErrc::bad_setting, "deployment= needs site=: the gateway's own site, 14 digits");
  SITEGATE_TRY(offset, number_of(url, "utc_offset_minutes", 540, -720, 840));
  SITEGATE_TRY(poll, number_of(url, "poll_s", 5, 1, 3600));
  settings.utc_offset = std::chrono::minutes(offset);
  settings.poll = std::chrono::seconds(poll);
  return settings;
}

LoggerReader::LoggerReader(ReaderPlace place, LoggerSettings settings, const ReaderSurroundings& around,
                           Waiter* waiter)
    : place_(std::move(place)),
      settings_(std::move(settings)),
      clock_(around.clock),
      waiter_(waiter == nullptr ? system_waiter_ : *waiter),
      clocks_(around.data / "logger-clocks.csv"),
      state_("not started") {}

std::string LoggerReader::state() const {
  return state_.with([](const std::string& state) { return state; });
}

Result<void> LoggerReader::run(std::stop_token stop, const ReadSink& sink) {
  while (!stop.stop_requested()) {
    const auto looked = look(stop, sink);
    state_.with([&](std::string& state) {
      state = looked
                  ? fmt::format("watching {}: {} files taken", settings_.path.string(), files_taken_.load())
                  : looked.error().text();
    });
    if (!looked) return looked;
    waiter_.wait(settings_.poll, stop);
  }
  return success();
}

Result<std::map<fs::path, LoggerReader::Look>> LoggerReader::files() const {
  std::map<fs::path, Look> found;
  std::error_code code;
  const auto note = [&](const fs::path& file) {
    std::error_code gone;  // it may be taken away at any moment
    const Look now{fs::file_size(file, gone), fs::last_write_time(file, gone)};
    if (!gone) found.emplace(file, now);
  };
  if (fs::is_directory(settings_.path, code)) {
    for (fs::directory_iterator entry(settings_.path, code), end; !code && entry != end;
         entry.increment(code))
      if (entry->is_regular_file(code) && is_touch_file(entry->path())) note(entry->path());
    if (code) return fail(ReaderErrc::device_failed, settings_.path.string() + ": " + code.message());
    return found;
  }
  if (!fs::is_directory(settings_.path.parent_path(), code))
    return fail(ReaderErrc::device_gone, settings_.path.string() + ": there is no such folder");
  if (fs::is_regular_file(settings_.path, code)) note(settings_.path);
  return found;
}

/// A file that is still being copied changes between two looks.
Result<void> LoggerReader::look(const std::stop_token& stop, const ReadSink& sink) {
  SITEGATE_TRY(found, files());
  const auto before = std::exchange(seen_, found);
  for (const auto& [file, now] : found) {
    const auto known = before.find(file);
    if (stop.stop_requested()) break;
    if (known == before.end() || known->second != now) continue;
    SITEGATE_TRYV(take(file, stop, sink));
  }
  return success();
}

Result<touches::Preparation> LoggerReader::prepare(const touches::TouchFile& file) const {
  touches::PreparationOptions options;
  touches::Deployments deployments;
  if (settings_.deployment) {
    auto loaded = touches::Deployments::load(*settings_.deployment);
    if (!loaded) return fail(ReaderErrc::device_failed, loaded.error().text());
    deployments = std::move(loaded).value();
    options.deployments = &deployments;
    options.only_site = settings_.site;
  }
  options.measurements = clocks_.measurements();
  options.place = {{}, place_.gate, direction_of(place_.direction)};
  options.utc_offset = settings_.utc_offset;
  options.now = clock_.now();
  return touches::prepare(file, options);
}

Result<void> LoggerReader::take(const fs::path& file, const std::stop_token& stop, const ReadSink& sink) {
  auto loaded = touches::load_touch_file(file, {settings_.utc_offset, TextEncoding::detect});
  if (!loaded && is(loaded.error(), touches::TouchErrc::unreadable)) {
    log::warn("reader={} file={} left for later: {}", place_.id, file.string(), loaded.error().text());
    return success();
  }
  if (!loaded) {
    ++failed_reads_;
    log::error("reader={} file={} refused: {}", place_.id, file.string(), loaded.error().text());
    return put_away(file, "refused", loaded.error().text() + "\n");
  }
  SITEGATE_TRY(prepared, prepare(loaded.value()));
  touches::TouchReport report{.file = file.filename().string(),
                              .imported_at = clock_.now(),
                              .rows = loaded.value().rows,
                              .taken = prepared.good.size(),
                              .outcomes = {},
                              .bad = prepared.bad,
                              .remarks = {},
                              .clocks = prepared.clocks,
                              .unmeasured = prepared.unmeasured,
                              .ignored_columns = loaded.value().ignored_columns};
  if (!deliver(prepared, report, stop, sink)) return success();
  const auto kept = clocks_.add(loaded.value().measurements);
  if (!kept) log::warn("reader={} measured clocks not kept: {}", place_.id, kept.error().text());
  failed_reads_ += report.bad.size();
  ++files_taken_;
  log::info("reader={} file={} rows={} taken={} refused={}", place_.id, file.string(), report.rows,
            report.taken, report.rows - report.taken);
  return put_away(file, "done", to_text(report));
}

/// True once all were answered as recorded.
bool LoggerReader::deliver(const touches::Preparation& prepared, touches::TouchReport& report,
                           const std::stop_token& stop, const ReadSink& sink) const {
  constexpr std::chrono::hours shift_max{SiteSettings{}.shift_hours_max};
  std::map<CardCredential, LastTouch> last_of;
  for (const auto& touch : prepared.good) {
    const auto last = last_of.find(touch.touch.card);
    // The first touch of a card is left to the gate: it knows who is inside.
    auto direction = touch.direction;
    if (!direction && last != last_of.end()) direction = toggled(last->second, touch.time, shift_max);
    auto read = read_of(touch, direction);
    const auto answer = std::make_shared<Answer>();
    read.answer = [answer](const ReadOutcome& outcome) { answer->give(outcome); };
    sink(std::move(read));
    const auto outcome = answer->wait(stop);
    if (!outcome || !outcome->recorded) {
      if (!stop.stop_requested())
        log::warn("reader={} file={} line={} not recorded ({}): the file stays, trying again", place_.id,
                  report.file, touch.touch.line, outcome ? outcome->reason : "no answer");
      return false;
    }
    last_of[touch.touch.card] = {touch.time, outcome->direction};
    ++report.outcomes[word_of(*outcome)];
    if (!outcome->accepted && !outcome->repeat)
      report.remarks.push_back({touch.touch.line, "card_uid", outcome->reason});
  }
  return true;
}

CredentialRead LoggerReader::read_of(const PreparedTouch& touch, std::optional<Direction> direction) const {
  CredentialRead read;
  read.reader_id = touch.touch.reader_id;
  read.event_time = touch.time;
  read.monotonic = clock_.monotonic();
  read.credential = touch.touch.card;
  read.direction = direction;
  read.gate = touch.place.gate;
  read.clock_state = touch.clock_state;
  read.device_event = DeviceEvent{touch.key, true};
  return read;
}

/// The report first: a file in done/ always has one.
Result<void> LoggerReader::put_away(const fs::path& file, std::string_view folder,
                                    const std::string& report) {
  const auto target_folder = file.parent_path() / folder;
  std::error_code code;
  fs::create_directories(target_folder, code);
  if (code) return fail(ReaderErrc::device_failed, target_folder.string() + ": " + code.message());
  const auto target = free_name(target_folder, file.filename());
  const auto written = replace_file(target_folder / (target.filename().string() + ".report.txt"), report);
  if (!written) return fail(ReaderErrc::device_failed, written.error().text());
  fs::rename(file, target, code);
  if (code) return fail(ReaderErrc::device_failed, target.string() + ": " + code.message());
  seen_.erase(file);
  return success();
}

Result<std::unique_ptr<Reader>> open_logger_reader(const Url& url, const ReaderSurroundings& around) {
  SITEGATE_TRYV(check_keys(url, {"site", "deployment", "utc_offset_minutes", "poll_s"}));
  SITEGATE_TRY(place, reader_place(url));
  SITEGATE_TRY(settings, logger_settings(url));
  return std::unique_ptr<Reader>(
      std::make_unique<LoggerReader>(std::move(place), std::move(settings), around));
}

}  // namespace sitegate::devices::logger
