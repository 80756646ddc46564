// toml++ as every part uses it: headers alone (Debian's compiled library has only the form that throws),
// errors as values, and none of its assertions. In 3.3.0 one of them ends the program at a table whose name
// begins with a character that no name may have ("[`x]"), although the code behind it has a proper error for
// that; with NDEBUG they become promises to the compiler, which is worse.
#pragma once
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
