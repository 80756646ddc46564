// The other side of second_decoder: what sitegate-qr-worker does.
#pragma once
#include <filesystem>

#include "shared/base/error.hpp"

namespace sitegate::devices::qr {

/// Answers pictures until the gateway has gone, or until it has seen so many that what the library leaks
/// is better given back: the gateway then starts another. An error: the models cannot be loaded.
Result<void> serve_wechat(const std::filesystem::path& models);

}  // namespace sitegate::devices::qr
