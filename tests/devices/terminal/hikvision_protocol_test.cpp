// Hikvision ISAPI, access control: EventNotificationAlert, and the search /ISAPI/AccessControl/AcsEvent.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "devices/terminal/hikvision_protocol.hpp"

namespace sitegate::devices::terminal::hikvision {
namespace {

LocalTime at(std::string_view text) {
  return *parse_local_time(text);
}

std::string alert(const std::string& access, const std::string& time = "2026-11-22T07:41:05+09:00") {
  return R"({"dateTime":")" + time + R"(","eventType":"AccessControllerEvent","deviceID":"DS-1",)" +
         R"("macAddress":"11:22:33:44:55:66","AccessControllerEvent":{)" + access + "}}";
}
const std::string face_access =
    R"("majorEventType":5,"subEventType":75,"cardNo":"0","employeeNoString":"49182736451",)"
    R"("serialNo":1207,"frontSerialNo":1206,"currentVerifyMode":"cardOrFaceOrFp",)"
    R"("attendanceStatus":"checkIn","currTemperature":36.6)";

std::string multipart(const std::string& json) {
  return "--MIME_boundary\r\nContent-Disposition: form-data; name=\"event_log\"\r\n\r\n" + json +
         "\r\n--MIME_boundary\r\nContent-Disposition: form-data; name=\"Picture\"; filename=\"P.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n\xFF\xD8\r\n--MIME_boundary--\r\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hikvision_protocol)

BOOST_AUTO_TEST_CASE(a_pushed_face) {
  const auto notice = parse_notice("application/json", alert(face_access));
  BOOST_REQUIRE(notice.has_value());
  BOOST_TEST((notice.value().kind == Notice::Kind::log_entry));
  BOOST_TEST((notice.value().ids == std::vector<std::string>{"DS-1", "11:22:33:44:55:66"}));
  const auto& entry = notice.value().entry;
  BOOST_TEST(entry.serial_no == 1207u);
  BOOST_TEST(entry.previous_serial_no == 1206u);
  BOOST_TEST((entry.event.kind == Event::Kind::person));
  BOOST_TEST(entry.event.pin == "49182736451");
  BOOST_TEST(entry.event.card.empty());
  BOOST_TEST((entry.event.method == Method::face));  // by the code, not by what is configured
  BOOST_TEST((entry.event.time == at("2026-11-22 07:41:05")));
  BOOST_TEST((entry.event.utc_offset == std::chrono::minutes(540)));
  BOOST_TEST(entry.event.state == "checkIn");
  BOOST_TEST(*entry.event.body_temperature_c == 36.6f);
  BOOST_TEST(entry.event.key == "1207/2026-11-22T07:41:05");
}

// RFC 7578 and RFC 2046, 5.1: the event is the part event_log, the picture is passed over.
BOOST_AUTO_TEST_CASE(multipart_with_a_picture) {
  const auto plain = parse_notice("application/json", alert(face_access));
  for (const std::string_view type :
       {"multipart/form-data; boundary=MIME_boundary", "multipart/form-data; boundary=\"MIME_boundary\"",
        "Multipart/Form-Data;boundary=MIME_boundary; charset=utf-8", "", "text/plain"}) {
    const auto notice = parse_notice(type, multipart(alert(face_access)));
    BOOST_REQUIRE_MESSAGE(notice.has_value(), type);
    BOOST_TEST((notice.value().entry.event == plain.value().entry.event), type);
  }
}

BOOST_AUTO_TEST_CASE(broken_multipart_is_refused) {
  const std::string good = multipart(alert(face_access));
  const std::string type = "multipart/form-data; boundary=MIME_boundary";
  BOOST_TEST(!parse_notice("multipart/form-data; boundary=other", good).has_value());
  BOOST_TEST(!parse_notice("multipart/form-data", "no boundary in it").has_value());
  BOOST_TEST(!parse_notice("multipart/form-data; boundary=", good.substr(2)).has_value());
  BOOST_TEST(!parse_notice("multipart/form-data; boundary=" + std::string(71, 'b'), good).has_value());
  const auto picture = good.find("--MIME_boundary", 5);
  for (std::size_t size = 0; size < picture; ++size)
    BOOST_TEST(!parse_notice(type, good.substr(0, size)).has_value(), "cut at " << size);
}

BOOST_AUTO_TEST_CASE(codes_say_what_recognised_the_person) {
  const auto event = [](int code, const std::string& who) {
    const auto access =
        R"("majorEventType":5,"subEventType":)" + std::to_string(code) + "," + who + R"(,"serialNo":1)";
    return parse_notice("", alert(access)).value().entry.event;
  };
  const std::string user = R"("employeeNoString":"7")";
  BOOST_TEST((event(1, user).method == Method::card));
  BOOST_TEST((event(60, user).method == Method::face));
  BOOST_TEST((event(156, user).method == Method::qr));
  BOOST_TEST(!event(38, user).method.has_value());  // a fingerprint: what the terminal is set to
  BOOST_TEST((event(38, user).kind == Event::Kind::person));
  BOOST_TEST((event(76, user).kind == Event::Kind::refused));
  BOOST_TEST((event(9, R"("cardNo":"123")").kind == Event::Kind::refused));
  BOOST_TEST((event(21, R"("doorNo":1)").kind == Event::Kind::device));
  BOOST_TEST((event(75, R"("doorNo":1)").kind == Event::Kind::device));  // a face of nobody
  BOOST_TEST((event(9999, user).kind == Event::Kind::device));
  BOOST_TEST(event(1, R"("cardNo":"3089312453")").card == "3089312453");
  BOOST_TEST(event(1, R"("employeeNo":7)").pin == "7");  // numbers are taken as text
}

BOOST_AUTO_TEST_CASE(heartbeats_and_other_notices_are_told_apart) {
  const auto beat = parse_notice("", R"({"eventType":"heartBeat","dateTime":"2026-11-22T07:41:05+09:00"})");
  BOOST_TEST((beat.value().kind == Notice::Kind::heartbeat));
  BOOST_TEST((beat.value().time == at("2026-11-22 07:41:05")));
  BOOST_TEST((parse_notice("", R"({"eventType":"videoloss"})").value().kind == Notice::Kind::other));
  const auto wrapped = R"({"EventNotificationAlert":)" + alert(face_access) + "}";
  BOOST_TEST((parse_notice("", wrapped).value().kind == Notice::Kind::log_entry));
}

BOOST_AUTO_TEST_CASE(what_is_no_notice_is_refused_with_its_reason) {
  const auto why = [](std::string_view body) {
    const auto notice = parse_notice("application/json", body);
    return notice ? std::string() : notice.error().text();
  };
  for (const std::string& body :
       {std::string(), std::string("  "), std::string("[]"), std::string("{"), std::string("null"),
        std::string(1u << 20, '['), alert(face_access.substr(1) + std::string(40, '{')),
        alert(R"("majorEventType":5,"subEventType":"75")"), alert(R"("majorEventType":5)"),
        alert(face_access, "yesterday"), alert(face_access, "2026-11-22T07:41:05+99:00"),
        alert(R"("majorEventType":5,"subEventType":75,"employeeNoString":"a b")"),
        alert(R"("majorEventType":5,"subEventType":75,"employeeNoString":")" + std::string(33, '1') + "\"")})
    BOOST_TEST(!why(body).empty(), body.substr(0, 200));
  BOOST_TEST(why("<EventNotificationAlert/>").find("JSON") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_search_asks_for_thirty_of_access_control) {
  const auto request = nlohmann::json::parse(search_request(
      {"id-1", 60, at("2026-11-22 00:00:00"), at("2026-11-22 23:59:59"), std::chrono::minutes(540)}));
  const auto& condition = request.at("AcsEventCond");
  BOOST_TEST(condition.at("searchID") == "id-1");
  BOOST_TEST(condition.at("searchResultPosition") == 60);
  BOOST_TEST(condition.at("maxResults") == 30);
  BOOST_TEST(condition.at("major") == 5);
  BOOST_TEST(condition.at("minor") == 0);
  BOOST_TEST(condition.at("startTime") == "2026-11-22T00:00:00+09:00");
  BOOST_TEST(condition.at("endTime") == "2026-11-22T23:59:59+09:00");
}

BOOST_AUTO_TEST_CASE(a_page_of_the_log) {
  const auto page = parse_search_page(
      R"({"AcsEvent":{"searchID":"1","responseStatusStrg":"MORE","numOfMatches":3,"totalMatches":40,"InfoList":[)"
      R"({"major":5,"minor":75,"time":"2026-11-22T07:41:05+09:00","employeeNoString":"49182736451","serialNo":1207,)"
      R"("attendanceStatus":"checkIn"},)"
      R"({"major":5,"minor":75,"time":"late","employeeNoString":"1","serialNo":1208},)"
      R"({"major":2,"minor":75,"time":"2026-11-22T07:42:05+09:00","employeeNoString":"1","serialNo":1209}]}})");
  BOOST_REQUIRE(page.has_value());
  BOOST_TEST(page.value().more);
  BOOST_TEST(page.value().count == 3u);
  BOOST_REQUIRE(page.value().entries.size() == 2u);
  BOOST_TEST((page.value().entries[1].event.kind == Event::Kind::device));  // not of access control
  BOOST_REQUIRE(page.value().mistakes.size() == 1u);
  BOOST_TEST(page.value().mistakes[0].line == 2u);
  // What was pushed and what stands in the log have the same key.
  const auto pushed = parse_notice("", alert(face_access));
  BOOST_TEST(page.value().entries[0].event.key == pushed.value().entry.event.key);
  BOOST_TEST(!parse_search_page(R"({"AcsEvent":{"responseStatusStrg":"NO MATCH"}})").value().more);
  for (const std::string_view body : {"", "[]", R"({"AcsEvent":3})", "<html>"})
    BOOST_TEST(!parse_search_page(body).has_value(), body);
}

BOOST_AUTO_TEST_CASE(stated_times) {
  const auto offset = [](std::string_view text) { return parse_stated_time(text).value().utc_offset; };
  BOOST_TEST((offset("2026-11-22T07:41:05Z") == std::chrono::minutes(0)));
  BOOST_TEST((offset("2026-11-22T07:41:05-03:30") == std::chrono::minutes(-210)));
  BOOST_TEST(!offset("2026-11-22T07:41:05").has_value());
  for (const std::string_view text :
       {"2026-11-22T07:41", "2026-11-22T07:41:05+9", "2026-11-22T07:41:05+09:60", ""})
    BOOST_TEST(!parse_stated_time(text).has_value(), text);
  BOOST_TEST(to_text(at("2026-11-22 07:41:05"), std::chrono::minutes(-210)) == "2026-11-22T07:41:05-03:30");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::terminal::hikvision
