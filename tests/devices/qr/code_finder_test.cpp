// Codes that are hard to read are read after a few pictures; nothing is read where nothing is.
#include "devices/qr/code_finder.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>

#include "tests/devices/qr/qr_scene.hpp"

namespace sitegate::devices::qr {

using namespace std::chrono_literals;
using testing::qr_scene;

namespace {

/// Pictures until it is read; 0: not within ten.
int pictures_needed(CodeFinder& finder, const cv::Mat& scene, const std::string& text) {
  for (int i = 1; i <= 10; ++i)
    for (const auto& found : finder.look(scene, std::chrono::milliseconds(100 * i)))
      if (found == text) return i;
  return 0;
}

/// Stands for the slow decoder: answers what the test put in.
class ScriptedSecond final : public SecondDecoder {
 public:
  explicit ScriptedSecond(int& given) : given_(given) {}
  [[nodiscard]] bool idle(MonotonicTime) override { return !busy_; }
  void give(const cv::Mat& grey, MonotonicTime) override {
    BOOST_TEST(grey.type() == CV_8UC1);
    busy_ = true;
    ++given_;
  }
  std::optional<std::vector<std::string>> take(MonotonicTime) override {
    if (!busy_) return std::nullopt;
    busy_ = false;
    return std::vector<std::string>{"from the second"};
  }
  [[nodiscard]] std::string trouble() const override { return {}; }

 private:
  int& given_;
  bool busy_ = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(code_finder)

BOOST_AUTO_TEST_CASE(a_plain_code_is_read_at_once) {
  CodeFinder finder({}, nullptr);
  BOOST_TEST(pictures_needed(finder, qr_scene("A-17"), "A-17") == 1);
}

BOOST_AUTO_TEST_CASE(two_people_at_once) {
  cv::Mat both;
  cv::hconcat(qr_scene("A-17", 4, {320, 480}), qr_scene("B-18", 4, {320, 480}), both);
  CodeFinder finder({}, nullptr);
  auto texts = finder.look(both, 0ms);
  std::sort(texts.begin(), texts.end());
  BOOST_TEST((texts == std::vector<std::string>{"A-17", "B-18"}));
}

BOOST_AUTO_TEST_CASE(faint_print_needs_a_few_pictures_more) {
  cv::Mat faint;
  qr_scene("A-17", 6).convertTo(faint, CV_8UC3, 0.06, 110);  // 15 grey levels between black and white
  CodeFinder finder({.budget = 10s}, nullptr);
  BOOST_TEST(pictures_needed(finder, faint, "A-17") > 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_read_where_nothing_is) {
  CodeFinder finder({.all_codes = true, .budget = 10s}, nullptr);
  cv::Mat noise(480, 640, CV_8UC3);
  cv::RNG chance(4);
  for (int i = 0; i < 10; ++i) {
    chance.fill(noise, cv::RNG::UNIFORM, 0, 256);
    BOOST_TEST(finder.look(noise, std::chrono::milliseconds(100 * i)).empty());
  }
}

BOOST_AUTO_TEST_CASE(the_second_decoder_looks_where_the_first_finds_nothing_and_now_and_then) {
  int given = 0;
  CodeFinder finder({}, std::make_unique<ScriptedSecond>(given));
  const cv::Mat empty(480, 640, CV_8UC3, cv::Scalar(120, 120, 120));
  BOOST_TEST(finder.look(empty, 0ms).empty());
  BOOST_TEST(given == 1);
  BOOST_TEST((finder.look(empty, 100ms) == std::vector<std::string>{"from the second"}));
  BOOST_TEST(given == 2);
  // The first finds one in every picture: the second is asked every two seconds.
  const auto before = given;
  for (int i = 2; i < 63; ++i)
    static_cast<void>(finder.look(qr_scene("A-17"), std::chrono::milliseconds(100 * i)));
  BOOST_TEST(given - before == 3);
}

BOOST_AUTO_TEST_CASE(all_codes_are_read_where_they_are_wanted) {
  CodeFinder finder({.all_codes = true}, nullptr);
  BOOST_TEST(pictures_needed(finder, qr_scene("A-17"), "A-17") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::qr
