#include "devices/scanner/scan_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "devices/reader.hpp"
#include "shared/codes/technician_code.hpp"

namespace sitegate::devices::scanner {
namespace {

constexpr std::size_t aim_size = 3;  // "]", code character, modifier
constexpr std::size_t affix_size_max = 32;

bool is_letter(char letter) {
  return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

bool is_printable(char letter) {
  return letter >= 0x20 && letter <= 0x7E;
}

bool has_aim(std::string_view text) {
  return text.size() >= aim_size && text[0] == ']' && is_letter(text[1]) && is_printable(text[2]);
}

Result<void> check_readable(std::string_view line) {
  const auto bad = std::find_if_not(line.begin(), line.end(), is_printable);
  if (bad == line.end()) return success();
  return fail(ScanErrc::unreadable,
              fmt::format("byte {:02x} at {} of {}; a code has printable ASCII only",
                          static_cast<unsigned char>(*bad), bad - line.begin() + 1, line.size()));
}

Result<std::string_view> without_aim(const ScanRules& rules, std::string_view text) {
  const bool there = has_aim(text);
  if (!rules.symbologies.empty() && (!there || rules.symbologies.find(text[1]) == std::string::npos))
    return fail(
        ScanErrc::foreign_code,
        there ? fmt::format("symbology {}, aim={} is wanted", text.substr(0, aim_size), rules.symbologies)
              : "no symbology identifier before the code; set the scanner to send it (AIM ID)");
  return there && rules.aim == Aim::strip ? text.substr(aim_size) : text;
}

Result<std::string_view> without_affixes(const ScanRules& rules, std::string_view text) {
  if (!text.starts_with(rules.prefix))
    return fail(ScanErrc::foreign_code, fmt::format("does not begin with prefix={}", rules.prefix));
  text.remove_prefix(rules.prefix.size());
  if (!text.ends_with(rules.suffix))
    return fail(ScanErrc::foreign_code, fmt::format("does not end with suffix={}", rules.suffix));
  text.remove_suffix(rules.suffix.size());
  return text;
}

Result<std::string_view> checked(const ScanRules& rules, std::string_view text) {
  if (!check_holds(rules.check, text))
    return fail(ScanErrc::wrong_check,
                fmt::format("{} characters, check={}", text.size(), to_text(rules.check)));
  if (!rules.check_is_part) text.remove_suffix(check_size(rules.check));
  return text;
}

Result<Credential> named_by(const ScanRules& rules, std::string_view text) {
  if (rules.accept == Accept::technician_id) {
    const auto technician = TechnicianId::parse(text);
    if (!technician)
      return fail(ScanErrc::no_technician_id,
                  fmt::format("{} characters, 14 digits are wanted", text.size()));
    return Credential{TechnicianCredential{*technician}};
  }
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  // Longer than what names a person by itself: the gate verifies it and makes a technician of it.
  if (codes::is_technician_code(text)) return Credential{CodeCredential{std::string(text)}};
  if (text.empty() || text.size() > credential_value_size_max)
    return fail(ScanErrc::unreadable, fmt::format("{} characters, 1 to {} can name a person", text.size(),
                                                  credential_value_size_max));
  return Credential{CodeCredential{std::string(text)}};
}

Result<std::string> affix(const Url& url, const std::string& key) {
  auto text = url.get(key);
  if (text.size() > affix_size_max || !std::all_of(text.begin(), text.end(), is_printable))
    return fail(ReaderErrc::bad_setting,
                fmt::format("{}: at most {} characters of printable ASCII", key, affix_size_max));
  return text;
}

Result<void> take_accept(const Url& url, ScanRules& rules) {
  const auto word = url.get("accept", "code");
  if (word != "code" && word != "technician_id")
    return fail(ReaderErrc::bad_setting, "accept=" + word + ": code or technician_id");
  rules.accept = word == "code" ? Accept::code : Accept::technician_id;
  return success();
}

Result<void> take_aim(const Url& url, ScanRules& rules) {
  const auto word = url.get("aim", "keep");
  if (word == "keep") return success();
  rules.aim = Aim::strip;
  if (word == "strip") return success();
  if (word.empty() || word.size() > 26 || !std::all_of(word.begin(), word.end(), is_letter))
    return fail(ReaderErrc::bad_setting,
                "aim=" + word + ": keep, strip, or the code characters to be taken, like Q or QC");
  rules.symbologies = word;
  return success();
}

Result<void> take_check(const Url& url, ScanRules& rules) {
  const auto word = url.get("check", "none");
  const auto rule = parse_check_rule(word);
  if (!rule)
    return fail(ReaderErrc::bad_setting, "check=" + word + ": none, mod10, luhn, mod43, mod11_2 or mod97");
  rules.check = *rule;
  const auto part = url.get("check_character", rules.accept == Accept::code ? "keep" : "remove");
  if (part != "keep" && part != "remove")
    return fail(ReaderErrc::bad_setting, "check_character=" + part + ": keep or remove");
  rules.check_is_part = part == "keep";
  return success();
}

}  // namespace

const char* errc_category(ScanErrc) {
  return "scan";
}

std::string_view errc_text(ScanErrc what) {
  switch (what) {
    case ScanErrc::unreadable:
      return "no usable code";
    case ScanErrc::foreign_code:
      return "not a code of this kind";
    case ScanErrc::wrong_check:
      return "the check digit is wrong";
    case ScanErrc::no_technician_id:
      return "not a technician ID";
  }
  return "unknown";
}

Result<ScanRules> scan_rules(const Url& url) {
  ScanRules rules;
  SITEGATE_TRYV(take_accept(url, rules));
  SITEGATE_TRYV(take_aim(url, rules));
  SITEGATE_TRYV(take_check(url, rules));
  SITEGATE_TRY(prefix, affix(url, "prefix"));
  SITEGATE_TRY(suffix, affix(url, "suffix"));
  rules.prefix = std::move(prefix);
  rules.suffix = std::move(suffix);
  return rules;
}

Result<Credential> scanned_credential(const ScanRules& rules, std::string_view line) {
  SITEGATE_TRYV(check_readable(line));
  SITEGATE_TRY(bare, without_aim(rules, line));
  SITEGATE_TRY(inner, without_affixes(rules, bare));
  SITEGATE_TRY(text, checked(rules, inner));
  return named_by(rules, text);
}

}  // namespace sitegate::devices::scanner
