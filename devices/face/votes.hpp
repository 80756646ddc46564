// From several looks at one face to a decision. Pure: no pictures, no networks, no clock of its own.
#pragma once
#include <cstdint>
#include <map>
#include <optional>

#include "devices/face/gallery.hpp"
#include "shared/model/advice.hpp"

namespace sitegate::devices::face {

/// When a face must have been shown to be no picture of a face.
enum class LivenessRule : std::uint8_t {
  alone,   ///< where nothing but the face names the person; after a card or code the face is evidence
  always,  ///< after a card or code as well
  off,     ///< never: somebody watches the gate, or every gate asks for two devices
};

struct VoteRules {
  float one_to_one = 1;  ///< cosine; see FaceThresholds
  float margin = 0;
  float live = 0.5F;
  LivenessRule liveness = LivenessRule::alone;
  int votes = 2;       ///< looks that must name the same person
  int looks_max = 5;   ///< then it is decided without
  int live_looks = 3;  ///< over so many the liveness score is averaged
};

/// What one picture of the face gave.
struct Look {
  Candidates candidates;
  /// For candidates.best: as many people as are enrolled. nullopt: too many of them, match 1:1 only.
  std::optional<float> threshold;
  TechnicianId expected{};  ///< named by another device a moment ago; nobody: none was
  float expected_score = -1;
  std::optional<float> live;  ///< 0 to 1; nullopt: this pack cannot tell
  bool covered = false;       ///< something hides a part of the face
};

struct Decision {
  enum class Kind : std::uint8_t { undecided, identified, advice };
  Kind kind = Kind::undecided;
  TechnicianId person{};  ///< identified
  float confidence = 0;   ///< identified: the mean cosine of the votes
  bool one_to_one = false;
  AdviceKind advice = AdviceKind::unknown;
};

/// One round of looks at one face. Concurrency: none.
class Votes {
 public:
  explicit Votes(const VoteRules& rules) : rules_(rules) {}
  /// After a decision: begin again with a new object.
  Decision take(const Look& look);
  [[nodiscard]] int looks() const { return looks_; }

 private:
  struct Count {
    int votes = 0;
    int one_to_one = 0;
    float score = 0;
  };
  void count(const Look& look);
  void vote(TechnicianId person, float score, int one_to_one);
  [[nodiscard]] Decision decide(TechnicianId person, const Count& count) const;
  [[nodiscard]] bool is_live() const;
  [[nodiscard]] AdviceKind advice() const;

  VoteRules rules_;
  int looks_ = 0;
  int ambiguous_ = 0;
  int covered_ = 0;
  int live_looks_ = 0;
  float live_sum_ = 0;
  bool too_many_people_ = false;
  std::map<TechnicianId, Count> people_;  ///< that a look named
};

}  // namespace sitegate::devices::face
