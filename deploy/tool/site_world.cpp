#include "deploy/tool/site_world.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "deploy/tool/command.hpp"
#include "shared/base/ids.hpp"
#include "shared/base/retry_delay.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::tool {
namespace {

namespace files = std::filesystem;
using nlohmann::json;

constexpr std::array family_names{"佐藤", "鈴木", "高橋", "田中", "伊藤",
                                  "渡辺", "山本", "中村", "小林", "加藤"};
constexpr std::array given_names{"太郎", "一郎", "健", "誠", "翔", "大輔", "直樹", "花子", "美咲", "恵"};
constexpr std::array trades{601, 1001, 1201, 3401};  // scaffolder, reinforcing-bar placer, painter, carpenter
constexpr std::size_t company_count = 4;  // the prime contractor, two below it, one below the first of these
constexpr std::size_t world_size_max = 16 * 1024 * 1024;
constexpr std::uint64_t id_floor = 90'000'000'000'000;  // away from small numbers that people type

/// The six files, row by row.
struct Tables {
  std::string companies = "company_id,name,prefecture,company_class,approved_on\n";
  std::string technicians = "technician_id,name,prefecture,registered_on,company_id\n";
  std::string sites = "site_id,name,prefecture,prime_contractor,registered_on,opens_on,closes_on\n";
  std::string structures = "site_id,company_id,upper_company_id,approved,registered_by\n";
  std::string rosters = "site_id,technician_id,company_id,trade,position,from,until\n";
  std::string credentials = "technician_id,technology,uid,expires_on\n";
};

class Maker {
 public:
  explicit Maker(const SiteWorldSettings& settings) : settings_(settings), random_(settings.seed) {
    base_ = id_floor + random_() % 9'000'000'000'000;
    world_.site = format_ccus_digits(base_);
  }
  void make() {
    add_site_and_companies();
    for (std::size_t i = 0; i < settings_.technicians; ++i) add_technician("admitted", day(365), day(3'000));
    for (std::size_t i = 0; i < settings_.expired_cards; ++i)
      add_technician("credential_expired", day(365), day(-1));
    for (std::size_t i = 0; i < settings_.not_on_roster; ++i)
      add_technician("not_on_roster", day(-1), day(3'000));
    for (std::size_t i = 0; i < settings_.unknown_cards; ++i)
      world_.cards.push_back({"unknown_credential", "", next_card()});
  }
  [[nodiscard]] const Tables& tables() const { return tables_; }
  [[nodiscard]] const SiteWorld& world() const { return world_; }

 private:
  [[nodiscard]] std::string day(int from_today) const {
    return to_text(Date{settings_.today + std::chrono::days{from_today}});
  }
  [[nodiscard]] std::string company(std::size_t index) const { return format_ccus_digits(base_ + 1 + index); }

  void add_site_and_companies() {
    constexpr std::array<int, company_count> upper{-1, 0, 0, 1};
    for (std::size_t i = 0; i < company_count; ++i) {
      tables_.companies +=
          fmt::format("{},{}建設株式会社,13,corporation,{}\n", company(i), family_names[i], day(-900));
      tables_.structures += fmt::format("{},{},{},1,CCUS\n", world_.site, company(i),
                                        upper[i] < 0 ? "" : company(static_cast<std::size_t>(upper[i])));
    }
    tables_.sites += fmt::format("{},新宿北ビル新築工事,13,{},{},{},{}\n", world_.site, company(0), day(-40),
                                 day(-30), day(365));
  }
  void add_technician(const char* role, const std::string& on_roster_until, const std::string& card_until) {
    const std::size_t index = people_++;
    const std::string id = format_ccus_digits(base_ + 1'000 + index);
    const std::string company_id = company(index % company_count);
    const auto card = next_card();
    tables_.technicians +=
        fmt::format("{},{} {},13,{},{}\n", id, family_names[random_() % family_names.size()],
                    given_names[random_() % given_names.size()], day(-800), company_id);
    tables_.rosters +=
        fmt::format("{},{},{},{:04},{},{},{}\n", world_.site, id, company_id, trades[index % trades.size()],
                    index % 10 == 0 ? "foreman" : "worker", day(-30), on_roster_until);
    tables_.credentials +=
        fmt::format("{},{},{},{}\n", id, to_text(card.technology), to_hex(card.uid), card_until);
    world_.cards.push_back({role, id, card});
  }
  /// FeliCa (8 bytes) and ISO 14443 A (4 or 7) in turn; the card's number in it keeps them apart.
  CardCredential next_card() {
    constexpr std::array<std::size_t, 3> sizes{8, 4, 7};
    const std::size_t kind = cards_ % sizes.size();
    Bytes uid(sizes[kind]);
    for (auto& byte : uid) byte = static_cast<std::uint8_t>(random_());
    uid[0] = kind == 0 ? 0x01 : 0x04;  // makers' codes as on real cards; 0x08 would mean "random"
    uid[uid.size() - 2] = static_cast<std::uint8_t>(cards_ >> 8);
    uid[uid.size() - 1] = static_cast<std::uint8_t>(cards_);
    ++cards_;
    return {kind == 0 ? CardTechnology::felica : CardTechnology::iso14443a, std::move(uid)};
  }

  const SiteWorldSettings settings_;
  Random random_;
  std::uint64_t base_ = 0;
  std::size_t people_ = 0;
  std::size_t cards_ = 0;
  Tables tables_;
  SiteWorld world_;
};

json to_json(const SiteWorld& world) {
  json cards = json::array();
  for (const auto& one : world.cards)
    cards.push_back({{"role", one.role},
                     {"technician", one.technician},
                     {"technology", to_text(one.card.technology)},
                     {"uid", to_hex(one.card.uid)}});
  return {{"site", world.site}, {"cards", cards}};
}

}  // namespace

Result<SiteWorld> make_site_world(const files::path& folder, const SiteWorldSettings& settings) {
  std::error_code error;
  files::create_directories(folder, error);
  if (error) return fail(ToolErrc::cannot_write, folder.string() + ": " + error.message());
  Maker maker(settings);
  maker.make();
  const auto& tables = maker.tables();
  const std::pair<const char*, const std::string&> all[] = {
      {"companies.csv", tables.companies}, {"technicians.csv", tables.technicians},
      {"sites.csv", tables.sites},         {"contract-structures.csv", tables.structures},
      {"rosters.csv", tables.rosters},     {"credentials.csv", tables.credentials}};
  for (const auto& [name, text] : all) {
    SITEGATE_TRYV(write_output((folder / name).string(), text));
  }
  SITEGATE_TRYV(write_output((folder / "world.json").string(), to_json(maker.world()).dump(2) + "\n"));
  return maker.world();
}

Result<SiteWorld> load_site_world(const files::path& folder) {
  const std::string file = (folder / "world.json").string();
  SITEGATE_TRY(text, read_file(file, world_size_max));
  const json read = json::parse(text, nullptr, false);
  const auto bad = [&](const char* what) { return fail(ToolErrc::unreadable, file + ": " + what); };
  if (!read.is_object() || !read.contains("cards") || !read["cards"].is_array())
    return bad("no list of cards");
  SiteWorld world;
  world.site = read.value("site", "");
  for (const auto& one : read["cards"]) {
    if (!one.is_object()) return bad("a card is no object");
    const auto technology = parse_card_technology(one.value("technology", ""));
    const auto uid = from_hex(one.value("uid", ""));
    if (!technology || !uid || uid->empty() || uid->size() > card_uid_size_max)
      return bad("a card is not readable");
    world.cards.push_back({one.value("role", ""), one.value("technician", ""), {*technology, *uid}});
  }
  if (world.cards.empty()) return bad("no card");
  return world;
}

}  // namespace sitegate::tool
