#include "shared/settings/settings_file.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "shared/settings/toml.hpp"

namespace sitegate {

static constexpr std::uintmax_t settings_size_max = 1024 * 1024;

const char* errc_category(SettingsErrc) {
  return "settings";
}

std::string_view errc_text(SettingsErrc what) {
  switch (what) {
    case SettingsErrc::unreadable:
      return "cannot read the settings file";
    case SettingsErrc::bad_form:
      return "not valid TOML";
    case SettingsErrc::bad_value:
      return "a setting has a value that cannot be taken";
    case SettingsErrc::missing:
      return "a setting is missing";
    case SettingsErrc::unknown_key:
      return "a setting that is not known (mistyped?)";
  }
  return "unknown";
}

struct SettingsFile::Document {
  std::filesystem::path file;
  toml::table table;
  std::set<std::string, std::less<>> read;
  std::optional<Error> error;

  [[nodiscard]] std::string place(std::string_view key) const {
    const auto node = table.at_path(key);
    const std::string line = node ? ":" + std::to_string(node.node()->source().begin.line) : "";
    return file.string() + line + ": " + std::string(key);
  }

  /// Sections may hold sections; a key outside any section is none of ours.
  [[nodiscard]] Result<void> check_all_read(const toml::table& section, const std::string& prefix) const {
    for (const auto& [key, node] : section) {
      const std::string name = prefix + std::string(key.str());
      if (const auto* inner = node.as_table()) {
        SITEGATE_TRYV(check_all_read(*inner, name + "."));
      } else if (!read.contains(name)) {
        return fail(SettingsErrc::unknown_key, place(name));
      }
    }
    return success();
  }
};

SettingsFile::SettingsFile(std::unique_ptr<Document> document) : document_(std::move(document)) {}
SettingsFile::SettingsFile(SettingsFile&&) noexcept = default;
SettingsFile::~SettingsFile() = default;

static Result<toml::table> table_of(toml::parse_result parsed, const std::string& name) {
  if (parsed) return std::move(parsed).table();
  return fail(SettingsErrc::bad_form, name + ":" + std::to_string(parsed.error().source().begin.line) + ": " +
                                          std::string(parsed.error().description()));
}

Result<SettingsFile> SettingsFile::load(const std::filesystem::path& file) {
  std::error_code problem;
  if (!std::filesystem::is_regular_file(file, problem)) return fail(SettingsErrc::unreadable, file.string());
  if (std::filesystem::file_size(file, problem) > settings_size_max)
    return fail(SettingsErrc::bad_form, file.string() + ": larger than 1 MiB");
  auto document = std::make_unique<Document>();
  document->file = std::filesystem::absolute(file);
  SITEGATE_TRY(table, table_of(toml::parse_file(file.string()), file.string()));
  document->table = std::move(table);
  return SettingsFile(std::move(document));
}

Result<SettingsFile> SettingsFile::parse(std::string_view text, const std::string& name) {
  if (text.size() > settings_size_max) return fail(SettingsErrc::bad_form, name + ": larger than 1 MiB");
  auto document = std::make_unique<Document>();
  document->file = name;
  SITEGATE_TRY(table, table_of(toml::parse(text, name), name));
  document->table = std::move(table);
  return SettingsFile(std::move(document));
}

void SettingsFile::keep(Error error) {
  if (!document_->error) document_->error = std::move(error);
}

void SettingsFile::refuse(std::string_view key, std::string why) {
  keep(fail(SettingsErrc::bad_value, document_->place(key) + ": " + std::move(why)));
}

std::string SettingsFile::text(std::string_view key, std::optional<std::string> otherwise) {
  document_->read.emplace(key);
  const auto node = document_->table.at_path(key);
  if (!node) {
    if (!otherwise) keep(fail(SettingsErrc::missing, document_->place(key)));
    return otherwise.value_or("");
  }
  if (const auto value = node.value_exact<std::string>()) return *value;
  refuse(key, "text in quotes is expected");
  return otherwise.value_or("");
}

std::filesystem::path SettingsFile::path(std::string_view key,
                                         std::optional<std::filesystem::path> otherwise) {
  const std::string value = text(key, otherwise ? std::optional(otherwise->string()) : std::nullopt);
  if (value.empty()) return {};
  return document_->file.parent_path() / value;  // an absolute value stands for itself
}

std::int64_t SettingsFile::integer(std::string_view key, std::int64_t low, std::int64_t high,
                                   std::int64_t otherwise) {
  document_->read.emplace(key);
  const auto node = document_->table.at_path(key);
  if (!node) return otherwise;
  const auto value = node.value_exact<std::int64_t>();
  if (value && *value >= low && *value <= high) return *value;
  refuse(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high) + " is expected");
  return otherwise;
}

double SettingsFile::number(std::string_view key, double low, double high, std::optional<double> otherwise) {
  document_->read.emplace(key);
  const auto node = document_->table.at_path(key);
  if (!node && !otherwise) keep(fail(SettingsErrc::missing, document_->place(key)));
  if (!node) return otherwise.value_or(low);
  const auto value = node.is_number() ? node.value<double>() : std::nullopt;
  if (value && *value >= low && *value <= high) return *value;
  refuse(key, "a number from " + std::to_string(low) + " to " + std::to_string(high) + " is expected");
  return otherwise.value_or(low);
}

std::vector<double> SettingsFile::numbers(std::string_view key) {
  document_->read.emplace(key);
  std::vector<double> values;
  const auto node = document_->table.at_path(key);
  if (!node) return values;
  const auto* list = node.as_array();
  if (list == nullptr) refuse(key, "a list of numbers is expected");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto* one = list->get(i);
    const auto value = one->is_number() ? one->value<double>() : std::nullopt;
    if (!value || !std::isfinite(*value)) refuse(key, "a list of numbers is expected");
    values.push_back(value.value_or(0));
  }
  return values;
}

bool SettingsFile::flag(std::string_view key, bool otherwise) {
  document_->read.emplace(key);
  const auto node = document_->table.at_path(key);
  if (!node) return otherwise;
  if (const auto value = node.value_exact<bool>()) return *value;
  refuse(key, "true or false is expected");
  return otherwise;
}

std::size_t SettingsFile::choice(std::string_view key, const std::vector<std::string_view>& words,
                                 std::size_t otherwise) {
  const std::string value = text(key, std::string(words[otherwise]));
  const auto found = std::find(words.begin(), words.end(), value);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string list;
  for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  refuse(key, "one of: " + list);
  return otherwise;
}

std::vector<std::string> SettingsFile::texts(std::string_view key) {
  document_->read.emplace(key);
  std::vector<std::string> values;
  const auto node = document_->table.at_path(key);
  if (!node) return values;
  const auto* list = node.as_array();
  if (list == nullptr) refuse(key, "a list of texts is expected");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto value = list->get(i)->value_exact<std::string>();
    if (!value) refuse(key, "a list of texts is expected");
    values.push_back(value.value_or(""));
  }
  return values;
}

std::vector<std::string> SettingsFile::sections(std::string_view inside) const {
  std::vector<std::string> names;
  const auto* table = inside.empty() ? &document_->table : document_->table.at_path(inside).as_table();
  if (table == nullptr) return names;
  for (const auto& [name, node] : *table)
    if (node.is_table()) names.emplace_back(name.str());
  return names;
}

Result<void> SettingsFile::finish() const {
  if (document_->error) return *document_->error;
  return document_->check_all_read(document_->table, "");
}

}  // namespace sitegate
