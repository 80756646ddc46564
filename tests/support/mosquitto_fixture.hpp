// A real Mosquitto under the test's control.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "shared/base/clock.hpp"
#include "shared/crypto/certificate.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

/// The three files a client of the broker needs.
struct ClientFiles {
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
};

/// Listens on 127.0.0.1; the port stays the same over restarts. Its folder goes with it. Not thread-safe.
class MosquittoFixture {
 public:
  enum class Security {
    mutual_tls,  ///< exactly what deploy/broker makes, with a throw-away authority: names localhost and
                 ///< 127.0.0.1
    open         ///< no TLS, nobody refused (benchmarks; protocol tests)
  };
  explicit MosquittoFixture(Security security = Security::mutual_tls);

  /// Returns when it takes connections. The constructor has started it already.
  void start();
  /// SIGKILL, as by a power cut.
  void kill();
  /// SIGTERM and wait: it says goodbye to its clients.
  void stop();
  /// SIGSTOP and SIGCONT: the line stays open, nobody answers.
  void pause();
  void resume();

  /// Another value in a line of its configuration; counts from the next start().
  void set(const std::string& option, const std::string& value) const;

  /// "mqtts://localhost:port" or "mqtt://localhost:port"
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  /// What it logged so far.
  [[nodiscard]] std::string log() const;
  /// The certificate of a client with this common name, made at the first call (Security::mutual_tls only).
  ClientFiles client(const std::string& common_name);
  /// Made at construction (Security::mutual_tls only).
  [[nodiscard]] const crypto::CertificateFiles& authority() const { return authority_; }

 private:
  void configure_open() const;
  void configure_tls();

  TemporaryFolder folder_;
  Security security_;
  std::uint16_t port_;
  crypto::CertificateFiles authority_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace sitegate::tests
