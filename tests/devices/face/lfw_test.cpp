// The whole set: 160 people of Labeled Faces in the Wild enrolled with two pictures each, the others of them
// as probes, 160 strangers; through the analyser at the pack's own thresholds. Liveness is off: these are
// printed press pictures, and whether they are alive is another test's matter.
#include "tests/devices/face/face_gate.hpp"

namespace sitegate::devices::face {

BOOST_AUTO_TEST_CASE(lfw_97_of_100_are_identified_and_nobody_is_taken_for_another,
                     *boost::unit_test::precondition(has_faces)) {
  const InstalledRetail retail;
  FaceGate gate(retail.pack, retail.folder.path(), "liveness=off&several=each");
  const LfwPeople people(gate, 160, 160);
  BOOST_REQUIRE_EQUAL(people.enrolled.size(), 160u);
  BOOST_REQUIRE_EQUAL(people.strangers.size(), 160u);
  const auto tally = tally_of(gate, people);
  std::string problems;
  for (const auto& [word, count] : gate.problems) problems += " " + word + " " + std::to_string(count);
  BOOST_TEST_MESSAGE(tally.text() << "; pictures refused for enrolment:" << problems);
  BOOST_TEST(tally.wrong == 0);
  BOOST_TEST(tally.right_rate() >= 0.97);
  BOOST_TEST(tally.strangers_taken <= 0.01 * tally.strangers);
}

}  // namespace sitegate::devices::face
