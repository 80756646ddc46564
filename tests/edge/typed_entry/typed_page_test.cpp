// The page /typed as a browser without scripts sees it: signing in, choosing, recording, and everything that
// must not work.
#include "edge/typed_entry/typed_page.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/edge/site_example.hpp"

using namespace sitegate;
using namespace sitegate::edge;
using namespace sitegate::edge::testing;

namespace {

std::string encoded(std::string_view text) {
  std::string form;
  for (const char c : text) form += "%" + to_hex(as_bytes({&c, 1}));
  return form;
}

/// A browser at the gateway; the outbox is a list, answered when the test says so.
struct Browser {
  Browser() {
    std::vector<Clerk> list{{"tanaka", "田中 <b>一郎</b>", crypto::PasswordHash::of("sesame", {16, 1, 1})}};
    TypedPorts ports;
    ports.roster = [this] { return roster; };
    ports.last_sequence = [this] { return last_sequence; };
    ports.passages = [this](WorkDate date) {
      asked_days.push_back(date);
      return passages;
    };
    ports.record = [this](TypedRecord record, TypedAnswer answer) {
      recorded.push_back(std::move(record));
      if (answer_at_once)
        answer(outcome);
      else
        waiting = std::move(answer);
    };
    page.emplace(Clerks(std::move(list)), TypedRules{std::chrono::days(7), {"1", "\"<2>"}}, std::move(ports),
                 clock, Language::english);
  }

  static http::Request request_of(const std::string& method) {
    http::Request request;
    request.method = method;
    request.path = "/typed";
    return request;
  }
  http::Response send(http::Request request) {
    request.headers.push_back({"Cookie", "other=1; sitegate_clerk=" + cookie});
    request.peer = peer;
    std::optional<http::Response> answer;
    page->handle(request, http::Responder([&](http::Response response) { answer = std::move(response); }));
    if (!answer) return {.status = 0};
    take_cookie(*answer);
    return *answer;
  }
  http::Response get(const std::string& query = "") {
    http::Request request = request_of("GET");
    request.query = *http::parse_form(query);
    return send(std::move(request));
  }
  http::Response post(const std::string& body) {
    http::Request request = request_of("POST");
    request.body = body;
    return send(std::move(request));
  }
  http::Response sign_in(const std::string& login = "tanaka", const std::string& password = "sesame") {
    return post("do=sign_in&login=" + login + "&password=" + password);
  }
  void take_cookie(const http::Response& response) {
    const std::string header(response.header("Set-Cookie"));
    if (header.empty()) return;
    const auto value = header.find('=') + 1;
    cookie = header.substr(value, header.find(';') - value);
  }
  /// Of the page that is shown.
  std::string token() {
    const std::string body = get().body;
    const std::string mark = "name=\"token\" value=\"";
    const auto at = body.find(mark);
    return at == body.npos ? std::string() : body.substr(at + mark.size(), 32);
  }
  std::string form(const std::string& technician = yamada.text(), const std::string& more = "") {
    return "do=record&token=" + token() + "&technician=" + technician +
           "&direction=entry&date=2023-07-31&time=07%3A55&gate=1&reason=forgot" + more;
  }

  ManualClock clock{japan("2023-07-31T12:00")};
  std::shared_ptr<const RosterIndex> roster = std::make_shared<const RosterIndex>(example_roster());
  Sequence last_sequence = 40;
  std::vector<Passage> passages;
  std::vector<WorkDate> asked_days;
  std::vector<TypedRecord> recorded;
  bool answer_at_once = true;
  TypedOutcome outcome{.sequence = 41};
  TypedAnswer waiting;
  std::string cookie;
  std::string peer = "192.0.2.7";
  std::optional<TypedPage> page;
};

bool says(const http::Response& response, std::string_view what) {
  return response.body.find(what) != std::string::npos;
}

Passage seen(Sequence sequence, std::variant<TechnicianId, Credential> person) {
  Passage passage;
  passage.sequence = sequence;
  passage.person = std::move(person);
  passage.gate = "1";
  passage.reader = "north";
  passage.direction = Direction::exit;
  passage.evidence = {{Method::card, std::nullopt, std::nullopt}};
  passage.event_time = japan("2023-07-31T10:15");
  return passage;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(typed_page_tests, Browser)

BOOST_AUTO_TEST_CASE(nothing_of_the_site_is_shown_before_a_clerk_has_signed_in) {
  passages = {seen(1, yamada)};
  for (const auto& answer : {get(), get("q=" + encoded("山田")), get("technician=" + yamada.text())}) {
    BOOST_TEST(says(answer, "name=\"login\""));
    BOOST_TEST(says(answer, "name=\"password\""));
    BOOST_TEST(!says(answer, "山田"));
  }
  BOOST_TEST(asked_days.empty());
}

BOOST_AUTO_TEST_CASE(a_listed_clerk_signs_in_and_out) {
  const auto in = sign_in();
  BOOST_TEST(in.status == 303u);
  BOOST_TEST(in.header("Location") == "/typed");
  const std::string set(in.header("Set-Cookie"));
  BOOST_TEST(set.find("; HttpOnly; SameSite=Strict") != set.npos);
  BOOST_TEST(set.find("; Path=/typed;") != set.npos);
  BOOST_TEST(says(get(), "田中"));
  BOOST_TEST((asked_days.back() == day("2023-07-31")));
  const std::string before = cookie;
  BOOST_TEST(post("do=sign_out&token=" + token()).status == 303u);
  cookie = before;
  BOOST_TEST(says(get(), "name=\"login\""));
}

BOOST_AUTO_TEST_CASE(who_is_not_listed_or_has_another_password_is_refused) {
  for (const auto& answer :
       {sign_in("suzuki"), sign_in("tanaka", "wrong"), sign_in("tanaka", ""), sign_in("", "")}) {
    BOOST_TEST(answer.status == 403u);
    BOOST_TEST(answer.header("Set-Cookie").empty());
    BOOST_TEST(says(answer, "Wrong login or password"));
  }
}

BOOST_AUTO_TEST_CASE(after_many_wrong_passwords_even_the_right_one_waits) {
  for (int i = 0; i < attempts_max; ++i) sign_in("tanaka", "wrong");
  BOOST_TEST(says(sign_in(), "Wait ten minutes"));
  peer = "192.0.2.8";
  BOOST_TEST(sign_in().status == 303u);
  peer = "192.0.2.7";
  clock.advance(attempts_within);
  BOOST_TEST(sign_in().status == 303u);
}

BOOST_AUTO_TEST_CASE(a_technician_is_searched_chosen_and_recorded) {
  sign_in();
  const auto found = get("q=" + encoded("山田"));
  const std::string link = "/typed?technician=" + yamada.text() + "&amp;day=2023-07-31\"";
  BOOST_TEST(says(found, link));
  BOOST_TEST(!says(found, sato.text()));
  const auto chosen = get("technician=" + yamada.text() + "&day=2023-07-31");
  BOOST_TEST(says(chosen, "山田 太郎"));
  BOOST_TEST(says(chosen, "name=\"time\" value=\"12:00\""));
  BOOST_TEST(says(chosen, "<option value=\"&quot;&lt;2&gt;\">"));
  const auto answer = post(form());
  BOOST_TEST(answer.status == 200u);
  for (const auto* text : {">41<", "山田 太郎", "2023-07-31 07:55", "Entry", "forgot", "awaits approval"})
    BOOST_TEST(says(answer, text), text);
  BOOST_REQUIRE(recorded.size() == 1u);
  BOOST_TEST(recorded[0].passage.typed->by == "田中 <b>一郎</b>");
  BOOST_TEST((recorded[0].passage.event_time == japan("2023-07-31T07:55")));
}

BOOST_AUTO_TEST_CASE(the_answer_waits_for_the_commit_and_outlives_the_session) {
  sign_in();
  answer_at_once = false;
  std::optional<http::Response> answer;
  const std::string body = form();
  http::Request request = request_of("POST");
  request.body = body;
  request.headers.push_back({"Cookie", "sitegate_clerk=" + cookie});
  page->handle(request, http::Responder([&](http::Response response) { answer = std::move(response); }));
  BOOST_TEST(!answer.has_value());
  post("do=sign_out&token=" + token());
  page.reset();
  waiting({.sequence = 7});
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(says(*answer, ">7<"));
}

BOOST_AUTO_TEST_CASE(a_repeat_and_a_failure_are_told_as_what_they_are) {
  sign_in();
  outcome = {.sequence = 12, .repeat = true};
  const auto repeat = post(form());
  BOOST_TEST(says(repeat, "The same was recorded before"));
  BOOST_TEST(says(repeat, ">12<"));
  outcome = {.problem = "storage_full"};
  const auto full = post(form());
  BOOST_TEST(full.status == 503u);
  BOOST_TEST(says(full, "Not recorded"));
  BOOST_TEST(says(full, "Storage is full"));
  BOOST_TEST(!says(full, "awaits approval"));
}

BOOST_AUTO_TEST_CASE(a_refused_entry_comes_back_with_the_reason_and_what_was_typed) {
  sign_in();
  const auto answer = post(form(yamada.text(), "&night_shift=1"));
  BOOST_TEST(answer.status == 400u);
  BOOST_TEST(says(answer, "Only an exit can count to the day before"));
  BOOST_TEST(says(answer, "value=\"07:55\""));
  BOOST_TEST(says(answer, "value=\"forgot\""));
  BOOST_TEST(says(answer, " checked>"));
  BOOST_TEST(recorded.empty());
  for (const std::string bad : {"", "00000000000009", "%22%3E%3Cscript%3E"}) {
    const auto refused = post(form(bad));
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(!says(refused, "<script"));
  }
}

BOOST_AUTO_TEST_CASE(a_recorded_passage_is_chosen_to_be_corrected) {
  sign_in();
  passages = {seen(3, yamada), seen(4, Credential(card(9)))};
  passages[1].event_time = japan("2023-07-31T11:20");
  const auto list = get();
  BOOST_TEST(says(list, "?corrects=3&amp;day=2023-07-31&amp;technician=" + yamada.text() + "\""));
  BOOST_TEST(says(list, "?corrects=4&amp;day=2023-07-31\""));
  const auto chosen = get("corrects=3&day=2023-07-31&technician=" + yamada.text());
  BOOST_TEST(says(chosen, "name=\"corrects\" value=\"3\""));
  BOOST_TEST(says(chosen, "<option value=\"exit\" selected>"));
  BOOST_TEST(says(chosen, "name=\"time\" value=\"10:15\""));
  const auto searched = get("corrects=4&day=2023-07-31&q=" + encoded("佐藤"));
  BOOST_TEST(says(searched, "technician=" + sato.text() + "&amp;day=2023-07-31&amp;corrects=4\""));
  post(form(sato.text(), "&corrects=4"));
  BOOST_REQUIRE(recorded.size() == 1u);
  BOOST_TEST(recorded[0].passage.typed->corrects == 4u);
  BOOST_TEST(says(post(form(sato.text(), "&corrects=99")), "No passage has the number"));
}

BOOST_AUTO_TEST_CASE(a_form_without_the_sessions_token_changes_nothing) {
  sign_in();
  const std::string body = form();
  const std::string own = token();
  const auto with = [&](const std::string& other) {
    std::string changed = body;
    return post(changed.replace(changed.find(own), own.size(), other)).status;
  };
  BOOST_TEST(with("") == 403u);
  BOOST_TEST(with(std::string(32, '0')) == 403u);
  BOOST_TEST(with(own.substr(0, 31)) == 403u);
  BOOST_TEST(post("do=sign_out").status == 403u);
  const std::string mine = cookie;
  sign_in();
  BOOST_TEST(post(body).status == 403u);  // another session's
  cookie = mine;
  BOOST_TEST(post(body).status == 200u);
  BOOST_TEST(recorded.size() == 1u);
}

BOOST_AUTO_TEST_CASE(without_a_session_a_form_only_asks_to_sign_in) {
  const auto answer = post("do=record&technician=" + yamada.text());
  BOOST_TEST(answer.status == 403u);
  BOOST_TEST(says(answer, "name=\"login\""));
  sign_in();
  const std::string body = form();
  clock.advance(session_idle_max);
  BOOST_TEST(says(post(body), "name=\"login\""));
  BOOST_TEST(recorded.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_form_or_too_large_is_not_looked_at) {
  sign_in();
  BOOST_TEST(post("do=%zz").status == 400u);
  BOOST_TEST(post("").status == 403u);
  BOOST_TEST(post("do=format&token=" + token()).status == 400u);
  BOOST_TEST(post(form() + "&x=" + std::string(typed_form_size_max, 'x')).status == 413u);
  BOOST_TEST(recorded.empty());
}

BOOST_AUTO_TEST_CASE(whatever_was_typed_or_sent_is_escaped) {
  const std::string evil = "\"><script>alert(1)</script>";
  SiteRoster with_markup = example_roster();
  with_markup.technicians[0].name = "Y" + evil;
  roster = std::make_shared<const RosterIndex>(with_markup);
  passages = {seen(3, yamada)};
  passages[0].gate = evil;
  passages[0].typed = TypedEntry{evil, evil, clock.now(), 2};
  sign_in();
  const std::string code = encoded(evil);
  std::string evil_form = form(sato.text());
  evil_form.replace(evil_form.find("forgot"), 6, code);
  for (const auto& answer :
       {get("q=" + code), get("q=Y&corrects=" + code), get("technician=" + code + "&corrects=" + code),
        get("technician=" + yamada.text()), get("day=" + code), get("lang=" + code), post(evil_form),
        post(evil_form + "&night_shift=1"), post(form(code)), post("do=" + code + "&token=" + code)}) {
    BOOST_TEST(!says(answer, "<script"));
    BOOST_TEST(!says(answer, "<b>"));
    BOOST_TEST(answer.header("Content-Security-Policy").find("default-src 'none'") != std::string::npos);
    BOOST_TEST(answer.header("Cache-Control") == "no-store");
  }
}

BOOST_AUTO_TEST_CASE(the_page_speaks_japanese_and_english) {
  BOOST_TEST(says(get("lang=ja"), "<html lang=\"ja\">"));
  BOOST_TEST(says(get(), "<html lang=\"en\">"));
  post("do=sign_in&login=tanaka&password=sesame&lang=ja");
  BOOST_TEST(says(get(), "入退場の手入力"));
  BOOST_TEST(says(get("lang=en"), "Typed entry"));
  BOOST_TEST(says(post(form()), "Recorded"));
  get("lang=ja");
  BOOST_TEST(says(post(form()), "記録しました"));
}

BOOST_AUTO_TEST_SUITE_END()
