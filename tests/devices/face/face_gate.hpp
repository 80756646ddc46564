// A gate with a face reader's analyser and enrolled people: pictures in, reads and advice out. Time is the
// gate's own.
#pragma once
#include <map>
#include <opencv2/imgcodecs.hpp>

#include "devices/face/enrolment.hpp"
#include "devices/face/face_analyser.hpp"
#include "tests/devices/face/pictures_folder.hpp"

namespace sitegate::devices::face {

class FixedTemplates final : public TemplateSource {
 public:
  std::shared_ptr<const TemplateSet> templates(TemplateKind kind, const Digest& maker) const override {
    const bool asked_right =
        kind == TemplateKind::face && (set->templates.empty() || set->templates[0].maker == maker);
    return asked_right ? set : std::make_shared<const TemplateSet>();
  }
  void enrol(TechnicianId technician, const PictureReport& report) {
    auto next = std::make_shared<TemplateSet>(*set);
    ++next->version;
    next->templates.push_back({technician, TemplateKind::face, report.maker, *report.template_bytes});
    set = next;
  }
  std::shared_ptr<const TemplateSet> set = std::make_shared<const TemplateSet>();
};

inline TechnicianId numbered(std::uint64_t number) {
  return TechnicianId::from_number(number).value();
}

/// What happened while one person stood before the camera.
struct Visit {
  std::vector<CredentialRead> reads;
  std::vector<AdviceKind> advices;
  [[nodiscard]] std::optional<TechnicianId> person() const {
    if (reads.empty()) return std::nullopt;
    return std::get<TechnicianCredential>(reads.front().credential).technician;
  }
  /// A round of looks has ended without a person: the same picture would end the next one so, too.
  [[nodiscard]] bool decided() const {
    return advised(AdviceKind::unknown) || advised(AdviceKind::ambiguous) || advised(AdviceKind::uncover) ||
           advised(AdviceKind::second_factor);
  }
  [[nodiscard]] bool advised(AdviceKind kind) const {
    return std::find(advices.begin(), advices.end(), kind) != advices.end();
  }
};

class FaceGate {
 public:
  FaceGate(const ModelPack& pack, const fs::path& packs, const std::string& query)
      : enroller_(FaceEnroller::open(pack).value()),
        surroundings_{.clock = clock_, .data = {}, .templates = &templates_, .model_packs = packs} {
    surroundings_.advise = [this](const Advice& advice) { visit_.advices.push_back(advice.kind); };
    surroundings_.expected = [this](const std::string&) { return expected; };
    const auto url = parse_url("face+dir:///none?" + query).value();
    analyser_ = make_face_analyser(parse_face_settings(url).value(), {"face-1", "1", DirectionRule::toggle},
                                   surroundings_);
  }

  /// False: the picture cannot be used for enrolment.
  bool enrol(TechnicianId technician, const cv::Mat& picture) {
    const auto report = enroller_->look(picture).value();
    for (const auto problem : report.problems) ++problems[std::string(to_text(problem))];
    if (report.usable()) templates_.enrol(technician, report);
    return report.usable();
  }
  bool enrol(TechnicianId technician, const fs::path& file) {
    return enrol(technician, cv::imread(file.string()));
  }

  /// One person stays for `frames` pictures, ten a second, and goes away.
  Visit show(const cv::Mat& picture, int frames = 12) { return show(std::vector<cv::Mat>{picture}, frames); }
  /// The pictures in turn.
  Visit show(const std::vector<cv::Mat>& pictures, int frames) {
    visit_ = {};
    const ReadSink sink = [this](CredentialRead read) { visit_.reads.push_back(std::move(read)); };
    for (int i = 0; i < frames; ++i) {
      clock_.advance(std::chrono::milliseconds(100));
      const auto& picture = pictures[static_cast<std::size_t>(i) % pictures.size()];
      BOOST_REQUIRE(analyser_->look({picture, ++number_, clock_.now(), clock_.monotonic()}, sink));
      if (!visit_.reads.empty() || (pictures.size() == 1 && visit_.decided())) break;
    }
    BOOST_REQUIRE(analyser_->idle(clock_.monotonic(), sink));
    clock_.advance(std::chrono::seconds(10));
    return visit_;
  }

  [[nodiscard]] std::string state() const { return analyser_->state(); }
  [[nodiscard]] std::uint64_t failed_reads() const { return analyser_->failed_reads(); }

  std::optional<TechnicianId> expected;
  std::map<std::string, int> problems;  ///< of pictures for enrolment

 private:
  ManualClock clock_{UtcTime{std::chrono::milliseconds{1'690'000'000'000}}};
  FixedTemplates templates_;
  std::unique_ptr<FaceEnroller> enroller_;
  ReaderSurroundings surroundings_;
  std::unique_ptr<camera::FrameAnalyser> analyser_;
  std::uint64_t number_ = 0;
  Visit visit_;
};

/// People of lfw/ with three pictures or more, two of them enrolled; and those with one, who are strangers.
struct LfwPeople {
  struct Person {
    TechnicianId technician;
    std::vector<fs::path> probes;
  };
  /// At most so many of each.
  LfwPeople(FaceGate& gate, std::size_t enrolled_max, std::size_t strangers_max) {
    for (const auto& folder : entries_of(data_folder("faces/lfw"))) {
      const auto files = entries_of(folder);
      if (files.size() == 1 && strangers.size() < strangers_max) strangers.push_back(files.front());
      if (files.size() < 3 || enrolled.size() >= enrolled_max) continue;
      Person person{numbered(1 + enrolled.size()), {}};
      std::size_t taken = 0;
      for (const auto& file : files)
        if (taken < 2 && gate.enrol(person.technician, file))
          ++taken;
        else
          person.probes.push_back(file);
      enrolled.push_back(std::move(person));
    }
  }
  std::vector<Person> enrolled;
  std::vector<fs::path> strangers;
};

struct Tally {
  int probes = 0;
  int right = 0;
  int wrong = 0;  ///< taken for somebody else
  int strangers = 0;
  int strangers_taken = 0;
  std::map<std::string, int> advices;

  void add(const Visit& visit, std::optional<TechnicianId> who) {
    ++(who ? probes : strangers);
    const auto person = visit.person();
    if (person && who && *person == *who) ++right;
    if (person && who && *person != *who) ++wrong;
    if (person && !who) ++strangers_taken;
    if (!person) ++advices[visit.advices.empty() ? "nothing" : std::string(to_text(visit.advices.back()))];
  }
  [[nodiscard]] double right_rate() const { return static_cast<double>(right) / std::max(probes, 1); }
  [[nodiscard]] std::string text() const {
    std::string words = std::to_string(right) + " of " + std::to_string(probes) + " right, " +
                        std::to_string(wrong) + " wrong, " + std::to_string(strangers_taken) + " of " +
                        std::to_string(strangers) + " strangers taken;";
    for (const auto& [word, count] : advices) words += " " + word + " " + std::to_string(count);
    return words;
  }
};

inline Tally tally_of(FaceGate& gate, const LfwPeople& people) {
  Tally tally;
  for (const auto& person : people.enrolled)
    for (const auto& probe : person.probes)
      tally.add(gate.show(cv::imread(probe.string())), person.technician);
  for (const auto& stranger : people.strangers)
    tally.add(gate.show(cv::imread(stranger.string())), std::nullopt);
  return tally;
}

}  // namespace sitegate::devices::face
