// The bodies and answers of ZKTeco's PUSH, both dialects: bytes in, events out. No I/O, no clock.
//
// Sources: "Security PUSH Communication Protocol", PUSH 3.1.2 (sections named below), and "Attendance PUSH
// Communication Protocol". Terminals are the clients; everything comes by /iclock/….
#pragma once
#include <string>
#include <string_view>

#include "devices/terminal/event.hpp"

namespace sitegate::devices::terminal::zkteco {

/// table=ATTLOG of the attendance dialect: "Pin\tYYYY-MM-DD HH:MM:SS\tStatus\tVerify\tWorkcode\t…\tMask\t
/// Temperature\t…", one event a line. The key is made of pin, time, status and verify: there is no index.
Events parse_attlog(std::string_view body);

/// table=rtlog, 7.2: TAB-separated key=value, fields in any order, "index" unique in the terminal. Codes
/// 0–19, 200–253 and 4000–4999 with a user or card are Kind::person, 20–99 and 5000–5999 Kind::refused
/// (appendix 2), and whatever has neither user nor card is Kind::device unless it was refused. `online`: what
/// the gateway itself decided (222) is Kind::device, it was recorded then.
Events parse_rtlog(std::string_view body, bool online);

/// table=tabledata, tablename=transaction (7.x, 9.1): the terminal's stored records, each line with the
/// table's name in front; "time_second" counts as in appendix 5. The same index as in rtlog gives the same
/// key.
Events parse_transactions(std::string_view body, bool online);

/// AuthType=device, 10: the one record that a terminal asks about before it opens. The error says which
/// field.
Result<Event> parse_question(std::string_view body);

/// The terminal's own time in table=rtstate, 7.3; nullopt if there is none.
std::optional<LocalTime> parse_state_time(std::string_view body);

/// "verifytype" and Verify: a code of appendix 3 (4 card, 15–20 face, 21–24 finger vein), or since 3.1.2 a
/// string of 16 binary digits, face = bit 1, finger vein = bit 5, card = bit 11, QR = bit 12, counted from
/// the right. Face counts before vein before QR before card. nullopt: none of these.
std::optional<Method> method_of(std::string_view verify);

/// Appendix 5 and 6: seconds of a calendar whose months all have 31 days.
std::uint32_t encode_time(LocalTime time);
std::optional<LocalTime> decode_time(std::uint64_t seconds);

/// How many lines stand in a body.
std::size_t count_lines(std::string_view body);

/// The answers of the first contact (4.1 and the attendance dialect's options): what to send, when, and
/// that everything is sent at once. `stamp`: the last one that is on the disk here; empty: from the
/// beginning.
std::string attendance_options(std::string_view serial, std::string_view stamp,
                               std::chrono::minutes utc_offset);
/// `code`: what tells this registration from others, up to 32 characters.
std::string security_options(std::string_view code);

/// 9.3: pulses door 1 to 16 for 1 to 254 s: "CONTROL DEVICE 01010105".
std::string open_door_command(int door, int open_s);

/// What a terminal is told about the person in front of it. `record` is its own line, echoed.
struct Decision {
  bool accepted = false;
  std::string command;  ///< empty: the door stays as it is
  std::string tips;     ///< shown to the person where the terminal can
};
std::string decision_answer(std::string_view record, const Decision& decision);

}  // namespace sitegate::devices::terminal::zkteco
