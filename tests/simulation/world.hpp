// Gateways, a broker and the cloud in one process, driven by one seed. Everything between the accepted
// passage and the national record is the product's own code: outbox, sealer, publisher, ingest, registration,
// store. Given in are the clock, the network (which loses, doubles, delays and reorders) and the crashes.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

#include "cloud/ingest/ingest.hpp"
#include "edge/outbox/outbox.hpp"
#include "edge/publisher/publisher.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/retry_delay.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

struct WorldSettings {
  int gateways = 3;
  int technicians = 40;
  double loss = 0.05;                  ///< of each message
  double duplication = 0.05;           ///< of each message
  double reordering = 0.10;            ///< of each message: it overtakes or is overtaken
  double crash = 0.004;                ///< per turn: of a gateway, the cloud or the broker
  bool receipt_before_commit = false;  ///< breaks the promise on purpose: the checks must notice
};

class World {
 public:
  World(std::uint64_t seed, const WorldSettings& settings);
  ~World();

  /// One thing happens: a passage, a delivery, a timer, a crash. Throws std::runtime_error when a promise is
  /// broken.
  void turn();
  /// No more faults: everything that is under way arrives.
  void settle();
  /// After settle(): accepted = registered, each once; counters = recount; every chain whole. Throws like
  /// turn().
  void check_end();

  [[nodiscard]] std::size_t accepted_count() const { return accepted_.size(); }
  [[nodiscard]] std::uint64_t passages_count() const { return passages_; }
  [[nodiscard]] std::uint64_t crashes_count() const { return crashes_; }
  [[nodiscard]] std::uint64_t lost_count() const { return lost_; }
  [[nodiscard]] std::uint64_t doubled_count() const { return doubled_; }
  [[nodiscard]] std::chrono::hours simulated() const;

 private:
  struct Gateway;
  struct Letter {
    std::string topic;
    Bytes payload;
  };
  class Line;

  bool happens(double probability);
  std::size_t pick(std::size_t count);
  void make_registry();
  void open_gateway(Gateway& gateway);
  void open_cloud();
  void crash_something();
  void record_passage();
  void post(const std::string& topic, ByteView payload);
  void deliver();
  void deliver_to_cloud(std::vector<Letter> letters);
  void step(Gateway& gateway);
  void check_receipts(const Gateway& gateway);

  Random random_;
  WorldSettings settings_;
  TemporaryFolder folder_;
  ManualClock clock_;
  UtcTime start_;
  bool faults_ = true;

  std::vector<TechnicianId> technicians_;
  SiteId site_;
  crypto::SigningKey cloud_key_;
  std::vector<std::unique_ptr<Gateway>> gateways_;
  std::unique_ptr<Line> cloud_line_;
  std::unique_ptr<cloud::Store> store_;
  std::unique_ptr<cloud::Ingest> ingest_;
  std::vector<Letter> network_;

  std::set<std::pair<TechnicianId, WorkDate>> accepted_;
  std::uint64_t passages_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t doubled_ = 0;
};

}  // namespace sitegate::tests
