// What a scanned line means: which part of it is the identifier, whether it is right, and what it names.
#pragma once
#include <string>

#include "devices/scanner/check_character.hpp"
#include "shared/base/error.hpp"
#include "shared/base/url.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::scanner {

/// What a code is taken for. Whether the card's face carries a machine-readable code, and what stands in it,
/// is not public: the site says what its codes are.
enum class Accept : std::uint8_t {
  code,          ///< any text; the roster knows whose it is
  technician_id  ///< a technician ID as printed on the card: 14 digits
};

/// The symbology identifier of ISO/IEC 15424 ("]Q1" before a QR Code) that many scanners can be set to send.
enum class Aim : std::uint8_t {
  keep,  ///< part of the text, if it is there
  strip  ///< no part of the text, if it is there
};

struct ScanRules {
  Accept accept = Accept::code;
  Aim aim = Aim::keep;
  std::string symbologies;  ///< code characters ("Q", "QC"): others and none are refused; empty: all
  std::string prefix;       ///< must be there; no part of the identifier
  std::string suffix;       ///< must be there; no part of the identifier
  CheckRule check = CheckRule::none;
  bool check_is_part = true;  ///< false: the check is removed once it was found right
  bool operator==(const ScanRules&) const = default;
};

enum class ScanErrc {
  unreadable = 1,    ///< too long, cut off, or bytes that no code of ours has
  foreign_code,      ///< another prefix, suffix or symbology
  wrong_check,       ///< the check digit does not fit
  no_technician_id,  ///< accept=technician_id, and this is none
};
const char* errc_category(ScanErrc);
std::string_view errc_text(ScanErrc);

/// From a URL's accept, aim, prefix, suffix, check and check_character. ReaderErrc::bad_setting.
Result<ScanRules> scan_rules(const Url& url);

/// Pure. Blanks at either end are no part of a code. ScanErrc; the detail says what was scanned only by its
/// size and the place of the fault: codes name people.
Result<Credential> scanned_credential(const ScanRules& rules, std::string_view line);

}  // namespace sitegate::devices::scanner
