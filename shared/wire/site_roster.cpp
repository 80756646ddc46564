#include "shared/wire/site_roster.hpp"

#include <algorithm>

#include "shared/wire/flat.hpp"
#include "shared/wire/site_roster_generated.h"

namespace sitegate::wire {
namespace {

constexpr std::size_t technician_name_size_max = 128;
constexpr std::size_t company_name_size_max = 128;

/// All, or where there are too many for the wire those that are good for longest: one technician with a
/// drawer full of cards must not keep the whole site without a roster.
std::vector<RosterCredential> credentials_sent(const RosterTechnician& technician) {
  auto credentials = technician.credentials;
  if (credentials.size() <= technician_credentials_max) return credentials;
  std::stable_sort(credentials.begin(), credentials.end(), [](const auto& a, const auto& b) {
    return a.expires_on.value_or(Date::max()) > b.expires_on.value_or(Date::max());
  });
  credentials.resize(technician_credentials_max);
  return credentials;
}

flatbuffers::Offset<fb::RosterTechnician> put_technician(flatbuffers::FlatBufferBuilder& builder,
                                                         const RosterTechnician& technician) {
  std::vector<flatbuffers::Offset<fb::RosterCredential>> credentials;
  for (const auto& one : credentials_sent(technician)) {
    const auto expires = one.expires_on ? flatbuffers::Optional<std::int32_t>(days_of(*one.expires_on))
                                        : flatbuffers::Optional<std::int32_t>();
    const auto credential = put_credential(builder, one.credential);
    credentials.push_back(fb::CreateRosterCredential(builder, credential, expires));
  }
  const auto list = builder.CreateVector(credentials);
  const auto name = builder.CreateString(presentable(technician.name, technician_name_size_max));
  const auto company = technician.company ? flatbuffers::Optional<std::uint64_t>(technician.company->number())
                                          : flatbuffers::Optional<std::uint64_t>();
  return fb::CreateRosterTechnician(builder, technician.technician.number(), name, days_of(technician.from),
                                    days_of(technician.until), list, company);
}

flatbuffers::Offset<fb::RosterCompany> put_company(flatbuffers::FlatBufferBuilder& builder,
                                                   const RosterCompany& company) {
  const auto name = builder.CreateString(presentable(company.name, company_name_size_max));
  return fb::CreateRosterCompany(builder, company.company.number(), name);
}

flatbuffers::Offset<fb::SiteSettings> put_settings(flatbuffers::FlatBufferBuilder& builder,
                                                   const SiteSettings& settings) {
  return fb::CreateSiteSettings(builder, settings.utc_offset_minutes, settings.day_boundary_minutes,
                                settings.shift_hours_max, settings.open_for_unknown_credential,
                                settings.open_for_not_on_roster, settings.open_for_expired_credential,
                                settings.open_when_site_closed);
}

Result<SiteSettings> read_settings(const fb::SiteSettings* table) {
  if (table == nullptr) return fail(WireErrc::malformed, "no settings");
  const auto within = [](int value, int low, int high) { return value >= low && value <= high; };
  if (!within(table->utc_offset_minutes(), -720, 840) || !within(table->day_boundary_minutes(), 0, 1439) ||
      !within(table->shift_hours_max(), 1, 48))
    return fail(WireErrc::bad_value, "settings: out of range");
  return SiteSettings{.utc_offset_minutes = table->utc_offset_minutes(),
                      .day_boundary_minutes = table->day_boundary_minutes(),
                      .shift_hours_max = table->shift_hours_max(),
                      .open_for_unknown_credential = table->open_for_unknown_credential(),
                      .open_for_not_on_roster = table->open_for_not_on_roster(),
                      .open_for_expired_credential = table->open_for_expired_credential(),
                      .open_when_site_closed = table->open_when_site_closed()};
}

Result<RosterCredential> read_credential(const fb::RosterCredential& table) {
  SITEGATE_TRY(credential, checked_credential(table.credential()));
  RosterCredential read{std::move(credential), std::nullopt};
  if (const auto expires = table.expires_on_days()) {
    SITEGATE_TRY(date, checked_date(*expires, "expires_on"));
    read.expires_on = date;
  }
  return read;
}

Result<RosterTechnician> read_technician(const fb::RosterTechnician& table) {
  const auto id = TechnicianId::from_number(table.technician());
  if (!id) return fail(WireErrc::bad_value, "technician: not a 14-digit ID");
  SITEGATE_TRY(name, checked_text(table.name(), 0, technician_name_size_max, "name"));
  SITEGATE_TRY(from, checked_date(table.from_days(), "from"));
  SITEGATE_TRY(until, checked_date(table.until_days(), "until"));
  RosterTechnician technician{*id, std::move(name), from, until, {}, {}};
  if (const auto number = table.company()) {
    technician.company = CompanyId::from_number(*number);
    if (!technician.company) return fail(WireErrc::bad_value, "company: not a 14-digit ID");
  }
  if (table.credentials() == nullptr) return technician;
  if (table.credentials()->size() > technician_credentials_max)
    return fail(WireErrc::bad_value, "credentials: more than 16");
  for (const auto* one : *table.credentials()) {
    SITEGATE_TRY(credential, read_credential(*one));
    technician.credentials.push_back(std::move(credential));
  }
  return technician;
}

Result<void> read_people(const fb::SiteRoster& table, SiteRoster& roster) {
  const auto count = (table.technicians() == nullptr ? 0 : table.technicians()->size()) +
                     (table.removed() == nullptr ? 0 : table.removed()->size());
  if (count > roster_technicians_max) return fail(WireErrc::bad_value, "technicians: more than 50,000");
  if (table.technicians() != nullptr)
    for (const auto* one : *table.technicians()) {
      SITEGATE_TRY(technician, read_technician(*one));
      roster.technicians.push_back(std::move(technician));
    }
  if (table.removed() != nullptr && table.removed()->size() > 0 && table.base_version() == 0)
    return fail(WireErrc::bad_value, "removed: a full roster removes nobody");
  for (const std::uint64_t number : read_numbers(table.removed())) {
    const auto id = TechnicianId::from_number(number);
    if (!id) return fail(WireErrc::bad_value, "removed: not a 14-digit ID");
    roster.removed.push_back(*id);
  }
  return success();
}

Result<void> read_companies(const fb::SiteRoster& table, SiteRoster& roster) {
  if (table.companies() == nullptr) return success();
  if (table.companies()->size() > roster_technicians_max)
    return fail(WireErrc::bad_value, "companies: more than 50,000");
  for (const auto* one : *table.companies()) {
    const auto id = CompanyId::from_number(one->company());
    if (!id) return fail(WireErrc::bad_value, "company: not a 14-digit ID");
    SITEGATE_TRY(name, checked_text(one->name(), 0, company_name_size_max, "company's name"));
    roster.companies.push_back({*id, std::move(name)});
  }
  return success();
}

}  // namespace

Result<Bytes> encode(const SiteRoster& roster) {
  if (const auto people = roster.technicians.size() + roster.removed.size(); people > roster_technicians_max)
    return fail(WireErrc::too_large, "roster of site " + roster.site.text() + ": " + std::to_string(people) +
                                         " technicians, 50,000 are possible");
  if (roster.companies.size() > roster_technicians_max)
    return fail(WireErrc::too_large, "roster of site " + roster.site.text() + ": " +
                                         std::to_string(roster.companies.size()) +
                                         " companies, 50,000 are possible");
  flatbuffers::FlatBufferBuilder builder(1024 + roster.technicians.size() * 160);
  std::vector<flatbuffers::Offset<fb::RosterTechnician>> technicians;
  for (const auto& technician : roster.technicians)
    technicians.push_back(put_technician(builder, technician));
  std::vector<std::uint64_t> removed;
  for (const auto id : roster.removed) removed.push_back(id.number());
  const auto technician_list = builder.CreateVector(technicians);
  const auto removed_list = builder.CreateVector(removed);
  std::vector<flatbuffers::Offset<fb::RosterCompany>> companies;
  for (const auto& company : roster.companies) companies.push_back(put_company(builder, company));
  // Where none is told, the bytes are those of a roster before companies were told.
  const auto company_list =
      companies.empty() ? flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::RosterCompany>>>()
                        : builder.CreateVector(companies);
  const auto settings = put_settings(builder, roster.settings);
  builder.Finish(
      fb::CreateSiteRoster(builder, schema_version, roster.site.number(), roster.version, roster.base_version,
                           days_of(roster.opens_on), days_of(roster.closes_on), settings, technician_list,
                           removed_list, company_list),
      fb::SiteRosterIdentifier());
  if (builder.GetSize() > roster_size_max)
    return fail(WireErrc::too_large, "roster of site " + roster.site.text() + ": " +
                                         std::to_string(builder.GetSize()) + " bytes, 16 MiB are possible");
  return take_bytes(builder);
}

Result<SiteRoster> decode_site_roster(ByteView bytes) {
  const AlignedBytes aligned(bytes);
  SITEGATE_TRY(table,
               verified_root<fb::SiteRoster>(aligned.view(), fb::SiteRosterIdentifier(), roster_size_max));
  SITEGATE_TRYV(checked_version(table->schema_version()));
  const auto site = SiteId::from_number(table->site());
  if (!site) return fail(WireErrc::bad_value, "site: not a 14-digit ID");
  if (table->version() == 0 || table->base_version() >= table->version())
    return fail(WireErrc::bad_value, "version: not above its base");
  SITEGATE_TRY(settings, read_settings(table->settings()));
  SITEGATE_TRY(opens_on, checked_date(table->opens_on_days(), "opens_on"));
  SITEGATE_TRY(closes_on, checked_date(table->closes_on_days(), "closes_on"));
  SiteRoster roster{.site = *site,
                    .version = table->version(),
                    .base_version = table->base_version(),
                    .opens_on = opens_on,
                    .closes_on = closes_on,
                    .settings = settings,
                    .technicians = {},
                    .removed = {},
                    .companies = {}};
  SITEGATE_TRYV(read_people(*table, roster));
  SITEGATE_TRYV(read_companies(*table, roster));
  return roster;
}

}  // namespace sitegate::wire
