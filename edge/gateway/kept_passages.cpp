#include "edge/gateway/kept_passages.hpp"

#include "edge/muster/kept_passages.hpp"
#include "shared/base/log.hpp"

namespace sitegate::edge {

std::vector<Passage> kept_passages(const Outbox& outbox, const PublicKey& own_key, WorkDate date,
                                   Sequence count_max) {
  std::vector<Passage> kept;
  const Sequence next = outbox.state().next_sequence;
  const Sequence from = next > count_max ? next - count_max : 1;
  const auto take = [&](const Passage& passage) {
    if (passage.sequence >= from && passage.work_date == date) kept.push_back(passage);
  };
  if (const auto read = for_each_kept_passage(outbox, own_key, take, from); !read)
    log::error("kept passages cannot be listed reason=\"{}\"", read.error().text());
  return kept;
}

}  // namespace sitegate::edge
