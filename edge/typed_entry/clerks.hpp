// Who may type: the site's clerks, from a file that only the gateway's owner writes.
//   [tanaka]                 # what the clerk signs in with: 1 to 32 of A-Z a-z 0-9 _ -
//   name = "田中 一郎"        # stands in what is recorded; 1 to 64 bytes
//   password = "scrypt$…"    # by `sitegate provision clerk`; left out: the login alone is enough
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/crypto/password.hpp"

namespace sitegate::edge {

struct Clerk {
  std::string login;
  std::string name;
  std::optional<crypto::PasswordHash> password{};
};

/// Immutable: any thread.
class Clerks {
 public:
  explicit Clerks(std::vector<Clerk> clerks);
  /// Errors: the settings file's, with file, line and what is expected; a file without any clerk is one.
  static Result<Clerks> load(const std::filesystem::path& file);

  /// The clerk who may sign in so; nullptr for who is not listed and for a wrong password. Takes as long for
  /// either, so that a guess does not learn who is listed.
  [[nodiscard]] const Clerk* admit(std::string_view login, std::string_view password) const;
  /// Whether somebody has a password: then the page asks for one.
  [[nodiscard]] bool have_passwords() const { return decoy_.has_value(); }

 private:
  std::vector<Clerk> clerks_;
  std::optional<crypto::PasswordHash> decoy_;  // of nobody
};
inline constexpr std::size_t clerk_password_size_max = 128;

}  // namespace sitegate::edge
