// From passages to work histories: who counts, where, on which date, with which trade and position.
//
// A passage makes a history when the gate let the person through and the person, the site and the date are
// known. What makes none is kept with its reason (store: unregistered passages):
//   unknown_credential, not_on_roster, …  the gate stayed shut: the admission's word
//   unknown_credential                    let through, but nobody (or more than one) holds the credential
//   unknown_technician, unknown_site      not in the national registry
//   site_closed                           outside the site's period, and its settings do not let people in
//   then
//   typed_without_author                  said to be typed, but not by whom and why
// What a clerk typed makes none either: it awaits approval (store: typed passages), by whatever method it
// says it was recognised.
// Registering the same passage again changes nothing.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "cloud/store/store.hpp"

namespace sitegate::cloud {

/// Verified passages of one gateway's batch.
struct RegistrationBatch {
  GatewayId gateway;
  Epoch epoch = 0;
  SiteId site;
  std::vector<Passage> passages;
};

struct RegistrationCounts {
  std::uint64_t added = 0;         ///< histories that did not exist
  std::uint64_t changed = 0;       ///< existed and became more
  std::uint64_t unchanged = 0;     ///< said nothing new
  std::uint64_t unregistered = 0;  ///< passages that make no history
  std::uint64_t awaiting = 0;      ///< typed passages
};

/// A technician's day at a site as it is known already, for imports and simulations.
struct WorkedDay {
  TechnicianId technician;
  SiteId site;
  WorkDate work_date{};
  std::optional<UtcTime> first_entry;
  std::optional<UtcTime> last_exit;
  Method method = Method::card;
};

/// Told of each passage that makes no history, with its reason.
using UnregisteredSink = std::function<void(const UnregisteredPassage&)>;

/// Within the caller's transaction. Errors are the store's. `on_unregistered` may be empty.
Result<RegistrationCounts> register_passages(WriteTransaction& transaction,
                                             std::span<const RegistrationBatch> batches,
                                             const UnregisteredSink& on_unregistered = {});
/// The one technician who holds the credential; nullopt for nobody or several.
Result<std::optional<TechnicianId>> holder_of(const ReadTransaction& transaction,
                                              const Credential& credential);
/// For whole days that are known to count: the contract structure is asked as for passages, the site's period
/// is not. Technicians and sites must be registered (StoreErrc::missing_reference). Days of one technician at
/// one site should stand together: then each roster entry is looked up once.
Result<RegistrationCounts> register_days(WriteTransaction& transaction, std::span<const WorkedDay> days);

}  // namespace sitegate::cloud
