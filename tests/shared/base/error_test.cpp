// Errors as values: what they say, how they are compared, how they travel.
#include "shared/base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>

namespace sitegate::lamp {

enum class LampErrc { burnt_out = 1, stolen };
const char* errc_category(LampErrc) {
  return "lamp";
}
std::string_view errc_text(LampErrc what) {
  return what == LampErrc::burnt_out ? "burnt out" : "stolen";
}

enum class DoorErrc { jammed = 1 };
const char* errc_category(DoorErrc) {
  return "door";
}
std::string_view errc_text(DoorErrc) {
  return "jammed";
}

namespace {

Result<int> brightness(int wanted) {
  if (wanted < 0) return fail(LampErrc::burnt_out, "gate 1");
  return wanted;
}
Result<int> twice(int wanted) {
  SITEGATE_TRY(value, brightness(wanted));
  return value * 2;
}
Result<void> check(int wanted) {
  SITEGATE_TRYV(brightness(wanted));
  return success();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(an_error_says_where_it_belongs_what_and_where) {
  BOOST_TEST(fail(LampErrc::burnt_out, "gate 1").text() == "lamp: burnt out: gate 1");
  BOOST_TEST(fail(LampErrc::stolen).text() == "lamp: stolen");
}

BOOST_AUTO_TEST_CASE(an_error_is_compared_by_code_not_by_detail) {
  const Error error = fail(LampErrc::burnt_out, "gate 1");
  BOOST_TEST(is(error, LampErrc::burnt_out));
  BOOST_TEST(!is(error, LampErrc::stolen));
  BOOST_TEST((error.code == fail(LampErrc::burnt_out, "gate 2").code));
}

BOOST_AUTO_TEST_CASE(equal_numbers_of_two_modules_are_two_errors) {
  BOOST_TEST(!is(fail(LampErrc::burnt_out), DoorErrc::jammed));
  BOOST_TEST((fail(LampErrc::burnt_out).code != fail(DoorErrc::jammed).code));
}

BOOST_AUTO_TEST_CASE(try_gives_the_value_or_returns_the_error) {
  BOOST_TEST(twice(21).value() == 42);
  const auto failed = twice(-1);
  BOOST_REQUIRE(!failed);
  BOOST_TEST(failed.error().text() == "lamp: burnt out: gate 1");
  BOOST_TEST(check(1).has_value());
  BOOST_TEST(is(check(-1).error(), LampErrc::burnt_out));
}

BOOST_AUTO_TEST_CASE(a_system_failure_keeps_errno_and_the_path) {
  const Error error = fail_errno(ENOSPC, "write /var/lib/sitegate/outbox");
  BOOST_TEST((error.code == std::errc::no_space_on_device));
  BOOST_TEST(error.text() == "generic: No space left on device: write /var/lib/sitegate/outbox");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::lamp
