#include "cloud/gaps/reach.hpp"

#include <algorithm>

namespace sitegate::cloud {
namespace {

void add_mark(std::vector<ReachMark>& marks, const ReachMark& mark) {
  if (!marks.empty() && marks.back().through >= mark.through) return;
  marks.push_back(mark);
  if (marks.size() <= reach_marks_max) return;
  marks.pop_back();
  marks.back().through = mark.through;
}

void add_fork(EpochReach& reach, const Word& word) {
  if (reach.forks++ == 0) reach.first_fork = word.at;
  reach.last_fork = std::max(reach.last_fork, word.at);
  reach.fork = word.fork;
}

}  // namespace

EpochReach told(EpochReach reach, const Word& word, Sequence watermark) {
  reach.gateway = word.gateway;
  reach.epoch = word.epoch;
  if (reach.first_heard == UtcTime{}) reach.first_heard = word.at;
  // Batches of an epoch that goes on elsewhere may have been asked for: only its own health tells that it
  // lives.
  const bool lives = !word.of_the_past && !(reach.continued_in != 0 && word.witness == Witness::batch);
  if (lives || reach.last_heard == UtcTime{}) reach.last_heard = std::max(reach.last_heard, word.at);
  std::erase_if(reach.marks, [&](const ReachMark& mark) { return mark.through <= watermark; });
  // What a receipt had promised is the graver news: its mark comes first.
  if (word.promised > watermark) add_mark(reach.marks, {word.promised, word.at, Witness::receipt});
  if (word.through > watermark) add_mark(reach.marks, {word.through, word.at, word.witness});
  reach.told_through = std::max({reach.told_through, word.through, word.promised});
  reach.promised_through = std::max(reach.promised_through, word.promised);
  if (!word.fork.empty()) add_fork(reach, word);
  return reach;
}

Result<void> note(WriteTransaction& transaction, const Word& word) {
  SITEGATE_TRY(position, transaction.position(word.gateway, word.epoch));
  SITEGATE_TRY(before, transaction.reach(word.gateway, word.epoch));
  return transaction.set_reach(told(before.value_or(EpochReach{}), word, position ? position->watermark : 0));
}

Result<void> note_continued(WriteTransaction& transaction, const GatewayId& gateway, Epoch earlier,
                            UtcTime at, const Continued& continued) {
  SITEGATE_TRY(before, transaction.reach(gateway, earlier));
  EpochReach reach = before.value_or(EpochReach{});
  if (reach.continued_in != 0) return success();
  reach.gateway = gateway;
  reach.epoch = earlier;
  if (!before) reach.first_heard = reach.last_heard = at;
  reach.continued_in = continued.epoch;
  reach.continued_from = continued.from;
  reach.continued_through = continued.through;
  return transaction.set_reach(reach);
}

}  // namespace sitegate::cloud
