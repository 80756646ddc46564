// A reader of terminals, opened by its URL and run as the gateway does.
#pragma once
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <thread>

#include "devices/reader.hpp"
#include "tests/devices/terminal/ledger.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::tests {

using OpenReader = Result<std::unique_ptr<devices::Reader>> (*)(const Url&,
                                                                const devices::ReaderSurroundings&);

/// 2026-11-22T07:41:05 in Japan.
inline const UtcTime terminal_time = *parse_utc("2026-11-21T22:41:05.000Z");

class ReaderRun {
 public:
  /// `sections` is the terminals' file.
  ReaderRun(OpenReader open, std::string scheme, std::string sections, std::string keys = {})
      : open_(open), scheme_(std::move(scheme)), keys_(std::move(keys)), port_(free_port()) {
    std::ofstream(folder_ / "terminals.toml") << sections;
    start();
  }
  ~ReaderRun() { stop(); }

  void start() {
    const auto text = scheme_ + "://127.0.0.1:" + std::to_string(port_) +
                      "?id=north&terminals=" + (folder_ / "terminals.toml").string() + keys_;
    auto reader = open_(parse_url(text).value(), {clock, folder_ / "data"});
    BOOST_REQUIRE_MESSAGE(reader.has_value(), (reader ? "" : reader.error().text()));
    reader_ = std::move(reader).value();
    thread_ = std::jthread([this](std::stop_token stop) {
      const auto ran =
          reader_->run(std::move(stop), [this](CredentialRead read) { ledger.take(std::move(read)); });
      if (!ran) trouble_ = ran.error().text();
    });
    BOOST_REQUIRE(wait_until([this] { return answers(port_); }));
  }
  void stop() {
    thread_ = {};
    BOOST_TEST(trouble_ == "");
    reader_.reset();
  }

  [[nodiscard]] devices::Reader& reader() { return *reader_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }

  ManualClock clock{terminal_time};
  Ledger ledger;

 private:
  const OpenReader open_;
  const std::string scheme_;
  const std::string keys_;
  TemporaryFolder folder_;
  const std::uint16_t port_;
  std::unique_ptr<devices::Reader> reader_;
  std::string trouble_;  // the thread's, until it has ended
  std::jthread thread_;
};

inline TerminalUserCredential user_of(const CredentialRead& read) {
  return std::get<TerminalUserCredential>(read.credential);
}

}  // namespace sitegate::tests
