// A reader without hardware: speaks the reader's side of LLRP over TCP. For tests, demonstrations and
// simulations.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "devices/uhf/llrp_messages.hpp"
#include "devices/uhf/tcp.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::uhf {

struct SimulatorSettings {
  Version newest = Version::v1_1;
  std::uint16_t antenna_count = 2;
  bool utc_clock = true;             ///< false: times since its start
  bool answers_capabilities = true;  ///< false: silence, as by some readers
};

/// A tag that the simulated reader sees.
struct SimulatedTag {
  Bytes epc;
  std::uint16_t antenna = 1;
  int rssi_dbm = -50;
  std::uint16_t count = 1;
};

/// The EPC of 96 bits that stream() gives its n-th tag.
Bytes streamed_epc(std::uint64_t number);

/// Listens on 127.0.0.1 and serves one client at a time; a second one is told so and sent away. Checks what
/// the client asks for (one ROSpec, in the right state, of antennas it has) and reports what its ROReportSpec
/// asks for; sends keepalives as configured. Operation: a thread of its own. Concurrency: any thread.
class UhfSimulator {
 public:
  struct Counts {
    std::uint64_t connections = 0;
    std::uint64_t sent_away = 0;
    std::uint64_t keepalives = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t refused = 0;    ///< requests answered with an error
    std::uint64_t tags_sent = 0;  ///< handed to the network
    bool reading = false;         ///< its ROSpec runs
    bool operator==(const Counts&) const = default;
  };

  /// Port 0: any free one. An operating-system error if the port is taken. The clock must outlive it.
  static Result<std::unique_ptr<UhfSimulator>> start(SimulatorSettings settings, const Clock& clock,
                                                     std::uint16_t port = 0);
  ~UhfSimulator();
  UhfSimulator(const UhfSimulator&) = delete;
  UhfSimulator& operator=(const UhfSimulator&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Counts counts() const;
  /// What the client has sent so far on all connections, as it came.
  [[nodiscard]] Bytes received() const;

  /// One report of these tags, as soon as it reads.
  void see(std::vector<SimulatedTag> tags);
  /// From now on this many reads a second, one report each, until `total` different tags were sent; on
  /// antennas 1, 2, … in turn. It goes on after the client has come back.
  void stream(unsigned reads_per_second, std::uint64_t total);

  /// Faults of the current connection.
  void send_raw(Bytes bytes);  ///< any bytes, as they are
  void drop();                 ///< closes
  void reset();                ///< closes hard (RST)
  void set_silent(bool on);    ///< sends nothing any more
  void set_slow(bool on);      ///< sends a byte at a time

 private:
  enum class SpecState : std::uint8_t { none, disabled, inactive, active };
  struct Faults {
    bool silent = false;
    bool slow = false;
  };
  struct Stream {
    unsigned per_second = 0;
    std::uint64_t total = 0;
    std::uint64_t sent = 0;
    MonotonicTime since{0};
  };
  /// What other threads ask of the simulator's own.
  struct Orders {
    std::deque<std::vector<SimulatedTag>> tags;
    Bytes raw;
    std::optional<Stream> stream;
    bool drop = false;
    bool reset = false;
  };
  struct Client {
    Socket socket;
    MessageBuffer incoming;
    Bytes output;
    Version version = Version::v1_0_1;
    SpecState spec = SpecState::none;
    Element content = Element::parameter(parameter::tag_report_content_selector);
    std::chrono::milliseconds keepalive{0};
    MonotonicTime next_keepalive{0};
    bool closing = false;
  };

  UhfSimulator(SimulatorSettings settings, const Clock& clock, Socket listener);
  void serve(const std::stop_token& stop);
  void accept_clients();
  void serve_client();
  void follow_orders();
  void send(const Element& body, std::uint32_t id);
  void send_event(Element event);
  void answer(const Message& request);
  [[nodiscard]] Status carry_out(const Message& request);
  [[nodiscard]] Status add(const Element& request);
  [[nodiscard]] Status change_spec(std::uint32_t id, SpecState from, SpecState to);
  void configure(const Element& request);
  [[nodiscard]] Element capabilities() const;
  void report(const std::vector<SimulatedTag>& tags);
  [[nodiscard]] Element tag_data(const SimulatedTag& tag) const;
  void add_times(Element& data) const;
  void go_on_streaming();
  void keep_alive();
  void flush();

  // Constant after construction.
  const SimulatorSettings settings_;
  const Clock& clock_;
  const Socket listener_;
  const std::uint16_t port_;
  const Wakeup wakeup_;

  // Of the simulator's thread.
  std::optional<Client> client_;
  Stream stream_;
  std::uint32_t last_id_ = 0;

  Guarded<Orders> orders_;
  Guarded<Faults> faults_;
  Guarded<Counts> counts_;
  Guarded<Bytes> received_;
  std::jthread thread_;  // last: starts when everything else is there
};

}  // namespace sitegate::devices::uhf
