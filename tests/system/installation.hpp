// A whole installation under the test's control: a real Mosquitto with mutual TLS, the real sitegate-cloud
// and sitegate-edge as processes, their files in a temporary folder.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cloud/store/store.hpp"
#include "edge/outbox/outbox.hpp"
#include "shared/crypto/signing.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/mosquitto_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

struct InstallationSettings {
  int technicians = 10;
  bool with_structure = true;   ///< rosters with trade and position: histories are effective
  std::string edge_extra = {};  ///< lines appended to gateway.toml
  int health_interval_s = 1;    ///< of the gateway
  /// Besides each technician's card: by what other devices know them.
  std::vector<CredentialAssignment> credentials = {};
  // For faults of the disk and the line; relative paths start at the installation's folder.
  std::filesystem::path edge_data = "edge";
  std::filesystem::path store = "store";
  std::vector<std::string> edge_prefix = {};   ///< in front of the program and its arguments
  std::vector<std::string> cloud_prefix = {};  ///< likewise
};

class Installation {
 public:
  explicit Installation(const InstallationSettings& settings);
  ~Installation();

  /// The technician's only card.
  static CardCredential card_of(int technician);
  static TechnicianId technician(int number);
  static SiteId site();
  static GatewayId gateway();
  /// What the gateway signs with.
  [[nodiscard]] const crypto::SigningKey& gateway_key() const { return key_; }

  /// Counts from the next start_edge(): a line of the test's own to the broker.
  void use_edge_broker(const std::string& url) { edge_broker_url_ = url; }
  void start_cloud();
  void start_edge(const std::vector<std::string>& reader_urls);
  /// Counts from the next start_edge(): see InstallationSettings::edge_prefix.
  void run_edge_inside(std::vector<std::string> prefix) { settings_.edge_prefix = std::move(prefix); }
  void kill_cloud();  ///< SIGKILL
  void kill_edge();   ///< SIGKILL
  [[nodiscard]] pid_t edge_pid() const { return edge_->pid(); }
  [[nodiscard]] pid_t cloud_pid() const { return cloud_->pid(); }
  int stop_edge();  ///< SIGTERM; exit code
  int stop_cloud();
  /// Runs `sitegate` with these arguments to its end: exit code. What it printed is appended to
  /// tool_output().
  int run_tool(const std::vector<std::string>& arguments) const;
  [[nodiscard]] std::string tool_output() const;
  [[nodiscard]] std::string store_url() const { return "lmdb:" + (folder_ / settings_.store).string(); }
  [[nodiscard]] std::string outbox_folder() const {
    return (folder_ / settings_.edge_data / "outbox").string();
  }
  [[nodiscard]] std::string public_key_file() const { return (folder_ / "public.pem").string(); }
  [[nodiscard]] bool edge_running() { return edge_ && edge_->running(); }
  [[nodiscard]] bool cloud_running() { return cloud_ && cloud_->running(); }
  MosquittoFixture& broker() { return broker_; }

  /// Every line that the gateway showed or logged, over all its lives.
  [[nodiscard]] std::string edge_output() const;
  [[nodiscard]] std::string cloud_output() const;
  /// Of the edge's outbox, read beside the running gateway; nullopt before it was ever started.
  [[nodiscard]] std::optional<edge::OutboxState> outbox() const;
  /// Read beside the running cloud.
  [[nodiscard]] std::unique_ptr<cloud::ReadTransaction> records() const;
  /// Sum of the counters.
  [[nodiscard]] std::uint64_t registered() const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  /// Every passage that the outbox has ever taken and still keeps, sealed or not.
  [[nodiscard]] std::vector<Passage> kept_passages() const;

 private:
  void make_registry();
  void write_settings(const std::vector<std::string>& reader_urls) const;
  [[nodiscard]] std::string broker_section(const std::string& name, const std::string& url) const;

  InstallationSettings settings_;
  std::string edge_broker_url_;  // empty: the broker's own
  TemporaryFolder folder_;
  mutable MosquittoFixture broker_;
  crypto::SigningKey key_ = crypto::SigningKey::generate();
  std::unique_ptr<ChildProcess> cloud_;
  std::unique_ptr<ChildProcess> edge_;
};

}  // namespace sitegate::tests
