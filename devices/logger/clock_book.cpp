#include "devices/logger/clock_book.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "shared/base/log.hpp"
#include "shared/touches/touch_file.hpp"

namespace sitegate::devices::logger {
namespace {

using touches::ClockMeasurement;

/// A file of touches without any touch: the same rows as people write them.
std::string text_of(const std::vector<ClockMeasurement>& measured) {
  std::string text = "number,card_uid,reader_clock,reader_id\n";
  for (const auto& each : measured)
    text += fmt::format("#clock,{},{},{}{}\n", each.reader_id, to_text(each.reader), to_text(each.actual),
                        each.set ? ",set" : "");
  return text;
}

Result<void> write_and_sync(const std::filesystem::path& file, std::string_view content) {
  const int number = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (number < 0) return fail_errno(errno, file.string());
  bool good = true;
  while (good && !content.empty()) {
    const auto written = ::write(number, content.data(), content.size());
    good = written > 0;
    if (good) content.remove_prefix(static_cast<std::size_t>(written));
  }
  good = good && ::fsync(number) == 0;
  const int error = errno;
  ::close(number);
  if (!good) return fail_errno(error, file.string());
  return success();
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (number < 0) return fail_errno(errno, folder.string());
  const int synced = ::fsync(number);
  const int error = errno;
  ::close(number);
  if (synced != 0) return fail_errno(error, folder.string());
  return success();
}

}  // namespace

Result<void> replace_file(const std::filesystem::path& file, std::string_view content) {
  const auto temporary = file.parent_path() / ("." + file.filename().string() + ".part");
  SITEGATE_TRYV(write_and_sync(temporary, content));
  if (::rename(temporary.c_str(), file.c_str()) != 0) return fail_errno(errno, file.string());
  return sync_folder(file.parent_path());
}

std::vector<ClockMeasurement> ClockBook::measurements() const {
  if (!std::filesystem::exists(file_)) return {};
  auto book = touches::load_touch_file(file_);
  if (!book) {
    log::warn("file={} measured clocks cannot be read: {}", file_.string(), book.error().text());
    return {};
  }
  return std::move(book.value().measurements);
}

Result<void> ClockBook::add(const std::vector<ClockMeasurement>& measured) const {
  if (measured.empty()) return success();
  auto all = measurements();
  for (const auto& each : measured)
    if (std::find(all.begin(), all.end(), each) == all.end()) all.push_back(each);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.actual > b.actual; });
  std::map<std::string, std::size_t> counts;
  std::erase_if(all, [&](const auto& each) { return ++counts[each.reader_id] > kept_per_reader; });
  std::error_code code;
  std::filesystem::create_directories(file_.parent_path(), code);
  if (code) return fail_errno(code.value(), file_.parent_path().string());
  return replace_file(file_, text_of(all));
}

}  // namespace sitegate::devices::logger
