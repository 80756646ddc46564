#include "edge/roster/roster.hpp"

#include <map>
#include <set>

#include "edge/roster/roster_file.hpp"

namespace sitegate::edge {

const char* errc_category(RosterErrc) {
  return "roster";
}

std::string_view errc_text(RosterErrc what) {
  switch (what) {
    case RosterErrc::base_mismatch:
      return "the delta is for another version; ask for a full roster";
    case RosterErrc::wrong_site:
      return "the roster is of another site; check the gateway's settings";
    case RosterErrc::damaged:
      return "the roster on disk cannot be read";
    case RosterErrc::newer_format:
      return "the roster on disk is of another version of this program";
    case RosterErrc::too_large:
      return "the roster is above its limits";
  }
  return "unknown";
}

SiteRoster merged(const SiteRoster& held, const SiteRoster& delta) {
  std::map<TechnicianId, RosterTechnician> people;
  for (const RosterTechnician& technician : held.technicians) people[technician.technician] = technician;
  for (const TechnicianId removed : delta.removed) people.erase(removed);
  for (const RosterTechnician& technician : delta.technicians) people[technician.technician] = technician;
  SiteRoster result = delta;
  result.base_version = 0;
  result.removed.clear();
  result.technicians.clear();
  std::map<CompanyId, std::string> names;
  for (const auto* source : {&held, &delta})
    for (const RosterCompany& company : source->companies) names[company.company] = company.name;
  std::set<CompanyId> present;
  for (auto& [id, technician] : people) {
    if (technician.company) present.insert(*technician.company);
    result.technicians.push_back(std::move(technician));
  }
  result.companies.clear();
  for (const auto& [id, name] : names)
    if (present.contains(id)) result.companies.push_back({id, name});
  return result;
}

Result<std::unique_ptr<RosterBook>> RosterBook::open(const std::filesystem::path& folder, SiteId site) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) return fail_errno(problem.value(), "create " + folder.string());
  std::unique_ptr<RosterBook> book(new RosterBook(folder / "roster.bin", site));
  SITEGATE_TRYV(book->load());
  return book;
}

Result<void> RosterBook::load() {
  auto read = read_roster_file(file_);
  if (!read && read.error().code.category() != EnumCategory<RosterErrc>::instance()) return read.error();
  if (!read) return set_aside(read.error().text());
  std::optional<SiteRoster>& roster = read.value();
  if (!roster) return success();
  if (roster->site != site_) return set_aside(fail(RosterErrc::wrong_site, roster->site.text()).text());
  auto index = std::make_shared<const RosterIndex>(std::move(*roster));
  current_.with([&](auto& current) { current = std::move(index); });
  return success();
}

/// The file stays for whoever wants to know why.
Result<void> RosterBook::set_aside(const std::string& why) {
  const std::filesystem::path aside = file_.string() + ".damaged";
  std::error_code problem;
  std::filesystem::rename(file_, aside, problem);
  if (problem) return fail_errno(problem.value(), "rename to " + aside.string());
  problem_ = why + "; set aside as " + aside.string() + ", starting without a roster";
  return success();
}

Result<RosterChange> RosterBook::apply(const SiteRoster& roster) {
  if (roster.site != site_)
    return fail(RosterErrc::wrong_site, roster.site.text() + ", this is " + site_.text());
  const auto held = current();
  const std::uint64_t held_version = held->roster().version;
  if (roster.version <= held_version) return RosterChange::older_than_held;
  if (roster.base_version > 0 && roster.base_version != held_version)
    return fail(RosterErrc::base_mismatch,
                "delta on " + std::to_string(roster.base_version) + ", held " + std::to_string(held_version));
  SiteRoster next = roster.base_version > 0 ? merged(held->roster(), roster) : roster;
  SITEGATE_TRYV(write_roster_file(file_, next));
  auto index = std::make_shared<const RosterIndex>(std::move(next));
  current_.with([&](auto& current) { current = std::move(index); });
  return RosterChange::applied;
}

std::shared_ptr<const RosterIndex> RosterBook::current() const {
  return current_.with([](const auto& current) { return current; });
}

}  // namespace sitegate::edge
