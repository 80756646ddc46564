// A tag without a chip: given the keys it was personalised with, it makes the URLs that an NTAG 424 DNA would
// show at each tap. For tests, demonstrations and simulators; the gateway never links it.
#pragma once
#include <optional>
#include <string>

#include "devices/tag/sdm.hpp"

namespace sitegate::devices::tag {

struct VirtualTagSettings {
  TagUid uid{0x04, 0x95, 0x8C, 0xAA, 0x5C, 0x5E, 0x80};
  std::optional<crypto::AesKey> meta_read_key;  ///< empty: UID and counter are mirrored in plain
  crypto::AesKey file_read_key;
  std::string file_data;  ///< mirrored encrypted, filled up with zeros to whole blocks; empty: none
};

/// Not thread-safe, as a chip.
class VirtualTag {
 public:
  explicit VirtualTag(VirtualTagSettings settings, std::uint32_t counter = 0)
      : settings_(std::move(settings)), counter_(counter) {}

  /// One tap: the counter rises; gives the query of the URL, without "?".
  std::string tap();
  /// What the tap with this counter shows; the counter stays.
  [[nodiscard]] std::string query_at(std::uint32_t counter) const;
  [[nodiscard]] std::uint32_t counter() const { return counter_; }
  [[nodiscard]] const TagUid& uid() const { return settings_.uid; }

 private:
  const VirtualTagSettings settings_;
  std::uint32_t counter_;
};

}  // namespace sitegate::devices::tag
