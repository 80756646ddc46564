// Errors as values. A function that can fail returns Result<T>; each module names its failures in one enum
// class `Errc` and says where in `detail`. Exceptions never cross a module's border.
#pragma once
#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/terminate.hpp>
#include <boost/outcome/try.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

namespace sitegate {

/// What went wrong (`code`: stable, comparable) and where (`detail`: for a person, never compared).
struct Error {
  std::error_code code;
  std::string detail;
  /// "<category>: <what>: <where>"
  [[nodiscard]] std::string text() const;
};

template <typename T>
using Result =
    BOOST_OUTCOME_V2_NAMESPACE::basic_result<T, Error, BOOST_OUTCOME_V2_NAMESPACE::policy::terminate>;
using BOOST_OUTCOME_V2_NAMESPACE::success;

/// Makes a std::error_category from a module's enum. The module gives, found by argument-dependent lookup:
///   const char* errc_category(Errc);        // e.g. "outbox"
///   std::string_view errc_text(Errc);       // e.g. "the disk is full"
/// and specialises std::is_error_code_enum.
template <typename Errc>
class EnumCategory final : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return errc_category(Errc{}); }
  [[nodiscard]] std::string message(int value) const override {
    return std::string(errc_text(static_cast<Errc>(value)));
  }
  static const EnumCategory& instance() {
    static const EnumCategory category;
    return category;
  }
};

template <typename Errc>
Error fail(Errc what, std::string where = {}) {
  return Error{std::error_code(static_cast<int>(what), EnumCategory<Errc>::instance()), std::move(where)};
}

/// True if `error` is exactly the module failure `what`.
template <typename Errc>
bool is(const Error& error, Errc what) {
  return error.code.category() == EnumCategory<Errc>::instance() &&
         error.code.value() == static_cast<int>(what);
}

/// An operating-system failure: `errno` and what was attempted, with the path or address.
Error fail_errno(int error_number, std::string where);

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace sitegate

/// SITEGATE_TRY(value, expression): `value` is bound to the success, or the error is returned.
#define SITEGATE_TRY(variable, ...) BOOST_OUTCOME_TRY(variable, __VA_ARGS__)
/// The same for an expression whose success carries nothing that is needed.
#define SITEGATE_TRYV(...) BOOST_OUTCOME_TRYV(__VA_ARGS__)
/// A programmer's error ends the program, in release builds too.
#define SITEGATE_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::sitegate::assertion_failed(#condition, __FILE__, __LINE__))
