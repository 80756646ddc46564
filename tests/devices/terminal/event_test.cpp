// From what a terminal says to a read: whose, by what, when, and which way.
#include "devices/terminal/event.hpp"

#include <boost/test/unit_test.hpp>

namespace sitegate::devices::terminal {
namespace {

using namespace std::chrono_literals;

Terminal north() {
  Terminal terminal;
  terminal.name = "north";
  terminal.serial = "CJDE1";
  terminal.realm = "site";
  terminal.gate = "2";
  terminal.method = Method::finger_vein;
  return terminal;
}

Event face() {
  Event event;
  event.key = "4711/20261122074105";
  event.pin = "1001";
  event.method = Method::face;
  event.time = *parse_local_time("2026-11-22 07:41:05");
  return event;
}

const UtcTime then = *parse_utc("2026-11-21T22:41:05.000Z");

CredentialRead read_after(std::chrono::milliseconds age, const Terminal& terminal = north(),
                          const Event& event = face(), std::chrono::milliseconds ahead = 0ms) {
  return read_of(terminal, "zkteco", event, {then + age, MonotonicTime(5), 30s, ahead}).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(a_young_event_happened_now) {
  const auto read = read_after(12s);
  BOOST_TEST((std::get<TerminalUserCredential>(read.credential) == TerminalUserCredential{"site", "1001"}));
  BOOST_TEST((read.method == Method::face));
  BOOST_TEST((read.event_time == then + 12s));
  BOOST_TEST((read.monotonic == MonotonicTime(5)));
  BOOST_TEST(!read.device_event->late);
  BOOST_TEST(!read.clock_state.has_value());
  BOOST_TEST(read.device_event->key == "zkteco/CJDE1/4711/20261122074105");
  BOOST_TEST(read.gate == "2");
  BOOST_TEST(!read.direction.has_value());
}

BOOST_AUTO_TEST_CASE(an_old_event_keeps_the_terminals_time) {
  const auto read = read_after(24h);
  BOOST_TEST(read.device_event->late);
  BOOST_TEST((read.event_time == then));
  BOOST_TEST((read.clock_state == ClockState::unknown));
}

BOOST_AUTO_TEST_CASE(times_are_local_at_the_terminals_offset) {
  auto terminal = north();
  terminal.utc_offset = std::chrono::minutes(0);
  BOOST_TEST((read_after(24h, terminal).event_time == then + 9h));
  auto event = face();
  event.utc_offset = std::chrono::minutes(540);  // said by the terminal itself: that counts
  BOOST_TEST((read_after(24h, terminal, event).event_time == then));
}

BOOST_AUTO_TEST_CASE(a_clock_known_to_be_wrong_is_corrected) {
  BOOST_TEST((read_after(24h, north(), face(), 1h).event_time == then - 1h));
  BOOST_TEST((read_after(24h, north(), face(), -1h).event_time == then + 1h));
  // An hour behind, and it is just now.
  BOOST_TEST(!read_after(1h, north(), face(), -1h).device_event->late);
}

BOOST_AUTO_TEST_CASE(an_event_of_the_future_happened_now) {
  const auto read = read_after(-2h);
  BOOST_TEST((read.event_time == then - 2h));
  BOOST_TEST(!read.device_event->late);
}

BOOST_AUTO_TEST_CASE(pins_are_looked_up_and_never_padded) {
  auto terminal = north();
  terminal.aliases = {{"1001", "0001001"}};
  BOOST_TEST(std::get<TerminalUserCredential>(read_after(0s, terminal).credential).pin == "0001001");
  auto event = face();
  for (const char* pin : {"01001", "001001", "10010"}) {
    event.pin = pin;
    BOOST_TEST(std::get<TerminalUserCredential>(read_after(0s, terminal, event).credential).pin == pin);
  }
}

BOOST_AUTO_TEST_CASE(a_card_that_was_read_is_the_credential) {
  auto event = face();
  event.card = "123456789";
  BOOST_TEST(std::holds_alternative<TerminalUserCredential>(read_after(0s, north(), event).credential));
  event.method = Method::card;
  BOOST_TEST((std::get<CardCredential>(read_after(0s, north(), event).credential) ==
              CardCredential{CardTechnology::unknown, {0x15, 0xCD, 0x5B, 0x07}}));
  event.method = std::nullopt;
  event.pin.clear();
  BOOST_TEST(std::holds_alternative<CardCredential>(read_after(0s, north(), event).credential));
  BOOST_TEST((read_after(0s, north(), event).method == Method::finger_vein));  // what the terminal is set to
}

// Security PUSH, 7.5: "if the card number is 123456789, then Card=[15CD5B07]".
BOOST_AUTO_TEST_CASE(card_numbers) {
  BOOST_TEST((card_uid("123456789", CardNumber::last_byte_first) == Bytes{0x15, 0xCD, 0x5B, 0x07}));
  BOOST_TEST((card_uid("123456789", CardNumber::first_byte_first) == Bytes{0x07, 0x5B, 0xCD, 0x15}));
  BOOST_TEST((card_uid("1", CardNumber::first_byte_first) == Bytes{0, 0, 0, 1}));
  BOOST_TEST((card_uid("1255600287964032", CardNumber::first_byte_first)->size() == 7u));
  BOOST_TEST((card_uid("18446744073709551615", CardNumber::first_byte_first)->size() == 8u));
  BOOST_TEST((card_uid("04958CAA5C5E80", CardNumber::hexadecimal) ==
              Bytes{0x04, 0x95, 0x8C, 0xAA, 0x5C, 0x5E, 0x80}));
  for (const char* none : {"0", "", "12x", "-1", "18446744073709551616"})
    BOOST_TEST(!card_uid(none, CardNumber::last_byte_first).has_value(), none);
  for (const char* none : {"", "123", "zz", "0102030405060708090a0b0c0d0e0f1011"})
    BOOST_TEST(!card_uid(none, CardNumber::hexadecimal).has_value(), none);
}

BOOST_AUTO_TEST_CASE(directions_come_from_the_place_the_terminal_or_its_states) {
  auto terminal = north();
  auto event = face();
  const auto direction = [&](const char* state) {
    event.state = state;
    return read_after(0s, terminal, event).direction;
  };
  BOOST_TEST(!direction("1").has_value());
  terminal.direction = DirectionFrom::exit;
  BOOST_TEST((direction("0") == Direction::exit));
  terminal.direction = DirectionFrom::entry;
  BOOST_TEST((direction("1") == Direction::entry));
  terminal.direction = DirectionFrom::state;
  terminal.entry_states = {"0", "4"};
  terminal.exit_states = {"1", "5"};
  BOOST_TEST((direction("4") == Direction::entry));
  BOOST_TEST((direction("1") == Direction::exit));
  BOOST_TEST(!direction("7").has_value());
}

BOOST_AUTO_TEST_CASE(keys_fit_and_stay_apart) {
  auto terminal = north();
  terminal.serial = std::string(32, 'S');
  auto event = face();
  std::set<std::string> keys;
  for (const char last : {'1', '2'}) {
    event.key = std::string(90, 'k') + last;
    const auto key = read_after(0s, terminal, event).device_event->key;
    BOOST_TEST(key.size() <= device_event_key_size_max);
    BOOST_TEST(key.starts_with("zkteco/" + terminal.serial + "/"));
    keys.insert(key);
  }
  BOOST_TEST(keys.size() == 2u);
}

BOOST_AUTO_TEST_CASE(only_body_temperatures_are_taken) {
  BOOST_TEST(plausible_temperature(36.5).has_value());
  for (const double none : {0.0, 255.0, 97.5, -1.0, 29.9})
    BOOST_TEST(!plausible_temperature(none).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::terminal
