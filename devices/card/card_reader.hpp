// Contactless card readers behind PC/SC (pcscd): any number of readers in one, hot plug, one read per tap.
#pragma once
#include <atomic>
#include <string>

#include "devices/reader.hpp"
#include "shared/base/guarded.hpp"

namespace sitegate::devices::card {

/// Serves every PC/SC reader whose name contains `name_part` (empty: all); they may come and go while it
/// runs. What they read carries the one id of `place`, whichever of them it was: a gate with two readers for
/// two directions has two URLs.
///
/// Operation: run() connects to pcscd and fails with device_failed when pcscd is not there or goes away; the
/// next run() starts afresh. No matching reader is no failure: it waits for one. A card that could not be
/// read (gone too early, does not talk, held by another program) is logged, counted in failed_reads(), and
/// gives no read. Limits: pcscd serves 16 readers; from the 16th matching one on they are watched in turn,
/// within 0.1 s. Readers of one URL are read one after the other. Concurrency: as Reader. Stop ends run() at
/// once (SCardCancel), at the latest after 0.5 s.
class CardReader final : public Reader {
 public:
  CardReader(ReaderPlace place, std::string name_part, const Clock& clock);

  [[nodiscard]] Result<void> run(std::stop_token stop, const ReadSink& sink) override;
  [[nodiscard]] std::string state() const override;
  [[nodiscard]] std::uint64_t failed_reads() const override { return failed_reads_; }

 private:
  class Session;

  // Constant after construction.
  const ReaderPlace place_;
  const std::string name_part_;
  const Clock& clock_;

  Guarded<std::string> state_;
  std::atomic<std::uint64_t> failed_reads_{0};
};

/// card+pcsc:///<part of the reader's name>?id=&gate=&direction=
Result<std::unique_ptr<Reader>> open_card_reader(const Url& url, const ReaderSurroundings& surroundings);

}  // namespace sitegate::devices::card
