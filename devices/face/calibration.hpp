// What a model does with a site's own pictures: how alike pictures of one person and of two people are, and
// which thresholds follow. Pure: vectors in, figures out; nobody's name or picture is in them.
#pragma once
#include <string>
#include <vector>

#include "devices/face/errc.hpp"

namespace sitegate::devices::face {

struct CalibrationPicture {
  std::size_t person = 0;     ///< any number that is the same for pictures of one person
  std::vector<float> vector;  ///< of length 1
};

/// A threshold that the pictures propose.
struct ProposedThreshold {
  std::size_t people = 1;      ///< 1: against one person; else among so many
  double wrong_rate = 0;       ///< wanted: of strangers' attempts that are accepted
  float score = 0;             ///< cosine
  double recognised_rate = 0;  ///< of the pictures' own people, at this score
  bool estimated = false;      ///< too few pictures to count so rare a thing: from the scores' spread
};

/// Scores ascending. Concurrency: values.
class Calibration {
 public:
  static constexpr std::size_t pictures_max = 20'000;
  /// At least 2 people, one of them with 2 pictures; otherwise too_few_pictures.
  static Result<Calibration> of(const std::vector<CalibrationPicture>& pictures);

  [[nodiscard]] const std::vector<float>& genuine() const {
    return genuine_;
  }  ///< a picture against its person's others
  [[nodiscard]] const std::vector<float>& impostor() const { return impostor_; }  ///< against another person
  [[nodiscard]] std::size_t people() const { return people_; }
  [[nodiscard]] std::size_t pictures() const { return pictures_; }
  /// Share of comparisons with another person at or above `score`; with the own person below it. A person is
  /// the mean of his pictures, as in the gallery.
  [[nodiscard]] double false_accept_rate(float score) const;
  [[nodiscard]] double false_reject_rate(float score) const;
  /// Where both are the same.
  [[nodiscard]] double equal_error_rate() const;
  /// Among `people` enrolled: share of strangers' pictures for which somebody is at or above `score`,
  /// carried over from the number of people that are there (independent comparisons).
  [[nodiscard]] double false_identification_rate(float score, std::size_t people) const;
  /// Share of the pictures whose person, known by the other pictures of him, is at or above `score` and ahead
  /// of everybody else.
  [[nodiscard]] double identification_rate(float score) const;
  /// 1:1 at 1 in 10,000 false accepts, and 1:N at 1 in 100 for each number of people.
  [[nodiscard]] std::vector<ProposedThreshold> proposals(const std::vector<std::size_t>& people) const;

 private:
  Calibration() = default;
  [[nodiscard]] ProposedThreshold propose(std::size_t people, double wrong_rate) const;

  std::size_t people_ = 0;
  std::size_t pictures_ = 0;
  std::vector<float> genuine_;
  std::vector<float> impostor_;
  std::vector<float> best_of_others_;  ///< of each picture: the nearest of all other people
  std::vector<float> right_;  ///< of each picture whose person has others: the nearest of those, or -1
                              ///< where somebody else was nearer
};

/// A page with both curves as a plot, rates and proposals; Japanese and English side by side. `title` is
/// plain text.
std::string calibration_page(const Calibration& calibration, const std::vector<ProposedThreshold>& proposals,
                             const std::string& title);

}  // namespace sitegate::devices::face
