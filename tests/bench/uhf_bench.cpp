// 60 s of 1,000 tag reads a second from the simulated reader over TCP: are all there, and what of a core does
// the reader's thread take? Against that, how many the session and presence take in a second from memory. The
// first argument is the number of seconds. Prints JSON.
#include <fmt/format.h>
#include <time.h>

#include <cstdlib>
#include <set>
#include <thread>

#include "devices/uhf/uhf_reader.hpp"
#include "devices/uhf/uhf_simulator.hpp"
#include "shared/base/log.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/wait_until.hpp"

using namespace sitegate;
using namespace sitegate::devices;
using namespace sitegate::devices::uhf;
using namespace std::chrono_literals;

namespace {

constexpr unsigned reads_per_second = 1'000;
constexpr std::uint64_t from_memory = 100'000;

double cpu_seconds(clockid_t clock) {
  timespec time{};
  SITEGATE_ASSERT(clock_gettime(clock, &time) == 0);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// What the reader's thread hands over, with the thread's own processor time.
struct Taken {
  std::multiset<Bytes> epcs;
  double first_cpu = 0;
  double last_cpu = 0;
  MonotonicTime first_at{0};
  MonotonicTime last_at{0};

  void take(const CredentialRead& read, MonotonicTime now) {
    last_cpu = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
    last_at = now;
    if (epcs.empty()) {
      first_cpu = last_cpu;
      first_at = now;
    }
    epcs.insert(std::get<UhfTagCredential>(read.credential).epc);
  }
};

std::uint64_t lost(const Taken& taken, std::uint64_t total) {
  std::uint64_t missing = 0;
  for (std::uint64_t i = 0; i < total; ++i) missing += taken.epcs.contains(streamed_epc(i)) ? 0 : 1;
  return missing;
}

/// The answers of a reader, then reports of one tag each.
Bytes recorded_session() {
  const auto ok = [](std::uint16_t type) {
    return Element::message(type).add(Element::parameter(parameter::llrp_status));
  };
  auto event = Element::parameter(parameter::reader_event_notification_data);
  event.add(Element::parameter(parameter::connection_attempt_event));
  std::vector<Element> messages{Element::message(message::reader_event_notification).add(event)};
  for (const auto type : {message::get_reader_capabilities_response, message::set_reader_config_response,
                          message::delete_rospec_response, message::add_rospec_response,
                          message::enable_rospec_response, message::start_rospec_response})
    messages.push_back(ok(type));
  for (std::uint64_t i = 0; i < from_memory; ++i) {
    auto data = Element::parameter(parameter::tag_report_data);
    data.add(Element::parameter(parameter::epc_96).set("EPC", List{96, streamed_epc(i)}));
    data.add(Element::parameter(parameter::antenna_id).set("AntennaID", 1));
    data.add(Element::parameter(parameter::peak_rssi).set("PeakRSSI", 200));
    data.add(Element::parameter(parameter::first_seen_utc).set("Microseconds", i));
    data.add(Element::parameter(parameter::last_seen_utc).set("Microseconds", i));
    data.add(Element::parameter(parameter::tag_seen_count).set("TagCount", 1));
    messages.push_back(Element::message(message::ro_access_report).add(data));
  }
  Bytes stream;
  for (const auto& each : messages) {
    const auto bytes = encode({Version::v1_0_1, 1, each});
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  }
  return stream;
}

double reads_per_second_from_memory() {
  const auto stream = recorded_session();
  Session session({}, MonotonicTime{0});
  Presence presence{PresenceSettings{}};
  std::uint64_t passages = 0;
  const double seconds = tests::seconds_of([&] {
    for (std::size_t at = 0; at < stream.size(); at += 4096) {
      const auto piece = ByteView(stream).subspan(at, std::min<std::size_t>(4096, stream.size() - at));
      SITEGATE_ASSERT(session.receive(piece, MonotonicTime{0}));
      for (const auto& report : session.take_reports())
        presence.see({report.epc, report.antenna, 1, MonotonicTime{0}});
      passages += presence.take().size();
    }
  });
  SITEGATE_ASSERT(passages == from_memory);
  return static_cast<double>(from_memory) / seconds;
}

}  // namespace

int main(int argc, char** argv) {
  log::set_up("uhf_bench", "error");
  const auto seconds = static_cast<unsigned>(argc > 1 ? std::atoi(argv[1]) : 60);
  const std::uint64_t total = std::uint64_t{seconds} * reads_per_second;
  const SystemClock clock;
  const auto simulator = UhfSimulator::start({}, clock).value();
  const auto url = parse_url("uhf+llrp://127.0.0.1:" + std::to_string(simulator->port())).value();
  UhfReader reader({"gate", "1", DirectionRule::toggle}, parse_uhf_settings(url).value(), clock);
  Taken taken;
  {
    const std::jthread running([&](const std::stop_token& stop) {
      SITEGATE_ASSERT(
          reader.run(stop, [&](const CredentialRead& read) { taken.take(read, clock.monotonic()); }));
    });
    SITEGATE_ASSERT(tests::wait_until([&] { return simulator->counts().reading; }));
    simulator->stream(reads_per_second, total);
    static_cast<void>(tests::wait_until([&] { return reader.tag_reads() >= total; },
                                        std::chrono::seconds(2 * seconds + 10)));
  }
  const double process_cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double elapsed = std::chrono::duration<double>(taken.last_at - taken.first_at).count();
  fmt::print(
      "{{\"bench\":\"uhf\",\"reads\":{},\"lost\":{},\"reads_per_s\":{:.0f},\"seconds\":{:.1f},"
      "\"cpu_share_of_reader_thread\":{:.4f},\"cpu_share_with_simulator\":{:.4f},\"from_memory_per_s\":{:.0f}"
      "}}\n",
      taken.epcs.size(), lost(taken, total), static_cast<double>(taken.epcs.size()) / elapsed, elapsed,
      (taken.last_cpu - taken.first_cpu) / elapsed, process_cpu / elapsed, reads_per_second_from_memory());
  return lost(taken, total) == 0 ? 0 : 1;
}
