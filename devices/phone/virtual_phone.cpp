#include "devices/phone/virtual_phone.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <optional>

namespace sitegate::devices::phone {

const char* errc_category(VirtualPhoneErrc) {
  return "virtual_phone";
}

std::string_view errc_text(VirtualPhoneErrc what) {
  switch (what) {
    case VirtualPhoneErrc::no_way:
      return "no way to the gate's phone";
    case VirtualPhoneErrc::no_answer:
      return "the gate's phone does not answer in time";
    case VirtualPhoneErrc::not_sip:
      return "the gate's phone does not speak SIP";
  }
  return "unknown";
}

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
constexpr std::chrono::milliseconds t1{500};  // RFC 3261, 17.1.1.1
constexpr std::size_t rtp_header_size = 12;

class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  const int number_;
};

std::uint16_t local_port(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

// The value of a header's first line; empty if absent.
std::string header_of(const std::string& message, const std::string& name) {
  const auto at = message.find("\r\n" + name + ":");
  if (at == std::string::npos) return {};
  const auto start = message.find_first_not_of(' ', at + name.size() + 3);
  return message.substr(start, message.find("\r\n", start) - start);
}

int number_in(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// One call from its INVITE to its end.
class Call {
 public:
  Call(const std::string& host, std::uint16_t port, const CallPlan& plan, SteadyTime deadline)
      : host_(host),
        port_(port),
        plan_(plan),
        deadline_(deadline),
        line_(::socket(AF_INET, (plan.tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0)),
        sound_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}

  Result<CallEnd> place();

 private:
  Result<void> connect();
  Result<void> wait_for_end();
  void take(const std::string& message);
  void take_answer(const std::string& message);
  void hear();
  std::optional<std::string> next_message();
  void send(const std::string& message) const {
    ::send(line_.number(), message.data(), message.size(), MSG_NOSIGNAL);
  }
  [[nodiscard]] std::string request(const std::string& method, const std::string& to,
                                    const std::string& branch, const std::string& body) const;
  [[nodiscard]] std::string description() const;

  const std::string& host_;
  const std::uint16_t port_;
  const CallPlan& plan_;
  const SteadyTime deadline_;
  const Socket line_;
  const Socket sound_;
  std::string branch_;
  std::string call_id_;
  std::string received_;  // of TCP: what is no whole message yet
  bool tried_ = false;    // the other side answered something
  bool closed_ = false;   // the connection
  bool ended_ = false;
  CallEnd end_;
};

Result<void> Call::connect() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  if (::inet_pton(AF_INET, host_.c_str(), &address.sin_addr) != 1)
    return fail(VirtualPhoneErrc::no_way, host_ + " is no IPv4 address");
  if (::connect(line_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail(VirtualPhoneErrc::no_way, fmt::format("{}:{}", host_, port_));
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(sound_.number(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0)
    return fail(VirtualPhoneErrc::no_way, "no port for sound");
  return success();
}

std::string Call::description() const {
  const auto format = plan_.offers_pcmu ? "0\r\na=rtpmap:0 PCMU/8000" : "9\r\na=rtpmap:9 G722/8000";
  return fmt::format(
      "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {} RTP/AVP {}\r\n",
      local_port(sound_.number()), format);
}

std::string Call::request(const std::string& method, const std::string& to, const std::string& branch,
                          const std::string& body) const {
  const auto transport = plan_.tcp ? "TCP" : "UDP";
  const auto own = fmt::format("127.0.0.1:{}", local_port(line_.number()));
  std::string extra;
  if (method == "INVITE")
    for (const auto& line : plan_.headers) extra += line + "\r\n";
  if (!body.empty()) extra += "Content-Type: application/sdp\r\n";
  return fmt::format(
      "{} sip:{}@{}:{} SIP/2.0\r\nVia: SIP/2.0/{} {};branch={};rport\r\nMax-Forwards: 70\r\nFrom: "
      "{};tag={}\r\n"
      "To: {}\r\nCall-ID: {}\r\nCSeq: 1 {}\r\nContact: <sip:caller@{}{}>\r\n{}Content-Length: {}\r\n\r\n{}",
      method, plan_.called, host_, port_, transport, own, branch, plan_.from, plan_.tag, to, call_id_, method,
      own, plan_.tcp ? ";transport=tcp" : "", extra, body.size(), body);
}

Result<CallEnd> Call::place() {
  static std::atomic<std::uint64_t> calls{0};
  SITEGATE_TRYV(connect());
  const auto name = fmt::format("{}-{}-{}", ::getpid(), ++calls,
                                std::chrono::system_clock::now().time_since_epoch().count());
  branch_ = "z9hG4bK" + name;
  call_id_ = plan_.call_id.empty() ? name : plan_.call_id;
  SITEGATE_TRYV(wait_for_end());
  return std::move(end_);
}

Result<void> Call::wait_for_end() {
  const auto invite = request("INVITE", fmt::format("<sip:{}@{}>", plan_.called, host_), branch_,
                              plan_.offers_late ? std::string{} : description());
  auto interval = t1;
  auto again = std::chrono::steady_clock::now();
  while (!ended_) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline_) return fail(VirtualPhoneErrc::no_answer, fmt::format("{}:{}", host_, port_));
    if (!tried_ && now >= again) {
      for (int copy = 0; copy < plan_.copies; ++copy) send(invite);
      again = plan_.tcp ? deadline_ : now + interval;
      interval *= 2;
    }
    const auto until = std::min(deadline_, tried_ ? deadline_ : again);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    std::array<pollfd, 2> files{pollfd{line_.number(), POLLIN, 0}, pollfd{sound_.number(), POLLIN, 0}};
    ::poll(files.data(), files.size(), static_cast<int>(std::max<std::int64_t>(left, 1)));
    if (files[1].revents != 0) hear();
    while (const auto message = next_message()) take(*message);
    if (closed_ && !ended_) return fail(VirtualPhoneErrc::no_answer, "the connection was closed");
  }
  return success();
}

// A datagram, or of TCP the next whole message; nullopt if none is there yet.
std::optional<std::string> Call::next_message() {
  for (;;) {
    const auto head = received_.find("\r\n\r\n");
    if (head != std::string::npos) {
      const auto length =
          head + 4 + static_cast<std::size_t>(number_in(header_of(received_, "Content-Length")));
      if (received_.size() >= length) {
        auto message = received_.substr(0, length);
        received_.erase(0, length);
        return message;
      }
    }
    std::array<char, 8192> buffer;
    const auto size = ::recv(line_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    closed_ = closed_ || size == 0;
    if (size <= 0) return std::nullopt;
    if (!plan_.tcp) received_.clear();
    received_.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

void Call::take(const std::string& message) {
  if (message.starts_with("SIP/2.0 ")) return take_answer(message);
  if (!message.starts_with("BYE ")) return;
  std::string answer = "SIP/2.0 200 OK\r\n";
  for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq"})
    answer += fmt::format("{}: {}\r\n", name, header_of(message, name));
  send(answer + "Content-Length: 0\r\n\r\n");
  hear();  // what came before it
  end_.other_hung_up = true;
  ended_ = true;
}

void Call::take_answer(const std::string& message) {
  const int status = number_in(std::string_view(message).substr(8, 3));
  if (!header_of(message, "CSeq").ends_with("INVITE")) return;
  if (status < 200) {
    if (plan_.hangs_up && !std::exchange(tried_, true))
      send(request("CANCEL", fmt::format("<sip:{}@{}>", plan_.called, host_), branch_, {}));
    tried_ = true;
    return;
  }
  tried_ = true;
  end_.status = status;
  end_.phrase = message.substr(12, message.find("\r\n") - 12);
  const bool accepted = status < 300;
  // An ACK to a failure belongs to the INVITE's transaction, to a success it is a new one (RFC 3261, 17.1.1.3
  // and 13.2.2.4).
  send(request("ACK", header_of(message, "To"), accepted ? branch_ + "a" : branch_,
               accepted && plan_.offers_late ? description() : std::string{}));
  ended_ = !accepted;
}

void Call::hear() {
  std::array<char, 2048> packet;
  for (;;) {
    const auto size = ::recv(sound_.number(), packet.data(), packet.size(), MSG_DONTWAIT);
    if (size <= static_cast<ssize_t>(rtp_header_size)) return;
    const auto version = static_cast<std::uint8_t>(packet[0]) >> 6;
    const auto payload = static_cast<std::uint8_t>(packet[1]) & 0x7F;
    if (version != 2 || payload != 0) continue;
    ++end_.sound_packets;
    end_.sound.append(packet.data() + rtp_header_size, static_cast<std::size_t>(size) - rtp_header_size);
  }
}

}  // namespace

Result<CallEnd> place_call(const std::string& host, std::uint16_t port, const CallPlan& plan,
                           std::chrono::milliseconds patience) {
  return Call(host, port, plan, std::chrono::steady_clock::now() + patience).place();
}

}  // namespace sitegate::devices::phone
