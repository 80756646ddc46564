// Keeps what the cloud was told of a gateway's epoch, in the store.
#pragma once
#include "cloud/store/store.hpp"

namespace sitegate::cloud {

/// A sign of life of an epoch: a health message or a batch. Times are the cloud's.
struct Word {
  GatewayId gateway;
  Epoch epoch = 0;
  UtcTime at{};
  Sequence through = 0;   ///< it reaches so far; 0: nothing was recorded yet
  Sequence promised = 0;  ///< the gateway holds a receipt for so far
  Witness witness = Witness::health;
  std::string fork;          ///< why a signed batch contradicts what is registered; empty: none did
  bool of_the_past = false;  ///< said of an epoch that has ended: it is not heard by that
};

/// Sequence q of `epoch` is what was from + q - 1 under an earlier one, up to `through`.
struct Continued {
  Epoch epoch = 0;
  Sequence from = 0;
  Sequence through = 0;
};

/// What is known after `word`, where everything up to `watermark` is registered.
EpochReach told(EpochReach reach, const Word& word, Sequence watermark);

/// Keeps where a gateway goes on that has ended `earlier`; what is known already stays.
Result<void> note_continued(WriteTransaction& transaction, const GatewayId& gateway, Epoch earlier,
                            UtcTime at, const Continued& continued);

/// The same in the store, against the watermark that the transaction sees. An error is the store's.
Result<void> note(WriteTransaction& transaction, const Word& word);

}  // namespace sitegate::cloud
