// Every test program's main.
#define BOOST_TEST_MODULE sitegate
#include <boost/test/unit_test.hpp>
