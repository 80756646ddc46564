// From looks to a decision: who is let in, who is told what.
#include "devices/face/votes.hpp"

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::face {
namespace {

const TechnicianId sato = TechnicianId::from_number(11).value();
const TechnicianId suzuki = TechnicianId::from_number(12).value();

VoteRules rules(LivenessRule liveness = LivenessRule::alone) {
  return {.one_to_one = 0.43F,
          .margin = 0.04F,
          .live = 0.5F,
          .liveness = liveness,
          .votes = 2,
          .looks_max = 5,
          .live_looks = 3};
}

Look look_at(TechnicianId best, float score, float next_score, std::optional<float> live = 0.9F) {
  Look look;
  look.candidates = {best, score, best == sato ? suzuki : sato, next_score};
  look.threshold = 0.49F;
  look.live = live;
  return look;
}

/// The decision after at most `count` such looks.
Decision after(const VoteRules& rules, const Look& look, int count) {
  Votes votes(rules);
  Decision decision;
  for (int i = 0; i < count && decision.kind == Decision::Kind::undecided; ++i) decision = votes.take(look);
  return decision;
}

bool identifies(const Decision& decision, TechnicianId who) {
  return decision.kind == Decision::Kind::identified && decision.person == who;
}
bool advises(const Decision& decision, AdviceKind kind) {
  return decision.kind == Decision::Kind::advice && decision.advice == kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(votes_test)

BOOST_AUTO_TEST_CASE(a_live_face_that_two_looks_name_is_identified) {
  const auto decision = after(rules(), look_at(sato, 0.7F, 0.2F), 5);
  BOOST_TEST(identifies(decision, sato));
  BOOST_TEST(decision.confidence == 0.7F, boost::test_tools::tolerance(1e-5F));
  BOOST_TEST(!decision.one_to_one);
  BOOST_TEST(
      (after(rules(), look_at(sato, 0.7F, 0.2F), 2).kind == Decision::Kind::undecided));  // 3 live looks
  BOOST_TEST(identifies(after(rules(LivenessRule::off), look_at(sato, 0.7F, 0.2F), 2), sato));
  BOOST_TEST(
      (after(rules(LivenessRule::off), look_at(sato, 0.7F, 0.2F), 1).kind == Decision::Kind::undecided));
}

BOOST_AUTO_TEST_CASE(below_the_threshold_is_unknown) {
  BOOST_TEST(advises(after(rules(), look_at(sato, 0.48F, 0.2F), 5), AdviceKind::unknown));
  BOOST_TEST((after(rules(), look_at(sato, 0.48F, 0.2F), 4).kind == Decision::Kind::undecided));
  auto covered = look_at(sato, 0.3F, 0.2F);
  covered.covered = true;
  BOOST_TEST(advises(after(rules(), covered, 5), AdviceKind::uncover));
}

BOOST_AUTO_TEST_CASE(two_people_as_near_is_ambiguous) {
  BOOST_TEST(advises(after(rules(), look_at(sato, 0.60F, 0.57F), 5), AdviceKind::ambiguous));
  Votes votes(rules());
  BOOST_TEST((votes.take(look_at(sato, 0.7F, 0.1F)).kind == Decision::Kind::undecided));
  BOOST_TEST(advises(votes.take(look_at(suzuki, 0.7F, 0.1F)), AdviceKind::ambiguous));
}

BOOST_AUTO_TEST_CASE(a_picture_of_a_face_needs_a_second_factor) {
  BOOST_TEST(advises(after(rules(), look_at(sato, 0.9F, 0.1F, 0.2F), 5), AdviceKind::second_factor));
  // A pack that cannot tell lets nobody in by the face alone.
  BOOST_TEST(advises(after(rules(), look_at(sato, 0.9F, 0.1F, std::nullopt), 5), AdviceKind::second_factor));
  BOOST_TEST(identifies(after(rules(LivenessRule::off), look_at(sato, 0.9F, 0.1F, std::nullopt), 5), sato));
}

BOOST_AUTO_TEST_CASE(after_a_card_the_face_counts_at_the_lower_threshold) {
  auto look = look_at(sato, 0.45F, 0.2F, 0.2F);
  look.expected = sato;
  look.expected_score = 0.45F;
  const auto decision = after(rules(), look, 2);
  BOOST_TEST(identifies(decision, sato));
  BOOST_TEST(decision.one_to_one);
  BOOST_TEST(advises(after(rules(LivenessRule::always), look, 5), AdviceKind::second_factor));
  look.expected_score = 0.42F;
  BOOST_TEST(advises(after(rules(), look, 5), AdviceKind::unknown));
}

BOOST_AUTO_TEST_CASE(somebody_else_with_that_card_is_found_as_himself) {
  auto look = look_at(suzuki, 0.8F, 0.1F);
  look.expected = sato;
  look.expected_score = 0.1F;
  const auto decision = after(rules(), look, 5);
  BOOST_TEST(identifies(decision, suzuki));
  BOOST_TEST(!decision.one_to_one);
}

BOOST_AUTO_TEST_CASE(more_people_than_were_measured_are_matched_one_to_one_only) {
  auto look = look_at(sato, 0.9F, 0.1F);
  look.threshold.reset();
  BOOST_TEST(advises(after(rules(), look, 5), AdviceKind::second_factor));
  look.expected = sato;
  look.expected_score = 0.9F;
  BOOST_TEST(identifies(after(rules(), look, 5), sato));
}

BOOST_AUTO_TEST_CASE(one_good_look_among_bad_ones_is_not_enough) {
  Votes votes(rules());
  Decision decision = votes.take(look_at(sato, 0.6F, 0.1F));
  for (int i = 0; i < 4; ++i) {
    BOOST_TEST((decision.kind == Decision::Kind::undecided));
    decision = votes.take(look_at(sato, 0.4F, 0.1F));
  }
  BOOST_TEST(advises(decision, AdviceKind::unknown));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::face
