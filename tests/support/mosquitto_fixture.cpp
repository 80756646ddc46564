#include "tests/support/mosquitto_fixture.hpp"

#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "shared/base/error.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::tests {

MosquittoFixture::MosquittoFixture(Security security) : security_(security), port_(free_port()) {
  configure_open();
  start();
}

void MosquittoFixture::configure_open() {
  std::ofstream(folder_ / "mosquitto.conf") << "listener " << port_ << " 127.0.0.1\n"
                                            << "allow_anonymous true\npersistence false\n"
                                            << "message_size_limit 4259840\nmax_inflight_messages 100\n";
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
