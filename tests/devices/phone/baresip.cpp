#include "tests/devices/phone/baresip.hpp"

#include <filesystem>

#include "tests/devices/phone/phone_fixture.hpp"

namespace sitegate::devices::phone {

Baresip::Baresip(const std::string& number) {
  const std::string modules = "/usr/lib/baresip/modules";
  BOOST_REQUIRE(std::filesystem::exists(modules));
  // It needs something to say: a second of silence, 16 bit at 8000 Hz.
  std::string silence(
      "RIFF\xa4\x3e\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x80\x3e\0\0",
      44);
  silence += std::string(16000, '\0');
  const auto said = write_file(folder_, "said.wav", silence);
  write_file(folder_, "config",
             "module_path " + modules +
                 "\nsip_listen 127.0.0.1:0\nmodule g711.so\nmodule aufile.so\nmodule sndfile.so\nmodule_tmp "
                 "account.so\n"
                 "module_app menu.so\naudio_source aufile," +
                 said + "\nsnd_path " + folder_.path().string() + "\n");
  write_file(folder_, "accounts", "<sip:" + number + "@127.0.0.1>;regint=0;audio_codecs=PCMU\n");
  write_file(folder_, "contacts", "");
}

std::unique_ptr<tests::ChildProcess> Baresip::start(const std::string& number,
                                                    const std::string& address) const {
  return std::make_unique<tests::ChildProcess>(
      std::vector<std::string>{"baresip", "-f", folder_.path().string(), "-e",
                               "/dial sip:" + number + "@" + address, "-t", "3"},
      folder_ / "baresip.log");
}

std::string Baresip::log() const {
  return read_file(folder_ / "baresip.log");
}

std::uintmax_t Baresip::heard_bytes() const {
  std::uintmax_t heard = 0;
  for (const auto& each : std::filesystem::directory_iterator(folder_.path()))
    if (each.path().string().ends_with("-dec.wav")) heard = each.file_size();
  return heard;
}

}  // namespace sitegate::devices::phone
