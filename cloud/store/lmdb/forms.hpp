// Registry objects and what ingest keeps, as payloads of records: whole, so that a record can be read without
// its key.
#pragma once
#include <optional>

#include "cloud/store/lmdb/record.hpp"
#include "cloud/store/store.hpp"

namespace sitegate::cloud {

void encode(const Technician&, RecordWriter&);
void encode(const Company&, RecordWriter&);
void encode(const Site&, RecordWriter&);
void encode(const ContractStructureEntry&, RecordWriter&);
void encode(const CredentialAssignment&, RecordWriter&);
void encode(const GatewayRecord&, RecordWriter&);
void encode(const GatewayPosition&, RecordWriter&);
void encode(const KeptBatch&, RecordWriter&);
void encode(const QuarantineItem&, RecordWriter&);
void encode(const UnregisteredPassage&, RecordWriter&);
void encode(const RepeatedBatch&, RecordWriter&);
void encode(const TypedPassage&, RecordWriter&);
void encode(const EpochReach&, RecordWriter&);

/// Each reads what its encode wrote; false if the form is wrong.
bool decode(ByteView, Technician&);
bool decode(ByteView, Company&);
bool decode(ByteView, Site&);
bool decode(ByteView, ContractStructureEntry&);
bool decode(ByteView, CredentialAssignment&);
bool decode(ByteView, GatewayRecord&);
bool decode(ByteView, GatewayPosition&);
bool decode(ByteView, KeptBatch&);
bool decode(ByteView, QuarantineItem&);
bool decode(ByteView, UnregisteredPassage&);
bool decode(ByteView, RepeatedBatch&);
bool decode(ByteView, TypedPassage&);
bool decode(ByteView, EpochReach&);

}  // namespace sitegate::cloud
