#include "devices/phone/sip_line.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <cstring>
#include <thread>

#include "shared/base/log.hpp"
#include "shared/crypto/digest.hpp"

namespace sitegate::devices::phone {
namespace {

constexpr std::uint32_t own_transactions = 64;      // hash sizes of libre
constexpr std::uint32_t their_transactions = 4096;  // at 200 calls a second each lives 5 s
constexpr std::uint32_t connections = 256;
constexpr std::size_t keepalive_size_max = 4;   // CR LF CR LF: no message
constexpr std::chrono::seconds answer_max{15};  // a pipeline that has not answered by then will not
constexpr std::chrono::milliseconds strangers_pause{100};  // answers to strangers could be turned on others
constexpr std::chrono::seconds set_back_max{5};
constexpr int end_seconds_max = 2;
constexpr const char* methods = "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\nContent-Length: 0\r\n\r\n";

enum Wake { wake_work = 0, wake_second = 1 };

Error failed(const std::string& what, int code) {
  return fail(PhoneErrc::line_failed, what + ": " + std::strerror(code));
}

std::string_view header(const sip_msg* message, sip_hdrid id) {
  return view(sip_msg_hdr(message, id));
}

// Once for each call, however often and on whatever way its INVITE comes (RFC 3261, 8.1.1.4 and 19.3: Call-ID
// and tag are unique for ever).
std::string event_key(const sip_msg* invite) {
  const auto name = fmt::format("{}\n{}", view(invite->callid), view(invite->from.tag));
  return "sip/" + to_hex(crypto::sha256(as_bytes(name)));
}

CallerHeaders caller_headers(const sip_msg* invite) {
  CallerHeaders headers{view(invite->from.val), {}, header(invite, SIP_HDR_PRIVACY)};
  sip_msg_hdr_apply(
      invite, true, SIP_HDR_P_ASSERTED_IDENTITY,
      [](const sip_hdr* each, const sip_msg*, void* list) {
        static_cast<std::vector<std::string_view>*>(list)->push_back(view(each->val));
        return false;
      },
      &headers.asserted);
  return headers;
}

bool is_address(const std::string& host) {
  const auto bare =
      host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
  return parse_address(bare).has_value();
}

}  // namespace

SipLine::SipLine(const PhoneSettings& settings, const Clock& clock, const ReadSink& sink,
                 PhoneCounters& counters)
    : settings_(settings), clock_(clock), sink_(sink), counters_(counters) {}

SipLine::~SipLine() {
  close();
}

// ---- start and end ----

Result<void> SipLine::run(const std::stop_token& stop) {
  stop_ = &stop;
  SITEGATE_TRYV(open());
  const std::stop_callback on_stop(stop, [this] { answers_->wake(wake_work); });
  std::jthread seconds([this](const std::stop_token& done) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!done.stop_requested()) {
      never.wait_for(lock, done, std::chrono::seconds(1), [] { return false; });
      answers_->wake(wake_second);
    }
  });
  if (const int code = re_main(nullptr); code != 0 && !failure_) failure_ = failed("event loop", code);
  if (failure_) return *failure_;
  return success();
}

Result<void> SipLine::open() {
  SITEGATE_TRY(thread, ReThread::enter());
  thread_ = std::move(thread);
  connections_ = std::make_unique<TcpWatch>(
      [this](const sa& peer, std::string_view why) { on_connection_given_up(peer, why); });
  mqueue* queue = nullptr;
  const auto on_message = [](int id, void*, void* self) {
    auto& line = *static_cast<SipLine*>(self);
    id == wake_second ? line.on_second() : line.on_wake();
  };
  if (const int code = mqueue_alloc(&queue, on_message, this); code != 0) return failed("queue", code);
  wake_up_.reset(queue);
  answers_ = std::make_shared<AnswerBox>(queue);
  SITEGATE_TRYV(add_name_server());
  const auto on_end = [](void* self) {
    static_cast<SipLine*>(self)->stack_ended_ = true;
    re_cancel();
  };
  const int code = sip_alloc(&stack_, name_server_.get(), own_transactions, their_transactions, connections,
                             "SiteGate/" SITEGATE_VERSION, on_end, this);
  if (code != 0) return failed("SIP stack", code);
  sip_set_trace_handler(stack_, [](bool sent, sip_transp way, const sa*, const sa*, const std::uint8_t*,
                                   std::size_t, void* self) {
    if (!sent && way == SIP_TRANSP_TCP) static_cast<SipLine*>(self)->connections_->message_came();
  });
  sa_set_str(&bound_, settings_.address.c_str(), settings_.port);
  if (settings_.udp) {
    SITEGATE_TRYV(listen(SIP_TRANSP_UDP));
  }
  if (settings_.tcp) {
    SITEGATE_TRYV(listen(SIP_TRANSP_TCP));
  }
  SITEGATE_TRYV(listen_for_messages());
  if (settings_.udp) ask_ourselves();
  if (settings_.account)
    registration_ = std::make_unique<Registration>(stack_, *settings_.account, settings_.place.id, clock_);
  if (registration_) registration_->tick();
  clock_offset_ = clock_.now().time_since_epoch() - clock_.monotonic();
  write_state();
  log::info("reader={} waits for calls at {}", settings_.place.id, to_text(bound_));
  return success();
}

Result<void> SipLine::listen(sip_transp transport) {
  const int code = sip_transp_add(stack_, transport, &bound_);
  if (code == 0) return success();
  return fail(PhoneErrc::cannot_listen,
              fmt::format("{} {}: {}", sip_transp_name(transport), to_text(bound_), std::strerror(code)));
}

// The order matters: whoever is not trusted gets no further than the first.
Result<void> SipLine::listen_for_messages() {
  sip_lsnr* screen = nullptr;
  sipsess_sock* sessions = nullptr;
  sip_lsnr* others = nullptr;
  sip_lsnr* strays = nullptr;
  int code = sip_listen(
      &screen, stack_, true,
      [](const sip_msg* message, void* self) { return static_cast<SipLine*>(self)->screen(message); }, this);
  screen_.reset(screen);
  if (code == 0)
    code = sipsess_listen(
        &sessions, stack_, 256,
        [](const sip_msg* invite, void* self) { static_cast<SipLine*>(self)->on_invite(invite); }, this);
  sessions_.reset(sessions);
  if (code == 0)
    code = sip_listen(
        &others, stack_, true,
        [](const sip_msg* message, void* self) { return static_cast<SipLine*>(self)->on_other(message); },
        this);
  others_.reset(others);
  if (code == 0)
    code = sip_listen(
        &strays, stack_, false, [](const sip_msg*, void*) { return true; }, nullptr);
  stray_answers_.reset(strays);
  return code == 0 ? Result<void>(success()) : failed("listeners", code);
}

// Only a registrar given by name needs one.
Result<void> SipLine::add_name_server() {
  if (!settings_.account || is_address(settings_.account->host)) return success();
  sa servers[8];
  std::uint32_t count = std::size(servers);
  dnsc* client = nullptr;
  int code = dns_srv_get(nullptr, 0, servers, &count);
  if (code == 0) code = dnsc_alloc(&client, nullptr, servers, count);
  name_server_.reset(client);
  return code == 0 ? Result<void>(success()) : failed("name servers of this machine", code);
}

// libre's parser writes of every damaged datagram to standard error, and answers STUN to anybody. To look at
// datagrams before it does, the stack's own socket is needed, and only a message that came through it tells
// it: so we send one to ourselves.
void SipLine::ask_ourselves() {
  own_question_ = fmt::format("ask-{:016x}", rand_u64());
  const bool six = sa_af(&bound_) == AF_INET6;
  const auto host = sa_is_any(&bound_) ? (six ? "[::1]" : "127.0.0.1")
                                       : (six ? "[" + settings_.address + "]" : settings_.address);
  const auto uri = fmt::format("sip:{}@{}:{}", own_question_, host, settings_.port);
  const auto headers = fmt::format(
      "To: <{0}>\r\nFrom: <{0}>;tag={1}\r\nCall-ID: {1}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n", uri,
      own_question_);
  const int code = sip_requestf(nullptr, stack_, false, "OPTIONS", uri.c_str(), nullptr, nullptr, nullptr,
                                nullptr, nullptr, "%s", headers.c_str());
  if (code != 0)
    log::warn("reader={} cannot reach itself at {}: {}", settings_.place.id, uri, std::strerror(code));
}

void SipLine::on_wake() {
  if (stop_->stop_requested()) begin_end();
  for (const auto& [call, outcome] : answers_->take()) on_answer(call, outcome);
}

void SipLine::on_second() {
  if (ending_) {
    let_sessions_go();
    let_stack_go();
    if (++seconds_of_end_ >= end_seconds_max) re_cancel();
    return;
  }
  spoken_.remove_if([](const SpokenCall& call) { return call.ended(); });
  const auto now = clock_.monotonic();
  std::vector<CallId> late;
  for (const auto& [id, call] : waiting_)
    if (now - call.since > answer_max) late.push_back(id);
  for (const auto id : late) on_answer(id, ReadOutcome{});
  if (registration_) registration_->tick();
  connections_->look();
  write_state();
  const auto offset = clock_.now().time_since_epoch() - now;
  if (offset < clock_offset_ - set_back_max) {
    failure_ = fail(PhoneErrc::line_failed,
                    "the wall clock was set back, the stack's timers with it; starting afresh");
    begin_end();
  }
  clock_offset_ = offset;
}

void SipLine::write_state() {
  auto text = fmt::format("{} {}; {} calls, {} waiting, {} spoken to",
                          settings_.udp ? (settings_.tcp ? "UDP and TCP" : "UDP") : "TCP", to_text(bound_),
                          calls_, waiting_.size(), spoken_.size());
  if (given_up_ > 0) text += fmt::format("; {} connections given up", given_up_);
  if (registration_) text += "; " + registration_->state();
  counters_.state.with([&](std::string& state) { state = std::move(text); });
}

// Everybody is told; the loop ends when the stack's last request was answered (on_end), at the latest in 2 s.
void SipLine::begin_end() {
  if (std::exchange(ending_, true)) return;
  for (auto& [id, call] : waiting_) reply(call, 480, "Temporarily Unavailable");
  waiting_.clear();
  spoken_.clear();
  if (registration_) registration_->stop();
  let_sessions_go();
  let_stack_go();
}

// Sessions hold it: each until its BYE is answered, or until the ACK that a caller who went away never sends.
void SipLine::let_sessions_go() {
  if (sessions_ && mem_nrefs(sessions_.get()) == 1) sessions_.reset();
}

// The registrar's last answer needs the stack; calls that say BYE hold it themselves.
void SipLine::let_stack_go() {
  if (stack_let_go_ || (registration_ && !registration_->done())) return;
  registration_.reset();
  stack_let_go_ = true;
  sip_close(stack_, false);
}

void SipLine::close() {
  if (answers_) answers_->close();
  waiting_.clear();
  spoken_.clear();
  registration_.reset();
  filter_.reset();
  others_.reset();
  if (sessions_) sipsess_close_all(sessions_.get());
  sessions_.reset();
  screen_.reset();
  stray_answers_.reset();
  if (stack_ != nullptr) {
    if (!stack_ended_) sip_close(stack_, true);
    if (!stack_let_go_ || stack_ended_) mem_deref(stack_);
    stack_ = nullptr;
  }
  name_server_.reset();
  wake_up_.reset();
  connections_.reset();
  thread_.reset();
}

// ---- what comes in ----

bool SipLine::is_trusted(const sa& source) const {
  return settings_.trunk.contains(address_of(source));
}

// True: the datagram goes no further.
bool SipLine::take_datagram(const sa& source, mbuf* datagram) {
  if (mbuf_get_left(datagram) <= keepalive_size_max) return false;
  const auto now = clock_.monotonic();
  if (!is_trusted(source) && now < stranger_at_) return true;
  const auto position = datagram->pos;
  sip_msg* message = nullptr;
  const int code = sip_msg_decode(&message, datagram);
  mem_deref(message);
  datagram->pos = position;
  if (!is_trusted(source)) stranger_at_ = now + strangers_pause;
  if (code == 0) return false;
  if (const auto missed = quiet_garbage_.turn(now))
    log::warn("reader={} peer={} a datagram of {} bytes is no SIP message; {} more since the last such line",
              settings_.place.id, to_text(source), mbuf_get_left(datagram), *missed);
  return true;
}

// True: the request goes no further.
bool SipLine::screen(const sip_msg* message) {
  if (!own_question_.empty() && view(message->uri.user) == own_question_) {
    own_question_.clear();
    udp_helper* filter = nullptr;
    udp_register_helper(
        &filter, static_cast<udp_sock*>(message->sock), 0, nullptr,
        [](sa* source, mbuf* datagram, void* self) {
          return static_cast<SipLine*>(self)->take_datagram(*source, datagram);
        },
        this);
    filter_.reset(filter);
    return true;
  }
  if (is_trusted(message->src)) return false;
  if (const auto missed = quiet_strangers_.turn(clock_.monotonic()))
    log::warn("reader={} peer={} is not of the trunk: {} refused with 403; {} more since the last such line",
              settings_.place.id, to_text(message->src), view(message->met), *missed);
  // Without a transaction: a sender that forged its address must not make us repeat ourselves to somebody.
  sip_reply(stack_, message, 403, "Forbidden");
  return true;
}

void SipLine::on_connection_given_up(const sa& peer, std::string_view why) {
  ++given_up_;
  if (const auto missed = quiet_connections_.turn(clock_.monotonic()))
    log::warn("reader={} peer={} a connection is closed: {}; {} more since the last such line",
              settings_.place.id, to_text(peer), why, *missed);
}

bool SipLine::on_other(const sip_msg* message) {
  if (view(message->met) == "OPTIONS")
    sip_treplyf(nullptr, nullptr, stack_, message, false, 200, "OK", methods);
  else if (view(message->met) == "CANCEL")
    sip_reply(stack_, message, 481, "Transaction Does Not Exist");
  else
    sip_treplyf(nullptr, nullptr, stack_, message, false, 405, "Method Not Allowed", methods);
  return true;
}

// ---- a call ----

void SipLine::on_invite(const sip_msg* invite) {
  if (ending_ || waiting_.size() >= waiting_calls_max)
    return refuse(invite, 503, "Service Unavailable", fmt::format("{} calls wait already", waiting_.size()));
  if (!pl_isset(&invite->callid)) return refuse(invite, 400, "Missing Call-ID", "no Call-ID");
  const auto place = called_place(invite);
  if (!place) {
    ++counters_.failed_reads;
    return refuse(invite, 404, "Not Found",
                  fmt::format("{} is no number of this gate", view(invite->uri.user)));
  }
  auto number = caller_number(caller_headers(invite), settings_.plan);
  if (number) return hand_over(invite, *place, std::move(number).value());
  ++counters_.failed_reads;
  const bool withheld = is(number.error(), PhoneErrc::withheld);
  refuse(invite, withheld ? 433 : 403, withheld ? "Anonymity Disallowed" : "Caller Number Unusable",
         number.error().text());
}

// The number called: in the request's address, or where a registered account is called by its own name, in
// P-Called-Party-ID (RFC 7315, 4.2) or To.
std::optional<CalledPlace> SipLine::called_place(const sip_msg* invite) const {
  if (auto place = settings_.numbers.find(view(invite->uri.user))) return place;
  if (const auto called = parse_party(header(invite, SIP_HDR_P_CALLED_PARTY_ID)))
    if (auto place = settings_.numbers.find(called->user)) return place;
  const auto to = parse_party(view(invite->to.val));
  return to ? settings_.numbers.find(to->user) : std::nullopt;
}

void SipLine::hand_over(const sip_msg* invite, const CalledPlace& place, std::string number) {
  const auto id = ++last_call_;
  auto& call =
      waiting_.emplace(id, WaitingCall{this, id, keep(invite), nullptr, clock_.monotonic()}).first->second;
  sip_strans* transaction = nullptr;
  const int code = sip_strans_alloc(
      &transaction, stack_, invite,
      [](void* waiting) {
        auto& cancelled = *static_cast<WaitingCall*>(waiting);
        cancelled.line->on_cancel(cancelled);
      },
      &call);
  call.transaction.reset(transaction);
  if (code != 0) {
    waiting_.erase(id);
    return refuse(invite, 500, "Server Internal Error", std::strerror(code));
  }
  reply(call, 100, "Trying");
  ++calls_;
  CredentialRead read;
  read.reader_id = settings_.place.id;
  read.event_time = clock_.now();
  read.monotonic = clock_.monotonic();
  read.credential = PhoneCredential{std::move(number)};
  read.method = Method::phone;
  read.direction = place.direction;
  read.gate = place.gate;
  read.device_event = DeviceEvent{event_key(invite), false};
  read.answer = [answers = answers_, id](const ReadOutcome& outcome) { answers->put(id, outcome); };
  sink_(std::move(read));
}

// The caller hung up. What was handed over stays handed over: it may be on the disk already.
void SipLine::on_cancel(WaitingCall& call) {
  reply(call, 487, "Request Terminated");
  waiting_.erase(call.id);
}

void SipLine::on_answer(CallId id, const ReadOutcome& outcome) {
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  auto& call = found->second;
  if (!outcome.recorded) {
    const bool fault = outcome.reason.starts_with("storage");
    reply(call, fault ? 500 : 480,
          fmt::format("Not Recorded ({})", outcome.reason.empty() ? "no answer" : outcome.reason));
    log::warn("reader={} a call was not recorded: {}", settings_.place.id,
              outcome.reason.empty() ? "no answer from the gateway" : outcome.reason);
  } else if (settings_.answer == CallAnswer::decline || !speak(call, outcome)) {
    reply(call, 603, outcome.accepted ? std::string("Decline") : fmt::format("Decline ({})", outcome.reason));
  }
  waiting_.erase(found);
}

// False: the call cannot be spoken to, but is recorded.
bool SipLine::speak(WaitingCall& call, const ReadOutcome& outcome) {
  spoken_.remove_if([](const SpokenCall& each) { return each.ended(); });
  if (spoken_.size() >= spoken_calls_max) return false;
  // The session makes a transaction of its own for the same INVITE.
  call.transaction.reset();
  auto* invite = const_cast<sip_msg*>(call.invite.get());
  // Contact and sound are where the caller reaches us, not 0.0.0.0.
  invite->dst = local_address_towards(invite->src, invite->dst);
  auto& spoken = spoken_.emplace_back(outcome.accepted ? settings_.accepted_sound : settings_.refused_sound);
  const auto started = spoken.start(sessions_.get(), invite, invite->dst,
                                    settings_.account ? settings_.account->user : "gate", settings_.rtp);
  if (started) return true;
  log::warn("reader={} peer={} a recorded call is declined, not spoken to: {}", settings_.place.id,
            to_text(invite->src), started.error().text());
  spoken_.pop_back();
  return false;
}

void SipLine::refuse(const sip_msg* invite, std::uint16_t status, const char* phrase,
                     const std::string& why) {
  sip_treply(nullptr, stack_, invite, status, phrase);
  if (const auto missed = quiet_refusals_.turn(clock_.monotonic()))
    log::warn("reader={} peer={} call refused with {}: {}; {} more since the last such line",
              settings_.place.id, to_text(invite->src), status, why, *missed);
}

void SipLine::reply(WaitingCall& call, std::uint16_t status, const std::string& phrase) const {
  auto* transaction = call.transaction.release();
  sip_treply(&transaction, stack_, call.invite.get(), status, phrase.c_str());
  call.transaction.reset(transaction);
}

}  // namespace sitegate::devices::phone
