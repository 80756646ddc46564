// Rates and proposed thresholds from scores that are known by hand, and the page.
#include "devices/face/calibration.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

namespace sitegate::devices::face {
namespace {

/// A picture in the plane: its direction in degrees.
CalibrationPicture at(std::size_t person, double degrees) {
  const double angle = degrees * 3.14159265358979 / 180;
  return {person, {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))}};
}

/// People as random directions in 64 dimensions, pictures near them.
std::vector<CalibrationPicture> crowd(std::size_t people, std::size_t pictures) {
  std::mt19937 generator(4);
  std::normal_distribution<float> normal;
  std::vector<CalibrationPicture> all;
  for (std::size_t person = 0; person < people; ++person) {
    std::vector<float> centre(64);
    for (auto& value : centre) value = normal(generator);
    for (std::size_t i = 0; i < pictures; ++i) {
      CalibrationPicture picture{person, centre};
      float length = 0;
      for (auto& value : picture.vector) {
        value += 0.7F * normal(generator);
        length += value * value;
      }
      for (auto& value : picture.vector) value /= std::sqrt(length);
      all.push_back(std::move(picture));
    }
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(calibration)

BOOST_AUTO_TEST_CASE(rates_of_two_people_by_hand) {
  // One person at 0 and 10 degrees, the other at 90 and 100: each picture is 10 degrees from its person's
  // other one, and 95, 85, 85, 95 degrees from the other person's middle.
  const auto found = Calibration::of({at(1, 0), at(1, 10), at(2, 90), at(2, 100)}).value();
  BOOST_TEST(found.people() == 2u);
  BOOST_TEST(found.genuine().size() == 4u);
  BOOST_TEST(found.impostor().size() == 4u);
  BOOST_TEST(found.false_accept_rate(0.05F) == 0.5);
  BOOST_TEST(found.false_accept_rate(0.1F) == 0.0);
  BOOST_TEST(found.false_reject_rate(0.9F) == 0.0);
  BOOST_TEST(found.false_reject_rate(0.99F) == 1.0);
  BOOST_TEST(found.equal_error_rate() == 0.0);
  BOOST_TEST(found.identification_rate(0.9F) == 1.0);
  BOOST_TEST(found.identification_rate(0.999F) == 0.0);
  // Two of four pictures have somebody else at cos 85 or above, among one other person.
  BOOST_TEST(found.false_identification_rate(0.05F, 1) == 0.5);
  BOOST_TEST(found.false_identification_rate(0.05F, 2) == 0.75, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(proposals_keep_the_rate_they_promise) {
  const auto found = Calibration::of(crowd(120, 4)).value();
  const auto proposals = found.proposals({119, 1'000});
  BOOST_REQUIRE_EQUAL(proposals.size(), 3u);
  BOOST_TEST(proposals[0].people == 1u);
  BOOST_TEST(found.false_accept_rate(proposals[0].score) <= 1e-4);
  BOOST_TEST(found.false_identification_rate(proposals[1].score, 119) <= 0.0101);
  BOOST_TEST(proposals[1].score <= proposals[2].score);
  BOOST_TEST(!proposals[0].estimated);
  BOOST_TEST(proposals[2].estimated);
  BOOST_TEST(proposals[0].recognised_rate > 0.9);
}

BOOST_AUTO_TEST_CASE(too_few_pictures_are_refused) {
  BOOST_TEST(is(Calibration::of({}).error(), FaceErrc::too_few_pictures));
  BOOST_TEST(is(Calibration::of({at(1, 0), at(1, 5)}).error(), FaceErrc::too_few_pictures));
  BOOST_TEST(is(Calibration::of({at(1, 0), at(2, 5)}).error(), FaceErrc::too_few_pictures));
}

BOOST_AUTO_TEST_CASE(the_page_has_a_plot_and_the_proposals) {
  const auto found = Calibration::of(crowd(30, 3)).value();
  const auto proposals = found.proposals({300});
  const auto page = calibration_page(found, proposals, "Site <1>");
  BOOST_TEST(page.find("<svg") != std::string::npos);
  BOOST_TEST(page.find("Site &lt;1&gt;") != std::string::npos);
  BOOST_TEST(page.find("1:300") != std::string::npos);
  BOOST_TEST(page.find("<script") == std::string::npos);
  BOOST_TEST(page.find("nan") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::face
