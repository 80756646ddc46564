#include "devices/face/face_analyser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <numeric>

#include "devices/face/adviser.hpp"
#include "devices/face/pictures.hpp"
#include "devices/face/template_form.hpp"
#include "devices/face/tracks.hpp"
#include "shared/base/guarded.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::face {
namespace {

using namespace std::chrono_literals;

/// A second face of this part of the first one's width stands before the gate, too.
constexpr float second_face_ratio = 0.6F;
/// While one known face is there, the whole picture is searched only so often: somebody may have joined.
constexpr int whole_picture_every = 5;
/// After an advice the same face is looked at again: a mask comes off.
constexpr MonotonicTime again_after{1s};
/// An identified face is looked at again, so that nobody inherits the track of the person before.
constexpr MonotonicTime check_again_after{2s};
/// Two looks at one track that are less alike than this are of two people: even an embedding of a half-hidden
/// face stays above it.
constexpr float same_face_min = 0.25F;

/// The networks of one pack.
struct Engine {
  ModelPack pack;
  std::unique_ptr<FaceFinder> finder;
  std::unique_ptr<Embedder> embedder;
  std::unique_ptr<LivenessJudge> liveness;  // null: the pack has none
};

Result<std::unique_ptr<Engine>> open_engine(const std::filesystem::path& packs,
                                            const FaceSettings& settings) {
  auto engine = std::make_unique<Engine>();
  SITEGATE_TRY(pack, open_model_pack(packs, settings.pack));
  engine->pack = std::move(pack);
  SITEGATE_TRY(finder, FaceFinder::open(engine->pack, settings.detection_px));
  engine->finder = std::move(finder);
  SITEGATE_TRY(embedder, Embedder::open(engine->pack));
  engine->embedder = std::move(embedder);
  SITEGATE_TRY(liveness, LivenessJudge::open(engine->pack));
  engine->liveness = std::move(liveness);
  return engine;
}

VoteRules vote_rules(const FaceSettings& settings, const FaceThresholds& thresholds) {
  VoteRules rules;
  rules.one_to_one = settings.one_to_one.value_or(static_cast<float>(thresholds.one_to_one));
  rules.margin = static_cast<float>(thresholds.margin);
  rules.live = static_cast<float>(thresholds.live);
  rules.liveness = settings.liveness;
  rules.votes = settings.votes;
  rules.looks_max = settings.votes + 3;
  return rules;
}

/// What is known of one face in view.
struct Person {
  explicit Person(const VoteRules& rules) : votes(rules) {}
  Votes votes;
  std::vector<float> last_vector;  // of the last look
  std::vector<float> sum;          // of the round's looks
  TechnicianId identified{};
  MonotonicTime look_after{0};  // not before
  std::optional<MonotonicTime> unusable_since;
};

class FaceAnalyser final : public camera::FrameAnalyser {
 public:
  FaceAnalyser(const FaceSettings& settings, const ReaderPlace& place, const ReaderSurroundings& surroundings)
      : settings_(settings),
        place_(place),
        surroundings_(surroundings),
        adviser_(place, surroundings.advise) {
    rules_.eye_distance_px_min = settings.eye_distance_px_min;
    static_cast<void>(ready());
  }

  Result<void> look(const camera::Frame& frame, const ReadSink& sink) override;
  Result<void> idle(MonotonicTime, const ReadSink&) override {
    tracks_.end_all();
    forget_ended();
    in_view_ = 0;
    return success();
  }
  std::string state() const override;
  std::uint64_t failed_reads() const override { return failed_; }

 private:
  Result<void> ready();
  void refresh_gallery();
  Result<std::vector<DetectedFace>> faces_in(const camera::Frame& frame);
  std::vector<Track> in_front(std::vector<Track> seen) const;
  Result<void> look_at(const camera::Frame& frame, const Track& track, const ReadSink& sink);
  bool is_usable(const camera::Frame& frame, Person& person, std::optional<AdviceKind> problem);
  Result<Look> look_of(const camera::Frame& frame, const Track& track, const cv::Mat& aligned,
                       Person& person);
  static std::vector<float> mean_of_round(Person& person, std::vector<float> vector);
  bool confirms(Person& person, const Look& look, MonotonicTime now) const;
  void conclude(const camera::Frame& frame, Person& person, const Decision& decision, const ReadSink& sink);
  void advise(AdviceKind kind, const camera::Frame& frame);
  void begin_again(Person& person, MonotonicTime not_before);
  void forget_ended();

  // Constant after construction.
  const FaceSettings settings_;
  const ReaderPlace place_;
  const ReaderSurroundings surroundings_;
  QualityRules rules_;

  // Of the reader's thread.
  std::unique_ptr<Engine> engine_;  // null: no pack yet
  VoteRules vote_rules_;
  std::unique_ptr<Gallery> gallery_;
  std::uint64_t gallery_version_ = 0;
  Tracks tracks_;
  std::map<TrackId, Person> people_;
  std::optional<Box> alone_;  // the only face of the picture before
  int since_whole_ = 0;
  LimitedAdviser adviser_;

  std::atomic<std::uint64_t> failed_{0};
  std::atomic<std::size_t> in_view_{0};
  Guarded<std::string> said_;  // what state() says of pack and templates
};

/// Success: pack and templates are there.
Result<void> FaceAnalyser::ready() {
  if (!engine_) {
    auto engine = open_engine(surroundings_.model_packs, settings_);
    if (!engine) {
      said_.with([&](std::string& said) { said = engine.error().text(); });
      return engine.error();
    }
    engine_ = std::move(engine).value();
    vote_rules_ = vote_rules(settings_, engine_->pack.thresholds);
    if (!engine_->liveness && settings_.liveness != LivenessRule::off)
      log::warn("reader={} pack={} cannot tell a picture from a person: by the face alone nobody is let in",
                place_.id, engine_->pack.name);
  }
  refresh_gallery();
  return success();
}

void FaceAnalyser::refresh_gallery() {
  const auto set = surroundings_.templates->templates(TemplateKind::face, engine_->pack.maker());
  if (gallery_ && set->version == gallery_version_) return;
  gallery_ =
      std::make_unique<Gallery>(static_cast<std::size_t>(engine_->pack.embedding.dimensions), set->templates);
  gallery_version_ = set->version;
  std::string words = fmt::format("{}, {} people enrolled", engine_->pack.name, gallery_->people());
  if (set->other_makers > 0) words += fmt::format(", {} templates of another model", set->other_makers);
  if (gallery_->unusable() > 0) words += fmt::format(", {} templates damaged", gallery_->unusable());
  if (!engine_->liveness) words += ", no liveness";
  said_.with([&](std::string& said) { said = words; });
}

std::string FaceAnalyser::state() const {
  const auto words = said_.with([](const std::string& said) { return said; });
  return fmt::format("{}, {} in view", words, in_view_.load());
}

Result<void> FaceAnalyser::look(const camera::Frame& frame, const ReadSink& sink) {
  SITEGATE_TRYV(ready());
  SITEGATE_TRY(faces, faces_in(frame));
  const auto seen = tracks_.see(std::move(faces), frame.monotonic);
  forget_ended();
  in_view_ = seen.size();
  alone_ = seen.size() == 1 ? std::optional(seen.front().face.box) : std::nullopt;
  const auto front = in_front(seen);
  if (front.empty()) return success();
  if (gallery_->people() == 0) {
    advise(AdviceKind::no_templates, frame);
    return success();
  }
  if (front.size() > 1 && settings_.several == SeveralRule::refuse) {
    for (const auto& track : front)
      if (const auto person = people_.find(track.id); person != people_.end())
        begin_again(person->second, frame.monotonic);
    advise(AdviceKind::several_people, frame);
    return success();
  }
  for (const auto& track : front) {
    SITEGATE_TRYV(look_at(frame, track, sink));
  }
  return success();
}

Result<std::vector<DetectedFace>> FaceAnalyser::faces_in(const camera::Frame& frame) {
  if (!alone_ || ++since_whole_ >= whole_picture_every) {
    since_whole_ = 0;
    return engine_->finder->find(frame.image);
  }
  SITEGATE_TRY(near, engine_->finder->find_near(frame.image, *alone_));
  if (!near.empty()) return std::move(near);
  since_whole_ = 0;
  return engine_->finder->find(frame.image);
}

/// The largest face and those nearly as large; who passes by behind them is not meant.
std::vector<Track> FaceAnalyser::in_front(std::vector<Track> seen) const {
  if (seen.empty()) return seen;
  const float width = seen.front().face.box.width;
  std::erase_if(seen, [&](const Track& track) { return track.face.box.width < second_face_ratio * width; });
  return seen;
}

Result<void> FaceAnalyser::look_at(const camera::Frame& frame, const Track& track, const ReadSink& sink) {
  auto& person = people_.try_emplace(track.id, vote_rules_).first->second;
  if (frame.monotonic < person.look_after) return success();
  FaceQuality quality = geometry_of(frame.image, track.face);
  if (!is_usable(frame, person, geometry_problem(quality, rules_))) return success();
  SITEGATE_TRY(aligned, engine_->embedder->align(frame.image, track.face));
  measure_pixels(aligned, quality);
  if (!is_usable(frame, person, pixel_problem(quality, rules_))) return success();
  person.unusable_since.reset();
  SITEGATE_TRY(look, look_of(frame, track, aligned, person));
  if (person.identified && confirms(person, look, frame.monotonic)) return success();
  conclude(frame, person, person.votes.take(look), sink);
  return success();
}

/// A face that stays unusable for a moment is told why.
bool FaceAnalyser::is_usable(const camera::Frame& frame, Person& person, std::optional<AdviceKind> problem) {
  constexpr MonotonicTime patience{800ms};
  if (!problem) return true;
  if (!person.unusable_since) person.unusable_since = frame.monotonic;
  if (frame.monotonic - *person.unusable_since >= patience) advise(*problem, frame);
  return false;
}

/// A round's looks together are more of the person than each by itself; every second one is mirrored, as the
/// enrolled templates are the mean of both.
std::vector<float> FaceAnalyser::mean_of_round(Person& person, std::vector<float> vector) {
  if (person.votes.looks() == 0) person.sum.assign(vector.size(), 0);
  std::transform(vector.begin(), vector.end(), person.sum.begin(), person.sum.begin(), std::plus<>());
  std::vector<float> mean = person.sum;
  return normalise(mean) ? mean : vector;
}

Result<Look> FaceAnalyser::look_of(const camera::Frame& frame, const Track& track, const cv::Mat& aligned,
                                   Person& person) {
  SITEGATE_TRY(vector, engine_->embedder->embed(aligned, person.votes.looks() % 2 == 1));
  const bool another =
      !person.last_vector.empty() &&
      std::inner_product(vector.begin(), vector.end(), person.last_vector.begin(), 0.0F) < same_face_min;
  if (another) begin_again(person, frame.monotonic);
  person.last_vector = vector;
  vector = mean_of_round(person, std::move(vector));
  Look look;
  look.candidates = gallery_->nearest(vector);
  if (settings_.one_to_many)
    look.threshold = settings_.one_to_many;
  else if (const auto threshold = engine_->pack.thresholds.for_people(gallery_->people()))
    look.threshold = static_cast<float>(*threshold);
  const auto expected = surroundings_.expected ? surroundings_.expected(place_.gate) : std::nullopt;
  if (expected) {
    look.expected = *expected;
    look.expected_score = gallery_->score_of(*expected, vector).value_or(-1.0F);
  }
  look.covered = looks_covered(aligned, engine_->embedder->places());
  if (engine_->liveness && settings_.liveness != LivenessRule::off) {
    SITEGATE_TRY(live, engine_->liveness->judge(frame.image, track.face));
    look.live = live;
  }
  return look;
}

/// An identified face that still is the same person's.
bool FaceAnalyser::confirms(Person& person, const Look& look, MonotonicTime now) const {
  const auto& found = look.candidates;
  const bool same = found.best == person.identified && found.best_score >= vote_rules_.one_to_one;
  person.look_after = now + check_again_after;
  if (same) return true;
  person.identified = TechnicianId{};
  person.votes = Votes(vote_rules_);
  person.look_after = now;
  return false;
}

void FaceAnalyser::conclude(const camera::Frame& frame, Person& person, const Decision& decision,
                            const ReadSink& sink) {
  if (decision.kind == Decision::Kind::undecided) return;
  if (decision.kind == Decision::Kind::advice) {
    begin_again(person, frame.monotonic + again_after);
    ++failed_;
    return advise(decision.advice, frame);
  }
  begin_again(person, frame.monotonic + check_again_after);
  person.identified = decision.person;
  CredentialRead read;
  read.reader_id = place_.id;
  read.event_time = frame.taken;
  read.monotonic = frame.monotonic;
  read.credential = TechnicianCredential{decision.person};
  read.method = Method::face;
  read.confidence = decision.confidence;
  sink(std::move(read));
}

void FaceAnalyser::advise(AdviceKind kind, const camera::Frame& frame) {
  adviser_.advise(kind, frame.taken, frame.monotonic);
}

void FaceAnalyser::begin_again(Person& person, MonotonicTime not_before) {
  person.votes = Votes(vote_rules_);
  person.identified = TechnicianId{};
  person.look_after = not_before;
}

void FaceAnalyser::forget_ended() {
  for (const auto id : tracks_.take_ended()) people_.erase(id);
}

}  // namespace

std::unique_ptr<camera::FrameAnalyser> make_face_analyser(const FaceSettings& settings,
                                                          const ReaderPlace& place,
                                                          const ReaderSurroundings& surroundings) {
  SITEGATE_ASSERT(surroundings.templates != nullptr);
  return std::make_unique<FaceAnalyser>(settings, place, surroundings);
}

}  // namespace sitegate::devices::face
