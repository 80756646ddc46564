// A passage inside other messages. Private to shared/wire.
#pragma once
#include "shared/model/passage.hpp"
#include "shared/wire/flat.hpp"
#include "shared/wire/work_history_batch_generated.h"

namespace sitegate::wire {

flatbuffers::Offset<fb::Passage> put_passage(flatbuffers::FlatBufferBuilder& builder, const Passage& passage);
Result<Passage> read_passage(const fb::Passage& table);

}  // namespace sitegate::wire
