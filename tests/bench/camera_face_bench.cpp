// Faces: what the networks of retail-0095 do on Labeled Faces in the Wild (ROC, open set), how long a picture
// of 640 × 480 takes from frame to identity on one thread, 1:N by the gateway's kernel beside cv::gemm in the
// same run, and memory over many frames. Needs SITEGATE_TEST_DATA. Arguments: roc, frame, match, memory
// [frames]; without one: roc, frame and match. Prints JSON, one line each.
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>
#include <set>

#include "devices/face/calibration.hpp"
#include "devices/face/enrolment.hpp"
#include "devices/face/face_analyser.hpp"
#include "devices/face/template_form.hpp"
#include "shared/base/log.hpp"
#include "shared/model_pack/install.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::devices;
using namespace sitegate::devices::face;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t dimensions = 256;

fs::path data(const std::string& name) {
  const char* root = std::getenv("SITEGATE_TEST_DATA");
  SITEGATE_ASSERT(root != nullptr && fs::is_directory(fs::path(root) / name));
  return fs::path(root) / name;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

struct Packs {
  Packs() {
    SITEGATE_ASSERT(install_pack(std::string(known_pack("retail-0095")->manifest), folder.path(),
                                 fetch_from_folder(data("models"))));
    pack = open_model_pack(folder.path()).value();
  }
  tests::TemporaryFolder folder;
  ModelPack pack;
};

TechnicianId numbered(std::size_t number) {
  return TechnicianId::from_number(number).value();
}

class OnePerson final : public TemplateSource {
 public:
  explicit OnePerson(std::vector<BiometricTemplate> templates) {
    auto set = std::make_shared<TemplateSet>();
    set->version = 1;
    set->templates = std::move(templates);
    set_ = set;
  }
  std::shared_ptr<const TemplateSet> templates(TemplateKind, const Digest&) const override { return set_; }

 private:
  std::shared_ptr<const TemplateSet> set_;
};

// ---- accuracy ----

void roc(const Packs& packs) {
  const auto enroller = FaceEnroller::open(packs.pack).value();
  std::vector<CalibrationPicture> pictures;
  std::size_t person = 0;
  std::size_t refused = 0;
  for (const auto& folder : entries_of(data("faces/lfw"))) {
    ++person;
    for (const auto& file : entries_of(folder)) {
      const auto report = enroller->look(cv::imread(file.string())).value();
      if (report.usable())
        pictures.push_back({person, decode_template(*report.template_bytes, dimensions).value()});
      else
        ++refused;
    }
  }
  const auto found = Calibration::of(pictures).value();
  std::string points;
  for (const float score : {0.35F, 0.40F, 0.43F, 0.46F, 0.49F, 0.52F, 0.55F, 0.60F})
    points += fmt::format(
        "{}{{\"score\":{:.2f},\"far\":{:.2e},\"frr\":{:.4f},\"fpir\":{:.4f},\"tpir\":{:.4f}}}",
        points.empty() ? "" : ",", score, found.false_accept_rate(score), found.false_reject_rate(score),
        found.false_identification_rate(score, person - 1), found.identification_rate(score));
  fmt::print(
      "{{\"bench\":\"face_roc\",\"pictures\":{},\"refused\":{},\"people\":{},\"equal_error_rate\":{:.4f},"
      "\"roc\":[{}]}}\n",
      pictures.size(), refused, found.people(), found.equal_error_rate(), points);
}

// ---- from frame to identity ----

/// A person who stands before the camera, 640 × 480, a little elsewhere in each frame.
std::vector<cv::Mat> walk(const cv::Mat& picture, int frames) {
  cv::Mat person;
  cv::resize(picture, person, {400, 400});
  std::vector<cv::Mat> all;
  for (int i = 0; i < frames; ++i) {
    cv::Mat frame(480, 640, CV_8UC3, cv::Scalar(112, 118, 120));
    cv::randn(frame, cv::Scalar(112, 118, 120), cv::Scalar(4, 4, 4));
    person.copyTo(frame(cv::Rect(100 + 2 * (i % 20), 60, 400, 360 + 40)));
    all.push_back(frame);
  }
  return all;
}

struct Looker {
  Looker(const Packs& packs, const std::string& query)
      : templates(enrolled(packs)),
        analyser(make_face_analyser(
            parse_face_settings(parse_url("face+dir:///x?" + query).value()).value(),
            {"face", "1", DirectionRule::toggle},
            {.clock = clock, .data = {}, .templates = &templates, .model_packs = packs.folder.path()})) {}
  static std::vector<BiometricTemplate> enrolled(const Packs& packs) {
    const auto enroller = FaceEnroller::open(packs.pack).value();
    const auto report =
        enroller->look(cv::imread((data("faces/azure") / "Family1-Dad1.jpg").string())).value();
    return {{numbered(1), TemplateKind::face, report.maker, report.template_bytes.value()}};
  }
  double look(const cv::Mat& frame) {
    clock.advance(std::chrono::milliseconds(40));
    const ReadSink sink = [this](const CredentialRead&) { ++reads; };
    return tests::seconds_of([&] {
      SITEGATE_ASSERT(analyser->look({frame, ++number, clock.now(), clock.monotonic()}, sink));
    });
  }
  void leave() {
    SITEGATE_ASSERT(analyser->idle(clock.monotonic(), [](const CredentialRead&) {}));
    clock.advance(std::chrono::seconds(20));
  }

  ManualClock clock{UtcTime{std::chrono::seconds(1'690'000'000)}};
  OnePerson templates;
  std::unique_ptr<camera::FrameAnalyser> analyser;
  std::uint64_t number = 0;
  int reads = 0;
};

void print_times(const std::string& what, std::vector<double> seconds, int reads) {
  fmt::print(
      "{{\"bench\":\"face_frame\",\"what\":\"{}\",\"frames\":{},\"reads\":{},\"p50_ms\":{:.1f},\"p99_ms\":{:."
      "1f}}}\n",
      what, seconds.size(), reads, 1e3 * tests::quantile(seconds, 0.5), 1e3 * tests::quantile(seconds, 0.99));
}

/// The frame that names the person, and all frames while somebody stands there.
void frame_times(const Packs& packs, const std::string& what, const std::string& query) {
  Looker looker(packs, query);
  const auto frames = walk(cv::imread((data("faces/azure") / "Family1-Dad2.jpg").string()), 12);
  looker.look(frames.front());  // networks allocate at their first picture
  looker.leave();
  looker.reads = 0;
  std::vector<double> naming;
  std::vector<double> all;
  for (int visit = 0; visit < 30; ++visit) {
    const int before = looker.reads;
    for (const auto& frame : frames) {
      const int known = looker.reads;
      all.push_back(looker.look(frame));
      if (looker.reads > known) naming.push_back(all.back());
    }
    SITEGATE_ASSERT(looker.reads == before + 1);
    looker.leave();
  }
  print_times(what + ", frame to identity", naming, looker.reads);
  print_times(what + ", every frame of a visit", all, looker.reads);
}

// ---- 1:N ----

void match(std::size_t count) {
  std::mt19937 generator(1);
  std::normal_distribution<float> normal;
  std::vector<float> rows(count * dimensions);
  for (auto& value : rows) value = normal(generator);
  std::vector<TechnicianId> owners;
  for (std::size_t i = 0; i < count; ++i) {
    SITEGATE_ASSERT(normalise(std::span(rows).subspan(i * dimensions, dimensions)));
    owners.push_back(numbered(1 + i));
  }
  const Gallery gallery(dimensions, rows, owners);
  std::vector<float> probe(rows.begin(), rows.begin() + dimensions);
  const cv::Mat matrix(static_cast<int>(count), static_cast<int>(dimensions), CV_32F, rows.data());
  const cv::Mat vector(static_cast<int>(dimensions), 1, CV_32F, probe.data());
  std::vector<double> ours;
  std::vector<double> portable;
  std::vector<double> theirs;
  const int rounds = count > 500'000 ? 9 : 31;
  for (int i = 0; i < rounds; ++i) {
    Candidates found;
    ours.push_back(tests::seconds_of([&] { found = gallery.nearest(probe); }));
    SITEGATE_ASSERT(found.best == numbered(1));
    portable.push_back(tests::seconds_of([&] { found = gallery.nearest(probe, dot_products_portable); }));
    cv::Mat products;
    cv::Point best;
    theirs.push_back(tests::seconds_of([&] {
      cv::gemm(matrix, vector, 1, cv::Mat(), 0, products);
      cv::minMaxLoc(products, nullptr, nullptr, nullptr, &best);
    }));
    SITEGATE_ASSERT(best.y == 0);
  }
  fmt::print(
      "{{\"bench\":\"face_match\",\"templates\":{},\"kernel\":\"{}\",\"ms\":{:.2f},\"portable_ms\":{:.2f},"
      "\"gemm_ms\":{:.2f}}}\n",
      count, dot_products() == dot_products_portable ? "portable" : "avx2", 1e3 * tests::median(ours),
      1e3 * tests::median(portable), 1e3 * tests::median(theirs));
}

// ---- memory ----

/// Resident set in KiB (proc(5), statm).
std::size_t resident_kib() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  std::size_t resident = 0;
  statm >> pages >> resident;
  return resident * 4;
}

/// Faces come and go; every hundred frames another visit.
void memory(const Packs& packs, int frames) {
  Looker looker(packs, "liveness=alone");
  const auto pictures = walk(cv::imread((data("faces/azure") / "Family1-Dad2.jpg").string()), 12);
  const auto strangers = walk(cv::imread((data("faces/azure") / "Family1-Son1.jpg").string()), 12);
  std::size_t settled = 0;
  std::size_t most = 0;
  for (int i = 0; i < frames; ++i) {
    const auto& from = i / 100 % 2 == 0 ? pictures : strangers;
    looker.look(from[static_cast<std::size_t>(i) % from.size()]);
    if (i % 100 == 99) looker.leave();
    if (i == frames / 10) settled = resident_kib();
    if (i > frames / 10) most = std::max(most, resident_kib());
  }
  fmt::print(
      "{{\"bench\":\"face_memory\",\"frames\":{},\"reads\":{},\"kib_after_a_tenth\":{},\"kib_most_after\":{}}"
      "}\n",
      frames, looker.reads, settled, most);
}

}  // namespace

int main(int argc, char** argv) {
  log::set_up("camera_face_bench", "error");
  cv::setNumThreads(1);
  std::set<std::string> wanted(argv + 1, argv + argc);
  const int frames = argc > 2 && std::string(argv[1]) == "memory" ? std::atoi(argv[2]) : 100'000;
  if (wanted.empty()) wanted = {"roc", "frame", "match"};
  const Packs packs;
  if (wanted.contains("roc")) roc(packs);
  if (wanted.contains("frame")) {
    frame_times(packs, "whole pictures of 640", "liveness=alone&detection_px=640");
    frame_times(packs, "pictures of 320 and tracking", "liveness=alone");
    frame_times(packs, "the same without liveness", "liveness=off");
  }
  if (wanted.contains("match"))
    for (const std::size_t count : {10'000u, 100'000u, 1'000'000u}) match(count);
  if (wanted.contains("memory")) memory(packs, frames);
  return 0;
}
