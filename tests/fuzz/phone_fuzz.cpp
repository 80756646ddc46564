// What a telephone line brings as text, and the lists and sounds of a phone reader: numbers, callers'
// addresses, numbers called, trusted addresses, WAV files. (SIP itself is parsed by libre.)
#include "devices/phone/announcement.hpp"
#include "devices/phone/called_numbers.hpp"
#include "devices/phone/caller.hpp"
#include "devices/phone/trunk.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate;
  using namespace sitegate::devices::phone;
  const NumberPlan plan;
  const auto text = as_text({data, size});
  if (const auto number = to_e164(text, plan)) {
    SITEGATE_ASSERT(number.value().size() <= 16);
    SITEGATE_ASSERT(to_e164(number.value(), plan).value() == number.value());
  }
  const auto end = text.find('\n');
  const CallerHeaders headers{text.substr(0, end), {text}, end == text.npos ? text : text.substr(end)};
  if (const auto caller = caller_number(headers, plan)) SITEGATE_ASSERT(caller.value().starts_with('+'));
  if (const auto numbers = CalledNumbers::parse(text, "list", plan))
    SITEGATE_ASSERT(numbers.value().size() > 0 && !numbers.value().find("\n"));
  if (const auto peers = TrunkPeers::parse(text)) static_cast<void>(peers.value().contains(Address{}));
  if (const auto sound = sound_of_wav({data, size}))
    SITEGATE_ASSERT(!sound.value().empty() && sound.value().size() <= sound_size_max);
  return 0;
}
