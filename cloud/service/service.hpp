// Wires the cloud's parts together: broker → inbox → one worker → store → receipts.
#pragma once
#include <condition_variable>
#include <memory>
#include <stop_token>
#include <thread>

#include "cloud/fleet/fleet.hpp"
#include "cloud/ingest/inbox.hpp"
#include "cloud/ingest/ingest.hpp"
#include "cloud/service/settings.hpp"
#include "shared/base/guarded.hpp"
#include "shared/base/retry_delay.hpp"

namespace sitegate::cloud {

/// What has happened since the start.
struct ServiceCounts {
  IngestCounts ingest;
  std::uint64_t health_messages = 0;
  std::uint64_t health_refused = 0;
  std::uint64_t left_to_be_sent_again = 0;  ///< the queue was full, or the store refused
  std::uint64_t commits_failed = 0;
  std::string store_problem;  ///< why nothing can be registered; empty while all is well
};

/// start() opens everything and returns; the destructor ends the worker after its current commit. Members
/// from any thread.
class Service {
 public:
  static Result<std::unique_ptr<Service>> start(const ServiceSettings& settings, const Clock& clock);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  [[nodiscard]] ServiceCounts counts() const;
  [[nodiscard]] bool connected() const { return client_->connected(); }
  [[nodiscard]] const Store& store() const { return *store_; }

 private:
  Service(const ServiceSettings& settings, const Clock& clock, std::unique_ptr<Store> store,
          crypto::SigningKey key);
  Result<void> connect();
  void take(std::string_view topic, ByteView payload);
  void push(IncomingMessage message);
  void work(std::stop_token stop);
  std::vector<IncomingMessage> gather();
  void answer(const IncomingMessage& health);
  void process(std::vector<IncomingMessage> messages);
  void on_refused(std::size_t messages, bool storage);
  void mend_store(const std::stop_token& stop);
  void keep_reaches(std::chrono::milliseconds interval);

  // Constant after start.
  const ServiceSettings settings_;
  const Clock& clock_;
  const std::unique_ptr<Store> store_;
  const crypto::SigningKey key_;

  Inbox inbox_;
  Guarded<ServiceCounts> counts_;

  // Used by the worker only.
  bool store_works_ = true;
  std::size_t commit_size_;  // messages; small after a failure, until the store is seen to work
  RetryDelay mend_delay_;
  std::unique_ptr<mqtt::Client> client_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<Fleet> fleet_;
  MonotonicTime reaches_kept_at_{0};
  std::jthread worker_;
};

}  // namespace sitegate::cloud
