// The one place that knows every kind of reader: a new kind is one line in `kinds`.
#include <algorithm>
#include <array>

#include "devices/card/card_reader.hpp"
#include "devices/phone/phone_reader.hpp"
#include "devices/logger/logger_reader.hpp"
#include "devices/reader.hpp"
#include "devices/replay/replay_reader.hpp"
#include "devices/scanner/scanner_reader.hpp"
#include "devices/tag/tag_reader.hpp"
#include "devices/terminal/hikvision_reader.hpp"
#include "devices/terminal/zkteco_reader.hpp"
#include "devices/uhf/uhf_reader.hpp"

namespace sitegate::devices {
namespace {

using Opener = Result<std::unique_ptr<Reader>> (*)(const Url&, const ReaderSurroundings&);
struct Kind {
  std::string_view scheme;
  Opener open;
};

constexpr std::array kinds{
    Kind{"card+pcsc", card::open_card_reader},
    Kind{"replay", replay::open_replay_reader},
    Kind{"tag+http", tag::open_tag_reader},
    Kind{"terminal+zkteco", terminal::open_zkteco_reader},
    Kind{"terminal+hikvision", terminal::open_hikvision_reader},
    Kind{"uhf+llrp", uhf::open_uhf_reader},
    Kind{"phone+sip", phone::open_phone_reader},
    Kind{"scanner+serial", scanner::open_serial_scanner},
    Kind{"scanner+hid", scanner::open_keyboard_scanner},
    Kind{"logger+file", logger::open_logger_reader},
};

std::string known_schemes() {
  std::string text;
  for (const auto& kind : kinds) text += (text.empty() ? "" : ", ") + std::string(kind.scheme) + ":";
  return text;
}

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const std::string& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRY(parsed, parse_url(url));
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return k.scheme == parsed.scheme; });
  if (kind == kinds.end())
    return fail(ReaderErrc::unknown_scheme, parsed.scheme + ": in " + url + "; known are " + known_schemes());
  return kind->open(parsed, surroundings);
}

}  // namespace sitegate::devices
