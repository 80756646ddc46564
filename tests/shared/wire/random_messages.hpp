// Messages of chance: every field within its limits, often right at them. The same seed gives the same
// message.
#pragma once
#include "shared/base/retry_delay.hpp"
#include "shared/wire/health.hpp"
#include "shared/wire/receipt.hpp"
#include "shared/wire/site_roster.hpp"
#include "shared/wire/work_history_batch.hpp"

namespace sitegate::wire::test {

/// The error's text, for a test's message; empty if there is none.
template <typename T>
std::string why(const Result<T>& result) {
  return result ? std::string() : result.error().text();
}

/// low and high each come up as often as everything between them together.
std::uint64_t random_number(Random& random, std::uint64_t low, std::uint64_t high);
/// UTF-8 of one to four bytes a character, exactly of a size in [size_min, size_max] bytes.
std::string random_text(Random& random, std::size_t size_min, std::size_t size_max);
Passage random_passage(Random& random, Sequence sequence);
/// So many passages, and now and then a damaged one between or behind them.
WorkHistoryBatch random_batch(Random& random, std::size_t passages);
Receipt random_receipt(Random& random);
SiteRoster random_roster(Random& random, std::size_t technicians);
Health random_health(Random& random);

/// A plain, valid passage: an admitted technician's entry by card.
Passage plain_passage(Sequence sequence);
WorkHistoryBatch plain_batch(std::size_t passages);
Receipt plain_receipt();
SiteRoster plain_roster();
Health plain_health();

}  // namespace sitegate::wire::test
