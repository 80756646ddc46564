#include "cloud/report/entered_figures.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "shared/settings/toml.hpp"

namespace sitegate::cloud {
namespace {

struct KnownFigure {
  std::string_view key, label_ja, label_en, unit_ja, unit_en;
};

/// Those of the published report: their words need not be entered.
constexpr std::array<KnownFigure, 7> known_figures{{
    {"certified_registration_desks", "認定登録機関", "Certified registration desks", "箇所", "desks"},
    {"certified_advisers", "CCUS認定アドバイザー", "Certified CCUS advisers", "名", "people"},
    {"registered_administrative_scriveners", "CCUS登録行政書士", "Registered administrative scriveners", "名",
     "people"},
    {"satellite_session_participants", "CCUSサテライト説明会の参加者（延べ）",
     "Participants of the CCUS satellite sessions (total)", "名", "people"},
    {"videos", "CCUSチャンネルの動画", "Videos on the CCUS channel", "本", "videos"},
    {"standard_card_readers", "建レコの標準カードリーダー", "Standard card readers for Kenreco", "機種",
     "models"},
    {"linked_systems", "API連携システム", "Systems linked by API", "件", "systems"},
}};

struct TextField {
  std::string_view name;
  std::string EnteredFigure::*member;
};
constexpr std::array<TextField, 6> text_fields{{{"label_ja", &EnteredFigure::label_ja},
                                                {"label_en", &EnteredFigure::label_en},
                                                {"unit_ja", &EnteredFigure::unit_ja},
                                                {"unit_en", &EnteredFigure::unit_en},
                                                {"note_ja", &EnteredFigure::note_ja},
                                                {"note_en", &EnteredFigure::note_en}}};

/// Reads one [[figure]]; `where` names file, line and figure in errors.
class FigureReader {
 public:
  FigureReader(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

  Result<EnteredFigure> read() const {
    SITEGATE_TRYV(only_known_fields());
    EnteredFigure figure;
    SITEGATE_TRY(key_text, key());
    figure.key = key_text;
    SITEGATE_TRY(number, value());
    figure.value = number;
    fill_known(figure);
    for (const TextField& field : text_fields) {
      SITEGATE_TRYV(read_text(figure, field));
    }
    if (figure.label_ja.empty() || figure.label_en.empty())
      return wrong(fmt::format("\"{}\" is not a known key: label_ja and label_en are needed", figure.key));
    return figure;
  }

 private:
  [[nodiscard]] Error wrong(std::string_view what) const {
    return fail(EnteredFiguresErrc::bad_figure, fmt::format("{}: {}", where_, what));
  }

  Result<void> only_known_fields() const {
    for (const auto& [field, node] : table_) {
      const std::string_view name = field.str();
      const bool known = name == "key" || name == "value" ||
                         std::any_of(text_fields.begin(), text_fields.end(),
                                     [name](const TextField& text) { return text.name == name; });
      if (!known) return wrong(fmt::format("unknown field \"{}\"", name));
    }
    return success();
  }

  Result<std::string> key() const {
    const auto key = table_["key"].value_exact<std::string>();
    const auto allowed = [](char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_'; };
    if (!key || key->empty() || key->size() > 48 || !std::all_of(key->begin(), key->end(), allowed))
      return wrong("key must be 1 to 48 of a-z, 0-9 and _");
    return *key;
  }

  Result<std::uint64_t> value() const {
    const auto value = table_["value"].value_exact<std::int64_t>();
    if (!value || *value < 0) return wrong("value must be a whole number, 0 or more");
    return static_cast<std::uint64_t>(*value);
  }

  static void fill_known(EnteredFigure& figure) {
    for (const KnownFigure& known : known_figures) {
      if (known.key != figure.key) continue;
      figure.label_ja = known.label_ja;
      figure.label_en = known.label_en;
      figure.unit_ja = known.unit_ja;
      figure.unit_en = known.unit_en;
    }
  }

  Result<void> read_text(EnteredFigure& figure, const TextField& field) const {
    if (!table_.contains(field.name)) return success();
    const auto text = table_[field.name].value_exact<std::string>();
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (!text || text->size() > entered_text_size_max || std::any_of(text->begin(), text->end(), control))
      return wrong(
          fmt::format("{} must be one line of text, at most {} bytes", field.name, entered_text_size_max));
    figure.*field.member = *text;
    return success();
  }

  const toml::table& table_;
  std::string where_;
};

Result<void> read_figures(EnteredFigures& figures, const toml::array& array, const std::string& name) {
  if (array.size() > entered_figure_count_max)
    return fail(EnteredFiguresErrc::bad_figure,
                fmt::format("{}: more than {}", name, entered_figure_count_max));
  for (const toml::node& node : array) {
    const std::string where = fmt::format("{}:{}", name, node.source().begin.line);
    const toml::table* table = node.as_table();
    if (table == nullptr) return fail(EnteredFiguresErrc::bad_figure, where + ": write [[figure]]");
    SITEGATE_TRY(figure, FigureReader(*table, where).read());
    for (const EnteredFigure& other : figures.figures)
      if (other.key == figure.key) return fail(EnteredFiguresErrc::duplicate_key, where + ": " + figure.key);
    figures.figures.push_back(std::move(figure));
  }
  return success();
}

Result<void> read_month(EnteredFigures& figures, const toml::node& node, const std::string& name) {
  figures.month = parse_month(node.value_exact<std::string>().value_or(""));
  if (!figures.month) return fail(EnteredFiguresErrc::bad_figure, name + ": month must be like \"2023-07\"");
  return success();
}

Result<void> read_top_level(EnteredFigures& figures, const std::string& key, const toml::node& node,
                            const std::string& name) {
  if (key == "month") return read_month(figures, node, name);
  if (key == "figure" && node.is_array()) return read_figures(figures, *node.as_array(), name);
  return fail(EnteredFiguresErrc::bad_figure,
              fmt::format("{}: \"{}\" is neither month nor [[figure]]", name, key));
}

}  // namespace

const char* errc_category(EnteredFiguresErrc) {
  return "entered figures";
}

std::string_view errc_text(EnteredFiguresErrc code) {
  switch (code) {
    case EnteredFiguresErrc::unreadable:
      return "the file cannot be read";
    case EnteredFiguresErrc::not_toml:
      return "the file is not TOML";
    case EnteredFiguresErrc::bad_figure:
      return "a figure is not in the form that README.md describes";
    case EnteredFiguresErrc::duplicate_key:
      return "a key stands twice";
  }
  return "unknown";
}

Result<EnteredFigures> parse_entered_figures(std::string_view text, const std::string& name) {
  const toml::parse_result parsed = toml::parse(text, name);
  if (!parsed) {
    const auto& error = parsed.error();
    return fail(EnteredFiguresErrc::not_toml,
                fmt::format("{}:{}: {}", name, error.source().begin.line, error.description()));
  }
  EnteredFigures figures;
  for (const auto& [key, node] : parsed.table()) {
    SITEGATE_TRYV(read_top_level(figures, std::string(key.str()), node, name));
  }
  return figures;
}

Result<EnteredFigures> read_entered_figures(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(entered_figures_size_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.gcount() == 0 && !file.eof()) return fail(EnteredFiguresErrc::unreadable, path.string());
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > entered_figures_size_max)
    return fail(EnteredFiguresErrc::unreadable, path.string() + ": larger than 1 MiB");
  return parse_entered_figures(text, path.string());
}

}  // namespace sitegate::cloud
