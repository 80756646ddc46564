#include "shared/base/url.hpp"

#include "shared/base/bytes.hpp"

namespace sitegate {

const char* errc_category(UrlErrc) {
  return "url";
}

std::string_view errc_text(UrlErrc what) {
  switch (what) {
    case UrlErrc::no_scheme:
      return "no scheme such as card+pcsc: in front";
    case UrlErrc::bad_escape:
      return "a % is not followed by two hexadecimal digits";
    case UrlErrc::bad_query:
      return "a part of the query is not key=value";
  }
  return "unknown";
}

namespace {

Result<std::string> unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const auto byte = i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (!byte) return fail(UrlErrc::bad_escape, std::string(text));
    plain += static_cast<char>(byte->front());
    i += 2;
  }
  return plain;
}

Result<std::map<std::string, std::string>> parse_query(std::string_view text) {
  std::map<std::string, std::string> query;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0) return fail(UrlErrc::bad_query, std::string(part));
    SITEGATE_TRY(key, unescape(part.substr(0, equals)));
    SITEGATE_TRY(value, unescape(part.substr(equals + 1)));
    query[key] = value;
  }
  return query;
}

}  // namespace

std::string Url::get(const std::string& key, std::string_view otherwise) const {
  const auto found = query.find(key);
  return found == query.end() ? std::string(otherwise) : found->second;
}

Result<Url> parse_url(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return fail(UrlErrc::no_scheme, std::string(text));
  Url url;
  url.scheme = text.substr(0, colon);
  auto rest = text.substr(colon + 1);
  if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
    SITEGATE_TRY(query, parse_query(rest.substr(mark + 1)));
    url.query = std::move(query);
    rest = rest.substr(0, mark);
  }
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const auto slash = rest.find('/');
    url.authority = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
  }
  SITEGATE_TRY(path, unescape(rest));
  url.path = std::move(path);
  return url;
}

}  // namespace sitegate
