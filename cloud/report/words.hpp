// Every word of the report, once per language. Patterns are fmt patterns with named arguments.
#pragma once
#include <array>
#include <string_view>

#include "cloud/report/report.hpp"

namespace sitegate::cloud {

struct GraphWords {
  std::string_view title;
  std::string_view unit;
  std::string_view note;
};

struct Words {
  std::string_view language;  ///< the lang attribute
  std::string_view title;
  std::string_view system;   ///< below the title; may be empty
  std::string_view created;  ///< {date}

  std::array<std::string_view, 12> month_names;
  std::string_view month;                   ///< {year} {name}
  std::string_view month_end;               ///< {year} {name}
  std::string_view date;                    ///< {year} {name} {day}
  std::string_view fiscal_year;             ///< {year}
  std::string_view fiscal_year_cumulative;  ///< {year}
  std::string_view axis_large;              ///< {number}: an axis value in large units
  std::uint64_t axis_large_unit;            ///< how many one large unit is
  std::string_view
      axis_huge;  ///< {number}: the part of a value that is whole huge units; stands before axis_large
  std::uint64_t axis_huge_unit;  ///< 0: this language has none

  std::string_view registered_heading;
  std::string_view registered_new;  ///< {month}
  std::string_view registered_stock;
  std::string_view technicians;
  std::string_view companies;
  std::string_view excluding_sole_proprietors;  ///< short, below "companies"
  std::string_view registered_note_annex;
  std::string_view registered_note_class;  ///< {fiscal_year}

  std::string_view use_heading;
  std::string_view new_sites;
  std::string_view work_histories;
  std::string_view cumulative;
  std::string_view since_start;
  std::string_view use_note_annex;
  std::string_view use_note_counting;

  std::string_view methods_heading;  ///< {month}
  std::string_view method;
  std::array<std::string_view, method_max> method_names;  ///< by value, 1 to method_max
  std::string_view effective;
  std::string_view not_effective;
  std::string_view sum;
  std::string_view share;
  std::string_view total;
  std::string_view methods_note;

  std::string_view entered_heading;
  std::string_view entered_mark;
  std::string_view entered_item;
  std::string_view entered_value;
  std::string_view entered_remark;
  std::string_view entered_note;
  std::string_view entered_other_month;  ///< {month}

  std::string_view prefectures_heading;  ///< {month_end}
  std::string_view technicians_by_prefecture;
  std::string_view companies_by_prefecture;
  std::string_view number;
  std::string_view prefecture;
  std::string_view registered_technicians;
  std::string_view registered_companies;

  std::string_view graphs_heading;
  std::string_view cumulative_axis;    ///< {unit}
  std::string_view new_axis;           ///< {unit}
  std::string_view graph_description;  ///< {title} {first} {last} {cumulative} {new}
  std::string_view sole_proprietors;
  std::string_view corporations_and_individual_businesses;
  GraphWords technicians_graph;
  GraphWords companies_graph;
  GraphWords sites_graph;
  GraphWords histories_graph;

  std::string_view recent_heading;
  std::string_view recent_month;
  std::string_view sites;
  std::string_view new_in_month;

  std::string_view checks_hold;
  std::string_view checks_broken;
};

const Words& words_ja();
const Words& words_en();
inline const Words& words(Language language) {
  return language == Language::ja ? words_ja() : words_en();
}

}  // namespace sitegate::cloud
