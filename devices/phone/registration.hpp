// Keeps the gate's number registered at a registrar (RFC 3261 10.2; digest RFC 2617 by libre). Only for this
// folder. libre's own registration client waits up to 30 minutes after failures; a gate must be back sooner.
#pragma once
#include <string>

#include "devices/phone/phone_settings.hpp"
#include "devices/phone/re.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/retry_delay.hpp"

namespace sitegate::devices::phone {

/// Operation: tick() once a second sends what is due: at once, at half the time granted, and after failures
/// with 0.5 to 30 s between (exponential, full jitter). Concurrency: the phone's thread only.
class Registration {
 public:
  /// `stack` and `clock` must outlive it.
  Registration(sip* stack, PhoneAccount account, std::string reader_id, const Clock& clock);
  ~Registration();
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  void tick();
  /// Takes the binding back; done() when the registrar has answered or nothing was registered.
  void stop();
  [[nodiscard]] bool done() const { return stopping_ && request_ == nullptr; }
  /// "registered as 0312345678 at sip.example.jp for 120 s", "not registered …: 403 Forbidden"
  [[nodiscard]] const std::string& state() const { return state_; }

 private:
  void start();
  void send();
  void on_answer(int error, const sip_msg* message);
  bool try_again(const sip_msg* message);
  void registered(const sip_msg* message);
  void failed(const std::string& why);
  int write_contact(sip_transp transport, const sa* local, const sa* peer, mbuf* message) const;
  [[nodiscard]] std::uint32_t granted_s(const sip_msg* message) const;

  // Constant after construction.
  sip* const stack_;
  const PhoneAccount account_;
  const std::string reader_id_;
  const Clock& clock_;

  Ref<sip_dialog> dialog_;
  Ref<sip_auth> auth_;
  struct sip_request* request_ = nullptr;  // of libre; it puts nullptr there when the request has ended
  RetryDelay delay_;
  MonotonicTime due_{0};
  MonotonicTime sent_{0};  // the first request of an attempt
  std::uint32_t expires_s_;
  int attempts_ = 0;  // of one registration: challenges answered
  bool is_registered_ = false;
  bool stopping_ = false;
  std::string state_;
};

}  // namespace sitegate::devices::phone
