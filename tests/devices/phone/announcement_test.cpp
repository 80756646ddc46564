// Sound for callers: ITU-T G.711 tables 2a and 2b (mu-law), RIFF WAVE.
#include "devices/phone/announcement.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace sitegate::devices::phone {
namespace {

// G.711, table 2a: the decoder's output of a character signal, in units of 16 bit.
int decoded(std::uint8_t sent) {
  const int bits = ~sent & 0xFF;
  const int magnitude = ((((bits & 0x0F) << 3) + 0x84) << (bits >> 4 & 7)) - 0x84;
  return (bits & 0x80) != 0 ? -magnitude : magnitude;
}

void put(Bytes& file, std::string_view text) {
  file.insert(file.end(), text.begin(), text.end());
}
void put(Bytes& file, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) file.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

Bytes wav(std::uint16_t format, std::uint16_t channels, std::uint32_t rate, std::uint16_t bits,
          const Bytes& data) {
  Bytes file;
  put(file, "RIFF");
  put(file, static_cast<std::uint32_t>(36 + data.size()), 4);
  put(file, "WAVEfmt ");
  put(file, 16, 4);
  put(file, format, 2);
  put(file, channels, 2);
  put(file, rate, 4);
  put(file, rate * channels * bits / 8, 4);
  put(file, channels * bits / 8u, 2);
  put(file, bits, 2);
  put(file, "data");
  put(file, static_cast<std::uint32_t>(data.size()), 4);
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(announcement)

BOOST_AUTO_TEST_CASE(g_711_characters) {
  BOOST_TEST(to_pcmu(0) == 0xFF);
  BOOST_TEST(to_pcmu(32767) == 0x80);
  BOOST_TEST(to_pcmu(-32768) == 0x00);
  BOOST_TEST(to_pcmu(-1) == 0x7F);
  for (int sample = -32768; sample <= 32767; sample += 7) {
    const int error = std::abs(decoded(to_pcmu(static_cast<std::int16_t>(sample))) - sample);
    BOOST_REQUIRE_LE(error, 4 + std::abs(sample) / 16 + (std::abs(sample) > 32000 ? 700 : 0));
  }
}

BOOST_AUTO_TEST_CASE(tones_are_short_and_differ) {
  BOOST_TEST(accepted_tones().size() < 8000u);
  BOOST_TEST(refused_tones().size() < 8000u);
  BOOST_TEST((accepted_tones() != refused_tones()));
}

BOOST_AUTO_TEST_CASE(wav_files_of_both_forms) {
  const Bytes linear{0x00, 0x00, 0xFF, 0x7F, 0x00, 0x80};
  BOOST_TEST((sound_of_wav(wav(1, 1, 8000, 16, linear)).value() == Bytes{0xFF, 0x80, 0x00}));
  BOOST_TEST((sound_of_wav(wav(7, 1, 8000, 8, {1, 2, 3})).value() == Bytes{1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(other_files_are_refused_with_what_they_are) {
  const auto text = sound_of_wav(wav(1, 2, 44100, 16, {0, 0, 0, 0})).error().text();
  BOOST_TEST(text.find("2 channels, 44100 Hz") != std::string::npos);
  BOOST_TEST(text.find("sox") != std::string::npos);
  BOOST_TEST(is(sound_of_wav(wav(1, 1, 8000, 16, {})).error(), PhoneErrc::bad_sound));
  BOOST_TEST(is(sound_of_wav(wav(7, 1, 8000, 8, Bytes(sound_size_max + 1))).error(), PhoneErrc::bad_sound));
  BOOST_TEST(is(sound_of_wav(as_bytes("ID3")).error(), PhoneErrc::bad_sound));
  BOOST_TEST(is(sound_of_wav({}).error(), PhoneErrc::bad_sound));
  auto cut = wav(1, 1, 8000, 16, {1, 2, 3, 4});
  for (std::size_t size = 0; size < cut.size() - 4; ++size)
    BOOST_TEST(is(sound_of_wav(ByteView(cut).first(size)).error(), PhoneErrc::bad_sound));
  auto wild = wav(1, 1, 8000, 16, {1, 2});
  wild[16] = wild[17] = wild[18] = wild[19] = 0xFF;  // the size of "fmt "
  BOOST_TEST(!sound_of_wav(wild));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
