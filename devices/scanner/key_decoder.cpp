#include "devices/scanner/key_decoder.hpp"

#include <linux/input-event-codes.h>

#include <algorithm>
#include <array>
#include <span>

namespace sitegate::devices::scanner {
namespace {

struct Key {
  std::uint16_t code;
  char plain;
  char shifted;  // 0: types nothing
};

// Keys that type the same in both layouts.
constexpr Key common_keys[] = {
    {KEY_A, 'a', 'A'},         {KEY_B, 'b', 'B'},       {KEY_C, 'c', 'C'},          {KEY_D, 'd', 'D'},
    {KEY_E, 'e', 'E'},         {KEY_F, 'f', 'F'},       {KEY_G, 'g', 'G'},          {KEY_H, 'h', 'H'},
    {KEY_I, 'i', 'I'},         {KEY_J, 'j', 'J'},       {KEY_K, 'k', 'K'},          {KEY_L, 'l', 'L'},
    {KEY_M, 'm', 'M'},         {KEY_N, 'n', 'N'},       {KEY_O, 'o', 'O'},          {KEY_P, 'p', 'P'},
    {KEY_Q, 'q', 'Q'},         {KEY_R, 'r', 'R'},       {KEY_S, 's', 'S'},          {KEY_T, 't', 'T'},
    {KEY_U, 'u', 'U'},         {KEY_V, 'v', 'V'},       {KEY_W, 'w', 'W'},          {KEY_X, 'x', 'X'},
    {KEY_Y, 'y', 'Y'},         {KEY_Z, 'z', 'Z'},       {KEY_1, '1', '!'},          {KEY_3, '3', '#'},
    {KEY_4, '4', '$'},         {KEY_5, '5', '%'},       {KEY_COMMA, ',', '<'},      {KEY_DOT, '.', '>'},
    {KEY_SLASH, '/', '?'},     {KEY_SPACE, ' ', ' '},   {KEY_ENTER, '\r', '\r'},    {KEY_TAB, '\t', '\t'},
    {KEY_KPENTER, '\r', '\r'}, {KEY_KP0, '0', '0'},     {KEY_KP1, '1', '1'},        {KEY_KP2, '2', '2'},
    {KEY_KP3, '3', '3'},       {KEY_KP4, '4', '4'},     {KEY_KP5, '5', '5'},        {KEY_KP6, '6', '6'},
    {KEY_KP7, '7', '7'},       {KEY_KP8, '8', '8'},     {KEY_KP9, '9', '9'},        {KEY_KPDOT, '.', '.'},
    {KEY_KPMINUS, '-', '-'},   {KEY_KPPLUS, '+', '+'},  {KEY_KPASTERISK, '*', '*'}, {KEY_KPSLASH, '/', '/'},
    {KEY_KPEQUAL, '=', '='},   {KEY_KPCOMMA, ',', ','}, {KEY_KPJPCOMMA, ',', ','},
};
constexpr Key us_keys[] = {
    {KEY_2, '2', '@'},          {KEY_6, '6', '^'},          {KEY_7, '7', '&'},
    {KEY_8, '8', '*'},          {KEY_9, '9', '('},          {KEY_0, '0', ')'},
    {KEY_MINUS, '-', '_'},      {KEY_EQUAL, '=', '+'},      {KEY_LEFTBRACE, '[', '{'},
    {KEY_RIGHTBRACE, ']', '}'}, {KEY_SEMICOLON, ';', ':'},  {KEY_APOSTROPHE, '\'', '"'},
    {KEY_GRAVE, '`', '~'},      {KEY_BACKSLASH, '\\', '|'},
};
constexpr Key jp_keys[] = {
    {KEY_2, '2', '"'},          {KEY_6, '6', '&'},         {KEY_7, '7', '\''},
    {KEY_8, '8', '('},          {KEY_9, '9', ')'},         {KEY_0, '0', 0},
    {KEY_MINUS, '-', '='},      {KEY_EQUAL, '^', '~'},     {KEY_LEFTBRACE, '@', '`'},
    {KEY_RIGHTBRACE, '[', '{'}, {KEY_SEMICOLON, ';', '+'}, {KEY_APOSTROPHE, ':', '*'},
    {KEY_BACKSLASH, ']', '}'},  {KEY_RO, '\\', '_'},       {KEY_YEN, '\\', '|'},
};

constexpr std::uint16_t keypad_digits[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                           KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
constexpr int alt_digits_max = 4;

std::span<const Key> keys_of(Layout layout) {
  if (layout == Layout::jp) return jp_keys;
  return us_keys;
}

const Key* find_key(std::uint16_t code, Layout layout) {
  for (const auto keys : {std::span<const Key>(common_keys), keys_of(layout)}) {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [code](const Key& key) { return key.code == code; });
    if (found != keys.end()) return &*found;
  }
  return nullptr;
}

std::optional<unsigned> keypad_digit(std::uint16_t code) {
  const auto* const found = std::find(std::begin(keypad_digits), std::end(keypad_digits), code);
  if (found == std::end(keypad_digits)) return std::nullopt;
  return static_cast<unsigned>(found - std::begin(keypad_digits));
}

bool is_lower(char letter) {
  return letter >= 'a' && letter <= 'z';
}

void set_bit(std::uint8_t& bits, std::uint8_t bit, bool down) {
  bits = static_cast<std::uint8_t>(down ? bits | bit : bits & ~bit);
}

}  // namespace

std::optional<Layout> parse_layout(std::string_view word) {
  if (word == "us") return Layout::us;
  if (word == "jp") return Layout::jp;
  return std::nullopt;
}

void KeyDecoder::reset() {
  *this = KeyDecoder(layout_);
}

bool KeyDecoder::take_modifier(const KeyEvent& event) {
  const bool down = event.value != 0;
  switch (event.code) {
    case KEY_LEFTSHIFT:
      set_bit(shifts_, 1, down);
      return true;
    case KEY_RIGHTSHIFT:
      set_bit(shifts_, 2, down);
      return true;
    case KEY_LEFTCTRL:
      set_bit(controls_, 1, down);
      return true;
    case KEY_RIGHTCTRL:
      set_bit(controls_, 2, down);
      return true;
    case KEY_CAPSLOCK:
      if (event.value == 1) caps_ = !caps_;
      return true;
    case KEY_NUMLOCK:  // scanners that type by the keypad switch it on first
      return true;
    default:
      return false;
  }
}

/// Alt down, digits of the keypad, Alt up: the digits are the number of the character.
std::optional<std::uint8_t> KeyDecoder::take_alt(const KeyEvent& event) {
  if (event.code == KEY_LEFTALT || event.code == KEY_RIGHTALT) {
    const bool ends = alt_ && event.value == 0;
    alt_ = event.value != 0;
    const bool complete = ends && alt_digits_ > 0;
    const bool character = alt_number_ < 0x100 && alt_digits_ <= alt_digits_max;
    const auto number = character ? static_cast<std::uint8_t>(alt_number_) : unknown_key_byte;
    alt_digits_ = 0;
    alt_number_ = 0;
    return complete ? std::optional(number) : std::nullopt;
  }
  if (event.value != 1) return std::nullopt;
  const auto digit = keypad_digit(event.code);
  if (!digit) return unknown_key_byte;
  if (++alt_digits_ <= alt_digits_max) alt_number_ = alt_number_ * 10 + *digit;
  return std::nullopt;
}

std::uint8_t KeyDecoder::typed(std::uint16_t code) const {
  const Key* key = find_key(code, layout_);
  if (key == nullptr) return unknown_key_byte;
  const bool shift = (shifts_ != 0) != (caps_ && is_lower(key->plain));
  const auto letter = static_cast<std::uint8_t>(shift ? key->shifted : key->plain);
  return controls_ != 0 ? letter & 0x1F : letter;
}

std::optional<std::uint8_t> KeyDecoder::take(const KeyEvent& event) {
  if (take_modifier(event)) return std::nullopt;
  if (alt_ || event.code == KEY_LEFTALT || event.code == KEY_RIGHTALT) return take_alt(event);
  // A key going up types nothing, and a scanner holds none down: what the kernel repeats is not from it.
  if (event.value != 1) return std::nullopt;
  return typed(event.code);
}

std::vector<KeyEvent> key_events_of(std::string_view text, Layout layout) {
  std::vector<KeyEvent> events;
  for (const char letter : text) {
    const Key* found = nullptr;
    for (const auto keys : {std::span<const Key>(common_keys), keys_of(layout)})
      for (const Key& key : keys)
        if (found == nullptr && letter != 0 && (key.plain == letter || key.shifted == letter)) found = &key;
    if (found == nullptr) continue;
    const bool shift = found->plain != letter;
    if (shift) events.push_back({KEY_LEFTSHIFT, 1});
    events.push_back({found->code, 1});
    events.push_back({found->code, 0});
    if (shift) events.push_back({KEY_LEFTSHIFT, 0});
  }
  return events;
}

}  // namespace sitegate::devices::scanner
