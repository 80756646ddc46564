// The bytes of a face template: what BiometricTemplate::bytes holds for the kind face.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "shared/base/bytes.hpp"

namespace sitegate::devices::face {

/// 'F', 'T', version 1, 0, dimensions (2 bytes, little endian), then so many float32, little endian, of
/// length 1. Dimensions: a multiple of 8, 8 to 2,048. A zero vector has no direction: nullopt.
std::optional<Bytes> encode_template(std::span<const float> vector);
/// nullopt: another version, cut short, not finite, not of length 1 (within 1 %), or not `dimensions`.
std::optional<std::vector<float>> decode_template(ByteView bytes, std::size_t dimensions);

/// To length 1; false for a vector that is zero or not finite.
bool normalise(std::span<float> vector);

}  // namespace sitegate::devices::face
