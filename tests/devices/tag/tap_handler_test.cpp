// From a phone's request to its answer: what is recorded, what is refused and why, and that nothing is
// recorded twice.
#include "devices/tag/tap_handler.hpp"

#include <boost/test/unit_test.hpp>

#include "devices/tag/tag_store.hpp"
#include "tests/devices/tag/tag_fixture.hpp"

namespace sitegate::devices::tag {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const UtcTime morning{std::chrono::milliseconds{1'690'756'200'000}};  // 2023-07-31T07:30 in Japan

// A phone's browser: keeps cookies, sends what browsers send.
struct Phone {
  std::string token;
  std::string accept_language = "en";
  http::Headers extra;

  [[nodiscard]] http::Request request(const std::string& method, const std::string& target,
                                      const std::string& body = "") const {
    http::Request request;
    request.method = method;
    request.target = target;
    const auto mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    request.query =
        http::parse_form(std::string_view(target).substr(std::min(mark + 1, target.size()))).value();
    request.headers = {{"Host", "gate.example"}, {"Accept-Language", accept_language}};
    if (!token.empty()) request.headers.push_back({"Cookie", "sitegate_token=" + token});
    if (method == "POST") request.headers.push_back({"Origin", "http://gate.example"});
    request.headers.insert(request.headers.begin(), extra.begin(), extra.end());
    request.body = body;
    request.peer = "192.0.2.7";
    return request;
  }
};

ReadOutcome admitted(Direction direction = Direction::entry) {
  return {.recorded = true,
          .accepted = true,
          .gate_opened = true,
          .direction = direction,
          .person = "Yamada Taro",
          .reason = "admitted"};
}

struct Site : TagFiles {
  ManualClock clock{morning};
  std::unique_ptr<TagStore> store = must(TagStore::open(folder / "store"));
  std::shared_ptr<const TagTable> tags = std::make_shared<const TagTable>(load());
  std::unique_ptr<TapHandler> handler;
  std::vector<CredentialRead> reads;
  VirtualTag north = north_tag();
  VirtualTag yard = yard_tag();
  DeviceToken token = DeviceToken::make();
  Phone phone{token.text(), "en", {}};

  explicit Site(bool secure = false) { make_handler(secure); }
  void make_handler(bool secure = false) {
    handler.reset();
    TapSettings settings{.reader_id = "tag-1"};
    settings.secure = secure;
    handler = std::make_unique<TapHandler>(
        settings, TapSurroundings{clock, *store, *store, [this] { return tags; },
                                  [this](CredentialRead read) { reads.push_back(std::move(read)); }});
  }
  void restart() {
    handler.reset();
    store.reset();
    store = must(TagStore::open(folder / "store"));
    make_handler();
  }
  void change_table(std::string_view what, std::string_view with) {
    std::string text(table_text);
    text.replace(text.find(what), what.size(), with);
    write("tags.toml", text, 0644);
    tags = std::make_shared<const TagTable>(load());
  }

  // The answer, or nothing while it is waited for.
  using Answer = std::shared_ptr<std::optional<http::Response>>;
  Answer send(const http::Request& request) {
    auto answer = std::make_shared<std::optional<http::Response>>();
    handler->handle(request,
                    http::Responder([answer](http::Response response) { *answer = std::move(response); }));
    return answer;
  }
  http::Response now(const http::Request& request) {
    const auto answer = send(request);
    BOOST_REQUIRE(answer->has_value());
    return **answer;
  }
  http::Response get(const std::string& target) { return now(phone.request("GET", target)); }
  http::Response post(const std::string& target, const std::string& body = "") {
    return now(phone.request("POST", target, body));
  }
  void settle(const ReadOutcome& outcome) { reads.back().answer(outcome); }
  // A tap whose read is accepted.
  http::Response accepted(const std::string& target) {
    const auto answer = send(phone.request("GET", target));
    BOOST_REQUIRE(!answer->has_value());
    settle(admitted());
    BOOST_REQUIRE(answer->has_value());
    return **answer;
  }
};

struct SecureSite : Site {
  SecureSite() : Site(true) {}
};

bool shows(const http::Response& response, Message message, Language language = Language::english) {
  return response.body.find("<h1>" + std::string(phrase(language, message).title) + "</h1>") !=
         std::string::npos;
}

std::string cookie_set(const http::Response& response, const std::string& name) {
  for (const auto& header : response.headers)
    if (header.name == "Set-Cookie" && header.value.starts_with(name + "=")) return header.value;
  return {};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tap_handler, Site)

BOOST_AUTO_TEST_CASE(a_tap_becomes_a_read) {
  const auto answer = send(phone.request("GET", "/t?" + north.tap()));
  BOOST_REQUIRE(reads.size() == 1u);
  const auto& read = reads.front();
  BOOST_TEST((read.credential == Credential(TokenCredential{token.hash()})));
  BOOST_TEST((read.method == Method::nfc_tag));
  BOOST_TEST((read.direction == Direction::entry));
  BOOST_TEST(read.reader_id == "tag-1");
  BOOST_TEST(read.gate == "");
  BOOST_TEST((read.event_time == morning));
  BOOST_REQUIRE(read.device_event.has_value());
  BOOST_TEST(read.device_event->key == "tag/04A1B2C3D4E5F6/1");
  BOOST_TEST(!read.device_event->late);
}

// The page waits for the disk.
BOOST_AUTO_TEST_CASE(nothing_is_said_before_the_passage_is_recorded) {
  const auto answer = send(phone.request("GET", "/t?" + north.tap()));
  BOOST_TEST(!answer->has_value());
  clock.advance(seconds(1));
  settle({.recorded = true, .accepted = true, .person = "Yamada Taro", .reason = "admitted"});
  BOOST_REQUIRE(answer->has_value());
  BOOST_TEST((**answer).status == 200u);
  BOOST_TEST(shows(**answer, Message::entry));
  for (const auto* text : {"Yamada Taro", "北門", "7:30", "2023-07-31", "class=\"good\""})
    BOOST_TEST((**answer).body.find(text) != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(each_tap_is_a_read_of_its_own) {
  accepted("/t?" + north.tap());
  accepted("/t?" + north.tap());
  BOOST_REQUIRE(reads.size() == 2u);
  BOOST_TEST(reads.back().device_event->key == "tag/04A1B2C3D4E5F6/2");
}

BOOST_AUTO_TEST_CASE(a_page_loaded_again_shows_the_same_and_records_nothing) {
  const auto url = "/t?" + north.tap();
  const auto first = accepted(url);
  clock.advance(minutes(9));
  const auto again = get(url);
  BOOST_TEST(again.body == first.body);
  BOOST_TEST(reads.size() == 1u);
  phone.accept_language = "vi";
  BOOST_TEST(shows(get(url), Message::entry, Language::vietnamese));
  clock.advance(minutes(2));
  BOOST_TEST(shows(get(url), Message::replayed, Language::vietnamese));
}

BOOST_AUTO_TEST_CASE(loaded_again_while_the_answer_is_awaited) {
  const auto url = "/t?" + north.tap();
  const auto first = send(phone.request("GET", url));
  const auto second = send(phone.request("GET", url));
  BOOST_TEST(reads.size() == 1u);
  settle(admitted());
  BOOST_REQUIRE(first->has_value());
  BOOST_REQUIRE(second->has_value());
  BOOST_TEST((**first).body == (**second).body);
}

BOOST_AUTO_TEST_CASE(a_copied_url_is_refused) {
  const auto url = "/t?" + north.tap();
  accepted(url);
  Phone other{DeviceToken::make().text(), "en", {}};
  const auto response = now(other.request("GET", url));
  BOOST_TEST(response.status == 409u);
  BOOST_TEST(shows(response, Message::replayed));
  BOOST_TEST(reads.size() == 1u);
  BOOST_TEST(handler->refused() == 1u);
}

BOOST_AUTO_TEST_CASE(an_older_url_is_refused_after_a_newer_one) {
  const auto kept = "/t?" + north.tap();
  accepted("/t?" + north.tap());
  BOOST_TEST(shows(get(kept), Message::replayed));
  restart();
  BOOST_TEST(shows(get(kept), Message::replayed));
  BOOST_TEST(reads.size() == 1u);
}

BOOST_AUTO_TEST_CASE(foreign_forged_and_damaged) {
  const auto stranger = VirtualTag({*parse_uid("04FFFFFFFFFFFF"), meta_key, file_key, ""}).tap();
  const auto foreign = get("/t?" + stranger);
  BOOST_TEST(foreign.status == 403u);
  BOOST_TEST(shows(foreign, Message::foreign_tag));
  auto altered = north.tap();
  altered.back() = altered.back() == '0' ? '1' : '0';
  const auto forged = get("/t?" + altered);
  BOOST_TEST(forged.status == 403u);
  BOOST_TEST(shows(forged, Message::forged));
  for (const auto* garbage :
       {"/t", "/t?", "/t?x=1", "/t?cmac=1", "/t?picc_data=EF963FF7828658A599F3041510671E88"}) {
    const auto damaged = get(garbage);
    BOOST_TEST(damaged.status == 400u);
    BOOST_TEST(shows(damaged, Message::damaged_link));
  }
  BOOST_TEST(reads.empty());
  BOOST_TEST(handler->refused() == 7u);
  accepted("/t?" + north.tap());  // and the next good one works
}

BOOST_AUTO_TEST_CASE(an_unknown_phone_uses_nothing_up) {
  const auto url = "/t?" + north.tap();
  const auto mine = phone.token;
  for (const auto& other : {std::string(), std::string(64, 'x'), mine.substr(1)}) {
    phone.token = other;
    const auto response = get(url);
    BOOST_TEST(response.status == 403u);
    BOOST_TEST(shows(response, Message::no_token));
  }
  phone.token = mine;
  accepted(url);
}

// The roster does not know the token: recorded as such, and the page says what to do.
BOOST_AUTO_TEST_CASE(a_token_nobody_knows) {
  const auto answer = send(phone.request("GET", "/t?" + north.tap()));
  settle({.recorded = true, .person = "token …4E10", .reason = "unknown_credential"});
  BOOST_TEST(shows(**answer, Message::unknown_credential));
  BOOST_TEST((**answer).body.find("4E10") == std::string::npos);
  BOOST_TEST((**answer).body.find("kept") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_reason_has_its_words) {
  const std::pair<const char*, Message> reasons[] = {
      {"no_roster", Message::no_roster},           {"ambiguous_credential", Message::ambiguous_credential},
      {"not_on_roster", Message::not_on_roster},   {"credential_expired", Message::credential_expired},
      {"site_closed", Message::site_closed},       {"second_factor_missing", Message::second_factor_missing},
      {"contradiction", Message::contradiction},   {"storage_full", Message::storage_full},
      {"storage_failed", Message::storage_failed}, {"not_recorded", Message::not_recorded},
      {"something new", Message::not_recorded}};
  for (const auto& [reason, message] : reasons) {
    const auto answer = send(phone.request("GET", "/t?" + north.tap()));
    settle({.recorded = false, .person = "Yamada Taro", .reason = reason});
    BOOST_TEST(shows(**answer, message), reason);
  }
  const auto answer = send(phone.request("GET", "/t?" + north.tap()));
  auto repeated = admitted();
  repeated.repeat = true;
  settle(repeated);
  BOOST_TEST(shows(**answer, Message::repeat));
}

// The disk was full: the same page may be tried again, under the same key.
BOOST_AUTO_TEST_CASE(what_was_not_recorded_may_be_tried_again) {
  const auto url = "/t?" + north.tap();
  const auto answer = send(phone.request("GET", url));
  settle({.person = "", .reason = "storage_failed"});
  BOOST_TEST((**answer).status == 503u);
  clock.advance(minutes(1));
  const auto again = accepted(url);
  BOOST_TEST(shows(again, Message::entry));
  BOOST_REQUIRE(reads.size() == 2u);
  BOOST_TEST(reads[1].device_event->key == reads[0].device_event->key);
  BOOST_TEST(reads[1].device_event->late);
  BOOST_TEST((reads[1].event_time == morning));
}

// Killed between the counter's commit and the passage's: the phone's reload brings the tap again, its key
// keeps it one.
BOOST_AUTO_TEST_CASE(a_restart_between_counter_and_passage) {
  const auto url = "/t?" + north.tap();
  send(phone.request("GET", url));
  restart();
  clock.advance(minutes(2));
  accepted(url);
  BOOST_REQUIRE(reads.size() == 2u);
  BOOST_TEST(reads[1].device_event->key == reads[0].device_event->key);
  BOOST_TEST((reads[1].event_time == morning));
}

// The pipeline lost it: after the server's time for an answer the page brings the tap again.
BOOST_AUTO_TEST_CASE(an_answer_that_never_comes) {
  const auto url = "/t?" + north.tap();
  const auto lost = send(phone.request("GET", url));
  clock.advance(seconds(31));
  accepted(url);
  BOOST_REQUIRE(reads.size() == 2u);
  BOOST_TEST(reads[1].device_event->key == reads[0].device_event->key);
}

// The gateway ends while pages wait: answers that come later go nowhere, and nothing breaks.
BOOST_AUTO_TEST_CASE(an_answer_after_the_end) {
  const auto answer = send(phone.request("GET", "/t?" + north.tap()));
  handler.reset();
  settle(admitted());
  BOOST_TEST(answer->has_value());
}

BOOST_AUTO_TEST_CASE(browsers_that_look_ahead_use_nothing_up) {
  const auto url = "/t?" + north.tap();
  auto ahead = phone;
  ahead.extra = {{"Sec-Purpose", "prefetch"}};
  BOOST_TEST(now(ahead.request("GET", url)).status == 503u);
  for (const auto* method : {"HEAD", "PUT", "DELETE", "OPTIONS", "get"})
    BOOST_TEST(now(phone.request(method, url)).status == 405u);
  BOOST_TEST(now(phone.request("POST", "/")).status == 405u);
  BOOST_TEST(reads.empty());
  accepted(url);
}

BOOST_AUTO_TEST_CASE(a_link_on_another_site_asks_first) {
  const auto url = "/t?" + north.tap();
  auto lured = phone;
  lured.extra = {{"Referer", "http://evil.example/"}};
  const auto asked = now(lured.request("GET", url));
  BOOST_TEST(shows(asked, Message::confirm));
  auto forced = phone;
  forced.extra = {{"Origin", "http://evil.example"}};
  BOOST_TEST(shows(now(forced.request("POST", url)), Message::confirm));
  BOOST_TEST(reads.empty());
  const auto answer = send(phone.request("POST", url));
  BOOST_REQUIRE(reads.size() == 1u);
  settle(admitted());
  BOOST_TEST(shows(**answer, Message::entry));
}

// ---- position and time ----

BOOST_AUTO_TEST_CASE(a_tag_with_a_position_asks_for_the_phones) {
  const auto url = "/t?" + yard.tap();
  const auto asked = get(url);
  BOOST_TEST(asked.status == 200u);
  BOOST_TEST(shows(asked, Message::locate));
  BOOST_TEST(reads.empty());
  const auto answer =
      send(phone.request("POST", url, "lat=35.6813&lon=139.7672&acc=10&geo=&time=1690756200000"));
  BOOST_REQUIRE(reads.size() == 1u);
  BOOST_TEST(!reads.front().direction.has_value());
  settle(admitted(Direction::exit));
  BOOST_TEST(shows(**answer, Message::exit));
  // Loaded again: asks for nothing.
  BOOST_TEST(shows(get(url), Message::exit));
}

BOOST_AUTO_TEST_CASE(positions_that_will_not_do) {
  const auto url = "/t?" + yard.tap();
  const std::pair<const char*, Message> positions[] = {
      {"lat=35.6909&lon=139.7002&acc=10&geo=", Message::position_far},   // Shinjuku, 6 km
      {"lat=35.6840&lon=139.7671&acc=10&geo=", Message::position_far},   // 307 m: 100 m + 10 m are allowed
      {"lat=35.6840&lon=139.7671&acc=900&geo=", Message::position_far},  // uncertainty counts 100 m at most
      {"lat=35.6812&lon=139.7671&acc=5000&geo=", Message::position_missing},
      {"lat=&lon=&acc=&geo=denied", Message::position_missing},
      {"lat=nan&lon=nan&acc=nan&geo=", Message::position_missing},
      {"geo=unavailable", Message::position_missing},
      {"", Message::locate},
      {"lat=%zz", Message::damaged_link}};
  for (const auto& [body, message] : positions) BOOST_TEST(shows(post(url, body), message), body);
  BOOST_TEST(shows(post(url, std::string(form_size_max + 1, 'x')), Message::damaged_link));
  BOOST_TEST(reads.empty());
  // 190 m away, known to 95 m: taken.
  send(phone.request("POST", url, "lat=35.68294&lon=139.7671&acc=95&geo="));
  BOOST_TEST(reads.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_position_that_is_only_wanted) {
  change_table("radius_m = 100", "radius_m = 100\nposition_required = false");
  send(phone.request("POST", "/t?" + yard.tap(), "geo=denied"));
  BOOST_TEST(reads.size() == 1u);
  BOOST_TEST(shows(post("/t?" + yard.tap(), "lat=35.6909&lon=139.7002&acc=10&geo="), Message::position_far));
}

BOOST_AUTO_TEST_CASE(a_phone_whose_clock_is_off) {
  const auto url = "/t?" + yard.tap();
  const auto at = [&](UtcTime time) {
    return phone.request(
        "POST", url,
        "lat=35.6812&lon=139.7671&acc=10&geo=&time=" + std::to_string(time.time_since_epoch().count()));
  };
  BOOST_TEST(shows(now(at(morning + seconds(301))), Message::clock_wrong));
  BOOST_TEST(shows(now(at(morning - seconds(301))), Message::clock_wrong));
  BOOST_TEST(shows(now(at(UtcTime{})), Message::clock_wrong));
  BOOST_TEST(reads.empty());
  send(at(morning - seconds(299)));
  BOOST_TEST(reads.size() == 1u);
}

// A gateway that has no time from the network cannot say that a phone is wrong.
BOOST_AUTO_TEST_CASE(a_gateway_without_time_believes_the_phone) {
  clock.set_state(ClockState::unsynchronised);
  send(phone.request("POST", "/t?" + yard.tap(), "lat=35.6812&lon=139.7671&acc=10&geo=&time=0"));
  BOOST_TEST(reads.size() == 1u);
}

// ---- languages, cookies, what pages hold ----

BOOST_AUTO_TEST_CASE(pages_in_three_languages) {
  const std::pair<const char*, Language> headers[] = {{"ja-JP,ja;q=0.9,en;q=0.8", Language::japanese},
                                                      {"en-US,en;q=0.9", Language::english},
                                                      {"vi-VN,vi;q=0.9", Language::vietnamese},
                                                      {"pt-BR", Language::japanese}};
  for (const auto& [header, language] : headers) {
    phone.accept_language = header;
    const auto response = accepted("/t?" + north.tap());
    BOOST_TEST(shows(response, Message::entry, language));
    BOOST_TEST(response.header("Content-Language") == code_of(language));
    BOOST_TEST(shows(get("/"), Message::hint, language));
    BOOST_TEST(shows(get("/no"), Message::not_found, language));
  }
}

BOOST_AUTO_TEST_CASE(the_language_switch_is_remembered) {
  const auto url = "/t?" + north.tap();
  BOOST_TEST(cookie_set(accepted(url), "sitegate_lang") == "");
  const auto switched = get(url + "&lang=vi");
  BOOST_TEST(shows(switched, Message::entry, Language::vietnamese));
  BOOST_TEST(cookie_set(switched, "sitegate_lang").starts_with("sitegate_lang=vi; Path=/; Max-Age="));
}

BOOST_AUTO_TEST_CASE(cookies_of_an_accepted_tap) {
  const auto set = cookie_set(accepted("/t?" + north.tap()), "sitegate_token");
  BOOST_TEST(set == "sitegate_token=" + token.text() + "; Path=/; Max-Age=34560000; SameSite=Lax; HttpOnly");
}

BOOST_FIXTURE_TEST_CASE(cookies_behind_tls, SecureSite) {
  const auto set = cookie_set(accepted("/t?" + north.tap()), "sitegate_token");
  BOOST_TEST(set.ends_with("; SameSite=Lax; HttpOnly; Secure"));
}

// Whatever a browser sends, no page repeats it; and no page of a tap holds the token.
BOOST_AUTO_TEST_CASE(nothing_sent_comes_back) {
  const std::string evil = "\"'><script>alert(1)</script>";
  phone.extra = {{"User-Agent", evil},
                 {"Cookie", "sitegate_lang=" + evil + "; sitegate_token=" + token.text()}};
  phone.accept_language = evil;
  const auto good = north.tap();
  std::vector<http::Response> pages;
  for (const auto& target :
       {"/t?" + good + "&x=%22%3E%3Cscript%3E", "/t?" + good + "&lang=%22%3E%3Cscript%3E",
        std::string("/t?picc_data=%3Cscript%3E&cmac=0011223344556677"),
        std::string("/enrol?token=%3Cscript%3E"), std::string("/%3Cscript%3E")}) {
    const auto answer = send(phone.request("GET", target));
    if (!answer->has_value()) settle({.recorded = true, .accepted = true, .person = evil, .reason = evil});
    pages.push_back(**answer);
  }
  pages.push_back(post("/t?" + yard.tap(), "lat=%3Cscript%3E&lon=1&acc=1&geo=%3Cscript%3E"));
  for (const auto& page : pages) {
    BOOST_TEST(page.body.find("<script>alert") == std::string::npos);
    BOOST_TEST(page.body.find("%3C") == std::string::npos);
    BOOST_TEST(page.body.find(token.text()) == std::string::npos);
    for (const auto& header : page.headers) BOOST_TEST(header.value.find("script>") == std::string::npos);
  }
}

// ---- enrolment ----

struct Enrolling : Site {
  EnrolmentLink link{DeviceToken::make(), morning + std::chrono::hours(72)};
  std::string url = "/enrol?" + enrolment_query(link, enrolment_key);
  Enrolling() { phone.token.clear(); }
};

BOOST_FIXTURE_TEST_CASE(a_link_makes_a_phone_somebodys, Enrolling) {
  const auto asked = get(url);
  BOOST_TEST(shows(asked, Message::enrol));
  BOOST_TEST(cookie_set(asked, "sitegate_token") == "");  // looking sets nothing
  const auto joined = post(url);
  BOOST_TEST(joined.status == 303u);
  BOOST_TEST(joined.header("Location") == "/enrolled");
  const auto set = cookie_set(joined, "sitegate_token");
  BOOST_TEST(set ==
             "sitegate_token=" + link.token.text() + "; Path=/; Max-Age=34560000; SameSite=Lax; HttpOnly");
  phone.token = link.token.text();
  BOOST_TEST(shows(get("/enrolled"), Message::enrolled));
  accepted("/t?" + north.tap());
  BOOST_TEST((reads.back().credential == Credential(TokenCredential{link.token.hash()})));
}

BOOST_FIXTURE_TEST_CASE(a_link_works_once, Enrolling) {
  post(url);
  restart();
  const auto second = post(url);
  BOOST_TEST(second.status == 409u);
  BOOST_TEST(shows(second, Message::link_used));
  BOOST_TEST(cookie_set(second, "sitegate_token") == "");
  phone.token = link.token.text();  // the phone that has it
  BOOST_TEST(shows(get(url), Message::enrolled_before));
  BOOST_TEST(shows(post(url), Message::enrolled_before));
}

BOOST_FIXTURE_TEST_CASE(links_that_do_not_work, Enrolling) {
  auto altered = url;
  altered.back() = altered.back() == '0' ? '1' : '0';
  BOOST_TEST(shows(post(altered), Message::link_wrong));
  BOOST_TEST(shows(post("/enrol?" + enrolment_query(link, file_key)), Message::link_wrong));
  clock.advance(std::chrono::hours(73));
  const auto ended = post(url);
  BOOST_TEST(ended.status == 410u);
  BOOST_TEST(shows(ended, Message::link_ended));
  change_table("enrolment_key = \"enrolment\"", "");
  BOOST_TEST(shows(post(url), Message::no_enrolment));
  BOOST_TEST(shows(get("/enrolled"), Message::no_token));
}

// A form on another site cannot put its own token into a phone.
BOOST_FIXTURE_TEST_CASE(another_site_cannot_enrol, Enrolling) {
  phone.extra = {{"Origin", "http://evil.example"}};
  const auto response = post(url);
  BOOST_TEST(shows(response, Message::enrol));
  BOOST_TEST(cookie_set(response, "sitegate_token") == "");
}

// ---- the disk ----

// The disk says no: nothing is handed on, the page says so, and the same page works later.
BOOST_AUTO_TEST_CASE(a_counter_that_cannot_be_read) {
  struct BrokenBook final : CounterBook {
    Result<Taken> take(const PiccData&, const Digest&, UtcTime, std::chrono::milliseconds) override {
      return fail(TagErrc::damaged_record, "of take");
    }
    Result<Taken> look(const PiccData&, const Digest&, UtcTime, std::chrono::milliseconds) override {
      if (fails_at_look) return fail(TagErrc::damaged_record, "of look");
      return Taken{News::fresh, morning};
    }
    bool fails_at_look = true;
  } broken;
  TapHandler failing({.reader_id = "tag-1"},
                     {clock, broken, *store, [this] { return tags; },
                      [this](CredentialRead read) { reads.push_back(std::move(read)); }});
  for (const bool at_look : {true, false}) {
    broken.fails_at_look = at_look;
    std::optional<http::Response> response;
    failing.handle(phone.request("GET", "/t?" + north.tap()),
                   http::Responder([&](http::Response given) { response = std::move(given); }));
    BOOST_REQUIRE(response.has_value());
    BOOST_TEST(response->status == 503u);
    BOOST_TEST(shows(*response, Message::storage_failed));
  }
  BOOST_TEST(reads.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
