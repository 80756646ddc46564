// From codes in pictures to reads: each code once for each time it is shown.
#include "devices/qr/qr_reader.hpp"

#include <boost/test/unit_test.hpp>
#include <opencv2/imgcodecs.hpp>

#include "shared/codes/technician_code.hpp"
#include "tests/devices/qr/qr_scene.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::qr {

using namespace std::chrono_literals;
using testing::qr_scene;

namespace {

struct Gate {
  QrAnalyser analyser{{.place = {"codes", "1", DirectionRule::entry}, .finder = {}}, nullptr};
  std::vector<CredentialRead> reads;
  std::uint64_t number = 0;
  MonotonicTime now{0};

  void show(const cv::Mat& picture) {
    now += 100ms;
    BOOST_TEST(analyser
                   .look({picture, ++number, UtcTime(std::chrono::milliseconds(5)), now},
                         [this](CredentialRead read) { reads.push_back(std::move(read)); })
                   .has_value());
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& read : reads) all.push_back(std::get<CodeCredential>(read.credential).text);
    return all;
  }
};

const SystemClock system_clock;
std::string refusal(const std::string& url) {
  const auto reader = open_qr_reader(parse_url(url).value(), {system_clock, {}});
  return reader ? "" : reader.error().text();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(qr_reader)

BOOST_FIXTURE_TEST_CASE(a_code_held_up_is_one_read, Gate) {
  for (int i = 0; i < 20; ++i) show(qr_scene("A-17"));
  BOOST_TEST((texts() == std::vector<std::string>{"A-17"}));
  BOOST_TEST((reads.front().method == Method::qr));
  BOOST_TEST(reads.front().reader_id == "codes");
  BOOST_TEST((reads.front().event_time == UtcTime(std::chrono::milliseconds(5))));
  BOOST_TEST(!reads.front().direction);
  // Away for a while, and shown again.
  now += 2s;
  show(qr_scene("A-17"));
  BOOST_TEST(reads.size() == 1u);
  now += 4s;
  show(qr_scene("A-17"));
  BOOST_TEST(reads.size() == 2u);
  BOOST_TEST(analyser.state() == "2 codes, zxing alone");
}

BOOST_FIXTURE_TEST_CASE(technicians_codes_are_handed_on_and_other_long_ones_are_not, Gate) {
  const auto code =
      codes::make_technician_code({.kind = codes::CodeKind::printed,
                                   .technician = *TechnicianId::from_number(101),
                                   .site = std::nullopt,
                                   .serial = 5,
                                   .issued_at = UtcTime(std::chrono::milliseconds(1'690'756'200'000)),
                                   .expires_at = UtcTime(std::chrono::milliseconds(1'790'756'200'000))},
                                  crypto::SigningKey::generate());
  show(qr_scene(code));
  BOOST_TEST((texts() == std::vector{code}));
  for (int i = 0; i < 5; ++i) show(qr_scene(std::string(65, 'x')));
  show(qr_scene("tab\there"));
  BOOST_TEST(reads.size() == 1u);
  BOOST_TEST(analyser.failed_reads() == 2u);
  show(qr_scene("  blanks around  "));
  BOOST_TEST(texts().back() == "blanks around");
}

BOOST_AUTO_TEST_CASE(recent_codes_are_few) {
  RecentCodes recent(3s);
  for (int i = 0; i < 1'000; ++i) BOOST_TEST(recent.is_news(std::to_string(i), std::chrono::milliseconds(i)));
  BOOST_TEST(!recent.is_news("999", 1s));
  BOOST_TEST(recent.is_news("0", 1s));  // forgotten for the others
}

BOOST_AUTO_TEST_CASE(what_the_url_may_say) {
  BOOST_TEST(refusal("qr+dir:///frames?gate=2&codes=all&again_ms=5000") == "");
  BOOST_TEST(refusal("qr+dir:///frames?codes=1d").find("qr or all") != std::string::npos);
  BOOST_TEST(refusal("qr+dir:///frames?again_ms=0").find("1000 to 600000") != std::string::npos);
  BOOST_TEST(refusal("qr+dir:///frames?models=/x").find("wechat") != std::string::npos);
  BOOST_TEST(refusal("qr+dir:///frames?wechat=/nowhere").find("detect.prototxt is missing") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_of_pictures_through_the_reader) {
  const tests::TemporaryFolder folder;
  int number = 100;
  for (const char* text : {"A-17", "A-17", "B-18"})
    BOOST_REQUIRE(cv::imwrite((folder / (std::to_string(number++) + ".png")).string(), qr_scene(text)));
  const auto hub = camera::make_camera_hub(system_clock);
  ReaderSurroundings around{system_clock, {}};
  around.cameras = hub.get();
  const auto url = parse_url("qr+dir://" + folder.path().string() + "?pace=all&id=codes").value();
  const auto reader = open_qr_reader(url, around).value();
  std::vector<std::string> texts;
  BOOST_TEST(reader
                 ->run({},
                       [&](const CredentialRead& read) {
                         texts.push_back(std::get<CodeCredential>(read.credential).text);
                       })
                 .has_value());
  BOOST_TEST((texts == std::vector<std::string>{"A-17", "B-18"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::qr
