#include "devices/phone/phone_reader.hpp"

#include "devices/phone/sip_line.hpp"

namespace sitegate::devices::phone {

PhoneReader::PhoneReader(PhoneSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

Result<void> PhoneReader::run(std::stop_token stop, const ReadSink& sink) {
  auto ran = SipLine(settings_, clock_, sink, counters_).run(stop);
  counters_.state.with([&](std::string& state) { state = ran ? "closed" : ran.error().text(); });
  return ran;
}

std::string PhoneReader::state() const {
  return counters_.state.with([](const std::string& state) { return state; });
}

Result<std::unique_ptr<Reader>> open_phone_reader(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRY(settings, phone_settings(url));
  return std::unique_ptr<Reader>(std::make_unique<PhoneReader>(std::move(settings), surroundings.clock));
}

}  // namespace sitegate::devices::phone
