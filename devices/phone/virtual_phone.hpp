// A telephone trunk's end without libre: places one call over UDP or TCP, hears what is said, and tells how
// it ended. For tests, demonstrations and simulators; the gateway never links it. Source: RFC 3261 (17.1
// client transactions, 9.1 CANCEL, 15 BYE), RFC 3264, RFC 3551.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/error.hpp"

namespace sitegate::devices::phone {

enum class VirtualPhoneErrc { no_way = 1, no_answer, not_sip };
const char* errc_category(VirtualPhoneErrc);
std::string_view errc_text(VirtualPhoneErrc);

/// What is dialled and shown.
struct CallPlan {
  std::string called = "+81312345678";
  std::string from = "<sip:09012345678@trunk.example>";  ///< without tag
  std::vector<std::string> headers;                      ///< whole lines without line end: "Privacy: id"
  std::string call_id;                                   ///< empty: one of its own
  std::string tag = "caller";                            ///< of From
  bool tcp = false;
  bool offers_pcmu = true;   ///< false: the offer has another codec only
  bool offers_late = false;  ///< no offer in the INVITE; ours comes with the ACK
  bool hangs_up = false;     ///< CANCEL as soon as the other side tries
  int copies = 1;            ///< of each INVITE, as a network that repeats would make
};

/// How it ended.
struct CallEnd {
  int status = 0;      ///< 603, 200, 433, …
  std::string phrase;  ///< of the status line
  std::size_t sound_packets = 0;
  std::string sound;           ///< PCMU as heard, in the packets' order
  bool other_hung_up = false;  ///< BYE came after the announcement
};

/// Places the call and waits until it has ended, at most `patience`. Errors: no_way (no connection),
/// no_answer, not_sip. Concurrency: any thread, many at a time.
Result<CallEnd> place_call(const std::string& host, std::uint16_t port, const CallPlan& plan,
                           std::chrono::milliseconds patience = std::chrono::seconds(20));

}  // namespace sitegate::devices::phone
