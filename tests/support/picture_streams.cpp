#include "tests/support/picture_streams.hpp"

#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/support/free_port.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::tests {
namespace {

constexpr const char* python = "/usr/bin/python3";  // Debian's, which has Debian's modules

bool runs(const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  try {
    ChildProcess process(arguments, folder / "log");
    return process.wait() == 0;
  } catch (const std::exception&) {
    return false;
  }
}

/// True when somebody listens there; asked of the kernel, because the listener takes one client only.
bool listens(std::uint16_t port) {
  char wanted[16];
  std::snprintf(wanted, sizeof wanted, ":%04X ", port);
  std::ifstream table("/proc/net/tcp");
  for (std::string line; std::getline(table, line);)
    if (line.find(wanted) != std::string::npos && line.find(" 0A ") != std::string::npos) return true;
  return false;
}

void wait_for_listener(std::uint16_t port, const std::string& what) {
  if (!wait_until([port] { return listens(port); }, std::chrono::seconds(30)))
    throw std::runtime_error(what + " does not listen");
}

std::string server_script() {
  const char* source = std::getenv("SITEGATE_SOURCE");
  return std::string(source != nullptr ? source : ".") + "/tests/support/rtsp_server.py";
}

}  // namespace

bool MjpegCamera::is_installed() {
  static const bool there = runs({"ffmpeg", "-hide_banner", "-version"});
  return there;
}

MjpegCamera::MjpegCamera(std::vector<std::string> input) : port_(free_port()) {
  start(input);
}

void MjpegCamera::start(const std::vector<std::string>& input) {
  process_.reset();
  std::vector<std::string> arguments{"ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-re"};
  arguments.insert(arguments.end(), input.begin(), input.end());
  for (const auto& word : {std::string("-q:v"), std::string("3"), std::string("-f"), std::string("mpjpeg"),
                           std::string("-listen"), std::string("1"), address()})
    arguments.push_back(word);
  process_ = std::make_unique<ChildProcess>(arguments, folder_ / "ffmpeg.log");
  wait_for_listener(port_, "ffmpeg");
}

void MjpegCamera::pause() const {
  process_->signal(SIGSTOP);
}

bool RtspCamera::is_installed() {
  static const bool there = runs({python, server_script(), "--check"});
  return there;
}

RtspCamera::RtspCamera(const std::string& source) : port_(free_port()), source_(source) {
  start();
}

void RtspCamera::start() {
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{python, server_script(), std::to_string(port_), source_},
      folder_ / "rtsp.log");
  wait_for_listener(port_, "the RTSP server");
}

}  // namespace sitegate::tests
