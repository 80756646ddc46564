// Keys to characters, as a pure function of the events: US keyboard and JIS X 6002 (106/109 keys).
#include "devices/scanner/key_decoder.hpp"

#include <linux/input-event-codes.h>

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::scanner {

namespace {

std::string printable() {
  std::string text;
  for (char letter = 0x20; letter < 0x7F; ++letter) text += letter;
  return text;
}

std::string decoded(KeyDecoder& decoder, const std::vector<KeyEvent>& events) {
  std::string text;
  for (const auto& event : events)
    if (const auto byte = decoder.take(event)) text.push_back(static_cast<char>(*byte));
  return text;
}
std::string decoded(Layout layout, const std::vector<KeyEvent>& events) {
  KeyDecoder decoder(layout);
  return decoded(decoder, events);
}
std::vector<KeyEvent> tapped(std::initializer_list<std::uint16_t> codes) {
  std::vector<KeyEvent> events;
  for (const auto code : codes) {
    events.push_back({code, 1});
    events.push_back({code, 0});
  }
  return events;
}
std::vector<KeyEvent> with(std::uint16_t modifier, std::initializer_list<std::uint16_t> codes) {
  std::vector<KeyEvent> events{{modifier, 1}};
  for (const auto& event : tapped(codes)) events.push_back(event);
  events.push_back({modifier, 0});
  return events;
}
const std::string unknown(1, '\0');

}  // namespace

BOOST_AUTO_TEST_SUITE(key_decoder)

BOOST_AUTO_TEST_CASE(every_printable_character_in_both_layouts) {
  for (const auto layout : {Layout::us, Layout::jp})
    BOOST_TEST(decoded(layout, key_events_of(printable() + "\r\t", layout)) == printable() + "\r\t");
}

// The number row with shift, left to right: what tells the layouts apart at a glance.
BOOST_AUTO_TEST_CASE(shifted_number_row) {
  const auto row = with(KEY_LEFTSHIFT, {KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9});
  BOOST_TEST(decoded(Layout::us, row) == "!@#$%^&*(");
  BOOST_TEST(decoded(Layout::jp, row) == "!\"#$%&'()");
}

// JIS X 6002: the keys right of P and L, the yen key and the one beside the right shift.
BOOST_AUTO_TEST_CASE(symbol_keys_of_jis_x_6002) {
  const std::initializer_list<std::uint16_t> keys{KEY_MINUS,      KEY_EQUAL,      KEY_YEN,
                                                  KEY_LEFTBRACE,  KEY_RIGHTBRACE, KEY_SEMICOLON,
                                                  KEY_APOSTROPHE, KEY_BACKSLASH,  KEY_RO};
  BOOST_TEST(decoded(Layout::jp, tapped(keys)) == "-^\\@[;:]\\");
  BOOST_TEST(decoded(Layout::jp, with(KEY_RIGHTSHIFT, keys)) == "=~|`{+*}_");
}

BOOST_AUTO_TEST_CASE(symbol_keys_of_the_us_keyboard) {
  const std::initializer_list<std::uint16_t> keys{
      KEY_MINUS, KEY_EQUAL,     KEY_LEFTBRACE, KEY_RIGHTBRACE, KEY_SEMICOLON, KEY_APOSTROPHE,
      KEY_GRAVE, KEY_BACKSLASH, KEY_COMMA,     KEY_DOT,        KEY_SLASH};
  BOOST_TEST(decoded(Layout::us, tapped(keys)) == "-=[];'`\\,./");
  BOOST_TEST(decoded(Layout::us, with(KEY_RIGHTSHIFT, keys)) == "_+{}:\"~|<>?");
}

BOOST_AUTO_TEST_CASE(keys_going_up_and_repeated_keys_type_nothing) {
  BOOST_TEST(decoded(Layout::us, {{KEY_A, 1}, {KEY_A, 2}, {KEY_A, 2}, {KEY_A, 0}, {KEY_B, 0}}) == "a");
}

BOOST_AUTO_TEST_CASE(shift_holds_until_both_shifts_are_up) {
  BOOST_TEST(decoded(Layout::us, {{KEY_LEFTSHIFT, 1},
                                  {KEY_RIGHTSHIFT, 1},
                                  {KEY_A, 1},
                                  {KEY_LEFTSHIFT, 0},
                                  {KEY_B, 1},
                                  {KEY_RIGHTSHIFT, 0},
                                  {KEY_C, 1}}) == "ABc");
}

BOOST_AUTO_TEST_CASE(caps_lock_turns_letters_and_nothing_else) {
  KeyDecoder decoder(Layout::us);
  BOOST_TEST(decoded(decoder, tapped({KEY_CAPSLOCK, KEY_A, KEY_1})) == "A1");
  BOOST_TEST(decoded(decoder, with(KEY_LEFTSHIFT, {KEY_A, KEY_1})) == "a!");
  BOOST_TEST(decoded(decoder, tapped({KEY_CAPSLOCK, KEY_A})) == "a");
}

BOOST_AUTO_TEST_CASE(alt_and_the_keypad_name_a_character_by_its_number) {
  KeyDecoder decoder(Layout::jp);
  BOOST_TEST(decoded(decoder, with(KEY_LEFTALT, {KEY_KP6, KEY_KP5})) == "A");
  BOOST_TEST(decoded(decoder, with(KEY_LEFTALT, {KEY_KP0, KEY_KP0, KEY_KP6, KEY_KP4})) == "@");
  BOOST_TEST(decoded(decoder, with(KEY_LEFTALT, {KEY_KP1, KEY_KP3})) == "\r");
  BOOST_TEST(decoded(decoder, with(KEY_LEFTALT, {KEY_KP9, KEY_KP9, KEY_KP9})) == unknown);
  BOOST_TEST(decoded(decoder, with(KEY_LEFTALT, {KEY_KP0, KEY_KP0, KEY_KP0, KEY_KP6, KEY_KP5})) == unknown);
  BOOST_TEST(decoded(decoder, with(KEY_LEFTALT, {})) == "");
  BOOST_TEST(decoded(decoder, with(KEY_RIGHTALT, {KEY_E})) == unknown);
  BOOST_TEST(decoded(decoder, tapped({KEY_NUMLOCK, KEY_KP7, KEY_KPENTER})) == "7\r");
}

BOOST_AUTO_TEST_CASE(control_makes_control_characters) {
  BOOST_TEST(decoded(Layout::us, with(KEY_LEFTCTRL, {KEY_M, KEY_J, KEY_I})) == "\r\n\t");
  BOOST_TEST(decoded(Layout::us, with(KEY_RIGHTCTRL, {KEY_RIGHTBRACE})) == "\x1d");
}

BOOST_AUTO_TEST_CASE(a_key_without_a_character_is_never_passed_over_in_silence) {
  BOOST_TEST(decoded(Layout::us, tapped({KEY_F5})) == unknown);
  BOOST_TEST(decoded(Layout::us, tapped({KEY_YEN})) == unknown);
  BOOST_TEST(decoded(Layout::us, tapped({767})) == unknown);
  BOOST_TEST(decoded(Layout::jp, with(KEY_LEFTSHIFT, {KEY_0})) == unknown);
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_what_is_down) {
  KeyDecoder decoder(Layout::us);
  decoded(decoder, {{KEY_LEFTSHIFT, 1}, {KEY_LEFTALT, 1}, {KEY_KP6, 1}});
  decoder.reset();
  BOOST_TEST(decoded(decoder, tapped({KEY_A})) == "a");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::scanner
