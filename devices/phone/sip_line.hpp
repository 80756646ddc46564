// One run of a phone reader: the SIP stack, the calls that wait, and everything that ends with them. Only for
// this folder.
#pragma once
#include <list>
#include <memory>
#include <unordered_map>

#include "devices/phone/answer_box.hpp"
#include "devices/phone/caller.hpp"
#include "devices/phone/phone_reader.hpp"
#include "devices/phone/quiet_log.hpp"
#include "devices/phone/registration.hpp"
#include "devices/phone/spoken_call.hpp"
#include "devices/phone/tcp_watch.hpp"

namespace sitegate::devices::phone {

/// Operation: made, run() once, destroyed, all on one thread. Sources: RFC 3261 8.2 and 17.2 (user agent
/// server, transactions), RFC 5079 (433 Anonymity Disallowed).
class SipLine {
 public:
  /// Everything given must outlive it.
  SipLine(const PhoneSettings& settings, const Clock& clock, const ReadSink& sink, PhoneCounters& counters);
  ~SipLine();
  SipLine(const SipLine&) = delete;
  SipLine& operator=(const SipLine&) = delete;

  Result<void> run(const std::stop_token& stop);

 private:
  /// A call that waits for the pipeline's answer.
  struct WaitingCall {
    SipLine* line;
    CallId id;
    Ref<const sip_msg> invite;
    Ref<sip_strans> transaction;
    MonotonicTime since;
  };

  // Start and end.
  Result<void> open();
  Result<void> listen(sip_transp transport);
  Result<void> listen_for_messages();
  Result<void> add_name_server();
  void ask_ourselves();
  void on_wake();
  void on_second();
  void begin_end();
  void let_sessions_go();
  void let_stack_go();
  void close();

  // What comes in, from the outside to the inside.
  bool take_datagram(const sa& source, mbuf* datagram);
  bool screen(const sip_msg* message);
  bool is_trusted(const sa& source) const;
  void on_connection_given_up(const sa& peer, std::string_view why);
  void on_invite(const sip_msg* invite);
  bool on_other(const sip_msg* message);

  // A call.
  std::optional<CalledPlace> called_place(const sip_msg* invite) const;
  void hand_over(const sip_msg* invite, const CalledPlace& place, std::string number);
  void on_cancel(WaitingCall& call);
  void on_answer(CallId id, const ReadOutcome& outcome);
  bool speak(WaitingCall& call, const ReadOutcome& outcome);
  void refuse(const sip_msg* invite, std::uint16_t status, const char* phrase, const std::string& why);
  void reply(WaitingCall& call, std::uint16_t status, const std::string& phrase) const;
  void write_state();

  // Constant after construction.
  const PhoneSettings& settings_;
  const Clock& clock_;
  const ReadSink& sink_;
  PhoneCounters& counters_;
  sa bound_{};

  // Of libre; freed in close(), in its order.
  std::unique_ptr<ReThread> thread_;
  std::unique_ptr<TcpWatch> connections_;
  Ref<mqueue> wake_up_;
  std::shared_ptr<AnswerBox> answers_;
  Ref<dnsc> name_server_;
  sip* stack_ = nullptr;
  Ref<sip_lsnr> screen_;
  Ref<sipsess_sock> sessions_;
  Ref<sip_lsnr> others_;
  Ref<sip_lsnr> stray_answers_;
  Ref<udp_helper> filter_;
  std::unique_ptr<Registration> registration_;

  std::unordered_map<CallId, WaitingCall> waiting_;
  std::list<SpokenCall> spoken_;
  CallId last_call_ = 0;
  std::uint64_t calls_ = 0;
  std::uint64_t given_up_ = 0;  // connections that brought no SIP
  std::string own_question_;    // the user part of the request we sent ourselves; empty once it came
  QuietLog quiet_garbage_;
  QuietLog quiet_connections_;
  QuietLog quiet_strangers_;
  QuietLog quiet_refusals_;
  MonotonicTime stranger_at_{0};              // a stranger is answered from then on
  std::chrono::nanoseconds clock_offset_{0};  // wall clock minus steady clock
  const std::stop_token* stop_ = nullptr;
  int seconds_of_end_ = 0;
  bool ending_ = false;
  bool stack_let_go_ = false;  // our reference to the stack is gone; it lives until its requests have ended
  bool stack_ended_ = false;   // and they have
  std::optional<Error> failure_;
};

}  // namespace sitegate::devices::phone
