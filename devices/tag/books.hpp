// What must not be forgotten of taps and enrolments: interfaces, so that the handler serves at a gateway and
// in the cloud alike.
#pragma once
#include <cstdint>
#include <optional>

#include "devices/tag/errc.hpp"
#include "devices/tag/sdm.hpp"
#include "shared/base/clock.hpp"

namespace sitegate::devices::tag {

/// The last counter of each tag, and whose phone showed it.
class CounterBook {
 public:
  virtual ~CounterBook() = default;

  enum class News : std::uint8_t {
    fresh,    ///< higher than all before: taken now, on the disk
    again,    ///< the last one, shown again by the same phone within the time given: a page loaded again
    replayed  ///< lower, or the last one from another phone or too late: a copy, or a URL kept from before
  };
  struct Taken {
    News news = News::replayed;
    UtcTime at{};  ///< fresh: now; again: when it was fresh; replayed: when the last one was
  };

  /// Takes a counter for the phone `holder`. On success with `fresh` it is on the disk: the same URL will
  /// never be fresh again, whatever happens to this program. One thread at a time for each tag.
  virtual Result<Taken> take(const PiccData& tap, const Digest& holder, UtcTime now,
                             std::chrono::milliseconds again_for) = 0;
  /// What take() would say; writes nothing.
  virtual Result<Taken> look(const PiccData& tap, const Digest& holder, UtcTime now,
                             std::chrono::milliseconds again_for) = 0;
};

/// Which enrolment links were used.
class EnrolmentBook {
 public:
  virtual ~EnrolmentBook() = default;
  /// True: this link is used now for the first time, and that is on the disk. False: it was used before.
  /// `until` is the link's end; what has ended is forgotten.
  virtual Result<bool> use(const Digest& link, UtcTime until, UtcTime now) = 0;
};

}  // namespace sitegate::devices::tag
