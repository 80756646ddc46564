// The store seam: what the cloud keeps. One conformance suite (tests/cloud/store) holds for every engine.
//
// Transactions: one writer at a time, readers see the last commit and never wait. A WriteTransaction that is
// destroyed without commit() leaves no trace. Objects handed out are values; nothing points into the store.
// Concurrency: a transaction belongs to the thread that began it; Store itself may be used from any thread.
// Durability: commit() returns only when the data would survive a power cut (Durability::full). A commit that
// failed is never tried again as if clean: reopen().
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/base/error.hpp"
#include "shared/model/registry.hpp"
#include "shared/model/site_roster.hpp"
#include "shared/model/work_history.hpp"

namespace sitegate::cloud {

enum class StoreErrc {
  not_a_store = 1,    ///< the URL names no engine, or the folder holds something else
  newer_format,       ///< written by a newer SiteGate: refused, untouched
  damaged,            ///< a record's checksum or form is wrong
  full,               ///< map or disk
  failed,             ///< the engine said no; detail has its words
  missing_reference,  ///< e.g. a roster entry for a technician that is not registered
  /// A value no record can hold: a counted date outside 1900 to 2199, a fraction of a second, an unknown
  /// enum.
  invalid
};
const char* errc_category(StoreErrc);
std::string_view errc_text(StoreErrc);

// ---- counters kept in the same transaction as what they count ----

struct HistoryCell {
  Month month{};          ///< of the work date
  Prefecture prefecture;  ///< of the site
  Method method = Method::card;
  bool effective = false;
  std::uint64_t count = 0;
  auto operator<=>(const HistoryCell&) const = default;
};
struct TechnicianCell {
  Month month{};  ///< of registration
  Prefecture prefecture;
  std::uint64_t count = 0;
  auto operator<=>(const TechnicianCell&) const = default;
};
struct CompanyCell {
  Month month{};  ///< of approval
  Prefecture prefecture;
  CompanyClass company_class = CompanyClass::corporation;  ///< today
  CompanyClass company_class_at_approval = CompanyClass::corporation;
  std::uint64_t count = 0;
  auto operator<=>(const CompanyCell&) const = default;
};
struct SiteCell {
  Month month{};  ///< of registration; sites with test data are not counted
  Prefecture prefecture;
  std::uint64_t count = 0;
  auto operator<=>(const SiteCell&) const = default;
};
/// Sorted; no cell with count 0. Histories of test-data sites are not counted.
struct Rollups {
  std::vector<HistoryCell> histories;
  std::vector<TechnicianCell> technicians;
  std::vector<CompanyCell> companies;
  std::vector<SiteCell> sites;
  bool operator==(const Rollups&) const = default;
};

// ---- what ingest keeps ----

/// How far a gateway's epoch has been registered.
struct GatewayPosition {
  GatewayId gateway;
  Epoch epoch = 0;
  Sequence watermark = 0;  ///< every sequence up to here is registered (or refused with a reason)
  Digest chain_head{};     ///< hash of the batch that ends at the watermark
  UtcTime received{};
  std::uint64_t duplicates = 0;  ///< batches that came again
  bool operator==(const GatewayPosition&) const = default;
};

/// A signed batch as received: the proof behind the histories.
struct KeptBatch {
  GatewayId gateway;
  Epoch epoch = 0;
  Sequence first = 0;
  Sequence through = 0;
  UtcTime received{};
  Bytes envelope;
  bool operator==(const KeptBatch&) const = default;
};

/// What the operator has made of something in the quarantine list. Values go into stores: append only, never
/// renumber.
enum class QuarantineOutcome : std::uint8_t {
  released = 1,   ///< taken in after all
  discarded = 2,  ///< will never count
};
inline constexpr std::uint8_t quarantine_outcome_max = 2;
/// "released": for lists.
std::string_view outcome_word(QuarantineOutcome outcome);

struct QuarantineDecision {
  QuarantineOutcome outcome = QuarantineOutcome::discarded;
  UtcTime at{};
  std::string by;   ///< 1 to quarantine_by_max bytes
  std::string why;  ///< at most quarantine_why_max bytes
  bool operator==(const QuarantineDecision&) const = default;
};
inline constexpr std::size_t quarantine_by_max = 64;
inline constexpr std::size_t quarantine_why_max = 200;

/// Something from outside that does not count, and why.
struct QuarantineItem {
  std::uint64_t number = 0;  ///< given by the store, rising from 1
  UtcTime received{};
  std::string source;  ///< topic, or event id of a refused passage
  std::string reason;  ///< one word: "bad_signature", "bad_chain", …
  std::string detail;
  std::uint64_t size = 0;  ///< of the original; `bytes` may be cut
  Bytes bytes;
  std::optional<QuarantineDecision> decision{};  ///< unset: nobody has decided yet
  bool operator==(const QuarantineItem&) const = default;
};
inline constexpr std::size_t quarantine_bytes_max = 64 * 1024;
/// The reason of a passage that its gateway names as lost on its disk.
inline constexpr std::string_view lost_at_gateway_reason = "damaged_at_gateway";

/// A registered batch that came again: its gateway sent it a second time because a receipt was lost, or
/// somebody replayed it. The two look alike and neither counts, so this is information, not an alarm.
struct RepeatedBatch {
  GatewayId gateway;
  Epoch epoch = 0;
  Sequence first = 0;
  Sequence through = 0;
  Digest hash{};          ///< of what was signed, when it came last
  UtcTime first_again{};  ///< when it came for the second time
  UtcTime last_again{};
  std::uint64_t times = 0;  ///< how often it came after it was registered
  bool operator==(const RepeatedBatch&) const = default;
};
/// Of each gateway as many are kept; a further one takes the place of the one that was first to be listed.
inline constexpr std::size_t repeated_batches_max = 1'000;
inline constexpr std::string_view repeated_reason = "came_again";

/// A passage that was recorded but makes no work history: nobody known, or the gate stayed shut.
struct UnregisteredPassage {
  EventId event;
  SiteId site;
  Passage passage;
  std::string reason;
  bool operator==(const UnregisteredPassage&) const = default;
};

/// How far a typed passage has come. Values go into stores: append only, never renumber.
enum class Approval : std::uint8_t { awaiting = 1 };
inline constexpr std::uint8_t approval_max = 1;
/// "awaiting": for lists.
std::string_view approval_word(Approval approval);

/// A passage that the clerk of a site typed (PC入力): kept apart, and counted nowhere as long as it awaits
/// approval.
struct TypedPassage {
  EventId event;
  SiteId site;
  Passage passage;  ///< with `typed`
  Approval approval = Approval::awaiting;
  bool operator==(const TypedPassage&) const = default;
};

struct TypedCount {
  SiteId site;
  std::uint64_t awaiting = 0;
  auto operator<=>(const TypedCount&) const = default;
};

/// How the cloud knows that an epoch reaches further than what is registered. Values go into stores: append
/// only, never renumber.
enum class Witness : std::uint8_t {
  health = 1,   ///< the gateway said how far it has recorded
  batch = 2,    ///< a batch came behind a gap
  receipt = 3,  ///< the gateway holds a receipt for it: this store is older than what was promised
};
inline constexpr std::uint8_t witness_max = 3;
/// "health": for lists.
std::string_view witness_word(Witness witness);

struct ReachMark {
  Sequence through = 0;
  UtcTime since{};  ///< when it was first known that the epoch reaches so far
  Witness witness = Witness::health;
  bool operator==(const ReachMark&) const = default;
};

/// Of each epoch as many marks are kept; beyond them the two newest become one that says the earlier time.
inline constexpr std::size_t reach_marks_max = 16;

/// What the cloud was told of a gateway's epoch beside what is registered (GatewayPosition): what it was told
/// of and does not have is missing.
struct EpochReach {
  GatewayId gateway;
  Epoch epoch = 0;
  UtcTime first_heard{};
  UtcTime last_heard{};
  Sequence told_through = 0;      ///< the furthest that was ever named
  Sequence promised_through = 0;  ///< the furthest for which the gateway said to hold a receipt
  std::vector<ReachMark> marks;   ///< beyond the watermark, rising
  std::uint64_t forks = 0;        ///< signed batches that contradict what is registered
  UtcTime first_fork{};
  UtcTime last_fork{};
  std::string fork;  ///< what the last one was
  /// The epoch in which a gateway that has ended this one goes on; 0: none is known. There, sequence q is
  /// what was continued_from + q - 1 here, up to continued_through.
  Epoch continued_in = 0;
  Sequence continued_from = 0;
  Sequence continued_through = 0;
  bool operator==(const EpochReach&) const = default;
};

struct MergeCounts {
  std::uint64_t added = 0;      ///< histories that did not exist
  std::uint64_t changed = 0;    ///< existed and became more
  std::uint64_t unchanged = 0;  ///< said nothing new
};

class ReadTransaction {
 public:
  virtual ~ReadTransaction() = default;

  // registry
  virtual Result<std::optional<Technician>> technician(TechnicianId) const = 0;
  virtual Result<std::optional<Company>> company(CompanyId) const = 0;
  virtual Result<std::optional<Site>> site(SiteId) const = 0;
  virtual Result<std::vector<ContractStructureEntry>> contract_structure(SiteId) const = 0;
  virtual Result<std::optional<RosterEntry>> roster_entry(SiteId, TechnicianId) const = 0;
  virtual Result<std::vector<CredentialAssignment>> credentials_of(TechnicianId) const = 0;
  /// All assignments of the same credential (same_credential): of a card whatever the technology where one of
  /// the two is unknown. Ordered by technician.
  virtual Result<std::vector<CredentialAssignment>> holders_of(const Credential&) const = 0;
  virtual Result<std::optional<GatewayRecord>> gateway(const GatewayId&) const = 0;
  virtual Result<std::vector<GatewayRecord>> gateways() const = 0;
  /// Rises with every commit that changed the site's settings, roster entries or their technicians' names or
  /// credentials; 0 = unknown site.
  virtual Result<std::uint64_t> roster_version(SiteId) const = 0;
  /// The change from `base_version` (0: the full roster) to now. An unknown or newer base gives the full
  /// roster.
  virtual Result<SiteRoster> site_roster(SiteId, std::uint64_t base_version) const = 0;

  // work histories
  virtual Result<std::optional<WorkHistory>> work_history(TechnicianId, SiteId, WorkDate) const = 0;
  /// By work date, then site.
  virtual Result<std::vector<WorkHistory>> histories_of(TechnicianId, WorkDate from,
                                                        WorkDate until) const = 0;
  /// Who was on the site that day, by ID.
  virtual Result<std::vector<TechnicianId>> technicians_on(SiteId, WorkDate) const = 0;

  // counters
  virtual Result<Rollups> rollups() const = 0;
  /// The same counted anew from the records themselves; `progress` (may be empty) is told the records read so
  /// far.
  virtual Result<Rollups> recount(const std::function<void(std::uint64_t)>& progress) const = 0;

  // ingest
  virtual Result<std::optional<GatewayPosition>> position(const GatewayId&, Epoch) const = 0;
  virtual Result<std::vector<GatewayPosition>> positions() const = 0;
  virtual Result<std::optional<EpochReach>> reach(const GatewayId&, Epoch) const = 0;
  /// By gateway, then epoch.
  virtual Result<std::vector<EpochReach>> reaches() const = 0;
  /// In order of sequence, starting with the batch that holds `from`; at most `count_max`.
  virtual Result<std::vector<KeptBatch>> kept_batches(const GatewayId&, Epoch, Sequence from,
                                                      std::size_t count_max) const = 0;
  /// Oldest first, starting with number `from`.
  virtual Result<std::vector<QuarantineItem>> quarantine(std::uint64_t from, std::size_t count_max) const = 0;
  /// Of one gateway, those listed last first.
  virtual Result<std::vector<RepeatedBatch>> repeated_batches(const GatewayId&,
                                                              std::size_t count_max) const = 0;
  virtual Result<std::vector<UnregisteredPassage>> unregistered_passages(SiteId,
                                                                         std::size_t count_max) const = 0;
  /// Of one site, or (nullopt) of all: by site, then the time of the passage, then event.
  virtual Result<std::vector<TypedPassage>> typed_passages(const std::optional<SiteId>&,
                                                           std::size_t count_max) const = 0;
  /// By site; only sites that have some.
  virtual Result<std::vector<TypedCount>> typed_counts() const = 0;
};

class WriteTransaction : public ReadTransaction {
 public:
  // Registry: put adds or replaces. References must exist (missing_reference otherwise): a site's prime
  // contractor, a structure entry's and roster entry's site, company and technician, a credential's
  // technician, a gateway's site.
  virtual Result<void> put(const Technician&) = 0;
  virtual Result<void> put(const Company&) = 0;
  virtual Result<void> put(const Site&) = 0;
  virtual Result<void> put(const ContractStructureEntry&) = 0;
  virtual Result<void> put(const RosterEntry&) = 0;
  /// The same for many at once; in any order, of any sites. All or (missing_reference) none.
  virtual Result<void> put_roster_entries(std::span<const RosterEntry>) = 0;
  virtual Result<void> remove_roster_entry(SiteId, TechnicianId) = 0;
  virtual Result<void> put(const CredentialAssignment&) = 0;
  virtual Result<void> put(const GatewayRecord&) = 0;

  /// Merges each contribution (model::merge) into its history and keeps the counters; technicians and sites
  /// must be registered, so must companies named by a snapshot (missing_reference, nothing changed). Any
  /// order; sorted by (month, technician) is fastest. The counts add up to the number of contributions.
  virtual Result<MergeCounts> merge_histories(std::span<const WorkHistory> contributions) = 0;

  virtual Result<void> set_position(const GatewayPosition&) = 0;
  virtual Result<void> set_reach(const EpochReach&) = 0;
  virtual Result<void> keep_batch(const KeptBatch&) = 0;
  /// Keeps at most quarantine_bytes_max bytes of the item; returns its number.
  virtual Result<std::uint64_t> add_to_quarantine(QuarantineItem) = 0;
  /// The item stays listed, with what was decided. `invalid`: no such number, or decided before, or by whom
  /// is not said.
  virtual Result<void> decide_quarantined(std::uint64_t number, const QuarantineDecision&) = 0;
  /// Adds to what is listed of the batch (same gateway, epoch and first sequence): times are summed, the
  /// earliest and the latest time stay. Costs the same however many are listed.
  virtual Result<void> add_repeated(const RepeatedBatch&) = 0;
  virtual Result<void> add_unregistered(const UnregisteredPassage&) = 0;
  /// Once for each event: the same event again changes nothing. `invalid` if the passage was not typed.
  virtual Result<void> add_typed(const TypedPassage&) = 0;

  /// Afterwards the transaction is over, whatever the outcome.
  [[nodiscard]] virtual Result<void> commit() = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual Result<std::unique_ptr<ReadTransaction>> begin_read() const = 0;
  virtual Result<std::unique_ptr<WriteTransaction>> begin_write() = 0;
  /// After a commit that failed what is on the disk is unknown, and every write is refused. Closes the store
  /// and opens it again; a commit of its own proves that the disk takes writes and that what is read is on
  /// it. Errors: what still stands in the way; everything is refused (failed) until it succeeds. No
  /// transaction may live, and nobody else may use the store meanwhile.
  virtual Result<void> reopen() = 0;
};

enum class Durability : std::uint8_t {
  full,  ///< every commit is synchronised to disk
  bulk,  ///< only close() is: for filling a new store that can be filled again, and for simulations in one
         ///< process
};
struct StoreOptions {
  Durability durability = Durability::full;
  bool read_only = false;
  std::size_t map_size = std::size_t{64} << 30;  ///< LMDB: upper bound of the file, bytes
};

/// "lmdb:/var/lib/sitegate/store" (folder; created unless read_only). Within one process a folder may be open
/// only once at a time; other processes may read, and write in turn.
Result<std::unique_ptr<Store>> open_store(const std::string& url, const StoreOptions& options = {});

}  // namespace sitegate::cloud
