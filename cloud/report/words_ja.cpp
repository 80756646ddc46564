#include "cloud/report/words.hpp"

namespace sitegate::cloud {

namespace {

constexpr Words table{
    .language = "ja",
    .title = "建設キャリアアップシステムの運営状況について",
    .system = "",
    .created = "作成日 {date}",
    .month_names = {"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"},
    .month = "{year}年{name}",
    .month_end = "{year}年{name}末",
    .date = "{year}年{name}{day}日",
    .fiscal_year = "{year}年度",
    .fiscal_year_cumulative = "{year}年度（累計）",
    .axis_large = "{number}万",
    .axis_large_unit = 10'000,
    .axis_huge = "{number}億",
    .axis_huge_unit = 100'000'000,
    .registered_heading = "登録数・登録状況",
    .registered_new = "{month} 登録数",
    .registered_stock = "登録状況",
    .technicians = "技能者",
    .companies = "事業者",
    .excluding_sole_proprietors = "一人親方除く",
    .registered_note_annex = "※1：技能者・事業者の都道府県別の登録状況は、別紙1参照。",
    .registered_note_class =
        "※2：「一人親方除く」の登録状況は現在の区分、登録数は承認時の区分による。登録済事業者が法人・個人事"
        "業主と"
        "一人親方の区分の変更を行う場合があり、「登録数」を積み上げた数と「{fiscal_year}"
        "」が一致しないことがある。",
    .use_heading = "利用状況",
    .new_sites = "新規登録現場数",
    .work_histories = "就業履歴数",
    .cumulative = "累計",
    .since_start = "運用開始以降",
    .use_note_annex = "※1：現場ID登録数及び就業履歴数の推移は、別紙2参照。テストデータの現場は除く。",
    .use_note_counting = "※2：就業履歴は、技能者・現場・就業日の組合せごとに1件と数える。",
    .methods_heading = "就業履歴の内訳（{month}）",
    .method = "入退場管理の方法",
    .method_names = {"カード", "QRコード", "マーカー", "UHFタグ", "顔認証", "指静脈認証", "電話",
                     "NFCタグ（スマートフォン）", "直接入力"},
    .effective = "能力評価に有効",
    .not_effective = "左記以外",
    .sum = "計",
    .share = "構成比",
    .total = "合計",
    .methods_note =
        "※：能力評価に有効な就業履歴とは、施工体制の登録があり、職種と立場の情報を伴うものをいう。構成比は"
        "四捨五入による。",
    .entered_heading = "サポート状況等",
    .entered_mark = "入力値",
    .entered_item = "項目",
    .entered_value = "数",
    .entered_remark = "備考",
    .entered_note = "※：運用担当者が入力した値であり、記録から計算したものではない。",
    .entered_other_month = "※：この入力値は{month}分として入力されたものである。",
    .prefectures_heading = "別紙1 都道府県別の登録状況（{month_end}）",
    .technicians_by_prefecture = "技能者（現住所）",
    .companies_by_prefecture = "事業者（所在地）",
    .number = "No",
    .prefecture = "都道府県",
    .registered_technicians = "技能者登録数",
    .registered_companies = "事業者登録数",
    .graphs_heading = "別紙2 登録数及び利用状況の推移",
    .cumulative_axis = "累計数（{unit}）",
    .new_axis = "各月の数（{unit}）",
    .graph_description = "{title}、{first}から{last}まで。最終月の累計{cumulative}、新規{new}。",
    .sole_proprietors = "一人親方",
    .corporations_and_individual_businesses = "法人・個人事業主",
    .technicians_graph = {"技能者登録数", "人", "※技能者IDの発行日から作成。"},
    .companies_graph = {"事業者登録数", "者",
                        "※事業者情報の承認日から作成。累計数は現在の区分、各月の数は承認時の区分による。"},
    .sites_graph = {"現場ID登録数", "現場", "※テストデータの現場は除く。"},
    .histories_graph = {"就業履歴数", "件", "※就業日の属する月による。"},
    .recent_heading = "最近の推移",
    .recent_month = "月",
    .sites = "現場",
    .new_in_month = "新規",
    .checks_hold = "検算：合計・累計・年度の各恒等式は、すべて成り立っている。",
    .checks_broken = "検算：次の恒等式が成り立っていない。数値を使用する前に確認を要する。",
};

}  // namespace

const Words& words_ja() {
  return table;
}

}  // namespace sitegate::cloud
