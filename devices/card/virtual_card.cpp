#include "devices/card/virtual_card.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "devices/card/card_protocol.hpp"

namespace sitegate::devices::card {

const char* errc_category(VirtualErrc) {
  return "virtual card";
}

std::string_view errc_text(VirtualErrc what) {
  switch (what) {
    case VirtualErrc::cannot_insert:
      return "no virtual reader waits for a card there";
    case VirtualErrc::cannot_start:
      return "the virtual readers do not start";
    case VirtualErrc::cannot_run_here:
      return "this machine lacks what virtual readers need";
  }
  return "unknown";
}

namespace {

// Control messages of vpcd: one byte. Only the ATR is answered.
enum : std::uint8_t { power_off = 0, power_on = 1, reset = 2, send_atr = 4 };

// PC/SC part 3, 3.1.3.2.3: standard SS and name NNNN, by technology (MIFARE 1K for A; FeliCa; B has no named
// card).
Bytes storage_atr(std::uint8_t standard, std::uint16_t name) {
  Bytes atr{0x3B,
            0x8F,
            0x80,
            0x01,
            0x80,
            0x4F,
            0x0C,
            0xA0,
            0x00,
            0x00,
            0x03,
            0x06,
            standard,
            static_cast<std::uint8_t>(name >> 8),
            static_cast<std::uint8_t>(name & 0xFF),
            0,
            0,
            0,
            0};
  std::uint8_t check = 0;
  for (std::size_t i = 1; i < atr.size(); ++i) check ^= atr[i];
  atr.push_back(check);
  return atr;
}

// Small packets at once, and no delayed acknowledgement: otherwise each exchange takes 44 ms. The kernel
// forgets TCP_QUICKACK by itself, so it is set again before each receive.
void hurry(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

bool receive_all(int socket, std::uint8_t* data, std::size_t size) {
  while (size > 0) {
    const auto got = recv(socket, data, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    data += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

std::optional<Bytes> receive_message(int socket) {
  std::uint8_t head[2];
  hurry(socket);
  if (!receive_all(socket, head, sizeof head)) return std::nullopt;
  Bytes message(static_cast<std::size_t>(head[0] << 8 | head[1]));
  hurry(socket);
  if (!receive_all(socket, message.data(), message.size())) return std::nullopt;
  return message;
}

bool send_message(int socket, ByteView payload) {
  Bytes message{static_cast<std::uint8_t>(payload.size() >> 8),
                static_cast<std::uint8_t>(payload.size() & 0xFF)};
  message.insert(message.end(), payload.begin(), payload.end());
  for (ByteView left = message; !left.empty();) {
    const auto sent = send(socket, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    left = left.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

Result<int> connect_to(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const auto where = host + ":" + std::to_string(port);
  if (const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found); code != 0)
    return fail(VirtualErrc::cannot_insert, where + ": " + gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  int last_error = 0;
  for (const auto* address = found; address != nullptr; address = address->ai_next) {
    const int socket =
        ::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
    if (socket >= 0 && connect(socket, address->ai_addr, address->ai_addrlen) == 0) return socket;
    last_error = errno;
    if (socket >= 0) close(socket);
  }
  return fail(VirtualErrc::cannot_insert, where + ": " + std::strerror(last_error));
}

}  // namespace

bool asks_for_uid(ByteView command) {
  return std::ranges::equal(command, get_uid_command);
}

VirtualCard::VirtualCard(CardTechnology technology, Bytes uid, CardFault fault)
    : technology_(technology), uid_(std::move(uid)), fault_(fault) {}

Bytes VirtualCard::atr() const {
  switch (technology_) {
    case CardTechnology::iso14443a:
      return storage_atr(0x03, 0x0001);
    case CardTechnology::iso14443b:
      return storage_atr(0x07, 0x0000);
    case CardTechnology::felica:
      return storage_atr(0x11, 0x003B);
    case CardTechnology::unknown:
      break;
  }
  return {0x3B, 0x81, 0x80, 0x01, 0x80, 0x80};
}

Bytes VirtualCard::answer(ByteView command) const {
  if (!asks_for_uid(command)) return {0x6D, 0x00};
  if (fault_ == CardFault::short_answer) return {0x90};
  if (fault_ == CardFault::garbage) return {0xDE, 0xAD, 0xBE, 0xEF};
  if (fault_ == CardFault::not_supported) return {0x6A, 0x81};
  Bytes answer = uid_;
  answer.insert(answer.end(), {0x90, 0x00});
  return answer;
}

Result<std::unique_ptr<InsertedCard>> InsertedCard::insert(VirtualCard card, const std::string& host,
                                                           std::uint16_t port) {
  SITEGATE_TRY(socket, connect_to(host, port));
  return std::unique_ptr<InsertedCard>(new InsertedCard(std::move(card), socket));
}

InsertedCard::InsertedCard(VirtualCard card, int socket)
    : card_(std::move(card)), socket_(socket), thread_([this] { serve(); }) {}

InsertedCard::~InsertedCard() {
  shutdown(socket_, SHUT_RDWR);  // ends the thread's receive
  thread_.join();
  close(socket_);
}

void InsertedCard::serve() {
  for (auto message = receive_message(socket_); message && answer(*message);
       message = receive_message(socket_)) {
  }
  shutdown(socket_, SHUT_RDWR);
  {
    const std::lock_guard lock(mutex_);
    gone_ = true;
  }
  changed_.notify_all();
}

// False when the card leaves.
bool InsertedCard::answer(ByteView message) {
  if (message.size() == 1) return message[0] != send_atr || send_message(socket_, card_.atr());
  const bool asked = asks_for_uid(message);
  const bool stays =
      !(asked && card_.fault() == CardFault::vanish) && send_message(socket_, card_.answer(message));
  if (asked) {
    {
      const std::lock_guard lock(mutex_);
      ++times_asked_;
    }
    changed_.notify_all();
  }
  return stays;
}

bool InsertedCard::was_asked(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [this] { return times_asked_ > 0 || gone_; });
  return times_asked_ > 0;
}

std::uint64_t InsertedCard::times_asked() const {
  const std::lock_guard lock(mutex_);
  return times_asked_;
}

}  // namespace sitegate::devices::card
