// Reads C++ far enough to hold rules about it: comments and literals blanked out, includes, functions and
// their lengths.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sitegate::tidy {

/// The source with comments, preprocessor lines and the insides of strings, raw strings and characters
/// replaced by blanks. Every line keeps its number and length.
std::string code_only(std::string_view source);

struct Include {
  int line = 0;
  std::string path;  ///< between the quotes or angle brackets
  bool operator==(const Include&) const = default;
};
/// Every #include outside comments, in order.
std::vector<Include> includes_of(std::string_view source);

struct Function {
  std::string name;
  int line = 0;    ///< of its opening brace
  int length = 0;  ///< lines from the opening to the closing brace, both counted; a one-liner is 1
  bool operator==(const Function&) const = default;
};
/// Every function with a body at namespace or class scope. A lambda belongs to the function it stands in; one
/// that initialises a variable outside functions counts by itself, under the variable's name.
std::vector<Function> functions_of(std::string_view source);

/// Lines (from 1) where `word` stands by itself, not as a part of an identifier.
std::vector<int> lines_with_word(std::string_view text, std::string_view word);
std::vector<std::string_view> split_lines(std::string_view text);
/// Code points of UTF-8 text.
int width_of(std::string_view line);

}  // namespace sitegate::tidy
