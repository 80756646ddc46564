// The gateway's web server: which page answers, who may ask. Basic: RFC 7617; methods and statuses: RFC 9110.
#include "edge/local_page/local_page.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

#include "shared/http/basic.hpp"
#include "shared/http/client.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sitegate;
using namespace sitegate::edge;

namespace {

constexpr const char* password = "blue helmet 42";

struct PageFixture {
  std::string file(const std::string& text) {
    std::ofstream(folder / "password") << text;
    return folder / "password";
  }
  void start(const std::string& password_file = {}) {
    page = LocalPage::open({.listen = "127.0.0.1:0", .password_file = password_file}).value();
    const auto say = [](std::string word) {
      return [word](http::Request request, http::Responder respond) {
        respond({.status = 200, .body = word + " " + request.path + " " + request.body});
      };
    };
    page->add("GET", "/", say("root"));
    page->add("GET", "/typed", say("form"));
    page->add("POST", "/typed", say("taken"));
    page->add("GET", "/typed/*", say("beneath"));
    page->add("GET", "/open", say("open"), Access::everybody);
    BOOST_REQUIRE(page->start());
  }
  http::Response ask(const std::string& method, const std::string& path, const http::Headers& headers = {}) {
    http::ClientRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + std::to_string(page->port()) + path;
    request.headers = headers;
    if (method == "POST") request.body = "x";
    return client.call(request).value();
  }
  static http::Headers as(const std::string& user, const std::string& secret) {
    return {{"Authorization", http::basic_authorization({user, secret})}};
  }

  tests::TemporaryFolder folder;
  std::unique_ptr<LocalPage> page;
  http::Client client;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(local_page, PageFixture)

BOOST_AUTO_TEST_CASE(a_request_reaches_the_page_of_its_method_and_path) {
  start();
  BOOST_TEST(ask("GET", "/").body == "root / ");
  BOOST_TEST(ask("GET", "/typed?lang=en").body == "form /typed ");
  BOOST_TEST(ask("POST", "/typed").body == "taken /typed x");
  BOOST_TEST(ask("GET", "/typed/people/7").body == "beneath /typed/people/7 ");
}

BOOST_AUTO_TEST_CASE(other_paths_are_not_found_and_other_methods_not_allowed) {
  start();
  BOOST_TEST(ask("GET", "/typedx").status == 404u);
  const auto wrong = ask("POST", "/");
  BOOST_TEST(wrong.status == 405u);
  BOOST_TEST(wrong.header("Allow") == "GET");
}

BOOST_AUTO_TEST_CASE(answers_are_not_kept_framed_or_fed_from_elsewhere) {
  start();
  const auto answer = ask("GET", "/");
  BOOST_TEST(answer.header("Cache-Control") == "no-store");
  BOOST_TEST(answer.header("X-Content-Type-Options") == "nosniff");
  BOOST_TEST(answer.header("Content-Security-Policy").starts_with("default-src 'none'"));
}

BOOST_AUTO_TEST_CASE(a_password_is_asked_for_and_any_user_name_will_do) {
  start(file(std::string(password) + "\n"));
  const auto without = ask("GET", "/");
  BOOST_TEST(without.status == 401u);
  BOOST_TEST(without.header("WWW-Authenticate").starts_with("Basic realm="));
  BOOST_TEST(ask("GET", "/", as("clerk", password)).status == 200u);
  BOOST_TEST(ask("GET", "/", as("", password)).status == 200u);
  BOOST_TEST(ask("GET", "/", as("clerk", std::string(password) + " ")).status == 401u);
  BOOST_TEST(ask("GET", "/", as("clerk", "")).status == 401u);
  BOOST_TEST(ask("GET", "/", {{"Authorization", "Basic not base64"}}).status == 401u);
  BOOST_TEST(ask("GET", "/", {{"Authorization", "Bearer " + std::string(password)}}).status == 401u);
}

BOOST_AUTO_TEST_CASE(without_the_password_nobody_learns_which_pages_there_are) {
  start(file(password));
  BOOST_TEST(ask("GET", "/nothing").status == 401u);
  BOOST_TEST(ask("POST", "/").status == 401u);
  BOOST_TEST(ask("GET", "/open").status == 200u);
}

// A page of another site could make a clerk's browser send a form here (with the password it keeps).
BOOST_AUTO_TEST_CASE(a_form_from_another_sites_page_is_refused) {
  start();
  const std::string here = "127.0.0.1:" + std::to_string(page->port());
  BOOST_TEST(ask("POST", "/typed", {{"Origin", "http://" + here}}).status == 200u);
  BOOST_TEST(ask("POST", "/typed", {{"Origin", "http://evil.example"}}).status == 403u);
  BOOST_TEST(ask("POST", "/typed", {{"Origin", "null"}}).status == 403u);
}

BOOST_AUTO_TEST_CASE(addresses_and_password_files_that_will_not_do_are_named) {
  for (const std::string listen : {"8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", ":1"})
    BOOST_TEST(is(LocalPage::open({.listen = listen}).error(), LocalPageErrc::bad_address), listen);
  const auto with = [&](const std::string& password_file) {
    return LocalPage::open({.listen = "127.0.0.1:0", .password_file = password_file});
  };
  for (const std::string& text : {std::string(), std::string("1234567\n12345678"), std::string(129, 'x')})
    BOOST_TEST(is(with(file(text)).error(), LocalPageErrc::bad_password_file), text);
  BOOST_TEST(with(file("12345678\r\n")).has_value());
  BOOST_TEST(with(folder / "absent").error().detail == (folder / "absent"));
  const auto nowhere = LocalPage::open({.listen = "192.0.2.1:0"});
  BOOST_REQUIRE(nowhere);
  BOOST_TEST(is(nowhere.value()->start().error(), http::HttpErrc::cannot_listen));
}

// RFC 7617, 2: its own example, and base64 of every length of remainder (RFC 4648, 10).
BOOST_AUTO_TEST_CASE(basic_credentials_by_the_rfc) {
  BOOST_TEST(http::basic_authorization({"Aladdin", "open sesame"}) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  const auto read = http::parse_basic("basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->user == "Aladdin");
  BOOST_TEST(read->password == "open sesame");
  for (const std::string secret : {"", "f", "fo", "foo", "foob", "パスワード", "a:b"})
    BOOST_TEST(http::parse_basic(http::basic_authorization({"u", secret}))->password == secret);
  for (const std::string bad : {"", "Basic", "Basic QWxh*GRp", "Basic QWxhZGRpbg", "Basic Zm9v"})
    BOOST_TEST(!http::parse_basic(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
