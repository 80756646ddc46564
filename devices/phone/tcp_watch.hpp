// Connections that others open to the line by TCP, and which of them the stack gives up. Only for this
// folder.
#pragma once
#include <functional>
#include <list>
#include <string_view>

#include "devices/phone/re.hpp"

namespace sitegate::devices::phone {

/// libre 1.1.0 closes a connection that brings garbage, half a message or nothing, and has no call by which a
/// program learns of it (its sip/transp.c: tcp_recv_handler, conn_tmr_handler). But each such connection
/// comes out of its function tcp_accept(): tcp_watch.cpp defines one of the same name, which the dynamic
/// linker prefers, asks libre's, and stands between the connection and the stack from then on. Were libre
/// linked statically, nothing would be watched, and nothing else would change.
///
/// Operation: one for each ReThread, made before the stack listens, destroyed after the stack; all on that
/// thread.
class TcpWatch {
 public:
  /// What was given up and why, in words.
  using Report = std::function<void(const sa& peer, std::string_view why)>;

  explicit TcpWatch(Report report);
  ~TcpWatch();
  TcpWatch(const TcpWatch&) = delete;
  TcpWatch& operator=(const TcpWatch&) = delete;

  /// The stack has taken a whole message out of the bytes that it is just being given.
  void message_came() { message_came_ = true; }
  /// Once a second: reports what the stack's timers have given up since.
  void look();

  /// The watch of the calling thread; nullptr: none.
  static TcpWatch* of_this_thread();
  /// For tcp_accept(); `arg` is the stack's connection.
  int accept(tcp_conn** made, tcp_sock* socket, tcp_estab_h* estab, tcp_recv_h* receive, tcp_close_h* close,
             void* arg);

 private:
  struct Connection {
    TcpWatch* watch;
    tcp_estab_h* estab;
    tcp_recv_h* receive;
    tcp_close_h* close;
    void* arg;
    Ref<tcp_conn> ours;  // a second reference: the stack has let go when it is the only one
    sa peer{};
    bool spoke = false;  // a message came on it
    bool begun = false;  // bytes came since the last message
    [[nodiscard]] bool given_up() const { return ours && mem_nrefs(ours.get()) == 1; }
  };
  void on_bytes(Connection& connection, mbuf* bytes);
  void on_close(Connection& connection, int error);
  void forget(const Connection& connection);

  const Report report_;
  std::list<Connection> connections_;  // libre holds pointers into it
  bool message_came_ = false;
};

}  // namespace sitegate::devices::phone
