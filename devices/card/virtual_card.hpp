// A contactless card without hardware: speaks the vpcd wire to a real pcscd, as a card lying in a virtual
// reader. For tests, demonstrations and simulators; deploy/virtual-readers starts the readers.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "shared/base/bytes.hpp"
#include "shared/base/error.hpp"
#include "shared/model/credential.hpp"

namespace sitegate::devices::card {

enum class VirtualErrc { cannot_insert = 1, cannot_start, cannot_run_here };
const char* errc_category(VirtualErrc);
std::string_view errc_text(VirtualErrc);

/// How a card misbehaves when it is asked for its UID.
enum class CardFault {
  none,
  vanish,         ///< leaves instead of answering
  short_answer,   ///< one byte, where two status bytes are the least
  garbage,        ///< bytes that end in no status word
  not_supported,  ///< 6A81
};

/// What a card says. Pure.
class VirtualCard {
 public:
  /// unknown: an ISO 14443-4 card, whose ATR does not tell A from B.
  VirtualCard(CardTechnology technology, Bytes uid, CardFault fault = CardFault::none);
  [[nodiscard]] Bytes atr() const;
  /// The answer to an APDU: the UID to FF CA 00 00 00, otherwise 6D00.
  [[nodiscard]] Bytes answer(ByteView command) const;
  [[nodiscard]] CardFault fault() const { return fault_; }

 private:
  CardTechnology technology_;
  Bytes uid_;
  CardFault fault_;
};

/// Is `command` the question for the UID?
bool asks_for_uid(ByteView command);

/// A card lying in a slot: inserted when made, taken away when destroyed. pcscd looks every 400 ms, so a card
/// must lie for 0.6 s to be seen, or until was_asked(). After one was taken away, the next on the same slot
/// comes 0.6 s later at the earliest: pcscd may take it for the same card otherwise. Concurrency: any thread.
/// A thread of its own serves pcscd.
class InsertedCard {
 public:
  /// The slot is the TCP port on which pcscd's vpcd driver waits. cannot_insert if nothing waits there.
  static Result<std::unique_ptr<InsertedCard>> insert(VirtualCard card, const std::string& host,
                                                      std::uint16_t port);
  ~InsertedCard();
  InsertedCard(const InsertedCard&) = delete;
  InsertedCard& operator=(const InsertedCard&) = delete;

  /// True once the card was asked for its UID (and has answered, or misbehaved); false after `timeout`
  /// without that or when pcscd has gone.
  [[nodiscard]] bool was_asked(std::chrono::milliseconds timeout);
  /// How often it was asked for its UID.
  [[nodiscard]] std::uint64_t times_asked() const;

 private:
  InsertedCard(VirtualCard card, int socket);
  void serve();
  bool answer(ByteView message);

  const VirtualCard card_;
  const int socket_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t times_asked_ = 0;  // guarded by mutex_
  bool gone_ = false;              // guarded by mutex_
  std::jthread thread_;
};

}  // namespace sitegate::devices::card
