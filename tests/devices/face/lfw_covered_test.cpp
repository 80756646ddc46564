// All enrolled people of LFW with helmet, goggles, mask, sunglasses and in low light; and strangers with
// them.
#include "tests/devices/face/covered_faces.hpp"

namespace sitegate::devices::face {

BOOST_AUTO_TEST_CASE(covered_faces_of_lfw_are_never_taken_for_another,
                     *boost::unit_test::precondition(has_faces)) {
  check_covered_faces(160, 40);
}

}  // namespace sitegate::devices::face
