#include "tests/tidy/lexer.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

namespace sitegate::tidy {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Walks over the source once and blanks what is not code.
class Blanker {
 public:
  Blanker(std::string_view source, bool keep_preprocessor)
      : out_(source), keep_preprocessor_(keep_preprocessor) {}

  std::string run() {
    while (at_ < out_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = out_[at_];
    if (starts("//")) return blank_line_comment();
    if (starts("/*")) return blank_until("*/", 2);
    if (c == '#' && line_is_blank_ && !keep_preprocessor_) return blank_directive();
    if (c == '"') return is_raw() ? blank_raw_string() : blank_quoted('"');
    if (c == '\'' && (at_ == 0 || !is_word(out_[at_ - 1]) || is_literal_prefix())) return blank_quoted('\'');
    if (c == '\n') line_is_blank_ = true;
    if (c != ' ' && c != '\t' && c != '\n') line_is_blank_ = false;
    ++at_;
  }

  [[nodiscard]] bool starts(std::string_view text) const { return out_.compare(at_, text.size(), text) == 0; }
  void blank(std::size_t position) {
    if (out_[position] != '\n') out_[position] = ' ';
  }
  void blank_to(std::size_t end) {
    for (end = std::min(end, out_.size()); at_ < end; ++at_) blank(at_);
  }
  void blank_line_comment() { blank_to(out_.find('\n', at_)); }
  void blank_until(std::string_view end, std::size_t from) {
    const std::size_t found = out_.find(end, at_ + from);
    blank_to(found == std::string::npos ? found : found + end.size());
  }
  void blank_directive() {
    std::size_t end = out_.find('\n', at_);
    while (end != std::string::npos && out_[end - 1] == '\\') end = out_.find('\n', end + 1);
    blank_to(end);
  }
  /// Quotes stay, what is between them goes.
  void blank_quoted(char quote) {
    line_is_blank_ = false;
    for (++at_; at_ < out_.size() && out_[at_] != quote && out_[at_] != '\n'; ++at_) {
      if (out_[at_] == '\\' && at_ + 1 < out_.size()) blank(at_++);
      blank(at_);
    }
    ++at_;
  }
  [[nodiscard]] bool is_raw() const {
    return at_ > 0 && out_[at_ - 1] == 'R' &&
           (at_ == 1 || !is_word(out_[at_ - 2]) || out_[at_ - 2] == '8' || out_[at_ - 2] == 'u' ||
            out_[at_ - 2] == 'U' || out_[at_ - 2] == 'L');
  }
  void blank_raw_string() {
    const std::size_t parenthesis = out_.find('(', at_);
    if (parenthesis == std::string::npos) return blank_to(out_.size());
    blank_until(")" + out_.substr(at_ + 1, parenthesis - at_ - 1) + "\"", parenthesis - at_);
  }
  /// u8'x', L'x' are characters; 1'000'000 is a number.
  [[nodiscard]] bool is_literal_prefix() const {
    std::size_t start = at_;
    while (start > 0 && is_word(out_[start - 1])) --start;
    const std::string_view prefix(out_.data() + start, at_ - start);
    return prefix == "u8" || prefix == "u" || prefix == "U" || prefix == "L";
  }

  std::string out_;
  std::size_t at_ = 0;
  bool line_is_blank_ = true;
  bool keep_preprocessor_;
};

/// What an opening brace outside functions begins.
enum class Block { scope, function, initialiser };

/// The declaration in front of a brace, reduced to what tells blocks apart.
struct Head {
  std::string flat;    ///< what stands outside parentheses; each group became "()"
  std::string before;  ///< the same up to the first group
};

Head flatten(std::string_view text) {
  Head head;
  int depth = 0;
  for (const char c : text) {
    if (c == '(' && depth++ == 0) {
      if (head.flat.find('(') == std::string::npos) head.before = head.flat;
      head.flat += "()";
    } else if (c == ')') {
      --depth;
    } else if (depth == 0) {
      head.flat += c;
    }
  }
  while (!head.flat.empty() && std::isspace(static_cast<unsigned char>(head.flat.back())) != 0)
    head.flat.pop_back();
  return head;
}

/// True where class, struct, union, enum or namespace introduces a block; not in <struct Tag>.
bool begins_scope(const std::string& flat) {
  static const std::regex keyword(R"(\b(class|struct|union|enum|namespace)\b)");
  for (auto match = std::sregex_iterator(flat.begin(), flat.end(), keyword); match != std::sregex_iterator();
       ++match) {
    std::size_t before = static_cast<std::size_t>(match->position(1));
    while (before > 0 && std::isspace(static_cast<unsigned char>(flat[before - 1])) != 0) --before;
    if (before == 0 || (flat[before - 1] != '<' && flat[before - 1] != ',')) return true;
  }
  return flat.find("extern") != std::string::npos && flat.find("()") == std::string::npos;
}

/// A member's initialiser in a constructor: "Name() : a_{1}, b_" — the brace follows an identifier after the
/// colon.
bool is_member_initialiser(const std::string& flat) {
  static const std::regex colon(R"(\(\)[^:?=]*[^:]:[^:])");
  return std::regex_search(flat, colon) && !flat.empty() && (is_word(flat.back()) || flat.back() == '>');
}

Block classify(const Head& head) {
  static const std::regex lambda(R"(\[[^\[\]]*\]\s*(\(\))?[^;=]*$)");
  static const std::regex assignment(R"((^|[^=!<>\w])=[^=]|=$)");
  const bool is_operator = head.flat.find("operator") != std::string::npos;
  if (begins_scope(head.flat)) return Block::scope;
  if (!is_operator && std::regex_search(head.flat, assignment))
    return std::regex_search(head.flat.substr(head.flat.find('=')), lambda) ? Block::function
                                                                            : Block::initialiser;
  if (head.flat.find("()") == std::string::npos || is_member_initialiser(head.flat))
    return Block::initialiser;
  return Block::function;
}

std::string name_of(const Head& head) {
  if (const auto at = head.flat.find("operator"); at != std::string::npos) return head.flat.substr(at, 16);
  const std::string text = head.flat.substr(0, std::min(head.flat.find('='), head.before.size()));
  std::size_t end = text.size();
  while (end > 0 && !is_word(text[end - 1])) --end;
  std::size_t start = end;
  while (start > 0 && (is_word(text[start - 1]) || text[start - 1] == ':' || text[start - 1] == '~')) --start;
  return text.substr(start, end - start);
}

/// Finds functions by their braces. Outside functions it remembers the text since the last statement's end,
/// the head.
class FunctionFinder {
 public:
  explicit FunctionFinder(const std::string& code) : code_(code) {}

  std::vector<Function> run() {
    for (; at_ < code_.size(); ++at_) step(code_[at_]);
    return std::move(found_);
  }

 private:
  void step(char c) {
    if (c == '\n') ++line_;
    if (c == '{') return open();
    if (c == '(' || c == ')') parentheses_ += c == '(' ? 1 : -1;
    if ((c == ';' && parentheses_ == 0) || c == '}' || is_access_label(c)) {
      head_.clear();
      parentheses_ = 0;
      return;
    }
    head_ += c;
  }

  [[nodiscard]] bool is_access_label(char c) const {
    static constexpr std::array<std::string_view, 3> labels{"public", "private", "protected"};
    if (c != ':' || parentheses_ != 0) return false;
    const auto start = head_.find_first_not_of(" \n\t");
    if (start == std::string::npos) return false;
    const auto word = std::string_view(head_).substr(start);
    return std::find(labels.begin(), labels.end(), word.substr(0, word.find_last_not_of(" \n\t") + 1)) !=
           labels.end();
  }

  void open() {
    const Head head = flatten(head_);
    const Block block = parentheses_ > 0 ? Block::initialiser : classify(head);
    if (block == Block::scope) {
      head_.clear();
      return;
    }
    const int first = line_;
    skip_block();
    if (block == Block::initialiser) {
      head_ += "{}";
      return;
    }
    found_.push_back({name_of(head), first, line_ - first + 1});
    head_.clear();
  }

  /// From an opening brace to the one that closes it.
  void skip_block() {
    for (int depth = 0; at_ < code_.size(); ++at_) {
      if (code_[at_] == '\n') ++line_;
      if (code_[at_] == '{') ++depth;
      if (code_[at_] == '}' && --depth == 0) return;
    }
  }

  const std::string& code_;
  std::size_t at_ = 0;
  int line_ = 1;
  int parentheses_ = 0;
  std::string head_;
  std::vector<Function> found_;
};

}  // namespace

std::string code_only(std::string_view source) {
  return Blanker(source, false).run();
}

std::vector<Include> includes_of(std::string_view source) {
  static const std::regex directive(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
  std::vector<Include> found;
  const auto lines = split_lines(source);
  const std::string kept = Blanker(source, true).run();
  const auto kept_lines = split_lines(kept);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::match_results<std::string_view::const_iterator> match;
    const bool is_code = i < kept_lines.size() && kept_lines[i].find('#') != std::string_view::npos;
    if (is_code && std::regex_search(lines[i].begin(), lines[i].end(), match, directive))
      found.push_back({static_cast<int>(i) + 1, match[1].str()});
  }
  return found;
}

std::vector<Function> functions_of(std::string_view source) {
  const std::string code = code_only(source);
  return FunctionFinder(code).run();
}

std::vector<int> lines_with_word(std::string_view text, std::string_view word) {
  std::vector<int> found;
  const auto lines = split_lines(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto line = lines[i];
    for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
      const auto end = at + word.size();
      if ((at > 0 && is_word(line[at - 1])) || (end < line.size() && is_word(line[end]))) continue;
      found.push_back(static_cast<int>(i) + 1);
      break;
    }
  }
  return found;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    lines.push_back(line);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return lines;
}

int width_of(std::string_view line) {
  return static_cast<int>(std::count_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace sitegate::tidy
