// The terminals of a site as their file names them: who may speak to the gateway, where each stands, and what
// its numbers mean.
#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/http/client.hpp"
#include "shared/model/recognition.hpp"

namespace sitegate::devices::terminal {

enum class TerminalErrc { bad_file = 1, bad_body, bad_event, bad_answer };
const char* errc_category(TerminalErrc);
std::string_view errc_text(TerminalErrc);

enum class Family : std::uint8_t { zkteco, hikvision };
enum class Dialect : std::uint8_t { attendance, security };
/// Who says whether somebody goes in or out.
enum class DirectionFrom : std::uint8_t { place, entry, exit, state };
/// How a terminal writes a card's UID: as a decimal number of its bytes, last byte first or first byte first,
/// or in hexadecimal.
enum class CardNumber : std::uint8_t { last_byte_first, first_byte_first, hexadecimal };

/// The terminal's PIN → the PIN in the roster, where they differ. PINs that do not stand here are taken as
/// sent: nothing is ever padded or stripped.
using Aliases = std::map<std::string, std::string, std::less<>>;

/// The door that a terminal opens when it is told to.
struct Door {
  bool follow = false;  ///< it is told whenever the gateway lets somebody through
  int number = 1;       ///< 1 to 16
  int open_s = 5;       ///< 1 to 60
};

struct Terminal {
  std::string name;     ///< the section's
  std::string serial;   ///< SN (ZKTeco); device id, MAC address or the last part of the path (Hikvision)
  std::string address;  ///< it may speak from here only; as inet_ntop writes it
  std::string gate;     ///< empty: the reader's
  std::string realm;    ///< of TerminalUserCredential
  /// What it matches by; used where its code for a recognition names no method of ours (fingerprint, palm,
  /// password, "automatic").
  Method method = Method::face;
  DirectionFrom direction = DirectionFrom::place;
  std::set<std::string, std::less<>> entry_states;  ///< for DirectionFrom::state
  std::set<std::string, std::less<>> exit_states;
  std::chrono::minutes utc_offset{540};  ///< of its wall clock
  CardNumber card_number = CardNumber::last_byte_first;
  Aliases aliases;

  Dialect dialect = Dialect::attendance;  ///< ZKTeco
  bool online = false;  ///< ZKTeco, security: it asks before it opens ("remote identification")
  Door door;            ///< ZKTeco

  std::string url;  ///< Hikvision: for the search of its log, "http://192.0.2.12"; empty: no search
  std::optional<http::Credentials> digest;
  std::string ca_file;
};

/// Every section of the file is a terminal; every mistake is said with file, line and key. Serials are
/// unique.
Result<std::vector<Terminal>> load_terminals(const std::filesystem::path& file, Family family);

/// CSV with the columns terminal and roster; a PIN that comes twice is a mistake.
Result<Aliases> load_aliases(const std::filesystem::path& file);

/// An IP address in the one form that peers are compared in; nullopt if it is none.
std::optional<std::string> canonical_address(const std::string& text);

}  // namespace sitegate::devices::terminal
