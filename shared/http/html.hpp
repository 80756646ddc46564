// Text that came from anywhere, made safe to stand in a page of ours.
#pragma once
#include <string>
#include <string_view>

namespace sitegate::http {

/// For content and quoted attribute values of HTML: & < > " ' become references, control characters other
/// than tab and line ends become U+FFFD.
std::string escape_html(std::string_view text);

}  // namespace sitegate::http
