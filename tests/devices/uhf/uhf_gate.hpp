// A gate with one UHF reader, run by the reader loop as in the gateway; collects what it reads.
#pragma once
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "devices/reader_loop.hpp"
#include "devices/uhf/uhf_reader.hpp"
#include "devices/uhf/uhf_simulator.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::uhf {

inline std::string url_of(std::uint16_t port, const std::string& query = {}) {
  return "uhf+llrp://127.0.0.1:" + std::to_string(port) + "?id=gate" + (query.empty() ? "" : "&") + query;
}

inline std::unique_ptr<UhfSimulator> simulator(SimulatorSettings settings, const Clock& clock,
                                               std::uint16_t port = 0) {
  auto started = UhfSimulator::start(settings, clock, port);
  BOOST_REQUIRE_MESSAGE(started, (started ? std::string() : started.error().text()));
  return std::move(started).value();
}

class UhfGate {
 public:
  UhfGate(const std::string& url, const Clock& clock) {
    auto reader = open_uhf_reader(parse_url(url).value(), {clock, {}});
    BOOST_REQUIRE_MESSAGE(reader, (reader ? std::string() : reader.error().text()));
    reader_ = static_cast<UhfReader*>(reader.value().get());
    const auto take = [this](CredentialRead read) {
      reads_.with([&](std::vector<CredentialRead>& reads) { reads.push_back(std::move(read)); });
    };
    loop_ = std::make_unique<ReaderLoop>("gate", std::move(reader).value(), take, clock, waiter_, 1);
  }
  ~UhfGate() { stop(); }

  void stop() { loop_.reset(); }
  [[nodiscard]] std::vector<CredentialRead> reads() const {
    return reads_.with([](const std::vector<CredentialRead>& reads) { return reads; });
  }
  [[nodiscard]] std::size_t count() const {
    return reads_.with([](const std::vector<CredentialRead>& reads) { return reads.size(); });
  }
  [[nodiscard]] bool has_reads(std::size_t count_min) const {
    return tests::wait_until([&] { return count() >= count_min; }, std::chrono::seconds(60));
  }
  [[nodiscard]] std::set<Bytes> epcs() const {
    std::set<Bytes> all;
    for (const auto& read : reads()) all.insert(std::get<UhfTagCredential>(read.credential).epc);
    return all;
  }
  [[nodiscard]] ReaderHealth health() const { return loop_->health(); }
  [[nodiscard]] std::uint64_t tag_reads() const { return reader_->tag_reads(); }

 private:
  SystemWaiter waiter_;
  Guarded<std::vector<CredentialRead>> reads_;
  UhfReader* reader_ = nullptr;       // of the loop
  std::unique_ptr<ReaderLoop> loop_;  // last: its thread uses the rest
};

/// The simulated reader's ROSpec runs.
inline bool reads(const UhfSimulator& simulator) {
  return tests::wait_until([&] { return simulator.counts().reading; });
}

}  // namespace sitegate::devices::uhf
