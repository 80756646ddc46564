// The only file that includes Boost.Beast: it is slow to compile.
#include "shared/http/server.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <map>
#include <thread>
#include <unordered_map>

#include "shared/base/log.hpp"

namespace sitegate::http {

namespace net = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using net::ip::tcp;

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    give_up();
    send_ = std::exchange(other.send_, nullptr);
  }
  return *this;
}

Responder::~Responder() {
  give_up();
}

void Responder::give_up() noexcept {
  if (send_) (*this)({.status = 503, .body = "not done, try again\n"});
}

void Responder::operator()(Response response) {
  SITEGATE_ASSERT(send_ != nullptr);
  const auto send = std::exchange(send_, nullptr);
  send(std::move(response));
}

namespace {

constexpr std::chrono::milliseconds drain_time_max{2'000};
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::size_t read_ahead = 16u << 10;

std::string address_text(net::ip::address address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6());
  return address.to_string();
}

bool expects_continue(const beast::http::fields& fields) {
  return beast::iequals(fields[beast::http::field::expect], "100-continue");
}

std::string text_of(beast::string_view text) {
  return std::string(text.data(), text.size());
}

/// nullopt: the target is none that a server is asked for, or has a broken escape.
std::optional<Request> request_of(beast::http::request<beast::http::string_body> message, std::string peer) {
  Request request;
  request.method = text_of(message.method_string());
  request.target = text_of(message.target());
  request.peer = std::move(peer);
  const std::string_view target(request.target);
  const auto mark = target.find('?');
  auto path = percent_decode(target.substr(0, mark));
  auto query = parse_form(mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1));
  if (!path || !query || !path->starts_with('/')) return std::nullopt;
  request.path = std::move(*path);
  request.query = std::move(*query);
  for (const auto& field : message)
    request.headers.push_back({text_of(field.name_string()), text_of(field.value())});
  request.body = std::move(message.body());
  return request;
}

struct Refusal {
  unsigned status;
  std::string_view why;
};

/// What a request that could not be read is told; nullopt: nothing, the other side has gone.
std::optional<Refusal> refusal_of(const error_code& code) {
  using beast::http::error;
  if (code.category() != beast::http::make_error_code(error::end_of_stream).category()) return std::nullopt;
  switch (static_cast<error>(code.value())) {
    case error::end_of_stream:
    case error::partial_message:
      return std::nullopt;
    case error::header_limit:
    case error::buffer_overflow:
      return Refusal{431, "header too large"};
    case error::body_limit:
      return Refusal{413, "body too large"};
    default:
      return Refusal{400, "not a request of HTTP/1.1"};
  }
}

}  // namespace

class Server::Core : public std::enable_shared_from_this<Core> {
 public:
  class Session;

  Core(ServerLimits limits, Handler handler) : limits_(limits), handler_(std::move(handler)) {}

  Result<void> listen(const ServerSettings& settings);
  void serve();
  void stop();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] ServerState state() const { return {connections_, requests_, refused_, turned_away_}; }

 private:
  void accept();
  void on_accept(error_code error, tcp::socket socket);
  bool make_room(const std::string& peer);
  void add(tcp::socket socket, std::string peer);
  void remove(std::uint64_t id);
  void close_all();

  const ServerLimits limits_;
  std::uint16_t port_ = 0;  // constant after listen()

  // The io thread's, but for what says otherwise. io_ is first: everything below is destroyed before it.
  net::io_context io_{1};  // post() from any thread
  tcp::acceptor acceptor_{io_};
  net::steady_timer accept_timer_{io_};
  Handler handler_;
  std::map<std::uint64_t, std::shared_ptr<Session>> sessions_;
  std::unordered_map<std::string, std::size_t> per_peer_;
  std::uint64_t last_id_ = 0;

  std::atomic<bool> stopped_{false};
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> turned_away_{0};
  std::mutex joining_;  // stop() from several threads
  std::thread thread_;  // guarded by joining_
};

// One connection. Everything happens on the io thread. The core holds it until close(); after that the last
// pending operation does, and none is started any more.
class Server::Core::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Core& core, std::uint64_t id, tcp::socket socket, std::string peer)
      : core_(core), id_(id), peer_(std::move(peer)), socket_(std::move(socket)), timer_(core.io_) {}

  void next_request();
  void answer(std::uint64_t number, Response response);
  void close();
  [[nodiscard]] const std::string& peer() const { return peer_; }
  [[nodiscard]] bool idle() const { return phase_ == Phase::idle; }
  [[nodiscard]] auto idle_since() const { return idle_since_; }

 private:
  enum class Phase : std::uint8_t { idle, reading, answering, writing, draining, closed };
  using Parser = beast::http::request_parser<beast::http::string_body>;
  using Message = beast::http::response<beast::http::string_body>;

  void enter(Phase phase, std::chrono::milliseconds at_most);
  void on_deadline();
  void read_header();
  void on_header(error_code error);
  void read_body();
  void on_request(error_code error);
  void hand_over();
  bool reading_failed(error_code error);
  void refuse(Refusal refusal);
  void write(const Response& response);
  void on_written(error_code error);
  void drain();

  Core& core_;
  const std::uint64_t id_;
  const std::string peer_;
  tcp::socket socket_;
  net::steady_timer timer_;

  Phase phase_ = Phase::idle;
  std::uint64_t deadline_ = 0;  // number of the phase; an expired timer of an earlier one means nothing
  std::chrono::steady_clock::time_point idle_since_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::uint64_t number_ = 0;  // of the request that is being answered
  bool late_ = false;         // the request's time is over
  bool keep_alive_ = false;
  bool is_head_ = false;
  unsigned version_ = 11;
  std::optional<Message> message_;
  std::array<char, 4096> discarded_;
};

void Server::Core::Session::enter(Phase phase, std::chrono::milliseconds at_most) {
  phase_ = phase;
  const auto number = ++deadline_;
  timer_.expires_after(at_most);
  timer_.async_wait([this, weak = weak_from_this(), number](error_code error) {
    if (const auto self = weak.lock(); self && !error && number == deadline_) on_deadline();
  });
}

void Server::Core::Session::on_deadline() {
  switch (phase_) {
    case Phase::reading:
      late_ = true;
      socket_.cancel();  // the read ends and finds that it is late
      return;
    case Phase::answering:
      log::warn("http peer={} no answer within {} ms, told to try again", peer_,
                core_.limits_.answer_time_max.count());
      return answer(number_, {.status = 503, .body = "not done in time, try again\n"});
    default:
      return close();
  }
}

void Server::Core::Session::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  error_code ignored;
  timer_.cancel();
  socket_.close(ignored);
  core_.remove(id_);  // may be the last reference but the caller's
}

void Server::Core::Session::next_request() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(core_.limits_.header_bytes_max));
  parser_->body_limit(core_.limits_.body_bytes_max);
  buffer_.max_size(core_.limits_.header_bytes_max + read_ahead);
  late_ = false;
  if (buffer_.size() > 0) return read_header();
  idle_since_ = std::chrono::steady_clock::now();
  enter(Phase::idle, core_.limits_.idle_time_max);
  socket_.async_read_some(buffer_.prepare(discarded_.size()),
                          [this, self = shared_from_this()](error_code error, std::size_t count) {
                            if (phase_ == Phase::closed) return;
                            if (error) return close();
                            buffer_.commit(count);
                            read_header();
                          });
}

void Server::Core::Session::read_header() {
  enter(Phase::reading, core_.limits_.request_time_max);
  beast::http::async_read_header(
      socket_, buffer_, *parser_,
      [this, self = shared_from_this()](error_code error, std::size_t) { on_header(error); });
}

void Server::Core::Session::on_header(error_code error) {
  if (reading_failed(error)) return;
  if (!expects_continue(parser_->get())) return read_body();
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  net::async_write(socket_, net::buffer(go_on),
                   [this, self = shared_from_this()](error_code written, std::size_t) {
                     if (!reading_failed(written)) read_body();
                   });
}

void Server::Core::Session::read_body() {
  beast::http::async_read(
      socket_, buffer_, *parser_,
      [this, self = shared_from_this()](error_code error, std::size_t) { on_request(error); });
}

bool Server::Core::Session::reading_failed(error_code error) {
  if (phase_ == Phase::closed) return true;
  if (late_) {
    refuse({408, "request not complete in time"});
    return true;
  }
  if (!error) return false;
  if (const auto refusal = refusal_of(error)) {
    refuse(*refusal);
    return true;
  }
  log::warn("http peer={} went away in the middle of a request: {}", peer_, error.message());
  close();
  return true;
}

void Server::Core::Session::on_request(error_code error) {
  if (reading_failed(error)) return;
  keep_alive_ = parser_->keep_alive();
  version_ = parser_->get().version();
  is_head_ = parser_->get().method() == beast::http::verb::head;
  hand_over();
}

void Server::Core::Session::hand_over() {
  auto request = request_of(parser_->release(), peer_);
  if (!request) return refuse({400, "the target is no path"});
  enter(Phase::answering, core_.limits_.answer_time_max);
  ++core_.requests_;
  Responder responder(
      [core = core_.shared_from_this(), weak = weak_from_this(), number = ++number_](Response response) {
        if (core->stopped_) return;
        // Not the core itself: what waits in its queue must not keep it alive.
        net::post(core->io_, [weak, number, response = std::move(response)]() mutable {
          if (const auto self = weak.lock()) self->answer(number, std::move(response));
        });
      });
  core_.handler_(std::move(*request), std::move(responder));
}

void Server::Core::Session::answer(std::uint64_t number, Response response) {
  if (phase_ == Phase::answering && number == number_) write(response);
}

void Server::Core::Session::refuse(Refusal refusal) {
  ++core_.refused_;
  log::warn("http peer={} status={} refused: {}", peer_, refusal.status, refusal.why);
  keep_alive_ = false;
  is_head_ = false;
  write({.status = refusal.status, .body = std::string(refusal.why) + "\n"});
}

void Server::Core::Session::write(const Response& response) {
  enter(Phase::writing, core_.limits_.write_time_max);
  message_.emplace(static_cast<beast::http::status>(response.status), version_);
  for (const auto& header : response.headers) message_->insert(header.name, header.value);
  if (!response.content_type.empty()) message_->set(beast::http::field::content_type, response.content_type);
  message_->content_length(response.body.size());
  message_->keep_alive(keep_alive_);
  if (!is_head_) message_->body() = response.body;
  beast::http::async_write(
      socket_, *message_,
      [this, self = shared_from_this()](error_code error, std::size_t) { on_written(error); });
}

void Server::Core::Session::on_written(error_code error) {
  if (phase_ == Phase::closed) return;
  if (error) return close();
  if (keep_alive_) return next_request();
  // A socket closed with unread bytes is reset, and the other side may never see the answer.
  socket_.shutdown(tcp::socket::shutdown_send, error);
  if (error) return close();
  enter(Phase::draining, drain_time_max);
  drain();
}

void Server::Core::Session::drain() {
  socket_.async_read_some(net::buffer(discarded_),
                          [this, self = shared_from_this()](error_code error, std::size_t) {
                            if (phase_ == Phase::closed) return;
                            if (error) return close();
                            drain();
                          });
}

Result<void> Server::Core::listen(const ServerSettings& settings) {
  const auto where = settings.address + " port " + std::to_string(settings.port);
  error_code error;
  const auto address = net::ip::make_address(settings.address, error);
  if (error) return fail(HttpErrc::cannot_listen, where + ": an IP address is expected, 0.0.0.0 for all");
  const tcp::endpoint endpoint(address, settings.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
  if (error) return fail(HttpErrc::cannot_listen, where + ": " + error.message());
  port_ = acceptor_.local_endpoint(error).port();
  return success();
}

void Server::Core::serve() {
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

void Server::Core::accept() {
  acceptor_.async_accept(
      [this](error_code error, tcp::socket socket) { on_accept(error, std::move(socket)); });
}

void Server::Core::on_accept(error_code error, tcp::socket socket) {
  if (stopped_) return;
  error_code gone;
  const auto peer = error ? tcp::endpoint() : socket.remote_endpoint(gone);
  if (!error && !gone) {
    auto text = address_text(peer.address());
    if (make_room(text))
      add(std::move(socket), std::move(text));
    else
      ++turned_away_;
  }
  if (!error || error == net::error::connection_aborted) return accept();
  // Out of file descriptors, most likely: asking again at once would only burn the processor.
  log::error("http port={} cannot take a connection: {}", port_, error.message());
  accept_timer_.expires_after(accept_pause);
  accept_timer_.async_wait([this](error_code cancelled) {
    if (!cancelled && !stopped_) accept();
  });
}

bool Server::Core::make_room(const std::string& peer) {
  const auto of_peer = per_peer_.find(peer);
  if (of_peer != per_peer_.end() && of_peer->second >= limits_.connections_per_peer_max) {
    log::warn("http port={} peer={} turned away: it has {} connections already", port_, peer,
              of_peer->second);
    return false;
  }
  if (sessions_.size() < limits_.connections_max) return true;
  std::shared_ptr<Session> oldest;
  for (const auto& [id, session] : sessions_)
    if (session->idle() && (!oldest || session->idle_since() < oldest->idle_since())) oldest = session;
  if (!oldest) {
    log::warn("http port={} peer={} turned away: all {} connections are busy", port_, peer, sessions_.size());
    return false;
  }
  ++turned_away_;
  oldest->close();
  return true;
}

void Server::Core::add(tcp::socket socket, std::string peer) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  ++per_peer_[peer];
  const auto id = ++last_id_;
  const auto session = std::make_shared<Session>(*this, id, std::move(socket), std::move(peer));
  sessions_.emplace(id, session);
  connections_ = sessions_.size();
  session->next_request();
}

void Server::Core::remove(std::uint64_t id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  const auto of_peer = per_peer_.find(found->second->peer());
  if (--of_peer->second == 0) per_peer_.erase(of_peer);
  sessions_.erase(found);
  connections_ = sessions_.size();
}

void Server::Core::close_all() {
  error_code ignored;
  acceptor_.close(ignored);
  accept_timer_.cancel();
  while (!sessions_.empty()) std::shared_ptr(sessions_.begin()->second)->close();
  // Nothing starts a new operation now, so the thread's run() ends by itself.
}

void Server::Core::stop() {
  const std::lock_guard lock(joining_);
  if (!thread_.joinable()) return;
  stopped_ = true;
  net::post(io_, [this] { close_all(); });
  thread_.join();
  handler_ = nullptr;  // what it holds may be gone when the last responder goes
}

Server::Server(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Result<std::unique_ptr<Server>> Server::start(const ServerSettings& settings, Handler handler) {
  auto core = std::make_shared<Core>(settings.limits, std::move(handler));
  SITEGATE_TRYV(core->listen(settings));
  core->serve();
  return std::unique_ptr<Server>(new Server(std::move(core)));
}

Server::~Server() {
  stop();
}

void Server::stop() {
  core_->stop();
}

std::uint16_t Server::port() const {
  return core_->port();
}

ServerState Server::state() const {
  return core_->state();
}

}  // namespace sitegate::http
