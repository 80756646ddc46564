// The client's side of an LLRP connection, from the reader's greeting to its reports. Pure: bytes and the
// time in, bytes and reports out. Source: EPCglobal Low Level Reader Protocol 1.1 (2010), sections 8,
// 9, 16.2.8, and figure 8 (connection); 1.0.1 likewise.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "devices/uhf/llrp_messages.hpp"
#include "shared/base/clock.hpp"

namespace sitegate::devices::uhf {

enum class UhfErrc {
  cannot_connect = 1,
  gone,             ///< the connection has ended
  other_client,     ///< the reader serves another client
  refused,          ///< the reader refuses what it was asked
  no_answer,        ///< within the time
  silent,           ///< no keepalive came
  stopped_reading,  ///< the reader has ended our ROSpec by itself
};
const char* errc_category(UhfErrc);
std::string_view errc_text(UhfErrc);

struct SessionSettings {
  std::string name = "uhf";  ///< the reader's id, for log lines
  Version version = Version::v1_0_1;
  /// How often the reader says that it lives; after three intervals without a word the session fails. 0:
  /// never.
  std::chrono::milliseconds keepalive{10'000};
  InventorySettings inventory{};
};

/// Operation: made when the connection stands; receive() for what comes, pass_time() at least every 0.1 s;
/// take_output() is to be sent, take_reports() are the tags read. An error ends the session and the
/// connection. The order: the reader's ConnectionAttemptEvent, (version negotiation,) capabilities,
/// configuration, DELETE, ADD, ENABLE and START_ROSPEC; then reports. One request at a time; an answer is
/// known by its type alone, since not every reader repeats the request's identifier. A damaged message is
/// logged and passed over. Concurrency: one thread.
class Session {
 public:
  enum class Phase : std::uint8_t { greeting, preparing, reading, closing, closed };
  struct Counts {
    std::uint64_t messages = 0;
    std::uint64_t damaged = 0;    ///< messages passed over
    std::uint64_t tag_reads = 0;  ///< as the reader sums them up
  };
  static constexpr std::chrono::seconds greeting_within{10};
  static constexpr std::chrono::seconds answer_within{5};
  static constexpr std::chrono::seconds close_within{1};
  static constexpr int silent_intervals = 3;

  Session(SessionSettings settings, MonotonicTime now);

  Result<void> receive(ByteView bytes, MonotonicTime now);
  Result<void> pass_time(MonotonicTime now);
  /// Ends the reading and the connection in order: the reader is free for the next client at once.
  void close(MonotonicTime now);

  [[nodiscard]] Bytes take_output();
  [[nodiscard]] std::vector<TagReport> take_reports();
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] Version version() const { return version_; }
  /// Known from the reader's answer on; stays empty for a reader that does not answer.
  [[nodiscard]] const std::optional<Capabilities>& capabilities() const { return capabilities_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  struct Step;
  static const Step steps[];

  void send(const Element& body);
  void begin_step(std::size_t step, MonotonicTime now);
  Result<void> take(const Message& message, MonotonicTime now);
  Result<void> take_answer(const Element& answer, MonotonicTime now);
  Result<void> take_error(const Element& error, MonotonicTime now);
  Result<void> take_event(const Element& notification, MonotonicTime now);
  Result<void> heed(const Element& event) const;
  Result<void> greet(std::uint16_t status, MonotonicTime now);
  void take_tags(const Element& report);
  void note_damage(const std::string& text);
  Result<void> check_antennas() const;

  // Constant after construction.
  const SessionSettings settings_;

  Phase phase_ = Phase::greeting;
  Version version_ = Version::v1_0_1;
  std::size_t step_ = 0;
  MonotonicTime deadline_;
  MonotonicTime last_heard_;
  bool watchdog_ = false;  // the reader has agreed to send keepalives
  std::uint32_t last_id_ = 0;
  MessageBuffer incoming_;
  Bytes output_;
  std::vector<TagReport> reports_;
  std::optional<Capabilities> capabilities_;
  Counts counts_;
};

}  // namespace sitegate::devices::uhf
