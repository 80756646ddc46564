#include "devices/face/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "devices/face/template_form.hpp"

namespace sitegate::devices::face {
namespace {

constexpr double one_to_one_wrong_rate = 1e-4;
constexpr double one_to_many_wrong_rate = 1e-2;
/// A rate is counted where at least so many wrong ones would be among the pictures; else it is estimated.
constexpr double wrong_ones_min = 5;

void add(std::vector<float>& sum, const std::vector<float>& vector, float times) {
  sum.resize(vector.size());
  for (std::size_t i = 0; i < vector.size(); ++i) sum[i] += times * vector[i];
}

/// Against the mean of a person's pictures, as the gallery does; without this one where it is the person's
/// own. nullopt: there is no other.
std::optional<float> similarity_to_mean(const std::vector<float>& vector, std::vector<float> sum, bool own) {
  if (own) add(sum, vector, -1);
  if (!normalise(sum)) return std::nullopt;
  return std::inner_product(vector.begin(), vector.end(), sum.begin(), 0.0F);
}

double share_at_or_above(const std::vector<float>& ascending, float score) {
  const auto first = std::lower_bound(ascending.begin(), ascending.end(), score);
  return static_cast<double>(ascending.end() - first) /
         static_cast<double>(std::max<std::size_t>(ascending.size(), 1));
}

/// The score that `rate` of them reach.
float score_at(const std::vector<float>& ascending, double rate) {
  const double position = static_cast<double>(ascending.size()) * (1 - rate);
  const auto index = static_cast<std::size_t>(std::ceil(position));
  return index < ascending.size() ? ascending[index] : ascending.back() + 1e-4F;
}

/// How many standard deviations above its mean a normal quantity is in `rate` of all cases (Abramowitz and
/// Stegun, 26.2.23; error below 4.5e-4).
double deviations_for(double rate) {
  const double t = std::sqrt(-2 * std::log(std::clamp(rate, 1e-12, 0.5)));
  return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) /
                 (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
}

float score_by_spread(const std::vector<float>& scores, double rate) {
  const double count = static_cast<double>(scores.size());
  const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / count;
  double spread = 0;
  for (const float score : scores) spread += (score - mean) * (score - mean);
  return static_cast<float>(mean + deviations_for(rate) * std::sqrt(spread / count));
}

}  // namespace

Result<Calibration> Calibration::of(const std::vector<CalibrationPicture>& pictures) {
  Calibration found;
  std::set<std::size_t> people;
  for (const auto& picture : pictures) people.insert(picture.person);
  found.people_ = people.size();
  found.pictures_ = pictures.size();
  if (pictures.size() > pictures_max)
    return fail(FaceErrc::bad_setting, "more than " + std::to_string(pictures_max) + " pictures");
  std::map<std::size_t, std::vector<float>> sums;
  for (const auto& picture : pictures) add(sums[picture.person], picture.vector, 1);
  for (const auto& picture : pictures) {
    float nearest_other = -1;
    float own = -1;
    for (const auto& [person, sum] : sums) {
      const bool same = person == picture.person;
      const auto score = similarity_to_mean(picture.vector, sum, same);
      if (!score) continue;
      (same ? found.genuine_ : found.impostor_).push_back(*score);
      (same ? own : nearest_other) = same ? *score : std::max(nearest_other, *score);
    }
    found.best_of_others_.push_back(nearest_other);
    if (own > -1) found.right_.push_back(own > nearest_other ? own : -1);
  }
  if (found.genuine_.empty() || found.impostor_.empty())
    return fail(FaceErrc::too_few_pictures,
                "at least two people are needed, and one of them with two usable pictures");
  for (auto* scores : {&found.genuine_, &found.impostor_, &found.best_of_others_, &found.right_})
    std::sort(scores->begin(), scores->end());
  return found;
}

double Calibration::false_accept_rate(float score) const {
  return share_at_or_above(impostor_, score);
}

double Calibration::false_reject_rate(float score) const {
  return 1 - share_at_or_above(genuine_, score);
}

double Calibration::equal_error_rate() const {
  double best = 1;
  for (const float score : genuine_) {
    const double worse = std::max(false_accept_rate(score), false_reject_rate(score));
    best = std::min(best, worse);
  }
  return best;
}

double Calibration::false_identification_rate(float score, std::size_t people) const {
  const double here = share_at_or_above(best_of_others_, score);
  const double times = static_cast<double>(people) / static_cast<double>(people_ - 1);
  return 1 - std::pow(1 - here, times);
}

double Calibration::identification_rate(float score) const {
  return share_at_or_above(right_, score);
}

ProposedThreshold Calibration::propose(std::size_t people, double wrong_rate) const {
  const bool one = people <= 1;
  const auto& scores = one ? impostor_ : best_of_others_;
  // The same rate among as many people as there are here.
  const double times = one ? 1 : static_cast<double>(people_ - 1) / static_cast<double>(people);
  const double rate = 1 - std::pow(1 - wrong_rate, times);
  ProposedThreshold proposal{people, wrong_rate, 0, 0, false};
  proposal.estimated = rate * static_cast<double>(scores.size()) < wrong_ones_min;
  proposal.score =
      proposal.estimated ? std::max(score_by_spread(scores, rate), scores.back()) : score_at(scores, rate);
  proposal.recognised_rate =
      one ? 1 - false_reject_rate(proposal.score) : identification_rate(proposal.score);
  return proposal;
}

std::vector<ProposedThreshold> Calibration::proposals(const std::vector<std::size_t>& people) const {
  std::vector<ProposedThreshold> all{propose(1, one_to_one_wrong_rate)};
  for (const auto count : people) all.push_back(propose(count, one_to_many_wrong_rate));
  return all;
}

}  // namespace sitegate::devices::face
