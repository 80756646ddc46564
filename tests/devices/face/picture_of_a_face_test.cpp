// Printed photographs and screens held before the camera, of people who are enrolled: nobody is let in by
// them. The people themselves mostly are, although what is at hand of them are press pictures.
#include "tests/devices/face/drawn_faces.hpp"
#include "tests/devices/face/face_gate.hpp"

namespace sitegate::devices::face {
namespace {

constexpr std::size_t people_count = 8;

struct Gate {
  InstalledRetail retail;
  FaceGate gate{retail.pack, retail.folder.path(), "several=each"};
  LfwPeople people{gate, people_count, 0};
};

using Made = cv::Mat (*)(const cv::Mat&, unsigned);

/// Three pictures of each, as a hand moves.
Tally show_all(Gate& at, Made make) {
  Tally tally;
  unsigned seed = 0;
  for (const auto& person : at.people.enrolled) {
    const auto picture = cv::imread(person.probes.front().string());
    const std::vector<cv::Mat> pictures{make(picture, seed), make(picture, seed + 1),
                                        make(picture, seed + 2)};
    tally.add(at.gate.show(pictures, 20), person.technician);
    seed += 3;
  }
  return tally;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pictures_of_faces, *boost::unit_test::precondition(has_faces))

BOOST_AUTO_TEST_CASE(printed_photos_open_nothing) {
  Gate at;
  auto tally = show_all(at, printed_photo);
  BOOST_TEST_MESSAGE(tally.text());
  BOOST_TEST(tally.probes == people_count);
  BOOST_TEST(tally.right == 0);
  BOOST_TEST(tally.wrong == 0);
  BOOST_TEST(tally.advices["second_factor"] >= 1);
  BOOST_TEST(tally.advices["nothing"] <= 2);  // no face was found in it
}

BOOST_AUTO_TEST_CASE(screens_open_nothing) {
  Gate at;
  auto tally = show_all(at, screen_replay);
  BOOST_TEST_MESSAGE(tally.text());
  BOOST_TEST(tally.probes == people_count);
  BOOST_TEST(tally.right == 0);
  BOOST_TEST(tally.wrong == 0);
  BOOST_TEST(tally.advices["nothing"] <= 2);  // no face was found in it
}

BOOST_AUTO_TEST_CASE(people_themselves_are_let_in) {
  Gate at;
  auto tally = show_all(at, [](const cv::Mat& picture, unsigned) { return picture.clone(); });
  BOOST_TEST_MESSAGE(tally.text());
  BOOST_TEST(tally.right >= 0.6 * people_count);
  BOOST_TEST(tally.wrong == 0);
}

BOOST_AUTO_TEST_CASE(after_a_card_a_doubtful_face_still_is_evidence) {
  Gate at;
  const auto& person = at.people.enrolled.front();
  const auto photo = printed_photo(cv::imread(person.probes.front().string()), 1);
  at.gate.expected = person.technician;
  BOOST_TEST((at.gate.show(photo).person() == person.technician));
  at.gate.expected = at.people.enrolled.back().technician;
  BOOST_TEST(!at.gate.show(photo).person());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::face
