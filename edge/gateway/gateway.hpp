// Wires the gateway together: reader threads → bounded queue → pipeline thread (gate) → outbox → link thread
// → broker.
#pragma once
#include <memory>
#include <thread>
#include <vector>

#include "devices/barrier.hpp"
#include "devices/cameras.hpp"
#include "devices/reader_loop.hpp"
#include "edge/gateway/gate.hpp"
#include "edge/gateway/link.hpp"
#include "edge/gateway/settings.hpp"
#include "edge/kiosk/advice_desk.hpp"
#include "edge/local_page/status_page.hpp"
#include "edge/typed_entry/typed_page.hpp"

namespace sitegate::edge {

struct GatewayState {
  GateCounts gate;
  OutboxState outbox;
  LinkState link;
};

/// start() opens everything and returns; the destructor ends the readers first, records what they had read,
/// and leaves what is not receipted in the outbox. state() from any thread.
class Gateway {
 public:
  static Result<std::unique_ptr<Gateway>> start(const GatewaySettings& settings, const Clock& clock,
                                                OutcomeDisplay& display);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  [[nodiscard]] GatewayState state() const;

 private:
  struct Read {
    CredentialRead read;
    std::size_t place;  // position in readers_
  };
  struct Typed {
    TypedRecord record;
    TypedAnswer answer;
  };
  struct AttachedReader {
    devices::ReaderPlace place;
    std::unique_ptr<devices::SystemWaiter> waiter;
    std::unique_ptr<devices::ReaderLoop> loop;
  };

  Gateway(const GatewaySettings& settings, const Clock& clock, crypto::SigningKey key);
  Result<void> open(OutcomeDisplay& display);
  Result<void> open_gate(OutcomeDisplay& display, const PublicKey& cloud_key);
  Result<void> open_barriers();
  Result<void> open_readers();
  [[nodiscard]] devices::ReaderSurroundings surroundings(const devices::ReaderPlace& place);
  void advise(Advice advice, const devices::ReaderPlace& place);
  Result<void> recall();
  void let_through(const std::string& gate);
  Result<void> open_local_page();
  [[nodiscard]] GatewayStatus status() const;
  /// What the first page links to.
  [[nodiscard]] std::vector<PageLink> pages() const;
  Result<void> mount_typed_page();
  /// The gates that a clerk may name.
  [[nodiscard]] std::vector<std::string> typed_gates() const;
  [[nodiscard]] TypedPorts typed_ports();
  void work();
  /// True if something new is in the outbox.
  bool take(const Read& read);
  bool take(const Typed& typed);
  bool take(const Advice& advice);
  [[nodiscard]] std::vector<wire::ReaderHealth> reader_healths() const;
  void tell_trouble();

  // Constant after start.
  const GatewaySettings settings_;
  const Clock& clock_;
  const crypto::SigningKey key_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<RosterBook> roster_;
  std::unique_ptr<LiveMuster> muster_;
  std::unique_ptr<TechnicianCodes> codes_;               // used by the gate
  ExpectedPeople expected_;                              // whom readers of faces and veins compare with first
  std::unique_ptr<Gate> gate_;                           // used by the pipeline only
  OutcomeDisplay* display_ = nullptr;                    // likewise
  std::shared_ptr<devices::camera::CameraHub> cameras_;  // null in a build without cameras
  AdviceDesk advice_desk_;

  std::vector<std::unique_ptr<devices::Barrier>> barriers_;
  BoundedQueue<std::variant<Read, Typed, Advice>> reads_{1'024};
  std::vector<AttachedReader> readers_;
  std::unique_ptr<Link> link_;
  std::unique_ptr<TypedPage> typed_page_;  // null: nobody may type
  std::unique_ptr<LocalPage> local_page_;  // null: none is wanted

  // Of the pipeline's thread.
  std::vector<std::string> troubles_;  // of each reader, as told last
  std::optional<MonotonicTime> troubles_at_;

  std::jthread pipeline_;
};

}  // namespace sitegate::edge
