#include "edge/kiosk/messages.hpp"

namespace sitegate::edge {
namespace {

constexpr Messages japanese{
    .entry = "入場",
    .exit = "退場",
    .repeat = "記録済みです",
    .gate = "ゲート",
    .gate_open = "通行可",
    .gate_shut = "通行不可",
    .reasons =
        {
            "記録しました",
            "このカードは登録されていません。職長か現場事務所に申し出てください",
            "このカードは複数の技能者に登録されています。現場事務所に申し出てください",
            "名簿がまだ届いていません。現場事務所に連絡してください",
            "この現場の作業員名簿で有効ではありません。職長に名簿への登録を頼んでください",
            "カードの有効期限が切れています。更新の手続きをしてください",
            "この日は現場の就業履歴蓄積期間外です。現場事務所に確認してください",
            "もう一つの認証が必要です。続けて認証してください",
            "二つの認証が別の人を示しています。一人ずつ、もう一度認証してください",
            "このコードは読み取れません。汚れや折れがないか確かめ、作り直してください",
            "このコードは正しく発行されたものではありません。現場事務所に申し出てください",
            "このコードの有効期限が切れています。新しいコードを出してください",
            "このコードはまだ使えません。端末の時刻を確かめてください",
            "このコードは別の現場のものです。この現場のコードを出してください",
            "この現場ではこの種類のコードは使えません。カードを使うか、現場事務所に申し出てください",
            "このコードは決められた回数を超えて使われています。新しいコードを出してください",
            "記録できませんでした（保存領域が満杯）。現場事務所に知らせてください",
            "記録できませんでした（保存装置の異常）。現場事務所に知らせてください",
        },
    .advice = {
        "名簿の人と一致しません。カードを使うか、現場事務所に申し出てください",
        "よく似た人がいて一人に決められません。カードを使ってください",
        "一人ずつお願いします",
        "もう少し近づいてください",
        "カメラを正面から見てください",
        "動かずにお待ちください",
        "明るい所で、光を背にせずにお願いします",
        "ヘルメット・ゴーグル・マスクを外すか、カードを使ってください",
        "確認のため、カードも提示してください",
        "指を置いてください",
        "まだ誰も登録されていません。カードを使ってください",
    }};

constexpr Messages english{
    .entry = "entry",
    .exit = "exit",
    .repeat = "already recorded a moment ago",
    .gate = "gate",
    .gate_open = "you may pass",
    .gate_shut = "gate stays shut",
    .reasons =
        {
            "recorded",
            "this card is not registered: ask your foreman or the site office",
            "this card is registered for several people: ask the site office",
            "the site's roster has not arrived yet: tell the site office",
            "not on the roster: ask your foreman to put you on this site's roster",
            "your card has expired: please renew it",
            "the site does not record work on this date: ask the site office",
            "a second recognition is needed: please identify yourself by both",
            "two recognitions meant different people: one at a time, please try again",
            "this code cannot be read: is it dirty or folded? Have a new one made",
            "this code was not issued by the record's office: ask the site office",
            "this code has expired: please get a new one",
            "this code is not valid yet: is the phone's clock right?",
            "this code is for another site: please get one for this site",
            "this site does not take this kind of code: use your card, or ask the site office",
            "this code was used more often than it may be: please get a new one",
            "not recorded (storage is full): tell the site office",
            "not recorded (storage failed): tell the site office",
        },
    .advice = {
        "not recognised as anybody on the roster: use your card, or ask the site office",
        "two people come too close to tell: use your card",
        "one person at a time, please",
        "come a little closer",
        "look straight into the camera",
        "hold still for a moment",
        "more light, please, and none from behind",
        "take off helmet, goggles or mask, or use your card",
        "please show your card as well",
        "place your finger",
        "nobody is enrolled here yet: use your card",
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
