// The gateway's own web server on the site's network: other parts mount their pages here.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"
#include "shared/http/server.hpp"

namespace sitegate::edge {

enum class LocalPageErrc { bad_address = 1, bad_password_file };
const char* errc_category(LocalPageErrc);
std::string_view errc_text(LocalPageErrc);

/// Who may ask for a page, where the site has set a password.
enum class Access : std::uint8_t {
  password,  ///< whoever knows it
  everybody  ///< also without it: a page that proves by itself who asks
};

struct LocalPageSettings {
  std::string listen = {};  ///< "127.0.0.1:8080", "[::1]:8080", "0.0.0.0:8080"; port 0: any that is free
  /// Holds the password that the site's people share, 8 to 128 bytes on its first line; empty: none is asked.
  std::filesystem::path password_file = {};
  http::ServerLimits limits = {};
};

/// The password in a file; bad_password_file says what is wrong with it.
Result<std::string> read_password(const std::filesystem::path& file);

/// Operation: open(), add() for each page, start(). A request for a path that nobody mounted gets 404, with a
/// method that nobody mounted there 405, without the password 401 (Basic, RFC 7617: the user's name is free),
/// and one that changes something (any method but GET) and comes from another site's page 403. Every answer
/// is marked not to be kept, framed or guessed at, unless its handler said otherwise. Concurrency: add() and
/// start() by one thread, before requests come; handlers run on the server's thread, as http::Server says.
class LocalPage {
 public:
  /// Reads the password; listens to nothing yet.
  static Result<std::unique_ptr<LocalPage>> open(const LocalPageSettings& settings);
  LocalPage(const LocalPage&) = delete;
  LocalPage& operator=(const LocalPage&) = delete;

  /// `path` is exact, or with a star at its end everything that begins with it ("/typed/*"). The first that
  /// fits answers. What the handler needs outlives this object, or stop() is called before.
  void add(std::string method, std::string path, http::Handler handler, Access access = Access::password);
  /// cannot_listen with address, port and reason.
  Result<void> start();
  /// No handler is called afterwards; not from a handler.
  void stop();
  /// 0 before start().
  [[nodiscard]] std::uint16_t port() const { return server_ ? server_->port() : std::uint16_t{0}; }

 private:
  struct Page {
    std::string method;
    std::string path;
    http::Handler handler;
    Access access;
  };
  struct Address {
    std::string host;
    std::uint16_t port;
  };
  static std::optional<Address> parse(std::string_view listen);

  LocalPage(Address address, http::ServerLimits limits, std::optional<Digest> password)
      : address_(std::move(address)), limits_(limits), password_(password) {}
  void answer(http::Request request, http::Responder respond) const;
  [[nodiscard]] const Page* find(const http::Request& request, std::string& methods_there) const;
  [[nodiscard]] bool knows_password(const http::Request& request) const;

  // Constant after start().
  const Address address_;
  const http::ServerLimits limits_;
  const std::optional<Digest> password_;  // its SHA-256
  std::vector<Page> pages_;

  std::unique_ptr<http::Server> server_;
};

}  // namespace sitegate::edge

template <>
struct std::is_error_code_enum<sitegate::edge::LocalPageErrc> : std::true_type {};
