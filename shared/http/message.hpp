// Requests and responses of HTTP/1.1 (RFC 9110, RFC 9112), free of any library.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sitegate::http {

struct Header {
  std::string name;  ///< compared without regard to case (RFC 9110, 5.1)
  std::string value;
  bool operator==(const Header&) const = default;
};
using Headers = std::vector<Header>;

/// The first header of this name; empty if there is none.
std::string_view find_header(const Headers& headers, std::string_view name);

/// Names and values, decoded. Of a name that comes twice the first value stays.
using Query = std::map<std::string, std::string, std::less<>>;

/// "a=1&b=x%20y+z" as browsers write it (WHATWG URL, application/x-www-form-urlencoded: "+" is a blank). A
/// part without "=" is a name with an empty value. Serves for queries and for bodies of forms. nullopt: a "%"
/// without two hexadecimal digits.
std::optional<Query> parse_form(std::string_view text);
/// %XX only; nullopt as above.
std::optional<std::string> percent_decode(std::string_view text);

struct Credentials {
  std::string user;
  std::string password;
};

/// What a server took in: whole, within its limits.
struct Request {
  std::string method;  ///< "GET", "POST", …: as sent, upper case
  std::string target;  ///< as sent: "/iclock/cdata?SN=1"
  std::string path;    ///< percent-decoded, without the query; begins with "/"
  Query query;
  Headers headers;
  std::string body;
  std::string peer;  ///< the other side's address without its port: "192.0.2.7", "2001:db8::7"

  [[nodiscard]] std::string_view header(std::string_view name) const { return find_header(headers, name); }
  /// The value of a query's name; empty if there is none.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
};

struct Response {
  unsigned status = 200;  ///< 200 to 599 from a server of ours
  std::string body = {};
  std::string content_type = "text/plain";  ///< empty: no such header
  Headers headers = {};  ///< further ones; Content-Length and Connection are the server's matter

  [[nodiscard]] std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

}  // namespace sitegate::http
