// The keys of a face reader's URL.
#include "devices/face/face_settings.hpp"

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::face {
namespace {

Result<FaceSettings> settings_of(const std::string& query) {
  return parse_face_settings(parse_url("face+dir:///x?" + query).value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(face_settings)

BOOST_AUTO_TEST_CASE(the_defaults_are_careful) {
  const auto settings = settings_of("").value();
  BOOST_TEST((settings.liveness == LivenessRule::alone));
  BOOST_TEST((settings.several == SeveralRule::refuse));
  BOOST_TEST(settings.votes == 2);
  BOOST_TEST(!settings.one_to_one);
  BOOST_TEST(!settings.one_to_many);
}

BOOST_AUTO_TEST_CASE(every_key_is_read) {
  const auto settings =
      settings_of(
          "pack=retail-0095&liveness=always&several=each&eyes_px=30&one_to_one=.5&one_to_many=.6"
          "&votes=3&detection_px=640")
          .value();
  BOOST_TEST(settings.pack == "retail-0095");
  BOOST_TEST((settings.liveness == LivenessRule::always));
  BOOST_TEST((settings.several == SeveralRule::each));
  BOOST_TEST(settings.eye_distance_px_min == 30.0F);
  BOOST_TEST(settings.one_to_one.value() == 0.5F);
  BOOST_TEST(settings.one_to_many.value() == 0.6F);
  BOOST_TEST(settings.votes == 3);
  BOOST_TEST(settings.detection_px == 640);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_taken_is_named) {
  for (const auto* query : {"liveness=maybe", "several=two", "eyes_px=3", "one_to_one=1.5", "one_to_many=nan",
                            "votes=0", "votes=two", "detection_px=64"}) {
    const auto settings = settings_of(query);
    BOOST_REQUIRE_MESSAGE(!settings, query);
    const std::string key(query, std::string_view(query).find('='));
    BOOST_TEST(settings.error().detail.find(key) != std::string::npos, settings.error().text());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::face
