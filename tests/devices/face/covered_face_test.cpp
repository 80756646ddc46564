// People who wear what is worn at a site: never taken for somebody else, and told what to do. A few here, all
// of them in lfw_covered_test.cpp.
#include "tests/devices/face/covered_faces.hpp"

namespace sitegate::devices::face {

BOOST_AUTO_TEST_CASE(covered_faces_of_a_few_are_never_taken_for_another,
                     *boost::unit_test::precondition(has_faces)) {
  check_covered_faces(6, 1);
}

}  // namespace sitegate::devices::face
