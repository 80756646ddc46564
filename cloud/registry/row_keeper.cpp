#include "cloud/registry/row_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sitegate::cloud {
namespace {

constexpr std::size_t model_name_size_max = 128;
constexpr std::size_t registered_by_size_max = 64;

/// Refuses the row if `found` (what the store says of `column`'s ID) is empty.
template <typename Record>
Result<void> require(RowValues& row, std::string_view column, std::string_view what,
                     Result<std::optional<Record>> found) {
  if (!found) return found.error();
  if (!found.value()) row.refuse(column, fmt::format("no such {} is registered", what));
  return success();
}

template <typename Record>
Result<Kept> put_unless_equal(WriteTransaction& store, const RowValues& row, const Record& record,
                              const std::optional<Record>& existing) {
  if (row.bad()) return Kept::refused;
  if (existing == record) return Kept::unchanged;
  SITEGATE_TRYV(store.put(record));
  return Kept::imported;
}

void require_order(RowValues& row, std::string_view column, Date from, Date until) {
  if (until < from)
    row.refuse(column, fmt::format("{} lies before {}", sitegate::to_text(until), sitegate::to_text(from)));
}

SiteSettings site_settings(RowValues& row) {
  SiteSettings settings;
  settings.utc_offset_minutes = row.number("utc_offset_minutes", -720, 840, settings.utc_offset_minutes);
  settings.day_boundary_minutes = row.number("day_boundary_minutes", 0, 1439, settings.day_boundary_minutes);
  settings.shift_hours_max = row.number("shift_hours_max", 1, 48, settings.shift_hours_max);
  settings.open_for_unknown_credential =
      row.flag("open_for_unknown_credential", settings.open_for_unknown_credential);
  settings.open_for_not_on_roster = row.flag("open_for_not_on_roster", settings.open_for_not_on_roster);
  settings.open_for_expired_credential =
      row.flag("open_for_expired_credential", settings.open_for_expired_credential);
  settings.open_when_site_closed = row.flag("open_when_site_closed", settings.open_when_site_closed);
  return settings;
}

}  // namespace

Result<Kept> RowKeeper::keep(WriteTransaction& store, RowValues& row) {
  switch (kind_) {
    case ImportKind::companies:
      return keep_company(store, row);
    case ImportKind::technicians:
      return keep_technician(store, row);
    case ImportKind::sites:
      return keep_site(store, row);
    case ImportKind::contract_structures:
      return keep_structure(store, row);
    case ImportKind::rosters:
      return keep_roster(store, row);
    case ImportKind::credentials:
      return keep_credential(store, row);
  }
  return Kept::refused;
}

Result<Kept> RowKeeper::keep_company(WriteTransaction& store, RowValues& row) {
  Company company;
  company.id = row.id<CompanyId>("company_id");
  company.name = row.text("name", model_name_size_max);
  company.prefecture = row.prefecture("prefecture");
  company.company_class = row.company_class("company_class");
  company.company_class_at_approval = row.is_empty("company_class_at_approval")
                                          ? company.company_class
                                          : row.company_class("company_class_at_approval");
  company.approved_on = row.date("approved_on");
  if (row.bad()) return Kept::refused;
  SITEGATE_TRY(existing, store.company(company.id));
  return put_unless_equal(store, row, company, existing);
}

Result<Kept> RowKeeper::keep_technician(WriteTransaction& store, RowValues& row) {
  Technician technician;
  technician.id = row.id<TechnicianId>("technician_id");
  technician.name = row.text("name", model_name_size_max);
  technician.prefecture = row.prefecture("prefecture");
  technician.registered_on = row.date("registered_on");
  technician.company = row.optional_id<CompanyId>("company_id");
  if (row.bad()) return Kept::refused;
  if (technician.company) {
    SITEGATE_TRYV(require(row, "company_id", "company", store.company(*technician.company)));
  }
  SITEGATE_TRY(existing, store.technician(technician.id));
  return put_unless_equal(store, row, technician, existing);
}

Result<Kept> RowKeeper::keep_site(WriteTransaction& store, RowValues& row) {
  Site site;
  site.id = row.id<SiteId>("site_id");
  site.name = row.text("name", model_name_size_max);
  site.prefecture = row.prefecture("prefecture");
  site.prime_contractor = row.id<CompanyId>("prime_contractor");
  site.registered_on = row.date("registered_on");
  site.opens_on = row.date("opens_on");
  site.closes_on = row.date("closes_on");
  require_order(row, "closes_on", site.opens_on, site.closes_on);
  site.test_data = row.flag("test_data", false);
  site.settings = site_settings(row);
  if (row.bad()) return Kept::refused;
  SITEGATE_TRYV(require(row, "prime_contractor", "company", store.company(site.prime_contractor)));
  SITEGATE_TRY(existing, store.site(site.id));
  return put_unless_equal(store, row, site, existing);
}

Result<Kept> RowKeeper::keep_structure(WriteTransaction& store, RowValues& row) {
  ContractStructureEntry entry;
  entry.site = row.id<SiteId>("site_id");
  entry.company = row.id<CompanyId>("company_id");
  entry.upper_company = row.optional_id<CompanyId>("upper_company_id");
  entry.approved = row.flag("approved", true);
  entry.registered_by =
      row.is_empty("registered_by") ? "CCUS" : row.text("registered_by", registered_by_size_max);
  if (entry.upper_company == entry.company) row.refuse("upper_company_id", "is the company itself");
  if (row.bad()) return Kept::refused;
  SITEGATE_TRYV(require(row, "site_id", "site", store.site(entry.site)));
  SITEGATE_TRYV(require(row, "company_id", "company", store.company(entry.company)));
  if (entry.upper_company) {
    SITEGATE_TRYV(require(row, "upper_company_id", "company", store.company(*entry.upper_company)));
  }
  SITEGATE_TRY(structure, structure_of(store, entry.site));
  const auto found = std::find_if(structure->begin(), structure->end(),
                                  [&](const auto& known) { return known.company == entry.company; });
  const auto existing = found == structure->end() ? std::nullopt : std::optional(*found);
  if (existing && existing->registered_by != entry.registered_by && structure_owner_ == StructureOwner::keep)
    row.refuse("registered_by", fmt::format("the entry belongs to \"{}\"", existing->registered_by));
  SITEGATE_TRY(kept, put_unless_equal(store, row, entry, existing));
  if (kept == Kept::imported && existing) *found = entry;
  if (kept == Kept::imported && !existing) structure->push_back(entry);
  return kept;
}

Result<std::vector<ContractStructureEntry>*> RowKeeper::structure_of(const WriteTransaction& store,
                                                                     SiteId site) {
  if (structure_site_ != site) {
    SITEGATE_TRY(structure, store.contract_structure(site));
    structure_ = std::move(structure);
    structure_site_ = site;
  }
  return &structure_;
}

Result<Kept> RowKeeper::keep_roster(WriteTransaction& store, RowValues& row) {
  RosterEntry entry;
  entry.site = row.id<SiteId>("site_id");
  entry.technician = row.id<TechnicianId>("technician_id");
  entry.company = row.id<CompanyId>("company_id");
  entry.trade = row.trade("trade");
  entry.position = row.position("position");
  entry.from = row.date("from");
  entry.until = row.date("until");
  require_order(row, "until", entry.from, entry.until);
  if (row.bad()) return Kept::refused;
  SITEGATE_TRYV(require(row, "site_id", "site", store.site(entry.site)));
  SITEGATE_TRYV(require(row, "technician_id", "technician", store.technician(entry.technician)));
  SITEGATE_TRYV(require(row, "company_id", "company", store.company(entry.company)));
  if (row.bad()) return Kept::refused;
  SITEGATE_TRY(existing, store.roster_entry(entry.site, entry.technician));
  return put_unless_equal(store, row, entry, existing);
}

Result<Kept> RowKeeper::keep_credential(WriteTransaction& store, RowValues& row) {
  CredentialAssignment assignment;
  assignment.technician = row.id<TechnicianId>("technician_id");
  assignment.credential = row.credential();
  assignment.expires_on = row.optional_date("expires_on");
  if (row.bad()) return Kept::refused;
  SITEGATE_TRYV(require(row, "technician_id", "technician", store.technician(assignment.technician)));
  if (row.bad()) return Kept::refused;
  SITEGATE_TRY(held, store.credentials_of(assignment.technician));
  const auto found = std::find(held.begin(), held.end(), assignment);
  return put_unless_equal(store, row, assignment, found == held.end() ? std::nullopt : std::optional(*found));
}

}  // namespace sitegate::cloud
