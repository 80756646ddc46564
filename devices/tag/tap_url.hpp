// The query of a tag's URL: what a phone's browser asks for after a tap. Pure; everything here comes from
// outside and is checked before it is used.
//   /t?picc_data=<32 hex>&cmac=<16 hex>                     UID and counter encrypted
//   /t?picc_data=<32 hex>&enc=<32 n hex>&cmac=<16 hex>      and encrypted file data
//   /t?uid=<14 hex>&ctr=<6 hex>&cmac=<16 hex>               in plain (counter: most significant byte first)
// The names are those of NXP's examples (AN12196, 3.4), so the usual programs for writing tags propose them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "devices/tag/errc.hpp"
#include "devices/tag/sdm.hpp"
#include "devices/tag/tag_table.hpp"
#include "shared/base/error.hpp"

namespace sitegate::devices::tag {

struct TapUrl {
  std::optional<crypto::AesBlock> picc_data;  ///< encrypted; or, where absent:
  PiccData plain;
  Bytes file_data;  ///< encrypted, whole blocks, may be empty
  SdmMac mac{};
  /// What the MAC was made over: nothing, or the text from the value of `enc` up to that of `cmac`.
  std::string mac_input;
  std::string language;  ///< of lang=, as sent, at most 5 letters; may be empty
  /// The tag's part put together again from the values above, for links on our own pages: nothing of the
  /// sender's text is in it.
  std::string query;
};
inline constexpr std::size_t tap_query_size_max = 1024;

/// `query`: what stands behind the "?", as sent. Names that are not ours are passed over, one of ours twice
/// is refused. damaged_link with the reason otherwise.
Result<TapUrl> parse_tap_url(std::string_view query);

/// Which tag made this URL, and its counter. Errors: foreign_tag, forged.
struct VerifiedTap {
  const Tag* tag;  ///< of the table
  std::uint32_t counter;
};
Result<VerifiedTap> verify_tap(const TapUrl& url, const TagTable& table);

}  // namespace sitegate::devices::tag
