// baresip as a caller's telephone: https://github.com/baresip/baresip
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::phone {

class Baresip {
 public:
  /// A telephone of this number, which speaks G.711 mu-law and sends a second of silence.
  explicit Baresip(const std::string& number);
  /// Calls `number` at `address` and runs for 3 s.
  [[nodiscard]] std::unique_ptr<tests::ChildProcess> start(const std::string& number,
                                                           const std::string& address) const;
  /// To its end: baresip's exit code.
  [[nodiscard]] int call(const std::string& number, const std::string& address) const {
    return start(number, address)->wait();
  }
  [[nodiscard]] std::string log() const;
  /// Size of the file into which it wrote what it heard.
  [[nodiscard]] std::uintmax_t heard_bytes() const;

 private:
  tests::TemporaryFolder folder_;
};

}  // namespace sitegate::devices::phone
