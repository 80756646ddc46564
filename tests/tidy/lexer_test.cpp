// The reader of C++ that the tidy rules stand on, on samples small enough to check by eye: a rule that cannot
// fail is none.
#include "tests/tidy/lexer.hpp"

#include <boost/test/unit_test.hpp>

using namespace sitegate::tidy;

namespace {

/// "name:line:length" of each function, separated by blanks.
std::string functions(std::string_view source) {
  std::string text;
  for (const Function& each : functions_of(source))
    text += (text.empty() ? "" : " ") + each.name + ":" + std::to_string(each.line) + ":" +
            std::to_string(each.length);
  return text;
}

std::string body_of_lines(int count) {
  std::string source = "void f() {\n";
  for (int i = 2; i < count; ++i) source += "  g();\n";
  return source + "}\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lexer)

BOOST_AUTO_TEST_CASE(comments_and_literals_are_no_code) {
  BOOST_TEST(code_only("a; // b\nc;") == "a;     \nc;");
  BOOST_TEST(code_only("a /* b\n{ */ c") == "a     \n     c");
  BOOST_TEST(code_only(R"(f("{\"}") + '{';)") == R"(f("    ") + ' ';)");
  BOOST_TEST(code_only("1'000'000 {") == "1'000'000 {");
  BOOST_TEST(code_only("'\\'' {") == "'  ' {");
}

BOOST_AUTO_TEST_CASE(raw_strings_end_at_their_own_delimiter) {
  const std::string code = code_only("x = R\"sql(select \")\" { from )sql\"; }");
  BOOST_TEST(code.find('{') == std::string::npos);
  BOOST_TEST(code.find('}') != std::string::npos);
}

BOOST_AUTO_TEST_CASE(preprocessor_lines_are_no_code_with_their_continuations) {
  const std::string code = code_only("#define OPEN { \\\n  {\nint a;\n  # if 0\n");
  BOOST_TEST(code.find('{') == std::string::npos);
  BOOST_TEST(code.find("int a;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(includes_are_found_outside_comments) {
  const auto found =
      includes_of("// #include \"a.hpp\"\n#include <b>\n/*\n#include <c>\n*/\n  #  include \"d/e.hpp\"\n");
  BOOST_TEST((found == std::vector<Include>{{2, "b"}, {6, "d/e.hpp"}}));
}

BOOST_AUTO_TEST_CASE(a_function_is_counted_from_brace_to_brace) {
  BOOST_TEST(functions("int f() { return 1; }") == "f:1:1");
  BOOST_TEST(functions("int f(int a,\n      int b) {\n  return a;\n}\n") == "f:2:3");
  BOOST_TEST(functions(body_of_lines(70)) == "f:1:70");
  BOOST_TEST(functions(body_of_lines(71)) == "f:1:71");
}

BOOST_AUTO_TEST_CASE(scopes_are_entered_and_not_counted) {
  BOOST_TEST(
      functions("namespace a {\nnamespace {\nclass B final : public C<D> {\n public:\n  B() = default;\n"
                "  void f() {}\n private:\n  int g() const { return 1; }\n};\n}\n}\n") == "f:6:1 g:8:1");
  BOOST_TEST(functions("enum class A : int { b, c };\nextern \"C\" {\nint f() { return 0; }\n}") == "f:3:1");
  BOOST_TEST(
      functions("template <>\nstruct std::hash<A> {\n  int operator()(A a) const noexcept { return 0; }\n};")
          .ends_with(":3:1"));
}

BOOST_AUTO_TEST_CASE(declarations_without_a_body_are_no_functions) {
  BOOST_TEST(
      functions(
          "int f(int a = {});\nconst int table[] = {1, 2};\nstd::vector<int> v{f(1), 2};\nA a = b({1});") ==
      "");
}

BOOST_AUTO_TEST_CASE(member_initialisers_are_not_the_body) {
  BOOST_TEST(functions("A::A(int b) : b_{b}, c_(b), d_{} {\n  f();\n}\nint g() { return 1; }") ==
             "A::A:1:3 g:4:1");
  BOOST_TEST(functions("A::A() : b_{} {}") == "A::A:1:1");
  BOOST_TEST(functions("explicit A(B b = {}) : b_(std::move(b)) {}") == "A:1:1");
}

BOOST_AUTO_TEST_CASE(lambdas_and_blocks_belong_to_their_function) {
  BOOST_TEST(functions("void f() {\n  auto g = [] { return 1; };\n  if (a) {\n  }\n  struct B { int h() { "
                       "return 2; } };\n}") == "f:1:6");
}

BOOST_AUTO_TEST_CASE(a_lambda_outside_functions_counts_by_itself) {
  BOOST_TEST(functions("const auto f = [](int a) {\n  return a;\n};") == "f:1:3");
}

BOOST_AUTO_TEST_CASE(test_cases_and_operators_are_functions) {
  BOOST_TEST(
      functions(
          "BOOST_AUTO_TEST_SUITE(s)\nBOOST_AUTO_TEST_CASE(c) {\n  f();\n}\nBOOST_AUTO_TEST_SUITE_END()\n")
          .ends_with(":2:3"));
  BOOST_TEST(functions("BOOST_AUTO_TEST_SUITE(s)\nnamespace {\nint f() { return 1; }\n}").ends_with("f:3:1"));
  BOOST_TEST(functions("bool operator==(const A& a, const A& b) {\n  return true;\n}").ends_with(":1:3"));
}

BOOST_AUTO_TEST_CASE(qualifiers_and_trailing_types_do_not_hide_a_function) {
  BOOST_TEST(functions("auto f(int a) const noexcept -> std::vector<int> {\n}") == "f:1:2");
  BOOST_TEST(functions("template <typename T>\n  requires(sizeof(T) > 1)\nT f(T a) {\n}").ends_with(":3:2"));
  BOOST_TEST(functions("sitegate::Result<std::map<int, int>> f(ByteView a) {\n}") == "f:1:2");
  BOOST_TEST(functions("Id<struct Tag> f(int a) {\n}") == "f:1:2");
}

BOOST_AUTO_TEST_CASE(words_stand_alone) {
  BOOST_TEST((lines_with_word("sleep_for\nsleeps\n a.sleep_for(b)\nx_sleep_for", "sleep_for") ==
              std::vector<int>{1, 3}));
}

BOOST_AUTO_TEST_CASE(width_counts_characters_not_bytes) {
  BOOST_TEST(width_of("就業履歴 a") == 6);
  BOOST_TEST((split_lines("a\n\nb") == std::vector<std::string_view>{"a", "", "b"}));
}

BOOST_AUTO_TEST_SUITE_END()
