// What a device tells a person who was not recognised: no read, no passage, only a word at the gate.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "shared/base/clock.hpp"
#include "shared/model/recognition.hpp"

namespace sitegate {

enum class AdviceKind : std::uint8_t {
  unknown,         ///< seen well, and nobody of the roster: ask at the site office, or use a card
  ambiguous,       ///< two people of the roster come as close: use a card
  several_people,  ///< more than one person in the picture: one at a time
  come_closer,     ///< too small, or not in the picture as a whole
  look_here,       ///< turned away
  hold_still,      ///< blurred
  more_light,      ///< too dark, or light from behind
  uncover,         ///< helmet, goggles or mask hide what is looked at: show it, or use a card
  second_factor,   ///< perhaps a picture of a person: show a card as well
  place_finger,    ///< no finger where it is wanted
  no_templates,    ///< nobody is enrolled here
};
inline constexpr std::uint8_t advice_kinds = 11;
/// "unknown", "come_closer", …: the words of logs and health.
std::string_view to_text(AdviceKind kind);

struct Advice {
  std::string reader_id;
  std::string gate;  ///< empty: the reader's
  Method method = Method::face;
  AdviceKind kind = AdviceKind::unknown;
  UtcTime time{};
};
/// Any thread; returns at once.
using Adviser = std::function<void(const Advice&)>;

}  // namespace sitegate
