// Records of the LMDB store behind their checksum. The first byte chooses the form.
#include <algorithm>

#include "cloud/store/lmdb/chunks.hpp"
#include "cloud/store/lmdb/forms.hpp"
#include "cloud/store/lmdb/technician_month.hpp"

namespace sitegate::cloud {
namespace {

/// What is read can be written, and reads the same: written twice it gives the same bytes.
template <typename Record>
void check_form(ByteView bytes) {
  Record first{};
  if (!decode(bytes, first)) return;
  RecordWriter once;
  encode(first, once);
  Record second{};
  SITEGATE_ASSERT(decode(once.view(), second));
  RecordWriter twice;
  encode(second, twice);
  SITEGATE_ASSERT(std::ranges::equal(once.view(), twice.view()));
}

template <typename Form>
void check_chunk(ByteView bytes) {
  std::vector<typename Form::Entry> entries;
  if (!Form::decode(bytes, entries) || entries.empty()) return;
  RecordWriter record;
  Form::encode(entries, record);
  std::vector<typename Form::Entry> again;
  SITEGATE_ASSERT(Form::decode(record.view(), again));
  SITEGATE_ASSERT(again == entries);
}

/// What encode_month asks of its caller: the checksum in front of decode_month lets nothing else through.
bool can_be_encoded(const std::vector<StoredDay>& days) {
  const auto not_rising = [](const StoredDay& a, const StoredDay& b) { return site_day(a) >= site_day(b); };
  const auto no_day = [](const StoredDay& day) { return day.day < 1 || day.day > 31; };
  return std::ranges::adjacent_find(days, not_rising) == days.end() && std::ranges::none_of(days, no_day);
}

void check_month(ByteView bytes) {
  const Month month = std::chrono::year(2023) / std::chrono::July;
  std::vector<StoredDay> days;
  if (!decode_month(month, bytes, days) || days.empty() || !can_be_encoded(days)) return;
  RecordWriter record;
  encode_month(month, days, record);
  std::vector<StoredDay> again;
  SITEGATE_ASSERT(decode_month(month, record.view(), again));
  SITEGATE_ASSERT(again == days);
}

void check_sites(ByteView bytes) {
  std::vector<Number> sites;
  (void)decode_sites(bytes, sites);
}

constexpr void (*checks[])(ByteView) = {check_form<Technician>,
                                        check_form<Company>,
                                        check_form<Site>,
                                        check_form<ContractStructureEntry>,
                                        check_form<CredentialAssignment>,
                                        check_form<GatewayRecord>,
                                        check_form<GatewayPosition>,
                                        check_form<KeptBatch>,
                                        check_form<QuarantineItem>,
                                        check_form<UnregisteredPassage>,
                                        check_form<RepeatedBatch>,
                                        check_chunk<SiteMonthForm>,
                                        check_chunk<RosterForm>,
                                        check_month,
                                        check_sites,
                                        check_form<TypedPassage>,
                                        check_form<EpochReach>};

}  // namespace
}  // namespace sitegate::cloud

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sitegate::cloud;
  if (size > 0) checks[data[0] % std::size(checks)]({data + 1, size - 1});
  return 0;
}
