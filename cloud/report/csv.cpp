#include <spdlog/fmt/fmt.h>

#include <iterator>

#include "cloud/report/facts.hpp"
#include "cloud/report/forms.hpp"

namespace sitegate::cloud {

// RFC 4180 but for the line end, which is LF. No field needs quotes: names are of [a-z0-9_-].
std::string render_csv(const OperatingStatus& status, const EnteredFigures& entered) {
  std::string out = "table,row,column,value\n";
  for (const Fact& fact : facts(status, entered))
    fmt::format_to(std::back_inserter(out), "{},{},{},{}\n", fact.table, fact.row, fact.column, fact.value);
  return out;
}

}  // namespace sitegate::cloud
