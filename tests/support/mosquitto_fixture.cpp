#include "tests/support/mosquitto_fixture.hpp"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "shared/base/clock.hpp"
#include "shared/base/error.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::tests {
namespace {

std::filesystem::path source_folder() {
  const char* folder = std::getenv("SITEGATE_SOURCE");
  return folder == nullptr ? std::filesystem::current_path() : std::filesystem::path(folder);
}

}  // namespace

MosquittoFixture::MosquittoFixture(Security security) : security_(security), port_(free_port()) {
  if (security_ == Security::mutual_tls)
    configure_tls();
  else
    configure_open();
  start();
}

// The deployed configuration itself. Mosquitto must be able to read the keys that this user made, so it stays
// this user.
void MosquittoFixture::configure_tls() {
  const UtcTime now = SystemClock().now();
  const auto authority = crypto::make_authority(folder_.path(), now);
  SITEGATE_ASSERT(authority.has_value());
  authority_ = authority.value();
  const auto server = crypto::issue_server(authority_, folder_.path(), {"localhost", "127.0.0.1"}, now);
  SITEGATE_ASSERT(server.has_value());
  const passwd* user = ::getpwuid(::getuid());
  SITEGATE_ASSERT(user != nullptr);
  const std::vector<std::string> command{source_folder() / "deploy/broker/render",
                                         "--folder",
                                         folder_.path(),
                                         "--authority",
                                         authority_.certificate,
                                         "--certificate",
                                         server.value().certificate,
                                         "--key",
                                         server.value().key,
                                         "--port",
                                         std::to_string(port_),
                                         "--bind",
                                         "127.0.0.1",
                                         "--user",
                                         user->pw_name};
  ChildProcess render(command, folder_ / "render.log");
  SITEGATE_ASSERT(render.wait() == 0);
}

ClientFiles MosquittoFixture::client(const std::string& common_name) {
  SITEGATE_ASSERT(security_ == Security::mutual_tls);
  const std::filesystem::path certificate = folder_ / (common_name + ".crt");
  if (!std::filesystem::exists(certificate))
    SITEGATE_ASSERT(
        crypto::issue_client(authority_, folder_.path(), common_name, SystemClock().now()).has_value());
  return {authority_.certificate, certificate, folder_ / (common_name + ".key")};
}

void MosquittoFixture::configure_open() const {
  std::ofstream(folder_ / "mosquitto.conf") << "listener " << port_ << " 127.0.0.1\n"
                                            << "allow_anonymous true\npersistence false\n"
                                            << "max_packet_size 4259840\nmax_inflight_messages 100\n";
}

void MosquittoFixture::start() {
  const std::vector<std::string> command{"/usr/sbin/mosquitto", "-c", (folder_ / "mosquitto.conf").string()};
  process_ = std::make_unique<ChildProcess>(command, folder_ / "mosquitto.log");
  const bool up = wait_until([this] { return answers(port_) || !process_->running(); });
  if (!up || !process_->running()) std::fprintf(stderr, "mosquitto did not start:\n%s\n", log().c_str());
  SITEGATE_ASSERT(up && process_->running());
}

void MosquittoFixture::kill() {
  process_->signal(SIGKILL);
  process_->wait();
}

void MosquittoFixture::stop() {
  process_->signal(SIGTERM);
  process_->wait();
}

void MosquittoFixture::pause() {
  process_->signal(SIGSTOP);
}
void MosquittoFixture::resume() {
  process_->signal(SIGCONT);
}

void MosquittoFixture::set(const std::string& option, const std::string& value) const {
  std::ifstream in(folder_ / "mosquitto.conf");
  std::string text;
  int changed = 0;
  for (std::string line; std::getline(in, line);) {
    const bool wanted = line.starts_with(option + " ");
    text += (wanted ? option + " " + value : line) + "\n";
    changed += wanted ? 1 : 0;
  }
  SITEGATE_ASSERT(changed == 1);
  std::ofstream(folder_ / "mosquitto.conf") << text;
}

std::string MosquittoFixture::url() const {
  return (security_ == Security::open ? "mqtt" : "mqtts") + std::string("://localhost:") +
         std::to_string(port_);
}

std::string MosquittoFixture::log() const {
  std::ostringstream text;
  text << std::ifstream(folder_ / "mosquitto.log").rdbuf();
  return text.str();
}

}  // namespace sitegate::tests
