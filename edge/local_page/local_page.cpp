#include "edge/local_page/local_page.hpp"

#include <charconv>
#include <fstream>

#include "shared/base/log.hpp"
#include "shared/crypto/aes.hpp"
#include "shared/crypto/digest.hpp"
#include "shared/http/basic.hpp"

namespace sitegate::edge {
namespace {

constexpr std::size_t password_size_min = 8;
constexpr std::size_t password_size_max = 128;

/// Not kept by browsers, not shown in other sites' frames, nothing loaded from elsewhere.
const http::Header safe_headers[] = {
    {"Cache-Control", "no-store"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'"}};

http::Response with_safe_headers(http::Response response) {
  for (const auto& header : safe_headers)
    if (response.header(header.name).empty()) response.headers.push_back(header);
  return response;
}

http::Responder with_safe_headers(http::Responder respond) {
  auto inner = std::make_shared<http::Responder>(std::move(respond));
  return http::Responder(
      [inner](http::Response response) { (*inner)(with_safe_headers(std::move(response))); });
}

bool fits(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with('*')) return pattern == path;
  return path.starts_with(pattern.substr(0, pattern.size() - 1));
}

/// Browsers say where a form that changes something came from (Fetch, 3.2); programs say nothing.
bool from_elsewhere(const http::Request& request) {
  if (request.method == "GET") return false;
  const auto origin = request.header("Origin");
  if (origin.empty()) return false;
  const std::string host(request.header("Host"));
  return origin != "http://" + host && origin != "https://" + host;
}

http::Response password_wanted() {
  return {.status = 401,
          .body = "パスワードが必要です / the site's password is needed\n",
          .content_type = "text/plain; charset=utf-8",
          .headers = {{"WWW-Authenticate", R"(Basic realm="SiteGate", charset="UTF-8")"}}};
}

}  // namespace

const char* errc_category(LocalPageErrc) {
  return "local page";
}

std::string_view errc_text(LocalPageErrc what) {
  switch (what) {
    case LocalPageErrc::bad_address:
      return "not an address and port such as 127.0.0.1:8080";
    case LocalPageErrc::bad_password_file:
      return "no usable password; its first line must hold 8 to 128 bytes";
  }
  return "unknown";
}

Result<std::string> read_password(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string start(password_size_max + 2, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  const std::string line = start.substr(0, start.find_first_of("\r\n"));
  if (line.size() < password_size_min || line.size() > password_size_max)
    return fail(LocalPageErrc::bad_password_file, file.string());
  return line;
}

std::optional<LocalPage::Address> LocalPage::parse(std::string_view listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = listen.substr(0, colon);
  const std::string_view digits = listen.substr(colon + 1);
  std::uint16_t port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return Address{std::string(host), port};
}

Result<std::unique_ptr<LocalPage>> LocalPage::open(const LocalPageSettings& settings) {
  auto address = parse(settings.listen);
  if (!address) return fail(LocalPageErrc::bad_address, settings.listen);
  std::optional<Digest> password;
  if (!settings.password_file.empty()) {
    SITEGATE_TRY(text, read_password(settings.password_file));
    password = crypto::sha256(as_bytes(text));
  }
  return std::unique_ptr<LocalPage>(new LocalPage(std::move(*address), settings.limits, password));
}

void LocalPage::add(std::string method, std::string path, http::Handler handler, Access access) {
  SITEGATE_ASSERT(!server_);
  pages_.push_back({std::move(method), std::move(path), std::move(handler), access});
}

Result<void> LocalPage::start() {
  SITEGATE_TRY(server, http::Server::start({address_.host, address_.port, limits_},
                                           [this](http::Request request, http::Responder respond) {
                                             answer(std::move(request), std::move(respond));
                                           }));
  server_ = std::move(server);
  log::info("local page address={} port={} password={}", address_.host, server_->port(),
            password_ ? "yes" : "no");
  return success();
}

void LocalPage::stop() {
  if (server_) server_->stop();
}

const LocalPage::Page* LocalPage::find(const http::Request& request, std::string& methods_there) const {
  for (const auto& page : pages_) {
    if (!fits(page.path, request.path)) continue;
    if (page.method == request.method) return &page;
    methods_there += (methods_there.empty() ? "" : ", ") + page.method;
  }
  return nullptr;
}

/// Digests are compared, so that neither the time nor the length tells how far a guess was right.
bool LocalPage::knows_password(const http::Request& request) const {
  if (!password_) return true;
  const auto authorization = request.header("Authorization");
  if (authorization.empty()) return false;
  const auto given = http::parse_basic(authorization);
  const bool right =
      given && crypto::equal_in_constant_time(crypto::sha256(as_bytes(given->password)), *password_);
  if (!right) log::warn("wrong password for the local page peer={}", request.peer);
  return right;
}

void LocalPage::answer(http::Request request, http::Responder plain) const {
  http::Responder respond = with_safe_headers(std::move(plain));
  std::string methods_there;
  const Page* page = find(request, methods_there);
  if ((page == nullptr || page->access == Access::password) && !knows_password(request))
    return respond(password_wanted());
  if (page == nullptr && methods_there.empty())
    return respond({.status = 404, .body = "there is no such page; begin at /\n"});
  if (page == nullptr)
    return respond({.status = 405, .body = "not this way\n", .headers = {{"Allow", methods_there}}});
  if (from_elsewhere(request)) return respond({.status = 403, .body = "sent from another site's page\n"});
  page->handler(std::move(request), std::move(respond));
}

}  // namespace sitegate::edge
