#include "shared/base/error.hpp"

namespace sitegate {

std::string Error::text() const {
  std::string text = std::string(code.category().name()) + ": " + code.message();
  if (!detail.empty()) text += ": " + detail;
  return text;
}

Error fail_errno(int error_number, std::string where) {
  return Error{std::error_code(error_number, std::generic_category()), std::move(where)};
}

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace sitegate
