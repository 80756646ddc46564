#include "devices/phone/tcp_watch.hpp"

#include <dlfcn.h>

#include <cerrno>

namespace sitegate::devices::phone {
namespace {

thread_local TcpWatch* watch_of_thread = nullptr;

using Accept = int(tcp_conn**, tcp_sock*, tcp_estab_h*, tcp_recv_h*, tcp_close_h*, void*);

Accept* accept_of_libre() {
  static auto* const found = reinterpret_cast<Accept*>(::dlsym(RTLD_NEXT, "tcp_accept"));
  return found;
}

// CR LF between messages keeps a connection open (RFC 5626, 3.5.1).
bool only_line_ends(mbuf* bytes) {
  const std::string_view text(reinterpret_cast<const char*>(mbuf_buf(bytes)), mbuf_get_left(bytes));
  return text.find_first_not_of("\r\n") == std::string_view::npos;
}

}  // namespace

TcpWatch::TcpWatch(Report report) : report_(std::move(report)) {
  watch_of_thread = this;
}

TcpWatch::~TcpWatch() {
  watch_of_thread = nullptr;
}

TcpWatch* TcpWatch::of_this_thread() {
  return watch_of_thread;
}

int TcpWatch::accept(tcp_conn** made, tcp_sock* socket, tcp_estab_h* estab, tcp_recv_h* receive,
                     tcp_close_h* close, void* arg) {
  auto& connection = connections_.emplace_back(Connection{this, estab, receive, close, arg, nullptr});
  const int code = accept_of_libre()(
      made, socket,
      [](void* self) {
        const auto& watched = *static_cast<Connection*>(self);
        if (watched.estab != nullptr) watched.estab(watched.arg);
      },
      [](mbuf* bytes, void* self) {
        auto& watched = *static_cast<Connection*>(self);
        watched.watch->on_bytes(watched, bytes);
      },
      [](int error, void* self) {
        auto& watched = *static_cast<Connection*>(self);
        watched.watch->on_close(watched, error);
      },
      &connection);
  if (code != 0) {
    forget(connection);
    return code;
  }
  connection.ours.reset(static_cast<tcp_conn*>(mem_ref(*made)));
  tcp_conn_peer_get(*made, &connection.peer);
  return 0;
}

void TcpWatch::on_bytes(Connection& connection, mbuf* bytes) {
  if (connection.given_up()) return;  // between its timer and look()
  const bool nothing = only_line_ends(bytes);
  message_came_ = false;
  connection.receive(bytes, connection.arg);
  if (message_came_) connection.spoke = true;
  if (!nothing) connection.begun = !message_came_;
  if (!connection.given_up()) return;
  report_(connection.peer, "what it sent is no SIP, or no end of it came within 64 KiB");
  forget(connection);
}

void TcpWatch::on_close(Connection& connection, int error) {
  if (connection.given_up()) return;
  if (connection.begun) report_(connection.peer, "it ended in the middle of a message");
  connection.close(error, connection.arg);
  forget(connection);
}

void TcpWatch::look() {
  connections_.remove_if([this](const Connection& connection) {
    if (!connection.given_up()) return false;
    if (connection.begun || !connection.spoke)
      report_(connection.peer, "no whole message came on it in time");
    return true;
  });
}

void TcpWatch::forget(const Connection& connection) {
  connections_.remove_if([&connection](const Connection& each) { return &each == &connection; });
}

}  // namespace sitegate::devices::phone

// The stack's calls of libre's function of this name come here; see TcpWatch.
extern "C" int tcp_accept(tcp_conn** made, tcp_sock* socket, tcp_estab_h* estab, tcp_recv_h* receive,
                          tcp_close_h* close, void* arg) {
  using namespace sitegate::devices::phone;
  if (auto* watch = TcpWatch::of_this_thread())
    return watch->accept(made, socket, estab, receive, close, arg);
  return accept_of_libre()(made, socket, estab, receive, close, arg);
}
