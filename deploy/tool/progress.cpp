#include "deploy/tool/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace sitegate::tool {
namespace {

constexpr int bar_width = 30;

std::string bar(double share) {
  const int filled = static_cast<int>(share * bar_width);
  return "[" + std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(bar_width - filled), '.') + "]";
}

}  // namespace

Progress::Progress(std::string what)
    : what_(std::move(what)),
      terminal_(::isatty(STDERR_FILENO) == 1),
      start_(SteadyClock::now()),
      shown_(start_) {}

Progress::~Progress() {
  if (line_open_) std::fputc('\n', stderr);
}

void Progress::show(std::uint64_t done, std::uint64_t total, const std::string& note) {
  const auto now = SteadyClock::now();
  if (now - shown_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10'000))) return;
  shown_ = now;
  const double share = total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - start_).count();
  const std::string percent = total == 0 ? std::string() : fmt::format("{:3.0f} % ", share * 100);
  if (terminal_)
    fmt::print(stderr, "\r{} {} {}{} ({} s)\x1b[K", what_, total == 0 ? "" : bar(share), percent, note,
               seconds);
  else
    fmt::print(stderr, "{}: {}{} ({} s)\n", what_, percent, note, seconds);
  std::fflush(stderr);
  line_open_ = terminal_;
}

}  // namespace sitegate::tool
