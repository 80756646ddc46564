#include "devices/card/card_reader.hpp"

#include <algorithm>
#include <cstring>
#include <map>

#include "devices/card/card_protocol.hpp"
#include "devices/card/pcsc.hpp"
#include "devices/card/tap_watch.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::card {
namespace {

// One call of SCardGetStatusChange takes 16 entries, one of them for readers that come and go.
constexpr std::size_t readers_per_call = PCSCLITE_MAX_READERS_CONTEXTS - 1;
// A stop that came just before the call began to wait is seen after this time; every other stop ends the
// call.
constexpr std::chrono::milliseconds wait_max{500};
// With several calls, each reader is looked at once in this time.
constexpr std::chrono::milliseconds round_of_calls{100};
// At the edge of the field the first attempt often fails; the card comes nearer while we ask again.
constexpr int attempts_max = 3;
// Readers that vanish and come back without end are a fault of pcscd or of a cable, not something to spin on.
constexpr int relists_in_a_row_max = 20;

constexpr DWORD reader_lost = SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE | SCARD_STATE_IGNORE;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

// One run(): a context, and the readers as they are known to it. Its states are void with the context.
class CardReader::Session {
 public:
  Session(CardReader& owner, PcscContext context, const ReadSink& sink)
      : owner_(owner), context_(std::move(context)), sink_(sink) {}

  Result<void> watch(const std::stop_token& stop);

 private:
  struct Slot {
    TapWatch watch;
    DWORD known_state = SCARD_STATE_UNAWARE;  // what the next call compares with
  };
  using Slots = std::map<std::string, Slot>;

  Result<void> list_readers();
  Result<void> watch_some(Slots::iterator& next);
  Result<void> take_states(const std::vector<SCARD_READERSTATE>& states);
  Result<void> take_state(const SCARD_READERSTATE& state);
  Result<void> tap(const std::string& name, ByteView atr);
  [[nodiscard]] Result<Bytes> read_uid(const std::string& name) const;
  void hand_over(const std::string& name, ByteView atr, Bytes uid);
  void failed_read(const std::string& name, const std::string& why);
  [[nodiscard]] std::chrono::milliseconds wait_time() const;
  void describe(const std::vector<std::string>& attached);

  CardReader& owner_;
  const PcscContext context_;
  const ReadSink& sink_;
  Slots slots_;  // by name; only readers that the URL names
  std::size_t attached_count_ = 0;
  bool list_is_stale_ = true;
  int relists_in_a_row_ = 0;
};

Result<void> CardReader::Session::watch(const std::stop_token& stop) {
  const std::stop_callback cancel(stop, [this] { context_.cancel(); });
  auto next = slots_.begin();
  while (!stop.stop_requested()) {
    if (list_is_stale_) {
      SITEGATE_TRYV(list_readers());
      next = slots_.begin();
    }
    SITEGATE_TRYV(watch_some(next));
  }
  return success();
}

Result<void> CardReader::Session::list_readers() {
  if (++relists_in_a_row_ > relists_in_a_row_max)
    return fail(ReaderErrc::device_failed,
                "pcscd lists readers that it does not know when asked for their state");
  SITEGATE_TRY(attached, context_.readers());
  Slots slots;
  for (const auto& name : attached) {
    if (name.find(owner_.name_part_) == std::string::npos) continue;
    const auto known = slots_.find(name);
    slots.emplace(name, known == slots_.end() ? Slot{} : known->second);
  }
  slots_ = std::move(slots);
  attached_count_ = attached.size();
  list_is_stale_ = false;
  describe(attached);
  return success();
}

void CardReader::Session::describe(const std::vector<std::string>& attached) {
  std::vector<std::string> names;
  for (const auto& [name, slot] : slots_) names.push_back(name);
  std::string text =
      std::to_string(names.size()) + (names.size() == 1 ? " reader: " : " readers: ") + joined(names);
  if (names.empty())
    text = "no reader whose name contains \"" + owner_.name_part_ +
           "\"; attached: " + (attached.empty() ? "none" : joined(attached));
  const bool changed =
      owner_.state_.with([&](std::string& state) { return std::exchange(state, text) != text; });
  if (changed) log::info("reader={} {}", owner_.place_.id, text);
}

std::chrono::milliseconds CardReader::Session::wait_time() const {
  const auto calls = (slots_.size() + readers_per_call - 1) / readers_per_call;
  return calls <= 1 ? wait_max : round_of_calls / static_cast<int>(calls);
}

// Waits for a change of up to 15 readers, from `next` on, and of the list of readers.
Result<void> CardReader::Session::watch_some(Slots::iterator& next) {
  std::vector<SCARD_READERSTATE> states(1);
  states[0].szReader = plug_and_play_name;
  states[0].dwCurrentState = static_cast<DWORD>(attached_count_ << 16);
  if (next == slots_.end()) next = slots_.begin();
  for (; next != slots_.end() && states.size() <= readers_per_call; ++next) {
    SCARD_READERSTATE state{};
    state.szReader = next->first.c_str();
    state.dwCurrentState = next->second.known_state;
    states.push_back(state);
  }
  const LONG code = context_.wait(states, wait_time());
  if (code == SCARD_S_SUCCESS) return take_states(states);
  relists_in_a_row_ = code == SCARD_E_TIMEOUT ? 0 : relists_in_a_row_;
  if (code == SCARD_E_TIMEOUT || code == SCARD_E_CANCELLED) return success();
  if (severity_of(code) != Severity::reader)
    return fail(ReaderErrc::device_failed, pcsc_text("SCardGetStatusChange", code));
  slots_.clear();  // which reader is unknown is not said: look at all of them as new
  list_is_stale_ = true;
  return success();
}

Result<void> CardReader::Session::take_states(const std::vector<SCARD_READERSTATE>& states) {
  if ((states[0].dwEventState & SCARD_STATE_CHANGED) != 0) list_is_stale_ = true;
  for (std::size_t i = 1; i < states.size(); ++i) {
    if ((states[i].dwEventState & SCARD_STATE_CHANGED) == 0) continue;
    SITEGATE_TRYV(take_state(states[i]));
  }
  return success();
}

Result<void> CardReader::Session::take_state(const SCARD_READERSTATE& state) {
  const std::string name = state.szReader;
  auto& slot = slots_[name];
  if ((state.dwEventState & reader_lost) != 0) {
    slot = Slot{};
    list_is_stale_ = true;
    return success();
  }
  relists_in_a_row_ = 0;
  const bool first_look = slot.known_state == SCARD_STATE_UNAWARE;
  slot.known_state = state.dwEventState & ~static_cast<DWORD>(SCARD_STATE_CHANGED);
  const auto event = slot.watch.update(static_cast<std::uint32_t>(state.dwEventState));
  if (first_look && slot.watch.card_present())
    log::warn("reader={} device=\"{}\" a card lies there already: no tap", owner_.place_.id, name);
  if (event == TapEvent::missed) failed_read(name, "a card came and left too quickly to be read");
  if (event != TapEvent::tap) return success();
  return tap(name, ByteView(state.rgbAtr, std::min<std::size_t>(state.cbAtr, MAX_ATR_SIZE)));
}

Result<void> CardReader::Session::tap(const std::string& name, ByteView atr) {
  auto uid = read_uid(name);
  if (uid) {
    hand_over(name, atr, std::move(uid).value());
    return success();
  }
  failed_read(name, uid.error().text());
  if (is(uid.error(), ReaderErrc::device_failed)) return std::move(uid).error();
  if (is(uid.error(), ReaderErrc::device_gone)) list_is_stale_ = true;
  return success();
}

Result<Bytes> CardReader::Session::read_uid(const std::string& name) const {
  auto uid = context_.read_uid(name);
  for (int attempt = 1; attempt < attempts_max && !uid; ++attempt) {
    const bool of_the_card =
        !is(uid.error(), ReaderErrc::device_failed) && !is(uid.error(), ReaderErrc::device_gone);
    if (!of_the_card || is(uid.error(), CardErrc::in_use)) break;
    uid = context_.read_uid(name);
  }
  return uid;
}

void CardReader::Session::hand_over(const std::string& name, ByteView atr, Bytes uid) {
  const auto technology = technology_of(atr, uid);
  if (is_random_uid(technology, uid))
    log::warn(
        "reader={} device=\"{}\" this card shows a new number at each tap (a phone?): it can name nobody",
        owner_.place_.id, name);
  CredentialRead read{owner_.place_.id, owner_.clock_.now(), owner_.clock_.monotonic(),
                      CardCredential{technology, std::move(uid)}};
  log::debug("reader={} device=\"{}\" {}", owner_.place_.id, name, masked_text(read.credential));
  sink_(std::move(read));
}

void CardReader::Session::failed_read(const std::string& name, const std::string& why) {
  ++owner_.failed_reads_;
  log::warn("reader={} device=\"{}\" no read: {}", owner_.place_.id, name, why);
}

CardReader::CardReader(ReaderPlace place, std::string name_part, const Clock& clock)
    : place_(std::move(place)), name_part_(std::move(name_part)), clock_(clock), state_("not started") {}

std::string CardReader::state() const {
  return state_.with([](const std::string& state) { return state; });
}

Result<void> CardReader::run(std::stop_token stop, const ReadSink& sink) {
  const auto ran = [&]() -> Result<void> {
    SITEGATE_TRY(context, PcscContext::establish());
    return Session(*this, std::move(context), sink).watch(stop);
  }();
  state_.with([&](std::string& state) { state = ran ? "stopped" : ran.error().text(); });
  return ran;
}

Result<std::unique_ptr<Reader>> open_card_reader(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRYV(check_keys(url));
  SITEGATE_TRY(place, reader_place(url));
  if (!url.authority.empty())
    return fail(ReaderErrc::bad_setting,
                "card+pcsc://" + url.authority +
                    ": no host is wanted here; write card+pcsc:///<part of the reader's name>");
  const auto name_part = url.path.starts_with('/') ? url.path.substr(1) : url.path;
  return std::unique_ptr<Reader>(
      std::make_unique<CardReader>(std::move(place), name_part, surroundings.clock));
}

}  // namespace sitegate::devices::card
