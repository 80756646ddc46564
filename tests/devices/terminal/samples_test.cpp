// The bytes of the vendors' documents and of messages made to the documented formats, from outside the
// project.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "devices/terminal/hikvision_protocol.hpp"
#include "devices/terminal/zkteco_protocol.hpp"

namespace sitegate::devices::terminal {
namespace {

std::filesystem::path folder() {
  const char* data = std::getenv("SITEGATE_TEST_DATA");
  const char* source = std::getenv("SITEGATE_SOURCE");
  const auto root = data != nullptr ? std::filesystem::path(data)
                                    : std::filesystem::path(source != nullptr ? source : ".") / "../shared";
  return root / "samples/terminal";
}

std::string read(const std::string& name) {
  std::ifstream file(folder() / name, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(file.is_open(), name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

boost::test_tools::assertion_result samples_are_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(std::filesystem::exists(folder()));
  there.message() << "no samples in " << folder();
  return there;
}

}  // namespace

BOOST_TEST_DECORATOR(*boost::unit_test::precondition(samples_are_there))
BOOST_AUTO_TEST_SUITE(samples)

BOOST_AUTO_TEST_CASE(an_unregistered_card_is_a_refusal) {
  const auto events = zkteco::parse_rtlog(read("rtlog_vendor_example.body"), false);
  BOOST_TEST(events.mistakes.empty());
  BOOST_REQUIRE(events.events.size() == 1u);
  BOOST_TEST((events.events[0].kind == Event::Kind::refused));
  BOOST_TEST((events.events[0].time == *parse_local_time("2017-01-10 11:49:32")));
  BOOST_TEST(events.events[0].key == "21/20170110114932");
}

BOOST_AUTO_TEST_CASE(a_state_report_tells_the_terminals_time) {
  BOOST_TEST((zkteco::parse_state_time(read("rtstate_vendor_example.body")) ==
              *parse_local_time("2017-01-10 15:42:40")));
}

BOOST_AUTO_TEST_CASE(a_question_and_the_answer_that_opens_the_door) {
  const auto request = read("authtype_device.request");
  const auto question = zkteco::parse_question(request);
  BOOST_REQUIRE(question.has_value());
  BOOST_TEST(question.value().pin == "1001");
  BOOST_TEST((question.value().method == Method::face));
  BOOST_TEST(zkteco::decision_answer(request, {true, zkteco::open_door_command(1, 5), "OK"}) ==
             read("authtype_device.reply"));
}

BOOST_AUTO_TEST_CASE(the_options_have_the_documents_form) {
  std::istringstream ours(zkteco::attendance_options("0316144680030", "", std::chrono::hours(8)));
  std::istringstream vendors(read("handshake_att_vendor_example.reply"));
  std::string line;
  std::set<std::string> keys;
  while (std::getline(ours, line)) keys.insert(line.substr(0, line.find_first_of("=:")));
  while (std::getline(vendors, line)) {
    const auto key = line.substr(0, line.find_first_of("=:"));
    BOOST_TEST(keys.contains(key), key << " is in the document's example and not in ours");
  }
}

BOOST_AUTO_TEST_CASE(a_face_by_isapi_alone_and_with_its_picture) {
  const auto json = hikvision::parse_notice("application/json", read("acs_event.json"));
  const auto multipart =
      hikvision::parse_notice("multipart/form-data; boundary=MIME_boundary", read("acs_event.multipart"));
  BOOST_REQUIRE(json.has_value());
  BOOST_REQUIRE(multipart.has_value());
  const auto& entry = json.value().entry;
  BOOST_TEST((entry.event == multipart.value().entry.event));
  BOOST_TEST((entry.event.kind == Event::Kind::person));
  BOOST_TEST((entry.event.method == Method::face));
  BOOST_TEST(entry.event.pin == "49182736451");
  BOOST_TEST(entry.event.state == "checkIn");
  BOOST_TEST(entry.serial_no == 1207u);
  BOOST_TEST(entry.previous_serial_no == 1206u);
  BOOST_TEST((entry.event.utc_offset == std::chrono::minutes(540)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::terminal
