#include <nlohmann/json.hpp>

#include "cloud/report/facts.hpp"
#include "cloud/report/forms.hpp"

namespace sitegate::cloud {
namespace {

using Json = nlohmann::ordered_json;

/// table → row → column → value; the entered figures stand apart, with their words.
Json tables(const OperatingStatus& status) {
  Json tables = Json::object();
  for (const Fact& fact : facts(status, {})) tables[fact.table][fact.row][fact.column] = fact.value;
  return tables;
}

Json figure_json(const EnteredFigure& figure) {
  return {{"key", figure.key},           {"value", figure.value},     {"label_ja", figure.label_ja},
          {"label_en", figure.label_en}, {"unit_ja", figure.unit_ja}, {"unit_en", figure.unit_en},
          {"note_ja", figure.note_ja},   {"note_en", figure.note_en}};
}

Json entered_json(const EnteredFigures& entered) {
  Json figures = Json::array();
  for (const EnteredFigure& figure : entered.figures) figures.push_back(figure_json(figure));
  const Json month = entered.month ? Json(to_text(*entered.month)) : Json(nullptr);
  return {{"month", month}, {"figures", figures}};
}

}  // namespace

std::string render_json(const OperatingStatus& status, const EnteredFigures& entered, UtcTime created) {
  const Json report{{"form", "sitegate-operating-status"},
                    {"version", 1},
                    {"month", to_text(status.month)},
                    {"created", to_text(created)},
                    {"identity_violations", identity_violations(status)},
                    {"tables", tables(status)},
                    {"entered", entered_json(entered)}};
  return report.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sitegate::cloud
