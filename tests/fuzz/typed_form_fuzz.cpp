// What a browser may send to the page /typed of a clerk who has signed in: as a query and as a form to be
// recorded. Each is answered once, nothing of it comes back as markup, and what is recorded is what the wire
// takes.
#include "edge/typed_entry/typed_page.hpp"
#include "shared/wire/passage.hpp"

namespace {

using namespace sitegate;
using namespace sitegate::edge;

class Page {
 public:
  http::Response ask(const std::string& method, const std::string& text) {
    http::Request request;
    request.method = method;
    request.path = typed_path;
    request.headers = {{"Cookie", cookie_}};
    if (method == "POST")
      request.body = text;
    else if (auto query = http::parse_form(text))
      request.query = std::move(*query);
    int answers = 0;
    http::Response answer;
    page_.handle(request, http::Responder([&](http::Response response) {
                   ++answers;
                   answer = std::move(response);
                 }));
    SITEGATE_ASSERT(answers == 1);
    return answer;
  }
  /// The token that forms must carry.
  std::string sign_in() {
    const std::string set(ask("POST", "do=sign_in&login=a").header("Set-Cookie"));
    cookie_ = set.substr(0, set.find(';'));
    const std::string body = ask("GET", "").body;
    const std::string mark = "name=\"token\" value=\"";
    return body.substr(body.find(mark) + mark.size(), 32);
  }

 private:
  static SiteRoster roster() {
    SiteRoster roster;
    roster.version = 1;
    RosterTechnician technician{
        *TechnicianId::from_number(1), "Yamada", *parse_date("2023-01-01"), *parse_date("2023-12-31"), {}};
    roster.technicians = {technician};
    return roster;
  }
  static void check_recorded(const TypedRecord& record) {
    const auto back = wire::decode_passage(wire::encode_passage(record.passage));
    SITEGATE_ASSERT(back && back.value() == record.passage);
    SITEGATE_ASSERT(record.event.size() <= device_event_key_size_max);
  }
  TypedPorts ports() {
    TypedPorts ports;
    ports.roster = [this] { return roster_; };
    ports.last_sequence = [] { return Sequence{9}; };
    ports.passages = [](WorkDate) { return std::vector<Passage>(); };
    ports.record = [](const TypedRecord& record, const TypedAnswer& answer) {
      check_recorded(record);
      answer({.sequence = 1});
    };
    return ports;
  }

  ManualClock clock_{*parse_utc("2023-07-31T03:00:00.000Z")};
  std::shared_ptr<const RosterIndex> roster_ = std::make_shared<const RosterIndex>(roster());
  std::string cookie_ = "sitegate_clerk=";
  TypedPage page_{Clerks(std::vector<Clerk>{{"a", "A"}}), TypedRules{std::chrono::days(7), {"1"}}, ports(),
                  clock_, Language::english};
};

/// Ours has two elements that a browser would act on: the style and the forms.
void check_page(const http::Response& answer) {
  SITEGATE_ASSERT(answer.status >= 200 && answer.status < 600);
  SITEGATE_ASSERT(answer.body.find("<script") == std::string::npos);
  SITEGATE_ASSERT(answer.body.find("<img") == std::string::npos);
  SITEGATE_ASSERT(answer.body.find("onload=\"") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Page page;
  const std::string token = page.sign_in();
  check_page(page.ask("GET", text));
  check_page(page.ask("POST", "do=record&token=" + token + "&" + text));
  check_page(page.ask("POST", text));
  return 0;
}
