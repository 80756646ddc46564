// A small pack of this test's own making: two files of a few bytes.
#pragma once
#include <fmt/format.h>

#include <string>

#include "shared/crypto/digest.hpp"
#include "shared/model_pack/model_pack.hpp"

namespace sitegate::tests {

inline const std::string detector_bytes = "detector weights";
inline const std::string embedder_bytes = "embedder weights, some more";

inline std::string hash_of(const std::string& bytes) {
  return to_hex(crypto::sha256(as_bytes(bytes)));
}

/// Its addresses are https://models.example/first and /second.
inline std::string example_manifest(const std::string& thresholds_of = hash_of(embedder_bytes)) {
  return fmt::format(R"([pack]
name = "example-1"
title = "For tests"

[files.detector]
name = "detector.onnx"
sha256 = "{}"
bytes = {}
licence = "MIT"
source = "this test"
address = "https://models.example/first"

[files.embedder]
name = "embedder.onnx"
sha256 = "{}"
bytes = {}
licence = "Apache-2.0"
source = "this test"
address = "https://models.example/second"

[files.liveness_near]
name = "near.onnx"
sha256 = "{}"
bytes = {}
licence = "Apache-2.0"
source = "this test"

[embedding]
side_px = 128
dimensions = 256
alignment = [0.3, 0.4, 0.7, 0.4, 0.5, 0.6, 0.35, 0.8, 0.65, 0.8]

[liveness.liveness_near]
box_scale = 2.7

[thresholds]
embedder_sha256 = "{}"
one_to_one = 0.4
margin = 0.05
people = [300, 1000]
scores = [0.5, 0.6]
live = 0.7
)",
                     hash_of(detector_bytes), detector_bytes.size(), hash_of(embedder_bytes),
                     embedder_bytes.size(), hash_of("near"), 4, thresholds_of);
}

}  // namespace sitegate::tests
