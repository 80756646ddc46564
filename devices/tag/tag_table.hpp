// Which tags hang at this site, and the keys they were personalised with. Two files: the table may be shown
// to anyone who works at the gate, the key file to nobody. Their form: README.md of this folder.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "devices/tag/errc.hpp"
#include "devices/tag/sdm.hpp"
#include "shared/model/passage.hpp"

namespace sitegate::devices::tag {

/// WGS 84, degrees.
struct Position {
  double latitude = 0;
  double longitude = 0;
};
/// Great circle on a sphere of 6,371 km; wrong by at most 0.5 %.
double distance_m(const Position& one, const Position& other);

/// Where a tag hangs, and how near a phone has to be.
struct TagPlace {
  Position position;
  double radius_m = 150;
  bool required = true;  ///< false: a phone that gives no position is taken, one that is far away is not
};

struct Tag {
  TagUid uid{};
  std::string name;                    ///< for people: "北門"; 1 to 64 characters
  std::string gate;                    ///< of the site; empty: the reader's
  std::optional<Direction> direction;  ///< empty: the reader's rule
  std::optional<TagPlace> place;
  std::optional<crypto::AesKey> meta_read_key;  ///< empty: UID and counter stand in the URL in plain
  crypto::AesKey file_read_key;                 ///< the tag's own, already diversified
  std::string file_data;  ///< what the encrypted file data must begin with; empty: not looked at
};

/// Immutable once loaded; may be read from any thread.
class TagTable {
 public:
  /// bad_table or the settings file's own error, with file, line and what is expected; never with a key.
  static Result<TagTable> load(const std::filesystem::path& file);

  [[nodiscard]] const Tag* find(const TagUid& uid) const;
  /// The keys that PICCData may be encrypted with, each once.
  [[nodiscard]] const std::vector<crypto::AesKey>& meta_read_keys() const { return meta_read_keys_; }
  /// Signs enrolment links; empty: this site enrols no phones here.
  [[nodiscard]] const std::optional<crypto::AesKey>& enrolment_key() const { return enrolment_key_; }
  [[nodiscard]] std::size_t size() const { return tags_.size(); }
  /// The two files it was read from.
  [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  std::map<TagUid, Tag> tags_;
  std::vector<crypto::AesKey> meta_read_keys_;
  std::optional<crypto::AesKey> enrolment_key_;
  std::vector<std::filesystem::path> files_;
};
inline constexpr std::size_t meta_read_keys_max = 16;  ///< each costs every foreign URL a decryption

/// The enrolment key of a key file, for those who make links: the key named `name`.
Result<crypto::AesKey> load_key(const std::filesystem::path& key_file, const std::string& name);

}  // namespace sitegate::devices::tag
