#include "cloud/report/words.hpp"

namespace sitegate::cloud {

namespace {

constexpr Words table{
    .language = "en",
    .title = "Operating Status of the Construction Career Up System",
    .system = "建設キャリアアップシステム (CCUS), Japan",
    .created = "Created {date}",
    .month_names = {"January", "February", "March", "April", "May", "June", "July", "August", "September",
                    "October", "November", "December"},
    .month = "{name} {year}",
    .month_end = "End of {name} {year}",
    .date = "{day} {name} {year}",
    .fiscal_year = "FY{year}",
    .fiscal_year_cumulative = "FY{year} to date",
    .axis_large = "{number} M",
    .axis_large_unit = 1'000'000,
    .axis_huge = "",
    .axis_huge_unit = 0,
    .registered_heading = "Registrations",
    .registered_new = "New in {month}",
    .registered_stock = "Registered",
    .technicians = "Technicians",
    .companies = "Companies",
    .excluding_sole_proprietors = "Excluding sole proprietors",
    .registered_note_annex = "Note 1: Registrations by prefecture are in annex 1.",
    .registered_note_class =
        "Note 2: Without sole proprietors, the registered numbers go by a company’s class of today, the "
        "new ones by its "
        "class at approval. Companies may change class, so the sum of the months and “{fiscal_year}” can "
        "differ.",
    .use_heading = "Use",
    .new_sites = "New sites",
    .work_histories = "Work histories",
    .cumulative = "Cumulative",
    .since_start = "Since the start",
    .use_note_annex =
        "Note 1: Sites and work histories over time are in annex 2. Sites with test data are excluded.",
    .use_note_counting = "Note 2: One work history is one technician on one site on one work date.",
    .methods_heading = "Work histories in {month} by method",
    .method = "Access control by",
    .method_names = {"Card", "QR code", "Marker", "UHF tag", "Face", "Finger vein", "Phone call",
                     "NFC tag (smartphone)", "Typed in"},
    .effective = "Effective for evaluation",
    .not_effective = "Not effective",
    .sum = "Total",
    .share = "Share",
    .total = "Total",
    .methods_note =
        "Note: Effective for the ability evaluation are work histories with a registered contract "
        "structure that carry "
        "trade and position. Shares are rounded.",
    .entered_heading = "Support",
    .entered_mark = "entered by the operator",
    .entered_item = "Item",
    .entered_value = "Number",
    .entered_remark = "Remark",
    .entered_note = "Note: Entered by the operator, not computed from records.",
    .entered_other_month = "Note: These figures were entered for {month}.",
    .prefectures_heading = "Annex 1  Registrations by prefecture: {month_end}",
    .technicians_by_prefecture = "Technicians (present address)",
    .companies_by_prefecture = "Companies (location)",
    .number = "No",
    .prefecture = "Prefecture",
    .registered_technicians = "Technicians",
    .registered_companies = "Companies",
    .graphs_heading = "Annex 2  Registrations and use over time",
    .cumulative_axis = "Cumulative ({unit})",
    .new_axis = "New in the month ({unit})",
    .graph_description = "{title}, {first} to {last}. In the last month {cumulative} cumulative, {new} new.",
    .sole_proprietors = "Sole proprietors",
    .corporations_and_individual_businesses = "Corporations, individual businesses",
    .technicians_graph = {"Registered technicians", "people",
                          "By the date on which the technician’s ID was issued."},
    .companies_graph =
        {"Registered companies", "companies",
         "By the date of approval. Cumulative numbers go by today’s class, new ones by the class at "
         "approval."},
    .sites_graph = {"Registered sites", "sites", "Sites with test data are excluded."},
    .histories_graph = {"Work histories", "histories", "By the month of the work date."},
    .recent_heading = "Recent months",
    .recent_month = "Month",
    .sites = "Sites",
    .new_in_month = "New",
    .checks_hold = "Checked: all identities of sums, cumulative numbers and fiscal years hold.",
    .checks_broken = "Checked: these identities do not hold. Clear them up before using the numbers.",
};

}  // namespace

const Words& words_en() {
  return table;
}

}  // namespace sitegate::cloud
