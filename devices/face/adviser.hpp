// Advice without chatter: a person who stands before the camera is told a thing once every few seconds, not
// at each picture.
#pragma once
#include <optional>

#include "devices/reader.hpp"

namespace sitegate::devices::face {

/// Concurrency: one thread.
class LimitedAdviser {
 public:
  static constexpr MonotonicTime same_again_after = std::chrono::seconds(3);
  /// `adviser` may be empty: then nobody is told.
  LimitedAdviser(ReaderPlace place, Adviser adviser)
      : place_(std::move(place)), adviser_(std::move(adviser)) {}

  void advise(AdviceKind kind, UtcTime time, MonotonicTime now) {
    if (!adviser_ || (last_ == kind && now - last_at_ < same_again_after)) return;
    last_ = kind;
    last_at_ = now;
    adviser_(Advice{place_.id, place_.gate, Method::face, kind, time});
  }

 private:
  const ReaderPlace place_;
  const Adviser adviser_;
  std::optional<AdviceKind> last_;
  MonotonicTime last_at_{0};
};

}  // namespace sitegate::devices::face
