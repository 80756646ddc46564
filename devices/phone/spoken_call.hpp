// One answered call: 200, the announcement as RTP, BYE. Only for this folder. Sources: RFC 3264 (offer and
// answer), RFC 3550 and 3551 (RTP, PCMU = payload type 0, 20 ms a packet).
#pragma once
#include <string>

#include "devices/phone/phone_settings.hpp"
#include "devices/phone/re.hpp"
#include "shared/base/bytes.hpp"

namespace sitegate::devices::phone {

/// Operation: start() answers; the announcement begins when the caller's ACK is here and BYE follows its end.
/// A caller who hangs up first, or whose ACK does not come within 32 s (RFC 3261, 13.3.1.4), ends it, too.
/// Destroyed earlier it says BYE. Concurrency: the phone's thread only.
class SpokenCall {
 public:
  /// `sound` is PCMU and must outlive the call.
  explicit SpokenCall(const Bytes& sound) : sound_(sound) {}
  ~SpokenCall();
  SpokenCall(const SpokenCall&) = delete;
  SpokenCall& operator=(const SpokenCall&) = delete;

  /// `local` is this machine's address towards the caller. Fails, with nothing sent yet, if the offer has no
  /// PCMU or no port is free.
  Result<void> start(sipsess_sock* sessions, const sip_msg* invite, const sa& local, const std::string& user,
                     const RtpPorts& ports);
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  Result<void> prepare_sound(const sa& local, const RtpPorts& ports);
  Result<void> take_offer(mbuf* offer);
  Result<void> accept(sipsess_sock* sessions, const sip_msg* invite, const std::string& user);
  [[nodiscard]] bool can_be_heard() const;
  int answer_offer(mbuf** answer, mbuf* offer);
  int take_answer(mbuf* answer);
  void begin();
  void next_packet();
  void end();

  const Bytes& sound_;
  Ref<sdp_session> description_;
  sdp_media* audio_ = nullptr;  // of description_
  Ref<struct rtp_sock> rtp_;
  Ref<sipsess> session_;
  tmr timer_{};
  bool offered_ = false;  // the INVITE carried the offer
  bool ended_ = false;
  std::size_t played_ = 0;        // bytes of the sound that were sent
  std::uint64_t started_ms_ = 0;  // libre's clock at the first packet
};

}  // namespace sitegate::devices::phone
