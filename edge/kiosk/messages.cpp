#include "edge/kiosk/messages.hpp"

namespace sitegate::edge {
namespace {

constexpr Messages japanese{
    .entry = "入場",
    .exit = "退場",
    .repeat = "記録済みです",
    .gate_open = "通行可",
    .gate_shut = "通行不可",
    .reasons = {
        "記録しました",
        "このカードは登録されていません。職長か現場事務所に申し出てください",
        "このカードは複数の技能者に登録されています。現場事務所に申し出てください",
        "名簿がまだ届いていません。現場事務所に連絡してください",
        "この現場の作業員名簿で有効ではありません。職長に名簿への登録を頼んでください",
        "カードの有効期限が切れています。更新の手続きをしてください",
        "この日は現場の就業履歴蓄積期間外です。現場事務所に確認してください",
        "もう一つの認証が必要です。続けて認証してください",
        "二つの認証が別の人を示しています。一人ずつ、もう一度認証してください",
        "記録できませんでした（保存領域が満杯）。現場事務所に知らせてください",
        "記録できませんでした（保存装置の異常）。現場事務所に知らせてください",
    }};

constexpr Messages english{.entry = "entry",
                           .exit = "exit",
                           .repeat = "already recorded a moment ago",
                           .gate_open = "you may pass",
                           .gate_shut = "gate stays shut",
                           .reasons = {
                               "recorded",
                               "this card is not registered: ask your foreman or the site office",
                               "this card is registered for several people: ask the site office",
                               "the site's roster has not arrived yet: tell the site office",
                               "not on the roster: ask your foreman to put you on this site's roster",
                               "your card has expired: please renew it",
                               "the site does not record work on this date: ask the site office",
                               "a second recognition is needed: please identify yourself by both",
                               "two recognitions meant different people: one at a time, please try again",
                               "not recorded (storage is full): tell the site office",
                               "not recorded (storage failed): tell the site office",
                           }};

}  // namespace

std::optional<Language> parse_language(std::string_view text) {
  if (text == "ja") return Language::japanese;
  if (text == "en") return Language::english;
  return std::nullopt;
}

const Messages& messages(Language language) {
  return language == Language::japanese ? japanese : english;
}

}  // namespace sitegate::edge
