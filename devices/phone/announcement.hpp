// What a caller hears: sound as PCMU, 8000 bytes a second. Pure. Sources: ITU-T G.711 (mu-law); RFC
// 3551 4.5.14 (PCMU); RIFF WAVE (format tags 1 PCM and 7 mu-law).
#pragma once
#include <cstdint>

#include "devices/phone/errc.hpp"
#include "shared/base/bytes.hpp"

namespace sitegate::devices::phone {

inline constexpr int sound_rate = 8000;                   // samples a second
inline constexpr std::size_t sound_size_max = 10 * 8000;  // 10 s: a gate's caller stands there and waits
inline constexpr std::size_t sound_file_max = 1u << 20;   // of a WAV file

/// One sample, 16 bit linear to mu-law (G.711, table 2a; bits inverted as sent).
std::uint8_t to_pcmu(std::int16_t sample);

/// Without a file: two rising tones (accepted), three low ones (refused). About 0.7 s.
Bytes accepted_tones();
Bytes refused_tones();

/// The sound of a WAV file: 8000 Hz, one channel, 16 bit PCM or mu-law, at most 10 s. bad_sound says what it
/// is instead.
Result<Bytes> sound_of_wav(ByteView file);

}  // namespace sitegate::devices::phone
