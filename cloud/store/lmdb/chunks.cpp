#include "cloud/store/lmdb/chunks.hpp"

namespace sitegate::cloud {

void SiteMonthForm::encode(std::span<const Entry> entries, RecordWriter& record) {
  record.clear();
  Number last = 0;
  for (const Entry& entry : entries) {
    record.varint(entry.technician - last);
    record.bits(entry.days, 32);
    last = entry.technician;
  }
}

bool SiteMonthForm::decode(ByteView bytes, std::vector<Entry>& entries) {
  entries.clear();
  RecordReader record(bytes);
  Number last = 0;
  while (record.ok() && !record.at_end()) {
    last += static_cast<Number>(record.varint());
    entries.push_back({last, record.bits(32)});
    record.end_bits();
  }
  return record.complete();
}

void RosterForm::encode(std::span<const Entry> entries, RecordWriter& record) {
  record.clear();
  Number last = 0;
  for (const Entry& entry : entries) {
    record.varint(entry.technician - last);
    record.varint(std::uint64_t{entry.company} << 1 | (entry.removed ? 1 : 0));
    record.varint(entry.trade);
    record.byte(static_cast<std::uint8_t>(entry.position));
    record.signed_varint(entry.from);
    record.signed_varint(std::int64_t{entry.until} - entry.from);
    record.varint(entry.version);
    last = entry.technician;
  }
}

bool RosterForm::decode(ByteView bytes, std::vector<Entry>& entries) {
  entries.clear();
  RecordReader record(bytes);
  Entry entry;
  while (record.ok() && !record.at_end()) {
    entry.technician += static_cast<Number>(record.varint());
    const std::uint64_t company = record.varint();
    entry.removed = (company & 1) != 0;
    entry.company = static_cast<Number>(company >> 1);
    entry.trade = static_cast<TradeCode>(record.varint());
    entry.position = static_cast<Position>(record.byte());
    entry.from = static_cast<std::int32_t>(record.signed_varint());
    // Unsigned: a record that makes no sense must not overflow.
    entry.until = static_cast<std::int32_t>(static_cast<std::uint32_t>(entry.from) +
                                            static_cast<std::uint32_t>(record.signed_varint()));
    entry.version = record.varint();
    entries.push_back(entry);
  }
  return record.complete();
}

void encode_sites(std::span<const Number> sites, RecordWriter& record) {
  record.clear();
  Number last = 0;
  for (const Number site : sites) {
    record.varint(site - last);
    last = site;
  }
}

bool decode_sites(ByteView bytes, std::vector<Number>& sites) {
  sites.clear();
  RecordReader record(bytes);
  Number last = 0;
  while (record.ok() && !record.at_end()) {
    last += static_cast<Number>(record.varint());
    sites.push_back(last);
  }
  return record.complete();
}

}  // namespace sitegate::cloud
