#include "edge/typed_entry/clerks.hpp"

#include <algorithm>

#include "edge/typed_entry/typed_entry.hpp"
#include "shared/crypto/aes.hpp"
#include "shared/settings/settings_file.hpp"

namespace sitegate::edge {
namespace {

constexpr std::size_t login_size_max = 32;

bool is_login(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.size() <= login_size_max && text.find_first_not_of(letters) == text.npos;
}

Clerk read_clerk(SettingsFile& from, const std::string& login) {
  Clerk clerk{login, from.text(login + ".name")};
  if (!is_login(login)) from.refuse(login + ".name", "a login of 1 to 32 of A-Z a-z 0-9 _ - is expected");
  if (!is_plain_text(clerk.name, name_size_max))
    from.refuse(login + ".name", "the clerk's name of 1 to 64 bytes is expected");
  const std::string kept = from.text(login + ".password", "");
  if (kept.empty()) return clerk;
  clerk.password = crypto::PasswordHash::parse(kept);
  if (!clerk.password)
    from.refuse(login + ".password",
                "what `sitegate provision clerk` prints is expected, not the password itself");
  return clerk;
}

}  // namespace

Clerks::Clerks(std::vector<Clerk> clerks) : clerks_(std::move(clerks)) {
  const bool any =
      std::ranges::any_of(clerks_, [](const Clerk& clerk) { return clerk.password.has_value(); });
  if (any) decoy_ = crypto::PasswordHash::of(to_hex(crypto::random_bytes(16)));
}

Result<Clerks> Clerks::load(const std::filesystem::path& file) {
  SITEGATE_TRY(from, SettingsFile::load(file));
  std::vector<Clerk> clerks;
  for (const auto& login : from.sections()) clerks.push_back(read_clerk(from, login));
  if (clerks.empty())
    return fail(SettingsErrc::missing, file.string() + ": at least one clerk is expected, as [tanaka]");
  SITEGATE_TRYV(from.finish());
  return Clerks(std::move(clerks));
}

const Clerk* Clerks::admit(std::string_view login, std::string_view password) const {
  if (password.size() > clerk_password_size_max) return nullptr;
  const auto found = std::ranges::find(clerks_, login, &Clerk::login);
  if (found == clerks_.end()) {
    if (decoy_) static_cast<void>(decoy_->matches(password));
    return nullptr;
  }
  return !found->password || found->password->matches(password) ? &*found : nullptr;
}

}  // namespace sitegate::edge
