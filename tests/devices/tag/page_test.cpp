// Pages and their languages: nothing from outside gets into the markup, every word is there in each language.
#include "devices/tag/page.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "devices/tag/visitor.hpp"

namespace sitegate::devices::tag {
namespace {

const UtcTime half_past_seven{std::chrono::milliseconds{1'690'756'200'000}};  // 2023-07-31T07:30 in Japan
constexpr std::chrono::minutes japan{540};

bool has(const http::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

http::Request with_header(const std::string& name, const std::string& value,
                          const std::string& method = "GET") {
  http::Request request;
  request.method = method;
  request.headers = {{"Host", "gate.example:8090"}, {name, value}};
  return request;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(page)

BOOST_AUTO_TEST_CASE(every_language_has_every_word) {
  for (const auto language : languages) {
    std::set<std::string_view> codes{code_of(language)};
    BOOST_TEST((parse_language(code_of(language)) == language));
    for (const auto& said : words(language).phrases) {
      BOOST_TEST(!said.title.empty());
      BOOST_TEST(!said.advice.empty());
    }
    const auto& w = words(language);
    for (const auto word : {w.name, w.time, w.place, w.record, w.recorded, w.unrecorded, w.entry, w.exit,
                            w.retry, w.proceed, w.join, w.no_script})
      BOOST_TEST(!word.empty());
  }
  BOOST_TEST(phrase(Language::japanese, Message::not_found).title == "ページがありません");
  BOOST_TEST(phrase(Language::english, Message::not_found).title == "No such page");
  BOOST_TEST(phrase(Language::vietnamese, Message::not_found).title == "Không có trang này");
}

// RFC 9110, 12.5.4.
BOOST_AUTO_TEST_CASE(accept_language) {
  const std::pair<std::string_view, std::optional<Language>> headers[] = {
      {"ja", Language::japanese},
      {"vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7", Language::vietnamese},
      {"fr-FR, en;q=0.5, ja;q=0.6", Language::japanese},
      {"zh-CN,zh;q=0.9,EN-gb;q=0.8", Language::english},
      {"en;q=0, vi;q=0.001", Language::vietnamese},
      {"de, fr", std::nullopt},
      {"", std::nullopt},
      {",,;;q=,=;-", std::nullopt},
      {"ja;q=nan, en;q=2, vi;q=-1", std::nullopt},
      {"<script>", std::nullopt}};
  for (const auto& [header, language] : headers) BOOST_TEST((preferred_language(header) == language), header);
  BOOST_TEST(!preferred_language(std::string(100'000, ',') + "ja"));
}

BOOST_AUTO_TEST_CASE(the_switch_then_the_cookie_then_the_header) {
  auto request = with_header("Accept-Language", "vi");
  BOOST_TEST((visitor_of(request).language == Language::vietnamese));
  BOOST_TEST(!visitor_of(request).chose_language);
  request.headers.push_back({"Cookie", "a=b; sitegate_lang=en; c=d"});
  BOOST_TEST((visitor_of(request).language == Language::english));
  request.query["lang"] = "ja";
  BOOST_TEST((visitor_of(request).language == Language::japanese));
  BOOST_TEST(visitor_of(request).chose_language);
  request.query["lang"] = "xx";
  BOOST_TEST((visitor_of(request).language == Language::english));
  BOOST_TEST((visitor_of({}).language == Language::japanese));
}

// RFC 6265, 4.2.1.
BOOST_AUTO_TEST_CASE(cookies) {
  const auto value = [](const std::string& header) {
    return std::string(cookie(with_header("cookie", header), "sitegate_token"));
  };
  BOOST_TEST(value("sitegate_token=abc") == "abc");
  BOOST_TEST(value("x=1; sitegate_token=abc; y=2") == "abc");
  BOOST_TEST(value("xsitegate_token=abc") == "");
  BOOST_TEST(value("sitegate_token") == "");
  BOOST_TEST(value(";;;=; sitegate_token=") == "");
  BOOST_TEST(value("") == "");
  BOOST_TEST(!visitor_of(with_header("Cookie", "sitegate_token=" + std::string(64, 'x'))).token);
}

BOOST_AUTO_TEST_CASE(an_entry) {
  const auto response = render({.language = Language::japanese,
                                .message = Message::entry,
                                .person = "山田 太郎",
                                .place = "北門",
                                .direction = Direction::entry,
                                .time = half_past_seven},
                               japan);
  BOOST_TEST(response.status == 200u);
  for (const auto* text : {"入場を記録しました", "山田 太郎", "北門", "7:30", "2023-07-31", "class=\"good\"",
                           "<html lang=\"ja\">", ">English</a>", ">Tiếng Việt</a>"})
    BOOST_TEST(has(response, text), text);
  BOOST_TEST(!has(response, "<script"));
  BOOST_TEST(!has(response, "<form"));
  BOOST_TEST(response.content_type == "text/html; charset=utf-8");
  BOOST_TEST(response.header("Cache-Control") == "no-store");
  BOOST_TEST(response.header("Content-Security-Policy").find("default-src 'none'") == 0u);
}

// Names from the roster and the table are text, whatever is in them.
BOOST_AUTO_TEST_CASE(markup_in_names_stays_text) {
  const auto response = render({.message = Message::not_on_roster,
                                .person = "<script>alert(1)</script>",
                                .place = "\"><img src=x onerror='alert(1)'>&\x01",
                                .recorded = true,
                                .address = "/t?a=\"><script>"},
                               japan);
  BOOST_TEST(!has(response, "<script"));
  BOOST_TEST(!has(response, "<img"));
  BOOST_TEST(!has(response, "onerror='"));
  BOOST_TEST(!has(response, "\x01"));
  BOOST_TEST(has(response, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

// A refusal says why, what to do, and is no success for programs in between.
BOOST_AUTO_TEST_CASE(refusals) {
  for (std::size_t i = 0; i < message_count; ++i) {
    const auto message = static_cast<Message>(i);
    const auto response = render({.language = Language::english, .message = message}, japan);
    const bool bad = has(response, "class=\"bad\"");
    const bool decided = message >= Message::unknown_credential && message <= Message::contradiction;
    if (!decided) BOOST_TEST(bad == (response.status >= 400 && message != Message::busy), i);
    BOOST_TEST(has(response, phrase(Language::english, message).title));
    BOOST_TEST(has(response, phrase(Language::english, message).advice));
  }
}

BOOST_AUTO_TEST_CASE(only_the_position_needs_a_script) {
  const auto locate = render({.message = Message::locate, .address = "/t?uid=04&cmac=00"}, japan);
  BOOST_TEST(has(locate, "<script>"));
  BOOST_TEST(has(locate, "<form method=\"post\" action=\"/t?uid=04&amp;cmac=00\">"));
  BOOST_TEST(has(locate, "<noscript>"));
  const auto confirm = render({.message = Message::confirm}, japan);
  BOOST_TEST(!has(confirm, "<script"));
  BOOST_TEST(has(confirm, "<form method=\"post\""));
}

BOOST_AUTO_TEST_CASE(phone_forms) {
  const auto good = parse_phone_form("lat=35.6812&lon=139.7671&acc=12.5&geo=&time=1690756200000");
  BOOST_REQUIRE(good.has_value());
  BOOST_TEST(good->position.value().latitude == 35.6812);
  BOOST_TEST(good->accuracy_m == 12.5);
  BOOST_TEST((good->time == half_past_seven));
  BOOST_TEST(good->was_asked);
  const auto none = parse_phone_form("lat=&lon=&acc=&geo=denied&time=1690756200000");
  BOOST_REQUIRE(none.has_value());
  BOOST_TEST(!none->position.has_value());
  BOOST_TEST(none->was_asked);
  BOOST_TEST(!parse_phone_form("")->was_asked);
}

BOOST_AUTO_TEST_CASE(impossible_numbers_of_a_phone_count_as_none) {
  for (const auto* body :
       {"lat=91&lon=0&acc=1", "lat=nan&lon=0&acc=1", "lat=inf&lon=0&acc=1", "lat=1&lon=181&acc=1",
        "lat=1&lon=1&acc=-1", "lat=1&lon=1&acc=50000", "lat=1&lon=1", "lat=0x10&lon=1&acc=1",
        "lat=1e&lon=1&acc=1", "lat=35.6 &lon=1&acc=1"})
    BOOST_TEST(!parse_phone_form(body).value().position.has_value(), body);
  for (const auto* body : {"time=-1", "time=99999999999999999999", "time=1.5", "time=soon", "time="})
    BOOST_TEST(!parse_phone_form(body).value().time.has_value(), body);
  BOOST_TEST(!parse_phone_form("lat=%").has_value());
  BOOST_TEST(!parse_phone_form(std::string(form_size_max + 1, 'x')).has_value());
}

BOOST_AUTO_TEST_CASE(looking_ahead) {
  BOOST_TEST(is_prefetch(with_header("Sec-Purpose", "prefetch;prerender")));
  BOOST_TEST(is_prefetch(with_header("Purpose", "prefetch")));
  BOOST_TEST(is_prefetch(with_header("X-Moz", "prefetch")));
  BOOST_TEST(is_prefetch(with_header("X-Purpose", "preview")));
  BOOST_TEST(!is_prefetch(with_header("Accept", "text/html")));
}

BOOST_AUTO_TEST_CASE(sent_by_another_site) {
  BOOST_TEST(!is_sent_by_another_site(with_header("Accept", "*/*")));
  BOOST_TEST(is_sent_by_another_site(with_header("Referer", "http://evil.example/page")));
  BOOST_TEST(!is_sent_by_another_site(with_header("Referer", "http://gate.example:8090/t?x")));
  BOOST_TEST(is_sent_by_another_site(with_header("Referer", "http://gate.example:8090.evil.example/")));
  BOOST_TEST(is_sent_by_another_site(with_header("Origin", "null", "POST")));
  BOOST_TEST(is_sent_by_another_site(with_header("Origin", "http://evil.example", "POST")));
  BOOST_TEST(!is_sent_by_another_site(with_header("Origin", "http://gate.example:8090", "POST")));
  BOOST_TEST(is_sent_by_another_site(with_header("Sec-Fetch-Site", "cross-site", "POST")));
  BOOST_TEST(!is_sent_by_another_site(with_header("Sec-Fetch-Site", "same-origin", "POST")));
  // Opened by the phone's own tag reader.
  BOOST_TEST(!is_sent_by_another_site(with_header("Sec-Fetch-Site", "none")));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::tag
