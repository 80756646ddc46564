// The HTML form: well-formed XML, complete, self-contained, escaped.
#include <boost/test/unit_test.hpp>
#include <cctype>
#include <set>
#include <vector>

#include "cloud/report/number_text.hpp"
#include "cloud/report/report.hpp"
#include "tests/cloud/statistics/synthetic_rollups.hpp"

using namespace sitegate;
using namespace sitegate::cloud;

namespace {

constexpr Month july = std::chrono::year(2023) / std::chrono::July;

OperatingStatus nation() {
  return operating_status(synthetic_rollups(), july);
}

EnteredFigures one_figure(std::string label) {
  EnteredFigures entered{.month = july, .figures = {}};
  entered.figures.push_back({.key = "k",
                             .value = 98'765,
                             .label_ja = label,
                             .label_en = label,
                             .unit_ja = "台",
                             .unit_en = "units",
                             .note_ja = "",
                             .note_en = "a \"note\" & more"});
  return entered;
}

std::string html(const OperatingStatus& status, const EnteredFigures& entered, Language language) {
  return render(status, entered, Format::html, language, *parse_utc("2023-08-14T15:30:00.000Z"));
}

/// A strict reader of the XML that the report needs: elements with quoted, unrepeated attributes, text with
/// the predefined references only. Returns what is wrong, empty if nothing.
class XmlCheck {
 public:
  explicit XmlCheck(std::string_view text) : text_(text) {}

  std::string run() {
    const std::string_view doctype = "<!DOCTYPE html>\n";
    if (!text_.starts_with(doctype)) return "no doctype";
    at_ = doctype.size();
    while (at_ < text_.size() && wrong_.empty()) text_[at_] == '<' ? tag() : character();
    if (wrong_.empty() && !open_.empty()) wrong_ = "not closed: " + open_.back();
    return wrong_;
  }

 private:
  void tag() {
    const std::size_t end = text_.find('>', at_);
    if (end == std::string_view::npos) return fail("tag without end");
    std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (inside.starts_with('/')) return close(inside.substr(1));
    const bool empty = inside.ends_with('/');
    if (empty) inside.remove_suffix(1);
    const std::size_t name_end = std::min(inside.find(' '), inside.size());
    attributes(inside.substr(name_end));
    if (!empty) open_.emplace_back(inside.substr(0, name_end));
  }
  void close(std::string_view name) {
    if (open_.empty() || open_.back() != name) return fail("closes " + std::string(name));
    open_.pop_back();
  }
  void attributes(std::string_view rest) {
    std::set<std::string_view> names;
    while (!rest.empty() && wrong_.empty()) {
      const std::size_t equals = rest.find("=\"");
      const std::size_t end = equals == std::string_view::npos ? equals : rest.find('"', equals + 2);
      if (rest[0] != ' ' || end == std::string_view::npos) return fail("attribute " + std::string(rest));
      if (!names.insert(rest.substr(1, equals - 1)).second) return fail("attribute twice");
      if (rest.substr(0, end).find('<') != std::string_view::npos) return fail("< in an attribute");
      rest.remove_prefix(end + 1);
    }
  }
  void character() {
    if (text_[at_] == '&') {
      for (const std::string_view known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"})
        if (text_.substr(at_).starts_with(known)) return static_cast<void>(at_ += known.size());
      return fail("unknown reference");
    }
    if (open_.empty() && std::isspace(static_cast<unsigned char>(text_[at_])) == 0)
      return fail("text outside");
    ++at_;
  }
  void fail(const std::string& what) { wrong_ = what + " before byte " + std::to_string(at_); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  std::string wrong_;
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

bool has_cell(std::string_view page, std::uint64_t number) {
  return count(page, "<td>" + grouped(number) + "</td>") > 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(html_form)

BOOST_AUTO_TEST_CASE(the_checker_itself_finds_faults) {
  const std::string start = "<!DOCTYPE html>\n";
  BOOST_TEST(XmlCheck(start + "<a b=\"1\"><c/>x &amp; y</a>").run().empty());
  for (const char* bad :
       {"<a><b></a></b>", "<a>", "<a b=1></a>", "<a>&nbsp;</a>", "<a b=\"1\" b=\"2\"></a>", "<a></a>x"})
    BOOST_TEST(!XmlCheck(start + bad).run().empty(), bad);
}

BOOST_AUTO_TEST_CASE(is_well_formed_xml) {
  for (const Language language : {Language::ja, Language::en})
    BOOST_TEST(XmlCheck(html(nation(), one_figure("x"), language)).run() == "");
  BOOST_TEST(XmlCheck(html(operating_status({}, july), {}, Language::ja)).run() == "");
}

BOOST_AUTO_TEST_CASE(every_number_of_the_tables_is_there) {
  const auto status = nation();
  const std::string page = html(status, {}, Language::ja);
  for (const RegisteredRow& row : {status.registered.technicians, status.registered.companies,
                                   status.registered.companies_excluding_sole_proprietors})
    for (const auto number : {row.new_in_month, row.stock, row.stock_at_last_fiscal_year, row.fiscal_year})
      BOOST_TEST(has_cell(page, number));
  const auto& sites = status.new_sites;
  for (const auto number :
       {sites.month, sites.month_before, sites.two_months_before, sites.fiscal_year, sites.cumulative})
    BOOST_TEST(has_cell(page, number));
  const auto& histories = status.work_histories;
  for (const auto number :
       {histories.month, histories.month_before, histories.cumulative, histories.fiscal_year})
    BOOST_TEST(has_cell(page, number));
  for (const MethodRow& row : status.methods)
    BOOST_TEST((has_cell(page, row.effective) && has_cell(page, row.not_effective)));
}

BOOST_AUTO_TEST_CASE(every_prefecture_has_its_rows) {
  const auto status = nation();
  const std::string page = html(status, {}, Language::en);
  for (const PrefectureRow& row : status.prefectures) {
    const std::string start = "<td class=\"number\">" + std::to_string(row.prefecture.code()) +
                              "</td><th scope=\"row\">" + std::string(row.prefecture.name_en()) + "</th><td>";
    BOOST_TEST(count(page, start + grouped(row.technicians) + "</td></tr>") == 1U);
    BOOST_TEST(count(page, start + grouped(row.companies) + "</td><td>" +
                               grouped(row.companies_excluding_sole_proprietors) + "</td></tr>") == 1U);
  }
}

BOOST_AUTO_TEST_CASE(has_four_graphs_that_a_screen_reader_can_name) {
  const std::string page = html(nation(), {}, Language::ja);
  BOOST_TEST(count(page, "<svg ") == 4U);
  for (const char* key : {"technicians", "companies", "sites", "histories"}) {
    BOOST_TEST(count(page, std::string("<title id=\"") + key + "-title\">") == 1U);
    BOOST_TEST(count(page, std::string("<desc id=\"") + key + "-desc\">") == 1U);
  }
}

BOOST_AUTO_TEST_CASE(names_its_language_and_its_dates) {
  const std::string ja = html(nation(), {}, Language::ja);
  BOOST_TEST(count(ja, "lang=\"ja\"") == 2U);  // lang and xml:lang
  BOOST_TEST(count(ja, "<h1>建設キャリアアップシステムの運営状況について</h1>") == 1U);
  BOOST_TEST(count(ja, "作成日 2023年8月15日") == 1U);  // 00:30 on the 15th in Japan
  const std::string en = html(nation(), {}, Language::en);
  BOOST_TEST(count(en, "lang=\"en\"") == 2U);
  BOOST_TEST(count(en, "Created 15 August 2023") == 1U);
  BOOST_TEST(count(en, "End of March 2023") == 1U);
}

BOOST_AUTO_TEST_CASE(needs_nothing_from_elsewhere) {
  const std::string page = html(nation(), one_figure("x"), Language::ja);
  for (const char* outside : {"<script", "<link", "<img", "url(", "@import", "src=", "href="})
    BOOST_TEST(count(page, outside) == 0U, outside);
}

BOOST_AUTO_TEST_CASE(entered_figures_are_marked_and_escaped) {
  const std::string page = html(nation(), one_figure("<script>alert('x')</script>\x01"), Language::en);
  BOOST_TEST(count(page, "<script") == 0U);
  BOOST_TEST(count(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\xEF\xBF\xBD") == 1U);
  BOOST_TEST(count(page, "a &quot;note&quot; &amp; more") == 1U);
  BOOST_TEST(count(page, "98,765 units") == 1U);
  BOOST_TEST(count(page, "<span class=\"mark\">entered by the operator</span>") == 1U);
  BOOST_TEST(count(html(nation(), {}, Language::en), "class=\"mark\"") == 0U);
}

BOOST_AUTO_TEST_CASE(figures_entered_for_another_month_say_so) {
  auto entered = one_figure("x");
  BOOST_TEST(count(html(nation(), entered, Language::en), "were entered for") == 0U);
  entered.month = std::chrono::year(2023) / std::chrono::June;
  BOOST_TEST(count(html(nation(), entered, Language::en), "were entered for June 2023") == 1U);
}

BOOST_AUTO_TEST_CASE(broken_identities_are_shown) {
  auto status = nation();
  BOOST_TEST(count(html(status, {}, Language::ja), "checks broken") == 0U);
  ++status.work_histories.month;
  BOOST_TEST(count(html(status, {}, Language::ja), "checks broken") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
