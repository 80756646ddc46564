#include "edge/roster/roster_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>

#include "edge/roster/roster.hpp"
#include "shared/wire/site_roster.hpp"

namespace sitegate::edge {
namespace {

constexpr std::string_view magic = "SGROSTER";
constexpr std::uint32_t format_version = 1;
constexpr std::size_t head_size = 8 + 4 + 4 + 8;

template <typename Unsigned>
void put(Bytes& bytes, Unsigned value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

template <typename Unsigned>
Unsigned get(ByteView bytes) {
  Unsigned value = 0;
  for (const std::uint8_t byte : bytes.first(sizeof(Unsigned)))
    value = static_cast<Unsigned>((value << 8) | byte);
  return value;
}

class File {
 public:
  File(const std::filesystem::path& path, int flags)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0640)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Result<void> write_all(int file, ByteView bytes, const std::string& where) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno(errno, "write " + where);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  if (::fsync(file) != 0) return fail_errno(errno, "synchronise " + where);
  return success();
}

Result<void> synchronise_folder(const std::filesystem::path& folder) {
  const File opened(folder, O_RDONLY | O_DIRECTORY);
  if (opened.number() < 0 || ::fsync(opened.number()) != 0)
    return fail_errno(errno, "synchronise " + folder.string());
  return success();
}

/// Head and payload; the payload is what shared/wire reads back.
Result<Bytes> file_bytes(const SiteRoster& roster) {
  auto encoded = wire::encode(roster);
  if (!encoded) return fail(RosterErrc::too_large, encoded.error().text());
  const Bytes payload = std::move(encoded).value();
  if (auto readable = wire::decode_site_roster(payload); !readable)
    return fail(RosterErrc::too_large, readable.error().text());
  Bytes bytes = to_bytes(as_bytes(magic));
  put(bytes, format_version);
  put(bytes, crc32c(payload));
  put(bytes, std::uint64_t{payload.size()});
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

Result<SiteRoster> parse(ByteView bytes, const std::string& where) {
  if (bytes.size() < head_size || as_text(bytes.first(magic.size())) != magic)
    return fail(RosterErrc::damaged, where + ": not a roster");
  if (get<std::uint32_t>(bytes.subspan(8)) != format_version) return fail(RosterErrc::newer_format, where);
  const ByteView payload = bytes.subspan(head_size);
  if (get<std::uint64_t>(bytes.subspan(16)) != payload.size())
    return fail(RosterErrc::damaged, where + ": cut short");
  if (get<std::uint32_t>(bytes.subspan(12)) != crc32c(payload))
    return fail(RosterErrc::damaged, where + ": checksum");
  auto roster = wire::decode_site_roster(payload);
  if (!roster) return fail(RosterErrc::damaged, where + ": " + roster.error().text());
  return std::move(roster).value();
}

}  // namespace

Result<std::optional<SiteRoster>> read_roster_file(const std::filesystem::path& file) {
  std::error_code problem;
  const auto size = std::filesystem::file_size(file, problem);
  if (problem == std::errc::no_such_file_or_directory) return std::optional<SiteRoster>{};
  if (problem) return fail_errno(problem.value(), "read " + file.string());
  if (size > head_size + wire::roster_size_max)
    return fail(RosterErrc::damaged, file.string() + ": too large");
  std::ifstream in(file, std::ios::binary);
  const Bytes bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.good() && !in.eof()) return fail_errno(EIO, "read " + file.string());
  SITEGATE_TRY(roster, parse(bytes, file.string()));
  return std::optional<SiteRoster>{std::move(roster)};
}

Result<void> write_roster_file(const std::filesystem::path& file, const SiteRoster& roster) {
  SITEGATE_TRY(bytes, file_bytes(roster));
  const std::filesystem::path beside = file.string() + ".new";
  {
    const File opened(beside, O_WRONLY | O_CREAT | O_TRUNC);
    if (opened.number() < 0) return fail_errno(errno, "create " + beside.string());
    SITEGATE_TRYV(write_all(opened.number(), bytes, beside.string()));
  }
  if (::rename(beside.c_str(), file.c_str()) != 0) return fail_errno(errno, "rename to " + file.string());
  return synchronise_folder(file.parent_path().empty() ? "." : file.parent_path());
}

}  // namespace sitegate::edge
