#include "cloud/store/lmdb/lmdb_store.hpp"
#include "cloud/store/store.hpp"
#include "shared/base/url.hpp"

namespace sitegate::cloud {

const char* errc_category(StoreErrc) {
  return "store";
}

std::string_view errc_text(StoreErrc what) {
  switch (what) {
    case StoreErrc::not_a_store:
      return "there is no store here; name an empty or a store's folder as lmdb:FOLDER";
    case StoreErrc::newer_format:
      return "written by a newer SiteGate";
    case StoreErrc::damaged:
      return "a stored record is damaged; restore a backup";
    case StoreErrc::full:
      return "the disk or the store's map is full";
    case StoreErrc::failed:
      return "the store refused";
    case StoreErrc::missing_reference:
      return "what is referred to is not registered";
    case StoreErrc::invalid:
      return "no record can hold this value";
  }
  return "unknown";
}

std::string_view approval_word(Approval approval) {
  switch (approval) {
    case Approval::awaiting:
      return "awaiting";
  }
  return "invalid";
}

std::string_view outcome_word(QuarantineOutcome outcome) {
  switch (outcome) {
    case QuarantineOutcome::released:
      return "released";
    case QuarantineOutcome::discarded:
      return "discarded";
  }
  return "invalid";
}

std::string_view witness_word(Witness witness) {
  switch (witness) {
    case Witness::health:
      return "health";
    case Witness::batch:
      return "batch_behind_a_gap";
    case Witness::receipt:
      return "receipt_held_by_the_gateway";
  }
  return "invalid";
}

Result<std::unique_ptr<Store>> open_store(const std::string& url, const StoreOptions& options) {
  SITEGATE_TRY(parsed, parse_url(url));
  if (parsed.scheme == "lmdb" && parsed.authority.empty() && !parsed.path.empty())
    return LmdbStore::open(parsed.path, options);
  return fail(StoreErrc::not_a_store, url + ": expected lmdb:FOLDER");
}

}  // namespace sitegate::cloud
