// A transport whose other end is the test: it keeps what was published, and can be away.
#pragma once
#include <vector>

#include "shared/mqtt/transport.hpp"

namespace sitegate::tests {

class RecordingTransport final : public mqtt::Transport {
 public:
  struct Sent {
    std::string topic;
    Bytes payload;
    std::uint64_t tag;
  };
  [[nodiscard]] bool connected() const override { return connected_; }
  Result<void> publish(const std::string& topic, ByteView payload, std::uint64_t tag) override {
    if (!connected_) return fail(mqtt::MqttErrc::not_connected, topic);
    sent_.push_back({topic, to_bytes(payload), tag});
    return success();
  }
  void set_connected(bool connected) { connected_ = connected; }
  /// What was published since the last call.
  std::vector<Sent> take() { return std::exchange(sent_, {}); }

 private:
  bool connected_ = true;
  std::vector<Sent> sent_;
};

}  // namespace sitegate::tests
