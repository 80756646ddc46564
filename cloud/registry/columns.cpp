#include "cloud/registry/columns.hpp"

namespace sitegate::cloud {
namespace {

using enum Need;

constexpr Column company_columns[] = {
    {"company_id", required, "事業者ID", "14 digits", {"00000000000017", "00000000000025"}},
    {"name", optional, "名称 事業者名 商号又は名称", "at most 128 bytes", {"青空建設", "佐藤工務店"}},
    {"prefecture", required, "都道府県 所在地", "JIS X 0401 code or Japanese name", {"13", "神奈川県"}},
    {"company_class",
     required,
     "区分 事業者区分",
     "corporation 法人, individual_business 個人事業主, sole_proprietor 一人親方",
     {"corporation", "一人親方"}},
    {"company_class_at_approval",
     optional,
     "承認時区分",
     "the class when it was approved; default: company_class",
     {"", "個人事業主"}},
    {"approved_on", required, "承認日 登録日", "date of approval", {"2019-04-01", "2021-10-15"}},
};
constexpr Column technician_columns[] = {
    {"technician_id", required, "技能者ID", "14 digits", {"00000000000101", "00000000000102"}},
    {"name", optional, "氏名 技能者名 名前", "at most 128 bytes", {"山田太郎", "佐藤花子"}},
    {"prefecture",
     required,
     "都道府県 現住所",
     "of the address: JIS X 0401 code or Japanese name",
     {"13", "神奈川県"}},
    {"registered_on", required, "登録日 ID発行日", "date the ID was issued", {"2019-05-07", "2022-02-01"}},
    {"company_id",
     optional,
     "事業者ID 所属事業者ID",
     "the company it belongs to, which must be registered",
     {"00000000000017", "00000000000025"}},
};
constexpr Column site_columns[] = {
    {"site_id", required, "現場ID", "14 digits", {"00000000000901", "00000000000902"}},
    {"name", optional, "現場名 名称", "at most 128 bytes", {"青空第一ビル", "みなと倉庫"}},
    {"prefecture", required, "都道府県 所在地", "JIS X 0401 code or Japanese name", {"13", "神奈川県"}},
    {"prime_contractor",
     required,
     "元請事業者ID 元請ID 元請",
     "company ID of the prime contractor",
     {"00000000000017", "00000000000017"}},
    {"registered_on", required, "登録日", "date of registration", {"2023-04-01", "2023-05-15"}},
    {"opens_on",
     required,
     "開始日 蓄積開始日",
     "first date on which histories count",
     {"2023-04-10", "2023-06-01"}},
    {"closes_on",
     required,
     "終了日 蓄積終了日",
     "last date on which histories count",
     {"2024-03-31", "2023-12-28"}},
    {"test_data", optional, "テストデータ", "1: not counted; default 0", {"0", ""}},
    {"utc_offset_minutes", optional, "", "default 540 (Japan)", {"", ""}},
    {"day_boundary_minutes", optional, "日替時刻", "minutes after midnight; default 240", {"", "300"}},
    {"shift_hours_max", optional, "", "an exit this long after the entry joins it; default 16", {"", ""}},
    {"open_for_unknown_credential", optional, "", "1: the gate opens anyway; default 0", {"", ""}},
    {"open_for_not_on_roster", optional, "", "1: the gate opens anyway; default 0", {"", ""}},
    {"open_for_expired_credential", optional, "", "0: the gate stays shut; default 1", {"", ""}},
    {"open_when_site_closed", optional, "", "1: the gate opens anyway; default 0", {"", ""}},
};
constexpr Column structure_columns[] = {
    {"site_id", required, "現場ID", "a registered site", {"00000000000901", "00000000000901"}},
    {"company_id", required, "事業者ID", "a registered company", {"00000000000017", "00000000000025"}},
    {"upper_company_id",
     optional,
     "上位事業者ID",
     "who it works for; empty for the prime contractor",
     {"", "00000000000017"}},
    {"approved", optional, "承認", "the lower company's consent; default 1", {"1", "1"}},
    {"registered_by",
     optional,
     "登録元",
     "CCUS or the linked system, at most 64 bytes; default CCUS",
     {"CCUS", ""}},
};
constexpr Column roster_columns[] = {
    {"site_id", required, "現場ID", "a registered site", {"00000000000901", "00000000000901"}},
    {"technician_id", required, "技能者ID", "a registered technician", {"00000000000101", "00000000000102"}},
    {"company_id",
     required,
     "事業者ID 所属事業者ID",
     "the company it works for at this site",
     {"00000000000017", "00000000000025"}},
    {"trade", optional, "職種 職種コード", "four digits, e.g. 1001 or 10-01; empty: none", {"1001", "34-01"}},
    {"position",
     optional,
     "立場",
     "foreman 職長, crew_leader 班長, worker 作業員; empty: none",
     {"foreman", "作業員"}},
    {"from", required, "開始日", "first date in force", {"2023-04-10", "2023-04-17"}},
    {"until", required, "終了日", "last date in force", {"2024-03-31", "2023-09-30"}},
};
constexpr Column credential_columns[] = {
    {"technician_id", required, "技能者ID", "a registered technician", {"00000000000101", "00000000000102"}},
    {"kind",
     optional,
     "種類",
     "card, uhf_tag, phone, code, terminal_user, token or marker; default card",
     {"", "phone"}},
    {"technology",
     optional,
     "方式 カード方式",
     "of a card: iso14443a, iso14443b, felica or unknown",
     {"felica", ""}},
    {"uid",
     required,
     "カードID IDm UID 値 value",
     "card, tag, token: hexadecimal; else as read, phone as +819012345678",
     {"0114b34d2a0f6c81", "+819012345678"}},
    {"realm", optional, "区分", "terminal user: group of terminals; marker: family", {"", ""}},
    {"expires_on", optional, "有効期限", "last day it is good for", {"2032-05-07", ""}},
};

}  // namespace

std::span<const Column> columns_of(ImportKind kind) {
  switch (kind) {
    case ImportKind::companies:
      return company_columns;
    case ImportKind::technicians:
      return technician_columns;
    case ImportKind::sites:
      return site_columns;
    case ImportKind::contract_structures:
      return structure_columns;
    case ImportKind::rosters:
      return roster_columns;
    case ImportKind::credentials:
      return credential_columns;
  }
  return {};
}

std::string example_csv(ImportKind kind) {
  return sitegate::example_csv(columns_of(kind));
}

std::string column_help(ImportKind kind) {
  return sitegate::column_help(columns_of(kind));
}

}  // namespace sitegate::cloud
