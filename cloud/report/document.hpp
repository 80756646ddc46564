// The report in words, before it has a form: what HTML and plain text share. Cells are finished text in one
// language.
#pragma once
#include <string>
#include <vector>

#include "cloud/report/chart.hpp"

namespace sitegate::cloud {

struct Column {
  std::string group;  ///< neighbours with the same group share one heading above theirs; may be empty
  std::string heading;
};

struct Row {
  std::string number;  ///< shown before the heading where Table::number_heading is set
  std::string heading;
  std::vector<std::string> cells;  ///< one a column
  bool total = false;
  bool part = false;  ///< a part of the row above
};

struct Table {
  std::string key;             ///< CSS class: [a-z-]
  std::string caption;         ///< may be empty
  std::string number_heading;  ///< empty: no column of numbers
  std::string heading;         ///< of the rows' headings
  std::vector<Column> columns;
  std::vector<Row> rows;
  bool text_last = false;  ///< the last column holds words, not numbers
};

struct Section {
  std::string heading;
  std::string mark;  ///< a word beside the heading: "entered by the operator"; usually empty
  std::vector<Table> tables;
  std::vector<std::string> notes;
};

struct Document {
  const Words* words = nullptr;
  std::string month;
  std::string created;
  std::vector<Section> sections;  ///< the numbered part
  Section prefectures;
  std::string graphs_heading;
  std::vector<Chart> graphs;
  std::string checks;                   ///< the outcome of identity_violations in one sentence
  std::vector<std::string> violations;  ///< in English, as identity_violations gives them
};

Document make_document(const OperatingStatus& status, const EnteredFigures& entered, Language language,
                       UtcTime created);

}  // namespace sitegate::cloud
