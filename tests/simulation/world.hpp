// Gateways, a broker and the cloud in one process, driven by one seed: a discrete-event simulation in which
// days go by in moments. Everything between the accepted passage and the national record is the product's own
// code: outbox, sealer, publisher, ingest, registration, store. Given in are the clocks, the network (which
// loses, doubles, delays and so reorders), the crashes, the outages, the backups of the cloud and of
// gateways' disks, and second copies of a gateway.
#pragma once
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <tuple>
#include <variant>
#include <vector>

#include "cloud/fleet/fleet.hpp"
#include "cloud/gaps/gap_report.hpp"
#include "cloud/ingest/ingest.hpp"
#include "edge/outbox/outbox.hpp"
#include "edge/publisher/publisher.hpp"
#include "shared/base/clock.hpp"
#include "shared/base/retry_delay.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

/// Rates are per simulated day, of each gateway where it says so.
struct WorldSettings {
  int gateways = 3;
  int gateways_per_site = 3;
  int technicians_per_site = 40;
  int bursts_per_day = 4;                        ///< of each gateway: the morning, the noon break, …
  int passages_per_burst = 8;                    ///< at most; at least one
  std::uint64_t typed_every = 20;                ///< of that many passages a clerk types one: counts nowhere
  double loss = 0.05;                            ///< of each message
  double duplication = 0.05;                     ///< of each message
  std::chrono::milliseconds latency_max{4'000};  ///< of each message: what differs overtakes
  double gateway_crashes = 0.3;                  ///< of each gateway: kill, start again at once
  double gateway_outages = 0.1;                  ///< of each gateway: hours to days without a network
  double clock_steps = 0.05;  ///< of each gateway: its wall clock is set by up to two hours
  double broker_crashes = 1;  ///< what it holds is gone, every connection breaks
  double cloud_crashes = 1;
  double cloud_restores = 0.1;  ///< an earlier copy of the store comes back
  double health_messages = 4;   ///< of each gateway
  // Of each gateway: what happens to its disk. What is on no disk any more may be registered, or not.
  double disk_backups = 0;   ///< its disk is copied
  double disk_restores = 0;  ///< that copy comes back, and with it what was recorded until then
  double reinstalls = 0;     ///< an empty disk under the same identity
  double clones = 0;         ///< a copy of its disk starts as one more gateway, for good
  // What breaks a promise on purpose: the checks must notice.
  bool receipt_before_commit = false;  ///< what has a receipt is not in the store
  bool forgetful_outbox = false;       ///< a crash takes what was accepted and not yet sent
};

/// What has happened so far.
struct WorldCounts {
  std::uint64_t passages = 0;
  std::uint64_t typed = 0;
  std::uint64_t messages = 0;
  std::uint64_t lost = 0;
  std::uint64_t doubled = 0;
  std::uint64_t gateway_crashes = 0;
  std::uint64_t cloud_crashes = 0;
  std::uint64_t broker_crashes = 0;
  std::uint64_t outages = 0;
  std::uint64_t clock_steps = 0;
  std::uint64_t restores = 0;
  std::uint64_t disk_restores = 0;
  std::uint64_t reinstalls = 0;
  std::uint64_t clones = 0;
  std::uint64_t epochs_begun = 0;  ///< by gateways that found their identity used by another chain
  std::uint64_t known_before = 0;  ///< passages sent again under another epoch that were registered already
  std::uint64_t quarantined = 0;
  bool operator==(const WorldCounts&) const = default;
};

class World {
 public:
  World(std::uint64_t seed, const WorldSettings& settings);
  ~World();

  /// Lets so many days go by. Throws std::runtime_error when a promise is broken: after every receipt that it
  /// is not ahead of the cloud's commit, after every round of the cloud that an honest gateway is not
  /// quarantined and no history counts twice, after every day that the counters are what a recount gives.
  void run(int days);
  /// No more faults: everything that is under way arrives.
  void settle();
  /// After settle(): everything accepted that is still on a gateway's disk is registered, and nothing that
  /// was never accepted; each once; what was typed awaits approval, each once; counters = recount; every
  /// chain whole; the missing-record report is empty but for epochs that ended with their disk. Throws like
  /// run().
  void check_end();
  [[nodiscard]] cloud::GapReport gaps() const;

  /// Technician-days.
  [[nodiscard]] std::size_t accepted_count() const { return accepted_.size(); }
  [[nodiscard]] const WorldCounts& counts() const { return counts_; }

 private:
  struct Gateway;
  struct Letter {
    std::string topic;
    Bytes payload;
    std::uint64_t broker_life;  // letters of an earlier life of the broker are gone
  };
  struct Burst {
    std::size_t gateway;
  };
  struct Step {
    std::size_t gateway;
  };
  struct GatewayCrash {
    std::size_t gateway;
  };
  struct Outage {
    std::size_t gateway;
    std::chrono::milliseconds length;
  };
  struct Back {
    std::size_t gateway;
  };
  struct ClockStep {
    std::size_t gateway;
    std::chrono::milliseconds by;
  };
  struct Health {
    std::size_t gateway;
  };
  struct DiskBackup {
    std::size_t gateway;
  };
  struct DiskRestore {
    std::size_t gateway;
  };
  struct Reinstall {
    std::size_t gateway;
  };
  struct Clone {
    std::size_t gateway;
  };
  struct BrokerCrash {};
  struct CloudCrash {};
  struct Backup {};
  struct Restore {};
  struct Midnight {};
  using What =
      std::variant<Burst, Step, GatewayCrash, Outage, Back, ClockStep, BrokerCrash, CloudCrash, Backup,
                   Restore, Midnight, Letter, Health, DiskBackup, DiskRestore, Reinstall, Clone>;
  struct Event {
    MonotonicTime at;
    std::uint64_t order;  // among events of one instant: as they were planned
    What what;
    bool operator>(const Event& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
  };
  class Line;

  bool happens(double probability);
  std::size_t pick(std::size_t count);
  std::chrono::milliseconds moment_within(std::chrono::milliseconds length);
  void plan(std::chrono::milliseconds in, What what);
  /// The event at random moments of the day to come, so often on average.
  template <typename Make>
  void plan_some(double per_day, Make make);
  void plan_day();
  void next_event();

  void on(const Burst& burst);
  void on(const Step& step);
  void on(const GatewayCrash& crash);
  void on(const Outage& outage);
  void on(const Back& back);
  void on(const ClockStep& step);
  void on(const BrokerCrash& crash);
  void on(const CloudCrash& crash);
  void on(const Backup& backup);
  void on(const Restore& restore);
  void on(const Midnight& midnight);
  void on(Letter& letter);
  void on(const Health& health);
  void on(const DiskBackup& backup);
  void on(const DiskRestore& restore);
  void on(const Reinstall& reinstall);
  void on(const Clone& clone);

  void make_registry();
  void open_gateway(Gateway& gateway);
  static void close_gateway(Gateway& gateway);
  void send_health(Gateway& gateway);
  void plan_disk_faults(std::size_t gateway);
  void open_cloud();
  void record_passage(Gateway& gateway);
  void post(const std::string& topic, ByteView payload);
  void deliver_to_cloud(const Letter& letter);
  void step(Gateway& gateway);
  void plan_step(Gateway& gateway, std::chrono::milliseconds in);
  void check_receipt(const Gateway& gateway);
  void check_counters();
  void check_histories(const cloud::ReadTransaction& transaction) const;
  void check_typed(const cloud::ReadTransaction& transaction) const;
  void check_gaps() const;
  [[nodiscard]] bool everything_arrived() const;
  void check_chain(const Gateway& gateway, const cloud::ReadTransaction& transaction);

  Random random_;
  WorldSettings settings_;
  TemporaryFolder folder_;
  ManualClock clock_;
  bool faults_ = true;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::uint64_t planned_ = 0;

  crypto::SigningKey cloud_key_;
  std::vector<std::unique_ptr<Gateway>> gateways_;
  std::unique_ptr<Line> cloud_line_;
  std::unique_ptr<cloud::Store> store_;
  std::unique_ptr<cloud::Ingest> ingest_;
  std::unique_ptr<cloud::Fleet> fleet_;
  std::uint64_t broker_life_ = 0;
  bool has_backup_ = false;
  std::uint64_t letters_under_way_ = 0;

  using Day = std::tuple<TechnicianId, SiteId, WorkDate>;
  std::set<Day> accepted_;  // ever, also on disks that are gone
  WorldCounts counts_;
};

}  // namespace sitegate::tests
