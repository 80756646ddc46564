#include "devices/face/votes.hpp"

namespace sitegate::devices::face {

Decision Votes::take(const Look& look) {
  ++looks_;
  count(look);
  if (people_.size() > 1)  // the same face was taken for two people
    return {.kind = Decision::Kind::advice, .advice = AdviceKind::ambiguous};
  if (people_.size() == 1 && people_.begin()->second.votes >= rules_.votes) {
    const auto decision = decide(people_.begin()->first, people_.begin()->second);
    if (decision.kind != Decision::Kind::undecided) return decision;
  }
  if (looks_ < rules_.looks_max) return {};
  return {.kind = Decision::Kind::advice, .advice = advice()};
}

void Votes::count(const Look& look) {
  if (look.live) {
    live_sum_ += *look.live;
    ++live_looks_;
  }
  covered_ += look.covered ? 1 : 0;
  too_many_people_ = !look.threshold;
  if (look.expected && look.expected_score >= rules_.one_to_one)
    return vote(look.expected, look.expected_score, 1);
  const auto& found = look.candidates;
  if (!look.threshold || !found.best || found.best_score < *look.threshold) return;
  if (found.next && found.best_score - found.next_score < rules_.margin) {
    ++ambiguous_;
    return;
  }
  vote(found.best, found.best_score, 0);
}

void Votes::vote(TechnicianId person, float score, int one_to_one) {
  auto& count = people_[person];
  ++count.votes;
  count.one_to_one += one_to_one;
  count.score += score;
}

bool Votes::is_live() const {
  return live_looks_ >= rules_.live_looks && live_sum_ / static_cast<float>(live_looks_) > rules_.live;
}

/// undecided: more looks may still show that it is a live face.
Decision Votes::decide(TechnicianId person, const Count& count) const {
  const bool named = count.one_to_one >= rules_.votes;
  const bool must_live =
      rules_.liveness == LivenessRule::always || (rules_.liveness == LivenessRule::alone && !named);
  if (!must_live || is_live())
    return {.kind = Decision::Kind::identified,
            .person = person,
            .confidence = count.score / static_cast<float>(count.votes),
            .one_to_one = named};
  return {};
}

/// Why nobody was identified after all looks.
AdviceKind Votes::advice() const {
  const bool recognised = !people_.empty() && people_.begin()->second.votes >= rules_.votes;
  if (recognised) return AdviceKind::second_factor;  // but not shown to be alive
  if (2 * ambiguous_ >= looks_) return AdviceKind::ambiguous;
  if (2 * covered_ >= looks_) return AdviceKind::uncover;
  return too_many_people_ ? AdviceKind::second_factor : AdviceKind::unknown;
}

}  // namespace sitegate::devices::face
