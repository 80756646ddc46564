#include "devices/phone/registration.hpp"

#include <fmt/format.h>

#include <cstring>
#include <functional>

#include "shared/base/log.hpp"

namespace sitegate::devices::phone {
namespace {

constexpr std::chrono::milliseconds delay_base{500};
constexpr std::chrono::seconds delay_cap{30};
constexpr int attempts_max = 3;
// The standard's transaction waits 32 s (timer F); a registrar that is back after a second should not have
// to.
constexpr std::chrono::seconds answer_max{4};
constexpr std::uint32_t expires_max_s = 86400;

std::uint64_t seed_of(const std::string& text, const Clock& clock) {
  return std::hash<std::string>{}(text) ^ static_cast<std::uint64_t>(clock.monotonic().count());
}

int give_password(char** user, char** password, const char* realm, void* account) {
  static_cast<void>(realm);
  const auto& known = *static_cast<const PhoneAccount*>(account);
  const int code = str_dup(user, known.auth_user.c_str());
  return code != 0 ? code : str_dup(password, known.password.c_str());
}

}  // namespace

Registration::Registration(sip* stack, PhoneAccount account, std::string reader_id, const Clock& clock)
    : stack_(stack),
      account_(std::move(account)),
      reader_id_(std::move(reader_id)),
      clock_(clock),
      delay_(delay_base, delay_cap, seed_of(reader_id_, clock)),
      expires_s_(account_.expires_s),
      state_(fmt::format("registering as {} at {}", account_.user, account_.host)) {}

Registration::~Registration() {
  if (request_ != nullptr) mem_deref(request_);
}

void Registration::tick() {
  if (stopping_) return;
  const auto now = clock_.monotonic();
  if (request_ != nullptr) {
    if (now < sent_ + answer_max) return;
    request_ = static_cast<struct sip_request*>(mem_deref(request_));
    return failed("no answer");
  }
  if (now >= due_) start();
}

// A new attempt: no challenge answered yet. The dialog stays the same, so that the registrar sees one Call-ID
// with a rising CSeq (RFC 3261, 10.2.4).
void Registration::start() {
  if (!dialog_) {
    const auto registrar = fmt::format("sip:{}{}", account_.host, account_.tcp ? ";transport=tcp" : "");
    const auto binding = fmt::format("sip:{}@{}", account_.user, account_.host);
    sip_dialog* dialog = nullptr;
    sip_auth* auth = nullptr;
    int code =
        sip_dialog_alloc(&dialog, registrar.c_str(), binding.c_str(), nullptr, binding.c_str(), nullptr, 0);
    dialog_.reset(dialog);
    if (code == 0) code = sip_auth_alloc(&auth, give_password, const_cast<PhoneAccount*>(&account_), false);
    auth_.reset(auth);
    if (code != 0) {
      dialog_.reset();
      return failed(std::strerror(code));
    }
  }
  attempts_ = 0;
  sent_ = clock_.monotonic();
  sip_auth_reset(auth_.get());
  send();
}

void Registration::send() {
  const auto write = [](sip_transp transport, const sa* local, const sa* peer, mbuf* message, void* self) {
    return static_cast<Registration*>(self)->write_contact(transport, local, peer, message);
  };
  const auto answer = [](int error, const sip_msg* message, void* self) {
    static_cast<Registration*>(self)->on_answer(error, message);
  };
  const int code = sip_drequestf(&request_, stack_, true, "REGISTER", dialog_.get(), 0, auth_.get(), write,
                                 answer, this, "Content-Length: 0\r\n\r\n");
  if (code != 0) failed(std::strerror(code));
}

// The stack's own address may be 0.0.0.0, where no call would ever arrive.
int Registration::write_contact(sip_transp transport, const sa* local, const sa* peer, mbuf* message) const {
  const auto address = local_address_towards(*peer, *local);
  return mbuf_printf(message, "Contact: <sip:%s@%J%s>;expires=%u\r\n", account_.user.c_str(), &address,
                     sip_transp_param(transport), stopping_ ? 0 : expires_s_);
}

void Registration::on_answer(int error, const sip_msg* message) {
  if (error != 0) return failed(std::strerror(error));
  if (message->scode < 200) return;
  if (message->scode < 300) return registered(message);
  if (!try_again(message)) failed(fmt::format("{} {}", message->scode, view(message->reason)));
}

// A challenge is answered, a longer time accepted (RFC 3261, 10.3 and 22.2). False: nothing to be done.
bool Registration::try_again(const sip_msg* message) {
  if (++attempts_ > attempts_max) return false;
  if (message->scode == 423) {
    const auto* minimum = sip_msg_hdr(message, SIP_HDR_MIN_EXPIRES);
    const auto wanted = minimum == nullptr ? 0 : pl_u32(&minimum->val);
    if (wanted <= expires_s_ || wanted > expires_max_s) return false;
    expires_s_ = wanted;
  } else {
    const bool asks = message->scode == 401 || message->scode == 407;
    if (!asks || sip_auth_authenticate(auth_.get(), message) != 0) return false;
  }
  send();
  return true;
}

// What the registrar grants: the expires of our binding, else the header's, else what was asked for
// (RFC 3261, 10.2.4).
std::uint32_t Registration::granted_s(const sip_msg* message) const {
  struct Search {
    const std::string& user;
    std::uint32_t seconds = 0;
  } search{account_.user};
  sip_msg_hdr_apply(
      message, true, SIP_HDR_CONTACT,
      [](const sip_hdr* header, const sip_msg*, void* argument) {
        auto& wanted = *static_cast<Search*>(argument);
        sip_addr contact{};
        pl seconds{};
        if (sip_addr_decode(&contact, &header->val) != 0 || view(contact.uri.user) != wanted.user)
          return false;
        if (msg_param_decode(&contact.params, "expires", &seconds) == 0) wanted.seconds = pl_u32(&seconds);
        return wanted.seconds != 0;
      },
      &search);
  if (search.seconds == 0 && pl_isset(&message->expires)) search.seconds = pl_u32(&message->expires);
  return search.seconds == 0 ? expires_s_ : std::min(search.seconds, expires_max_s);
}

void Registration::registered(const sip_msg* message) {
  if (stopping_) {
    is_registered_ = false;
    state_ = "no longer registered";
    return;
  }
  const auto seconds = granted_s(message);
  delay_.reset();
  due_ = clock_.monotonic() + std::chrono::milliseconds(seconds * 500);
  auto text = fmt::format("registered as {} at {} for {} s", account_.user, account_.host, seconds);
  if (!std::exchange(is_registered_, true)) log::info("reader={} {}", reader_id_, text);
  state_ = std::move(text);
}

void Registration::failed(const std::string& why) {
  if (stopping_) return;
  due_ = clock_.monotonic() + delay_.next();
  auto text = fmt::format("not registered as {} at {}: {}", account_.user, account_.host, why);
  is_registered_ = false;
  if (text != state_) log::warn("reader={} {}; calls may not arrive", reader_id_, text);
  state_ = std::move(text);
}

void Registration::stop() {
  const bool was_registered = is_registered_;
  stopping_ = true;
  if (request_ != nullptr) request_ = static_cast<struct sip_request*>(mem_deref(request_));
  if (!was_registered || !dialog_) return;
  attempts_ = 0;
  send();
}

}  // namespace sitegate::devices::phone
