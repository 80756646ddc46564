#include "devices/phone/announcement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace sitegate::devices::phone {
namespace {

constexpr std::uint8_t silence = 0xFF;  // PCMU of 0
constexpr std::uint16_t wave_pcm = 1;
constexpr std::uint16_t wave_pcmu = 7;

std::uint16_t u16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
}
std::uint32_t u32(ByteView bytes, std::size_t at) {
  return u16(bytes, at) | static_cast<std::uint32_t>(u16(bytes, at + 2)) << 16;
}

void add_tone(Bytes& sound, double frequency_hz, int length_ms) {
  constexpr double amplitude = 8000;  // about -12 dBm0: clear, not loud
  constexpr int edge = sound_rate / 100;
  const int count = sound_rate * length_ms / 1000;
  for (int i = 0; i < count; ++i) {
    const double fade =
        std::min({1.0, i / static_cast<double>(edge), (count - i) / static_cast<double>(edge)});
    const double angle = 2 * std::numbers::pi * frequency_hz * i / sound_rate;
    sound.push_back(to_pcmu(static_cast<std::int16_t>(amplitude * fade * std::sin(angle))));
  }
}

void add_pause(Bytes& sound, int length_ms) {
  sound.insert(sound.end(), static_cast<std::size_t>(sound_rate * length_ms / 1000), silence);
}

struct WaveFormat {
  std::uint16_t tag;
  std::uint16_t channels;
  std::uint32_t rate;
  std::uint16_t bits;
};

Result<void> check(const std::optional<WaveFormat>& format) {
  if (!format) return fail(PhoneErrc::bad_sound, "the sound comes before its format");
  const bool known =
      (format->tag == wave_pcm && format->bits == 16) || (format->tag == wave_pcmu && format->bits == 8);
  if (known && format->channels == 1 && format->rate == sound_rate) return success();
  return fail(
      PhoneErrc::bad_sound,
      fmt::format("format {}, {} bit, {} channels, {} Hz; expected PCM of 16 bit or mu-law, 1 channel, "
                  "8000 Hz",
                  format->tag, format->bits, format->channels, format->rate));
}

Bytes samples_of(ByteView data, const WaveFormat& format) {
  if (format.tag == wave_pcmu) return to_bytes(data);
  Bytes sound;
  for (std::size_t i = 0; i + 1 < data.size(); i += 2)
    sound.push_back(to_pcmu(static_cast<std::int16_t>(u16(data, i))));
  return sound;
}

}  // namespace

std::uint8_t to_pcmu(std::int16_t sample) {
  constexpr int bias = 0x84;
  constexpr int clip = 32635;
  const int sign = sample < 0 ? 0x80 : 0;
  const int magnitude = std::min(std::abs(static_cast<int>(sample)), clip) + bias;
  int segment = 7;
  while (segment > 0 && (magnitude & 0x80 << segment) == 0) --segment;
  const int step = magnitude >> (segment + 3) & 0x0F;
  return static_cast<std::uint8_t>(~(sign | segment << 4 | step));
}

Bytes accepted_tones() {
  Bytes sound;
  add_pause(sound, 100);
  add_tone(sound, 880, 200);
  add_pause(sound, 50);
  add_tone(sound, 1320, 300);
  return sound;
}

Bytes refused_tones() {
  Bytes sound;
  add_pause(sound, 100);
  for (int beep = 0; beep < 3; ++beep) {
    add_tone(sound, 330, 150);
    add_pause(sound, 80);
  }
  return sound;
}

Result<Bytes> sound_of_wav(ByteView file) {
  if (file.size() > sound_file_max) return fail(PhoneErrc::bad_sound, "more than 1 MiB");
  if (file.size() < 12 || as_text(file.first(4)) != "RIFF" || as_text(file.subspan(8, 4)) != "WAVE")
    return fail(PhoneErrc::bad_sound, "not a WAV file");
  std::optional<WaveFormat> format;
  for (auto rest = file.subspan(12); rest.size() >= 8;) {
    const auto name = as_text(rest.first(4));
    const std::size_t size = u32(rest, 4);
    const auto body = rest.subspan(8, std::min(size, rest.size() - 8));
    if (name == "fmt " && body.size() >= 16)
      format = WaveFormat{u16(body, 0), u16(body, 2), u32(body, 4), u16(body, 14)};
    if (name == "data") {
      SITEGATE_TRYV(check(format));
      auto sound = samples_of(body, *format);
      if (sound.empty() || sound.size() > sound_size_max)
        return fail(PhoneErrc::bad_sound, "empty, or longer than 10 s");
      return sound;
    }
    rest = rest.subspan(8 + std::min(size + size % 2, rest.size() - 8));
  }
  return fail(PhoneErrc::bad_sound, "no sound in it");
}

}  // namespace sitegate::devices::phone
