#include "devices/phone/spoken_call.hpp"

#include <algorithm>
#include <cstring>

namespace sitegate::devices::phone {
namespace {

constexpr std::size_t packet_samples = 160;  // 20 ms (RFC 3551, 4.2)
constexpr std::uint64_t packet_ms = 20;
constexpr std::size_t tail_samples =
    15 * packet_samples;  // silence, until the caller's jitter buffer is empty
constexpr std::uint8_t payload_pcmu = 0;
constexpr std::uint8_t silence = 0xFF;

Error failed(const char* what, int code) {
  return fail(PhoneErrc::line_failed, std::string(what) + ": " + std::strerror(code));
}

// Reads a description without moving the position in the message: libre looks at it again.
int decode(sdp_session* description, mbuf* body, bool offer) {
  const auto position = body->pos;
  const int code = sdp_decode(description, body, offer);
  body->pos = position;
  return code;
}

}  // namespace

SpokenCall::~SpokenCall() {
  end();
}

Result<void> SpokenCall::start(sipsess_sock* sessions, const sip_msg* invite, const sa& local,
                               const std::string& user, const RtpPorts& ports) {
  SITEGATE_TRYV(prepare_sound(local, ports));
  offered_ = mbuf_get_left(invite->mb) > 0;
  if (offered_) {
    SITEGATE_TRYV(take_offer(invite->mb));
  }
  return accept(sessions, invite, user);
}

Result<void> SpokenCall::prepare_sound(const sa& local, const RtpPorts& ports) {
  const auto ignore = [](const sa*, const rtp_header*, mbuf*, void*) {};  // what the caller says is not heard
  sa address = local;
  sa_set_port(&address, 0);
  struct rtp_sock* rtp = nullptr;
  int code = rtp_listen(&rtp, IPPROTO_UDP, &address, ports.low, ports.high, false, ignore, nullptr, nullptr);
  rtp_.reset(rtp);
  if (code != 0) return failed("no port for RTP", code);
  sdp_session* description = nullptr;
  code = sdp_session_alloc(&description, &address);
  description_.reset(description);
  if (code == 0)
    code = sdp_media_add(&audio_, description, sdp_media_audio, sa_port(rtp_local(rtp)), sdp_proto_rtpavp);
  if (code == 0)
    code = sdp_format_add(nullptr, audio_, false, "0", "PCMU", 8000, 1, nullptr, nullptr, nullptr, false,
                          nullptr);
  return code == 0 ? Result<void>(success()) : failed("description of the sound", code);
}

Result<void> SpokenCall::take_offer(mbuf* offer) {
  if (const int code = decode(description_.get(), offer, true); code != 0)
    return failed("the caller's SDP", code);
  if (!can_be_heard()) return fail(PhoneErrc::line_failed, "the caller's SDP offers no PCMU");
  return success();
}

bool SpokenCall::can_be_heard() const {
  return sdp_media_rport(audio_) != 0 && sdp_media_rformat(audio_, "PCMU") != nullptr;
}

Result<void> SpokenCall::accept(sipsess_sock* sessions, const sip_msg* invite, const std::string& user) {
  mbuf* text = nullptr;
  int code = sdp_encode(&text, description_.get(), !offered_);
  const Ref<mbuf> description(text);
  if (code != 0) return failed("description of the sound", code);
  const auto on_offer = [](mbuf** answer, const sip_msg* message, void* self) {
    return static_cast<SpokenCall*>(self)->answer_offer(answer, message->mb);
  };
  const auto on_answer = [](const sip_msg* message, void* self) {
    return static_cast<SpokenCall*>(self)->take_answer(message->mb);
  };
  const auto on_established = [](const sip_msg*, void* self) { static_cast<SpokenCall*>(self)->begin(); };
  const auto on_close = [](int, const sip_msg*, void* self) { static_cast<SpokenCall*>(self)->end(); };
  sipsess* session = nullptr;
  code = sipsess_accept(&session, sessions, invite, 200, "OK", user.c_str(), "application/sdp",
                        description.get(), nullptr, nullptr, false, on_offer, on_answer, on_established,
                        nullptr, nullptr, on_close, this, "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\n");
  session_.reset(session);
  return code == 0 ? Result<void>(success()) : failed("200 OK", code);
}

// A re-INVITE: the same sound again, to where the caller wants it now.
int SpokenCall::answer_offer(mbuf** answer, mbuf* offer) {
  const int code = mbuf_get_left(offer) > 0 ? decode(description_.get(), offer, true) : 0;
  return code != 0 ? code : sdp_encode(answer, description_.get(), mbuf_get_left(offer) == 0);
}

// An INVITE without offer got ours; the caller's answer comes with the ACK (RFC 3261, 13.2.1).
int SpokenCall::take_answer(mbuf* answer) {
  const int code = decode(description_.get(), answer, false);
  return code == 0 && !can_be_heard() ? EPROTO : code;
}

void SpokenCall::begin() {
  started_ms_ = tmr_jiffies();
  next_packet();
}

void SpokenCall::next_packet() {
  if (played_ >= sound_.size() + tail_samples) return end();
  const Ref<mbuf> packet(mbuf_alloc(RTP_HEADER_SIZE + packet_samples));
  if (!packet) return end();
  const auto count = std::min(packet_samples, sound_.size() - std::min(played_, sound_.size()));
  packet->pos = packet->end = RTP_HEADER_SIZE;
  if (count > 0) mbuf_write_mem(packet.get(), sound_.data() + played_, count);
  mbuf_fill(packet.get(), silence, packet_samples - count);
  packet->pos = RTP_HEADER_SIZE;
  rtp_send(rtp_.get(), sdp_media_raddr(audio_), false, played_ == 0, payload_pcmu,
           static_cast<std::uint32_t>(played_), packet.get());
  played_ += packet_samples;
  // Counted from the start, so that late timers do not stretch the sound.
  const auto due = started_ms_ + played_ / packet_samples * packet_ms;
  const auto now = tmr_jiffies();
  tmr_start(
      &timer_, due > now ? due - now : 1, [](void* self) { static_cast<SpokenCall*>(self)->next_packet(); },
      this);
}

void SpokenCall::end() {
  if (std::exchange(ended_, true)) return;
  tmr_cancel(&timer_);
  session_.reset();  // says BYE where the call still stands
  rtp_.reset();
}

}  // namespace sitegate::devices::phone
