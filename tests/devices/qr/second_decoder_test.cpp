// The decoder in a process of its own: it reads, it may die, and it is started again.
#include "devices/qr/second_decoder.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "shared/base/clock.hpp"
#include "tests/devices/qr/qr_scene.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::qr {

using namespace std::chrono_literals;
using tests::wait_until;

namespace {

const SystemClock system_clock;

std::filesystem::path models() {
  const char* data = std::getenv("SITEGATE_TEST_DATA");
  return std::filesystem::path(data != nullptr ? data : "../shared") / "models/wechat";
}
boost::test_tools::assertion_result with_models(boost::unit_test::test_unit_id) {
  return std::filesystem::exists(models() / "detect.prototxt");
}

cv::Mat grey(const cv::Mat& bgr) {
  cv::Mat result;
  cv::cvtColor(bgr, result, cv::COLOR_BGR2GRAY);
  return result;
}

std::optional<std::vector<std::string>> answer(SecondDecoder& decoder) {
  std::optional<std::vector<std::string>> texts;
  static_cast<void>(wait_until(
      [&] {
        texts = decoder.take(system_clock.monotonic());
        return texts.has_value() || !decoder.trouble().empty();
      },
      30s));
  return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(second_decoder)

BOOST_AUTO_TEST_CASE(wechat_reads_beside_us, *boost::unit_test::precondition(with_models)) {
  const auto decoder = make_wechat_decoder(worker_program(), models());
  for (const char* text : {"A-17", "B-18"}) {
    BOOST_REQUIRE(decoder->idle(system_clock.monotonic()));
    decoder->give(grey(testing::qr_scene(text)), system_clock.monotonic());
    BOOST_TEST(!decoder->idle(system_clock.monotonic()));
    const auto texts = answer(*decoder);
    BOOST_REQUIRE(texts.has_value());
    BOOST_TEST((*texts == std::vector<std::string>{text}));
  }
  decoder->give(cv::Mat(240, 320, CV_8UC1, cv::Scalar(80)), system_clock.monotonic());
  const auto nothing = answer(*decoder);
  BOOST_REQUIRE(nothing.has_value());
  BOOST_TEST(nothing->empty());
  BOOST_TEST(decoder->trouble() == "");
}

BOOST_AUTO_TEST_CASE(one_that_dies_is_said_and_tried_again_later) {
  const tests::TemporaryFolder folder;
  const auto program = folder / "worker";
  std::ofstream(program) << "#!/bin/sh\nexit 1\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const auto decoder = make_wechat_decoder(program, folder.path());
  ManualClock clock{UtcTime{}};
  clock.advance(1h);
  BOOST_REQUIRE(decoder->idle(clock.monotonic()));
  decoder->give(cv::Mat(240, 320, CV_8UC1, cv::Scalar(80)), clock.monotonic());
  BOOST_TEST(wait_until([&] {
    static_cast<void>(decoder->take(clock.monotonic()));
    return !decoder->trouble().empty();
  }));
  BOOST_TEST(!decoder->idle(clock.monotonic()));
  clock.advance(61s);
  BOOST_TEST(decoder->idle(clock.monotonic()));
}

BOOST_AUTO_TEST_CASE(one_that_is_silent_is_given_up) {
  const tests::TemporaryFolder folder;
  const auto program = folder / "worker";
  std::ofstream(program) << "#!/bin/sh\nexec cat <&3 >/dev/null\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const auto decoder = make_wechat_decoder(program, folder.path());
  ManualClock clock{UtcTime{}};
  decoder->give(cv::Mat(240, 320, CV_8UC1, cv::Scalar(80)), clock.monotonic());
  clock.advance(6s);
  BOOST_TEST(!decoder->take(clock.monotonic()).has_value());
  BOOST_TEST(decoder->trouble().find("5 s") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_that_is_not_there_is_said) {
  const tests::TemporaryFolder folder;
  const auto decoder = make_wechat_decoder(folder / "absent", folder.path());
  ManualClock clock{UtcTime{}};
  decoder->give(cv::Mat(240, 320, CV_8UC1, cv::Scalar(80)), clock.monotonic());
  BOOST_TEST(decoder->trouble().find("absent") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::qr
