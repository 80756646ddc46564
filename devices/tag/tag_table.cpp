#include "devices/tag/tag_table.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "shared/settings/settings_file.hpp"

namespace sitegate::devices::tag {
namespace {

constexpr std::string_view table_section = "table";
constexpr std::size_t text_size_max = 64;

struct NamedKey {
  crypto::AesKey key;
  Bytes diversify_with;  ///< empty: the key itself is used
};
using Keys = std::map<std::string, NamedKey, std::less<>>;

Result<void> check_secrecy(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return fail_errno(errno, "look at " + file.string());
  if ((status.st_mode & S_IRWXO) == 0) return success();
  return fail(
      TagErrc::bad_table,
      file.string() + ": holds keys and may be read by everyone; chmod 600 (or 640) " + file.string());
}

NamedKey read_key(SettingsFile& settings, const std::string& name) {
  NamedKey key;
  if (const auto parsed = crypto::AesKey::from_hex(settings.text(name + ".aes128")))
    key.key = *parsed;
  else
    settings.refuse(name + ".aes128", "an AES-128 key has 32 hexadecimal digits");
  const auto with = settings.text(name + ".diversify_with", "");
  if (with.empty()) return key;
  const auto bytes = from_hex(with);
  if (bytes && bytes->size() >= diversify_size_min && bytes->size() <= diversify_size_max)
    key.diversify_with = *bytes;
  else
    settings.refuse(name + ".diversify_with", "9 to 24 bytes in hexadecimal are expected (AN10922)");
  return key;
}

Result<Keys> load_keys(const std::filesystem::path& file) {
  SITEGATE_TRY(settings, SettingsFile::load(file));
  SITEGATE_TRYV(check_secrecy(file));
  Keys keys;
  for (const auto& name : settings.sections()) keys.emplace(name, read_key(settings, name));
  SITEGATE_TRYV(settings.finish());
  return keys;
}

std::optional<double> number_of(std::string_view text, double low, double high) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= low && value <= high))
    return std::nullopt;
  return value;
}

/// "35.681236, 139.767125", as maps show it.
std::optional<Position> position_of(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto latitude = number_of(text.substr(0, comma), -90, 90);
  const auto longitude = number_of(text.substr(comma + 1), -180, 180);
  if (!latitude || !longitude) return std::nullopt;
  return Position{*latitude, *longitude};
}

/// One section of the table: a tag.
class TagSection {
 public:
  TagSection(SettingsFile& settings, const Keys& keys, std::string name)
      : settings_(settings), keys_(keys), name_(std::move(name)) {}

  Tag read() {
    Tag tag;
    if (const auto uid = parse_uid(name_))
      tag.uid = *uid;
    else
      settings_.refuse(name_, "a tag's section is named by its UID, 14 hexadecimal digits");
    tag.name = short_text("name", uid_text(tag.uid));
    tag.gate = short_text("gate", "");
    tag.file_data = short_text("file_data", "");
    const auto direction = settings_.choice(key("direction"), {"", "entry", "exit"}, 0);
    if (direction != 0) tag.direction = direction == 1 ? Direction::entry : Direction::exit;
    tag.place = place();
    if (const auto meta = settings_.text(key("meta_key"), ""); !meta.empty())
      tag.meta_read_key = named("meta_key", meta, tag.uid, false);
    tag.file_read_key = named("file_key", settings_.text(key("file_key")), tag.uid, true);
    return tag;
  }

 private:
  [[nodiscard]] std::string key(std::string_view of) const { return name_ + "." + std::string(of); }

  std::string short_text(std::string_view of, const std::string& otherwise) {
    auto text = settings_.text(key(of), otherwise);
    if (text.size() > text_size_max) settings_.refuse(key(of), "at most 64 characters");
    return text;
  }

  std::optional<TagPlace> place() {
    const auto text = settings_.text(key("position"), "");
    TagPlace place;
    place.radius_m = static_cast<double>(settings_.integer(key("radius_m"), 10, 100'000, 150));
    place.required = settings_.flag(key("position_required"), true);
    if (text.empty()) return std::nullopt;
    const auto position = position_of(text);
    if (!position)
      settings_.refuse(key("position"), "latitude, longitude is expected: \"35.6812, 139.7671\"");
    place.position = position.value_or(Position{});
    return place;
  }

  /// SDMMetaReadKey is one for many tags: before it has been used nobody knows which tag it is.
  crypto::AesKey named(std::string_view of, const std::string& name, const TagUid& uid, bool own_allowed) {
    const auto found = keys_.find(name);
    if (found == keys_.end()) {
      settings_.refuse(key(of), "the key file has no key of this name");
      return {};
    }
    const auto& [master, system] = found->second;
    if (system.empty()) return master;
    if (!own_allowed) settings_.refuse(key(of), "a key with diversify_with cannot be the meta key");
    return diversified_key(master, uid, system);
  }

  SettingsFile& settings_;
  const Keys& keys_;
  const std::string name_;
};

}  // namespace

double distance_m(const Position& one, const Position& other) {
  constexpr double radius_m = 6'371'000;
  constexpr double radian = std::numbers::pi / 180;
  const double north = std::sin((other.latitude - one.latitude) * radian / 2);
  const double east = std::sin((other.longitude - one.longitude) * radian / 2);
  const double chord =
      north * north + std::cos(one.latitude * radian) * std::cos(other.latitude * radian) * east * east;
  return 2 * radius_m * std::asin(std::min(1.0, std::sqrt(chord)));
}

Result<crypto::AesKey> load_key(const std::filesystem::path& key_file, const std::string& name) {
  SITEGATE_TRY(keys, load_keys(key_file));
  const auto found = keys.find(name);
  if (found == keys.end()) return fail(TagErrc::bad_table, key_file.string() + ": has no key named " + name);
  return found->second.key;
}

Result<TagTable> TagTable::load(const std::filesystem::path& file) {
  SITEGATE_TRY(settings, SettingsFile::load(file));
  TagTable table;
  table.files_ = {file, settings.path("table.keys", "tag-keys.toml")};
  SITEGATE_TRY(keys, load_keys(table.files_.back()));
  if (const auto name = settings.text("table.enrolment_key", ""); !name.empty()) {
    if (const auto found = keys.find(name); found != keys.end())
      table.enrolment_key_ = found->second.key;
    else
      settings.refuse("table.enrolment_key", "the key file has no key of this name");
  }
  for (const auto& section : settings.sections()) {
    if (section == table_section) continue;
    auto tag = TagSection(settings, keys, section).read();
    auto& metas = table.meta_read_keys_;
    if (tag.meta_read_key && std::find(metas.begin(), metas.end(), *tag.meta_read_key) == metas.end())
      metas.push_back(*tag.meta_read_key);
    const auto uid = tag.uid;
    if (!table.tags_.emplace(uid, std::move(tag)).second)
      settings.refuse(section, "this tag stands in the table twice");
  }
  SITEGATE_TRYV(settings.finish());
  if (table.meta_read_keys_.size() > meta_read_keys_max)
    return fail(TagErrc::bad_table, file.string() + ": at most 16 different meta keys; use one for the site");
  return table;
}

const Tag* TagTable::find(const TagUid& uid) const {
  const auto found = tags_.find(uid);
  return found == tags_.end() ? nullptr : &found->second;
}

}  // namespace sitegate::devices::tag
