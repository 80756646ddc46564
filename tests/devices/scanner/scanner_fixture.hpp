// A reader that runs as in the gateway, and what it handed over.
#pragma once
#include <boost/test/unit_test.hpp>
#include <vector>

#include "devices/reader_loop.hpp"
#include "devices/scanner/scanner_reader.hpp"
#include "shared/base/guarded.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::scanner {

using tests::wait_until;

/// Made from a URL, run by the loop that the gateway runs it with.
class RunningScanner {
 public:
  explicit RunningScanner(const std::string& url)
      : loop_(
            "desk", opened(url),
            [this](CredentialRead read) {
              reads_.with([&](auto& reads) { reads.push_back(std::move(read)); });
            },
            clock_, waiter_, 7) {}
  ~RunningScanner() { loop_.stop(); }

  [[nodiscard]] bool listens() const { return loop_.health().state.starts_with("listening"); }
  [[nodiscard]] ReaderHealth health() const { return loop_.health(); }
  [[nodiscard]] std::vector<CredentialRead> reads() const {
    return reads_.with([](const auto& reads) { return reads; });
  }
  /// The texts of the codes read so far, once there are `count` of them.
  [[nodiscard]] std::vector<std::string> codes(std::size_t count) const {
    BOOST_TEST(wait_until([&] { return reads().size() >= count; }), state());
    std::vector<std::string> texts;
    for (const auto& read : reads()) {
      BOOST_TEST((read.method == Method::qr));
      const auto* code = std::get_if<CodeCredential>(&read.credential);
      texts.push_back(code == nullptr ? masked_text(read.credential) : code->text);
    }
    return texts;
  }
  /// What was refused, once there are `count` of them.
  [[nodiscard]] std::uint64_t failed(std::uint64_t count) const {
    BOOST_TEST(wait_until([&] { return loop_.health().failed_reads >= count; }), state());
    return loop_.health().failed_reads;
  }

 private:
  std::unique_ptr<Reader> opened(const std::string& url) const {
    const auto parsed = parse_url(url).value();
    const ReaderSurroundings around{clock_, "unused"};
    auto reader = parsed.scheme == "scanner+hid" ? open_keyboard_scanner(parsed, around)
                                                 : open_serial_scanner(parsed, around);
    if (!reader) BOOST_FAIL(reader.error().text());
    return std::move(reader).value();
  }
  [[nodiscard]] std::string state() const { return loop_.health().state + " " + loop_.health().last_error; }

  SystemClock clock_;
  SystemWaiter waiter_;
  Guarded<std::vector<CredentialRead>> reads_;
  ReaderLoop loop_;
};

inline void check(const std::vector<std::string>& made, const std::vector<std::string>& expected) {
  BOOST_TEST(made == expected, boost::test_tools::per_element());
}

}  // namespace sitegate::devices::scanner
