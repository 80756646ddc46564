#include "devices/uhf/uhf_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

#include "devices/uhf/tcp.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::uhf {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds connect_within{5'000};
constexpr std::chrono::milliseconds look_every{50};
constexpr int closing_looks_max = Session::close_within / look_every;  // also for a clock that stands still
constexpr std::chrono::seconds state_every{1};
constexpr std::chrono::seconds in_view_for{5};
constexpr std::chrono::seconds report_delay_max{10};
// After a longer absence of the reader, as over night, nobody is taken to have stood there all the time.
constexpr std::chrono::seconds blind_max{60};
constexpr std::size_t epc_size_max = 62;  // 31 words: EPC Class 1 Generation 2, 6.3.2.1.2.2
constexpr std::size_t output_max = std::size_t{1} << 20;

Error bad(const std::string& key, const std::string& value, const std::string& expected) {
  return fail(ReaderErrc::bad_setting, key + "=" + value + ": " + expected);
}

Result<long> parse_number(const Url& url, const std::string& key, long otherwise, long least, long most) {
  const auto text = url.get(key);
  if (text.empty() && !url.query.contains(key)) return otherwise;
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most)
    return bad(key, text, fmt::format("a number from {} to {}", least, most));
  return number;
}

Result<std::chrono::milliseconds> parse_seconds(const Url& url, const std::string& key,
                                                std::chrono::milliseconds otherwise, long most) {
  SITEGATE_TRY(seconds, parse_number(url, key, otherwise / 1s, 0, most));
  return std::chrono::milliseconds(std::chrono::seconds(seconds));
}

Result<std::uint16_t> parse_antenna(const std::string& key, const std::string& text,
                                    std::string_view number) {
  unsigned antenna = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), antenna);
  if (error != std::errc{} || end != number.data() + number.size() || antenna < 1 || antenna > 255)
    return bad(key, text, "antennas as outside:1,inside:2 or 1,2; numbers from 1 to 255");
  return static_cast<std::uint16_t>(antenna);
}

// "1,2" chooses antennas; "outside:1,inside:2,inside:3" says where they look, too: then both sides must be
// there.
Result<void> parse_antennas(const Url& url, UhfSettings& settings) {
  const auto text = url.get("antennas");
  auto& antennas = settings.session.inventory.antennas;
  auto& sides = settings.presence.sides;
  for (std::string_view left = text; !left.empty();) {
    auto part = left.substr(0, left.find(','));
    left.remove_prefix(std::min(left.size(), part.size() + 1));
    const auto colon = part.find(':');
    const auto side = colon == std::string_view::npos ? std::string_view{} : part.substr(0, colon);
    SITEGATE_TRY(antenna, parse_antenna("antennas", text,
                                        colon == std::string_view::npos ? part : part.substr(colon + 1)));
    if (!side.empty() && side != "outside" && side != "inside")
      return bad("antennas", text, "an antenna looks outside or inside");
    if (!side.empty()) sides[antenna] = side == "outside" ? Side::outside : Side::inside;
    if (std::ranges::count(antennas, antenna) > 0)
      return bad("antennas", text, fmt::format("antenna {} stands twice", antenna));
    antennas.push_back(antenna);
  }
  const auto looks = [&](Side side) {
    return std::ranges::any_of(sides, [side](const auto& each) { return each.second == side; });
  };
  if (!sides.empty() && (sides.size() != antennas.size() || !looks(Side::outside) || !looks(Side::inside)))
    return bad("antennas", text, "either all antennas have a side, and both sides an antenna, or none has");
  return success();
}

Result<void> parse_presence(const Url& url, PresenceSettings& presence) {
  SITEGATE_TRY(rearm, parse_seconds(url, "rearm_s", presence.rearm, 86'400));
  SITEGATE_TRY(gone, parse_seconds(url, "gone_s", presence.gone, 3'600));
  SITEGATE_TRY(linger, parse_seconds(url, "linger_s", presence.linger, 3'600));
  SITEGATE_TRY(settle, parse_number(url, "settle_ms", presence.settle.count(), 100, 60'000));
  SITEGATE_TRY(reads, parse_number(url, "reads_min", presence.reads_min, 1, 1'000));
  presence.rearm = rearm;
  presence.gone = gone;
  presence.linger = linger;
  presence.settle = std::chrono::milliseconds(settle);
  presence.reads_min = static_cast<unsigned>(reads);
  if (presence.gone < presence.settle)
    return bad("gone_s", url.get("gone_s", "5"), "not shorter than settle_ms, or no tag would ever settle");
  return success();
}

Result<void> parse_filters(const Url& url, UhfSettings& settings) {
  SITEGATE_TRY(rssi, parse_number(url, "rssi_min_dbm", -128, -128, 0));
  if (rssi > -128) settings.rssi_min_dbm = static_cast<int>(rssi);
  auto prefix = from_hex(url.get("epc_prefix"));
  if (!prefix || prefix->size() > epc_size_max)
    return bad("epc_prefix", url.get("epc_prefix"), "whole bytes in hexadecimal, at most 62");
  settings.epc_prefix = std::move(*prefix);
  return success();
}

Result<void> parse_session(const Url& url, SessionSettings& session) {
  const auto version = url.get("version", "1.0.1");
  if (version != "1.0.1" && version != "1.1") return bad("version", version, "1.0.1 or 1.1");
  session.version = version == "1.1" ? Version::v1_1 : Version::v1_0_1;
  SITEGATE_TRY(keepalive, parse_seconds(url, "keepalive_s", session.keepalive, 3'600));
  SITEGATE_TRY(number, parse_number(url, "session", 0, 0, 3));
  session.keepalive = keepalive;
  session.inventory.session = static_cast<std::uint8_t>(number);
  return success();
}

// host, host:port, [IPv6 address]:port
Result<void> parse_authority(const Url& url, UhfSettings& settings) {
  std::string_view host = url.authority;
  const auto bracket = host.find(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const auto port = host.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), settings.port);
    if (error != std::errc{} || end != port.data() + port.size() || settings.port == 0)
      return fail(ReaderErrc::bad_setting, url.authority + ": the port is a number from 1 to 65535");
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || !(url.path.empty() || url.path == "/"))
    return fail(ReaderErrc::bad_setting, "a UHF reader is named uhf+llrp://address:5084");
  settings.host = host;
  return success();
}

}  // namespace

Result<UhfSettings> parse_uhf_settings(const Url& url) {
  SITEGATE_TRYV(check_keys(url, {"antennas", "rearm_s", "settle_ms", "gone_s", "linger_s", "reads_min",
                                 "rssi_min_dbm", "epc_prefix", "keepalive_s", "version", "session"}));
  UhfSettings settings;
  SITEGATE_TRYV(parse_authority(url, settings));
  SITEGATE_TRYV(parse_antennas(url, settings));
  SITEGATE_TRYV(parse_presence(url, settings.presence));
  SITEGATE_TRYV(parse_filters(url, settings));
  SITEGATE_TRYV(parse_session(url, settings.session));
  return settings;
}

std::vector<MonotonicTime> times_of(const std::vector<TagReport>& reports, MonotonicTime now) {
  std::uint64_t latest = 0;
  for (const auto& report : reports) latest = std::max(latest, report.last_seen_us.value_or(0));
  std::vector<MonotonicTime> times;
  times.reserve(reports.size());
  constexpr std::uint64_t delay_max_us = std::chrono::microseconds(report_delay_max).count();
  for (const auto& report : reports) {
    const auto before_us = std::min(latest - report.last_seen_us.value_or(latest), delay_max_us);
    times.push_back(now - std::chrono::microseconds(before_us));
  }
  return times;
}

/// One connection: the socket, the session on it, and what it reads.
class UhfReader::Link {
 public:
  Link(UhfReader& reader, const ReadSink& sink, const Wakeup& wakeup)
      : reader_(reader),
        sink_(sink),
        wakeup_(wakeup),
        session_(reader.settings_.session, reader.clock_.monotonic()) {}

  Result<void> run(const std::stop_token& stop) {
    SITEGATE_TRY(socket,
                 connect_tcp(reader_.settings_.host, reader_.settings_.port, connect_within, wakeup_));
    socket_ = std::move(socket);
    while (session_.phase() != Session::Phase::closed && !ended_) {
      if (stop.stop_requested()) session_.close(reader_.clock_.monotonic());
      SITEGATE_TRYV(send());
      const bool stopping = session_.phase() == Session::Phase::closing;
      if (stopping && ++closing_looks_ > closing_looks_max) break;
      const auto ready = wait_for(socket_, !output_.empty(), stopping ? nullptr : &wakeup_, look_every);
      const auto now = reader_.clock_.monotonic();
      if (ready.readable) {
        SITEGATE_TRYV(receive(now));
      }
      SITEGATE_TRYV(session_.pass_time(now));
      if (session_.phase() == Session::Phase::reading) look(now);
    }
    return success();
  }

 private:
  Result<void> send() {
    const auto bytes = session_.take_output();
    output_.insert(output_.end(), bytes.begin(), bytes.end());
    if (output_.size() > output_max) return fail(UhfErrc::silent, "it takes nothing of what it is sent");
    return send_some(socket_, output_);
  }

  Result<void> receive(MonotonicTime now) {
    const auto got = receive_some(socket_, buffer_);
    ended_ = !got && session_.phase() == Session::Phase::closing;  // closed as soon as it was asked to
    if (ended_) return success();
    if (!got) return got.error();
    return session_.receive(ByteView(buffer_).first(got.value()), now);
  }

  void look(MonotonicTime now) {
    auto& presence = reader_.presence_;
    if (!looking_ && reader_.last_look_)
      presence.skip(std::min<MonotonicTime>(now - *reader_.last_look_, blind_max));
    looking_ = true;
    reader_.last_look_ = now;
    take_reports(now);
    presence.pass_time(now);
    for (const auto& passage : presence.take()) hand_over(passage, now);
    if (now >= next_state_) tell_state(now);
  }

  void take_reports(MonotonicTime now) {
    const auto reports = session_.take_reports();
    reader_.tag_reads_ = reader_.tag_reads_before_ + session_.counts().tag_reads;
    const auto times = times_of(reports, now);
    std::vector<std::size_t> order(reports.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
    for (const auto i : order)
      if (counts(reports[i]))
        reader_.presence_.see({reports[i].epc, reports[i].antenna, reports[i].seen_count, times[i]});
  }

  bool counts(const TagReport& report) {
    if (report.epc.empty() || report.epc.size() > epc_size_max) {
      ++reader_.failed_reads_;
      return false;
    }
    const auto& settings = reader_.settings_;
    const auto& prefix = settings.epc_prefix;
    if (settings.rssi_min_dbm && report.peak_rssi_dbm.value_or(0) < *settings.rssi_min_dbm) return false;
    return report.epc.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), report.epc.begin());
  }

  void hand_over(const TagPassage& passage, MonotonicTime now) {
    const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(now - passage.at);
    CredentialRead read;
    read.reader_id = reader_.place_.id;
    read.event_time = reader_.clock_.now() - ago;
    read.monotonic = passage.at;
    read.credential = UhfTagCredential{passage.epc};
    read.method = Method::uhf;
    read.direction = passage.direction;
    sink_(std::move(read));
  }

  void tell_state(MonotonicTime now) {
    next_state_ = now + state_every;
    const auto& capabilities = session_.capabilities();
    auto text = "connected to " + reader_.address();
    if (capabilities)
      text += fmt::format(" ({}), {} antennas", to_text(*capabilities), capabilities->antenna_count);
    text += fmt::format(", {} tags in view, {} tag reads", reader_.presence_.seen_since(now - in_view_for),
                        reader_.tag_reads());
    if (session_.counts().damaged > 0)
      text += fmt::format(", {} damaged messages", session_.counts().damaged);
    reader_.state_.with([&](std::string& state) { state = std::move(text); });
  }

  UhfReader& reader_;
  const ReadSink& sink_;
  const Wakeup& wakeup_;
  Session session_;
  Socket socket_;
  Bytes output_;
  std::array<std::uint8_t, 64 * 1024> buffer_{};
  bool looking_ = false;
  bool ended_ = false;
  int closing_looks_ = 0;
  MonotonicTime next_state_{0};
};

UhfReader::UhfReader(ReaderPlace place, UhfSettings settings, const Clock& clock)
    : place_(std::move(place)),
      settings_(std::move(settings)),
      clock_(clock),
      presence_(settings_.presence),
      state_("not connected to " + address()) {}

std::string UhfReader::address() const {
  return settings_.host + ":" + std::to_string(settings_.port);
}

std::string UhfReader::state() const {
  return state_.with([](const std::string& state) { return state; });
}

Result<void> UhfReader::run(std::stop_token stop, const ReadSink& sink) {
  const Wakeup wakeup;
  const std::stop_callback call_back(stop, [&wakeup] { wakeup.signal(); });
  tag_reads_before_ = tag_reads_;
  const auto ran = std::make_unique<Link>(*this, sink, wakeup)->run(stop);
  const bool stopped = stop.stop_requested();
  state_.with([&](std::string& state) {
    state = "not connected to " + address() + (ran || stopped ? std::string() : ": " + ran.error().text());
  });
  if (stopped) return success();
  return ran;
}

Result<std::unique_ptr<Reader>> open_uhf_reader(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRY(place, reader_place(url));
  SITEGATE_TRY(settings, parse_uhf_settings(url));
  settings.session.name = place.id;
  return std::unique_ptr<Reader>(
      std::make_unique<UhfReader>(std::move(place), std::move(settings), surroundings.clock));
}

}  // namespace sitegate::devices::uhf
