#include "tests/support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <stdexcept>

namespace sitegate::tests {
namespace {

using Moment = std::chrono::steady_clock::time_point;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// One direction: what was read and is not yet due on the other side.
struct Way {
  int from;
  int to;
  std::deque<std::pair<Moment, std::string>> under_way = {};
  std::uint64_t carried = 0;

  /// False when the line has ended.
  bool read(Moment due) {
    char bytes[16'384];
    const auto size = ::recv(from, bytes, sizeof bytes, MSG_DONTWAIT);
    if (size == 0) return false;
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    under_way.emplace_back(due, std::string(bytes, static_cast<std::size_t>(size)));
    return true;
  }
  bool write(Moment now) {
    for (; !under_way.empty() && under_way.front().first <= now; under_way.pop_front()) {
      carried += under_way.front().second.size();
      if (!send_all(to, under_way.front().second)) return false;
    }
    return true;
  }
};

/// Reset, not closed in good order.
void reset(int socket) {
  const linger at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(socket);
}

}  // namespace

struct TcpProxy::Connection {
  Connection(std::uint64_t its_number, int client_socket, int server_socket)
      : number(its_number),
        client(client_socket),
        server(server_socket),
        up{client_socket, server_socket},
        down{server_socket, client_socket} {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    reset(client);
    if (server >= 0) reset(server);
  }
  std::uint64_t number;
  int client;
  int server;  // -1: answered here
  Way up;
  Way down;
  bool ended = false;
};

TcpProxy::TcpProxy(std::uint16_t server_port)
    : server_port_(server_port), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

TcpProxy::~TcpProxy() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void TcpProxy::freeze() {
  frozen_before_ = connections_.load();
}

void TcpProxy::answer(std::string text) {
  answer_.with([&](std::string& held) { held = std::move(text); });
}

void TcpProxy::work(const std::stop_token& stop) {
  std::vector<std::unique_ptr<Connection>> connections;
  while (!stop.stop_requested()) {
    std::vector<pollfd> wanted{{listener_, POLLIN, 0}};
    for (const auto& connection : connections) {
      if (connection->number < frozen_before_) continue;
      wanted.push_back({connection->client, POLLIN, 0});
      if (connection->server >= 0) wanted.push_back({connection->server, POLLIN, 0});
    }
    ::poll(wanted.data(), wanted.size(), 10);
    if ((wanted.front().revents & POLLIN) != 0) take(connections);
    for (const auto& connection : connections)
      if (connection->number >= frozen_before_) pass(*connection);
    std::erase_if(connections, [](const auto& connection) { return connection->ended; });
  }
}

void TcpProxy::take(std::vector<std::unique_ptr<Connection>>& connections) {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const std::uint64_t number = connections_++;
  const std::string text = answer_.with([](const std::string& held) { return held; });
  const int server = text.empty() ? connect_to(server_port_) : -1;
  auto connection = std::make_unique<Connection>(number, client, server);
  if (!text.empty()) send_all(client, text);
  if (text.empty() && server < 0) connection->ended = true;
  connections.push_back(std::move(connection));
}

void TcpProxy::pass(Connection& connection) const {
  const Moment now = std::chrono::steady_clock::now();
  const Moment due = now + std::chrono::milliseconds(delay_ms_);
  if (connection.server < 0) {  // it is heard, and has been answered
    connection.ended = !connection.up.read(due);
    return connection.up.under_way.clear();
  }
  const bool open = connection.up.read(due) && connection.down.read(due) && connection.up.write(now) &&
                    connection.down.write(now);
  const std::uint64_t limit = cut_after_;
  connection.ended = !open || (limit > 0 && connection.up.carried >= limit);
}

}  // namespace sitegate::tests
