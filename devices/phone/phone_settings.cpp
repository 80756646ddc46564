#include "devices/phone/phone_settings.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace sitegate::devices::phone {
namespace {

constexpr std::size_t password_size_max = 256;

Error bad(const std::string& key, const std::string& why) {
  return fail(ReaderErrc::bad_setting, key + ": " + why);
}

bool is_digits(std::string_view text, std::size_t size_min, std::size_t size_max) {
  return text.size() >= size_min && text.size() <= size_max &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<std::uint32_t> number_of(const std::string& key, std::string_view text, std::uint32_t low,
                                std::uint32_t high) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < low || number > high)
    return bad(key, "\"" + std::string(text) + "\": a number from " + std::to_string(low) + " to " +
                        std::to_string(high));
  return number;
}

Result<std::string> file_content(const std::string& key, const std::string& path, std::size_t size_max) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  if (code) return bad(key, path + ": " + code.message());
  if (size > size_max) return bad(key, path + ": more than " + std::to_string(size_max) + " bytes");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (size > 0) text << file.rdbuf();
  if (!file) return bad(key, path + ": cannot be read");
  return std::move(text).str();
}

// "0.0.0.0:5060", "[::]:5060", "192.0.2.7"
Result<void> read_address(const Url& url, PhoneSettings& settings) {
  const std::string_view text = url.authority;
  const bool bracketed = text.starts_with('[');
  const auto end = std::min(text.find(bracketed ? ']' : ':'), text.size());
  const auto host = text.substr(bracketed ? 1 : 0, bracketed ? end - 1 : end);
  const auto rest = text.substr(std::min(end + (bracketed ? 1 : 0), text.size()));
  const bool closed = !bracketed || end < text.size();
  const bool well_formed = closed && parse_address(host) && (rest.empty() || rest.starts_with(':'));
  if (!well_formed || !(url.path.empty() || url.path == "/"))
    return bad("address", "\"" + url.authority + url.path +
                              "\": expected an address of this machine, as phone+sip://0.0.0.0:5060");
  settings.address = host;
  if (rest.empty()) return success();
  SITEGATE_TRY(port, number_of("port", rest.substr(1), 1, 65535));
  settings.port = static_cast<std::uint16_t>(port);
  return success();
}

Result<void> read_transports(const Url& url, PhoneSettings& settings) {
  const auto words = url.get("transport", "udp,tcp");
  settings.udp = words == "udp" || words == "udp,tcp" || words == "tcp,udp";
  settings.tcp = words == "tcp" || words == "udp,tcp" || words == "tcp,udp";
  if (!settings.udp && !settings.tcp) return bad("transport", words + ": udp, tcp or udp,tcp");
  return success();
}

Result<void> read_numbers(const Url& url, PhoneSettings& settings) {
  settings.plan.country = url.get("country", "81");
  settings.plan.international = url.get("international", settings.plan.country == "81" ? "010" : "00");
  if (!is_digits(settings.plan.country, 1, 3) || settings.plan.country.starts_with('0'))
    return bad("country", settings.plan.country + ": the country's calling code, 1 to 3 digits");
  if (!is_digits(settings.plan.international, 1, 4))
    return bad("international", settings.plan.international + ": what is dialled before a foreign number");
  const auto list = url.get("numbers");
  const auto file = url.get("numbers_file");
  if (!list.empty() && !file.empty()) return bad("numbers", "give either numbers or numbers_file");
  if (!list.empty()) {
    SITEGATE_TRY(numbers, CalledNumbers::parse(list, "numbers", settings.plan));
    settings.numbers = std::move(numbers);
  }
  if (!file.empty()) {
    SITEGATE_TRY(text, file_content("numbers_file", file, called_list_size_max));
    SITEGATE_TRY(numbers, CalledNumbers::parse(text, file, settings.plan));
    settings.numbers = std::move(numbers);
  }
  return success();
}

Result<Bytes> read_sound(const Url& url, const std::string& key, Bytes otherwise) {
  const auto path = url.get(key);
  if (path.empty()) return otherwise;
  SITEGATE_TRY(content, file_content(key, path, sound_file_max));
  auto sound = sound_of_wav(as_bytes(content));
  if (!sound) return Error{sound.error().code, path + ": " + sound.error().detail};
  return sound;
}

Result<void> read_answer(const Url& url, PhoneSettings& settings) {
  const auto mode = url.get("mode", "decline");
  if (mode != "decline" && mode != "answer") return bad("mode", mode + ": decline or answer");
  settings.answer = mode == "answer" ? CallAnswer::speak : CallAnswer::decline;
  SITEGATE_TRY(accepted, read_sound(url, "accepted_sound", accepted_tones()));
  SITEGATE_TRY(refused, read_sound(url, "refused_sound", refused_tones()));
  settings.accepted_sound = std::move(accepted);
  settings.refused_sound = std::move(refused);
  const auto ports = url.get("rtp", "16384-16484");
  const auto dash = std::min(ports.find('-'), ports.size());
  SITEGATE_TRY(low, number_of("rtp", std::string_view(ports).substr(0, dash), 1024, 65535));
  SITEGATE_TRY(
      high, number_of("rtp", std::string_view(ports).substr(std::min(dash + 1, ports.size())), low, 65535));
  settings.rtp = {static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high)};
  return success();
}

// One line. Others than the owner must not be able to read it: a stolen account calls abroad at our cost.
Result<std::string> read_password(const std::string& path) {
  if (path.empty()) return bad("password", "register needs password=<path of a file with the password>");
  SITEGATE_TRY(text, file_content("password", path, password_size_max));
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
    return bad("password", path + ": readable by others; chmod 600 it");
  auto line = text.substr(0, text.find_first_of("\r\n"));
  if (line.empty()) return bad("password", path + ": its first line is empty");
  return line;
}

bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view("<>\"@;?\\").find(static_cast<char>(c)) == std::string_view::npos;
  });
}

Result<void> read_account(const Url& url, PhoneSettings& settings) {
  const auto text = url.get("register");
  if (text.empty()) return success();
  PhoneAccount account;
  const auto at = text.rfind('@');
  if (at == std::string::npos || !is_plain(text.substr(0, at)) || !is_plain(text.substr(at + 1)))
    return bad("register", text + ": expected <user>@<registrar>[:port]");
  account.user = text.substr(0, at);
  account.host = text.substr(at + 1);
  account.auth_user = url.get("auth_user", account.user);
  if (!is_plain(account.auth_user)) return bad("auth_user", "not a user's name");
  SITEGATE_TRY(password, read_password(url.get("password")));
  SITEGATE_TRY(expires, number_of("expires", url.get("expires", "120"), 2, 86400));
  account.password = std::move(password);
  account.expires_s = expires;
  account.tcp = !settings.udp;
  settings.account = std::move(account);
  return success();
}

}  // namespace

Result<PhoneSettings> phone_settings(const Url& url) {
  SITEGATE_TRYV(check_keys(
      url, {"trunk", "numbers", "numbers_file", "country", "international", "transport", "mode",
            "accepted_sound", "refused_sound", "rtp", "register", "auth_user", "password", "expires"}));
  PhoneSettings settings;
  SITEGATE_TRY(place, reader_place(url));
  settings.place = std::move(place);
  SITEGATE_TRYV(read_address(url, settings));
  SITEGATE_TRYV(read_transports(url, settings));
  if (url.get("trunk").empty())
    return bad("trunk", "name the addresses that may bring calls; anybody else could pretend to be anyone");
  SITEGATE_TRY(trunk, TrunkPeers::parse(url.get("trunk")));
  settings.trunk = std::move(trunk);
  SITEGATE_TRYV(read_numbers(url, settings));
  SITEGATE_TRYV(read_answer(url, settings));
  SITEGATE_TRYV(read_account(url, settings));
  return settings;
}

}  // namespace sitegate::devices::phone
