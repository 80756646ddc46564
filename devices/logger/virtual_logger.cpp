#include "devices/logger/virtual_logger.hpp"

#include <fmt/format.h>

#include <cmath>

#include "shared/model/passage.hpp"

namespace sitegate::devices::logger {
namespace {

std::string local_text(UtcTime time) {
  const auto local = std::chrono::floor<std::chrono::seconds>(to_local(time, std::chrono::minutes{540}));
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss clock(local - day);
  return fmt::format("{} {:02}:{:02}:{:02}", to_text(day), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

}  // namespace

UtcTime VirtualLogger::reader_time(UtcTime time) const {
  const std::chrono::duration<double, std::ratio<86'400>> days = time - clock_.right_at;
  const auto drift = std::chrono::milliseconds(std::llround(days.count() * clock_.drift_s_per_day * 1000));
  return time + clock_.offset + drift;
}

void VirtualLogger::touch(const CardCredential& card, UtcTime time, std::optional<Direction> direction) {
  rows_.push_back(fmt::format("{},{},{},{},{},{}\n", rows_.size() + 1, to_hex(card.uid),
                              to_text(card.technology), local_text(reader_time(time)), reader_id_,
                              direction ? to_text(*direction) : ""));
}

std::string VirtualLogger::file(std::optional<UtcTime> measured_at) const {
  std::string text;
  if (measured_at)
    text = fmt::format("#clock,{},{},{}\n", reader_id_, local_text(reader_time(*measured_at)),
                       to_text(*measured_at));
  text += "number,card_uid,technology,reader_clock,reader_id,direction\n";
  for (const auto& row : rows_) text += row;
  return text;
}

}  // namespace sitegate::devices::logger
