#include "shared/touches/touch_preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "shared/touches/reader_time.hpp"

namespace sitegate::touches {
namespace {

using std::chrono::minutes;

/// Two clocks read by a person differ by so much; a step that is larger was a setting of the clock.
constexpr minutes tolerance{1};

class Preparer {
 public:
  Preparer(const TouchFile& file, const PreparationOptions& options)
      : file_(file), options_(options), clocks_(joined(file, options)) {}

  Preparation prepare() {
    made_.bad = file_.bad;
    drop_repeated();
    for (const auto& measured : file_.measurements) by_reader_[measured.reader_id];  // a report names it, too
    for (auto& [reader_id, touches] : by_reader_) take_reader(reader_id, touches);
    std::sort(made_.good.begin(), made_.good.end(), [](const PreparedTouch& a, const PreparedTouch& b) {
      return std::tie(a.time, a.touch.line) < std::tie(b.time, b.touch.line);
    });
    std::stable_sort(made_.bad.begin(), made_.bad.end(),
                     [](const BadTouch& a, const BadTouch& b) { return a.line < b.line; });
    return std::move(made_);
  }

 private:
  static std::vector<ClockMeasurement> joined(const TouchFile& file, const PreparationOptions& options) {
    auto all = options.measurements;
    for (const auto& measured : file.measurements)
      if (std::find(all.begin(), all.end(), measured) == all.end()) all.push_back(measured);
    return all;
  }

  void refuse(const Touch& touch, std::string_view column, std::string reason) {
    made_.bad.push_back({touch.line, std::string(column), std::move(reason)});
  }

  /// A touch that stands twice in the file is taken once.
  void drop_repeated() {
    std::map<std::string, const Touch*> seen;
    for (const auto& touch : file_.touches) {
      const auto [first, is_new] = seen.emplace(event_key(touch), &touch);
      if (is_new) {
        by_reader_[touch.reader_id].push_back(&touch);
        continue;
      }
      const bool same = first->second->card == touch.card && first->second->direction == touch.direction;
      refuse(touch, "number",
             fmt::format("stands in line {} already{}", first->second->line,
                         same ? "" : ", with another card or direction: one of them is wrong"));
    }
  }

  void take_reader(const std::string& reader_id, std::vector<const Touch*>& touches) {
    if (auto summary = clocks_.summary(reader_id))
      made_.clocks.push_back(std::move(*summary));
    else
      made_.unmeasured.push_back(reader_id);
    put_in_order(touches);
    const auto known_from = first_of_known_time(reader_id, touches);
    for (auto touch = touches.begin(); touch != touches.end(); ++touch) {
      if (touch < known_from)
        refuse(
            **touch, "reader_clock",
            fmt::format("the reader's clock was set back behind number {}: when this was is not known; enter "
                        "it by hand",
                        (*std::prev(known_from))->number));
      else
        take(**touch);
    }
  }

  /// In the order in which the reader wrote them. Numbers that come twice are of a reader that counted from 1
  /// again: then the file's order is all there is.
  static void put_in_order(std::vector<const Touch*>& touches) {
    std::set<std::uint64_t> numbers;
    for (const auto* touch : touches) numbers.insert(touch->number);
    if (numbers.size() < touches.size()) return;
    std::sort(touches.begin(), touches.end(),
              [](const Touch* a, const Touch* b) { return a->number < b->number; });
  }

  /// Numbers rise with time. Where the corrected time falls behind, somebody set the clock (or it lost its
  /// power), and what is measured now says nothing of the times before.
  std::vector<const Touch*>::const_iterator first_of_known_time(
      const std::string& reader_id, const std::vector<const Touch*>& touches) const {
    for (auto touch = touches.end(); touch != touches.begin(); --touch) {
      const auto last = std::prev(touch);
      if (last == touches.begin()) break;
      const auto time = clocks_.correct(reader_id, (*last)->reader_time).time;
      const auto before = clocks_.correct(reader_id, (*std::prev(last))->reader_time).time;
      const bool counted_on = (*std::prev(last))->number < (*last)->number;
      if (counted_on && time + tolerance < before) return last;
    }
    return touches.begin();
  }

  void take(const Touch& touch) {
    const auto corrected = clocks_.correct(touch.reader_id, touch.reader_time);
    if (corrected.time > options_.now + tolerance)
      return refuse(touch, "reader_clock",
                    fmt::format("lies {} ahead of now; measure the reader's clock (#clock)",
                                duration_text(corrected.time - options_.now)));
    TouchPlace place = options_.place;
    if (options_.deployments != nullptr) {
      const auto date = std::chrono::floor<std::chrono::days>(to_local(corrected.time, options_.utc_offset));
      const auto* stay = options_.deployments->find(touch.reader_id, date);
      if (stay == nullptr)
        return refuse(touch, "reader_id",
                      fmt::format("{} stood at no site on {}", touch.reader_id, sitegate::to_text(date)));
      if (options_.only_site && *options_.only_site != stay->site)
        return refuse(touch, "reader_id",
                      fmt::format("{} stood at site {} on {}: import it there", touch.reader_id,
                                  stay->site.text(), sitegate::to_text(date)));
      place = {stay->site, stay->gate, stay->direction};
    }
    made_.good.push_back({touch, corrected.time,
                          corrected.measured ? ClockState::synchronised : ClockState::unsynchronised, place,
                          touch.direction ? touch.direction : place.direction, event_key(touch)});
  }

  const TouchFile& file_;
  const PreparationOptions& options_;
  const ReaderClocks clocks_;
  std::map<std::string, std::vector<const Touch*>> by_reader_;
  Preparation made_;
};

}  // namespace

std::string event_key(const Touch& touch) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(touch.reader_time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(seconds - day);
  return fmt::format("logger/{}/{}/{:04}{:02}{:02}T{:02}{:02}{:02}", touch.reader_id, touch.number,
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

Preparation prepare(const TouchFile& file, const PreparationOptions& options) {
  return Preparer(file, options).prepare();
}

}  // namespace sitegate::touches
