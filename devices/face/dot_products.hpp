// The one loop that identification of one among many consists of: many rows times one vector.
#pragma once
#include <cstddef>

namespace sitegate::devices::face {

/// products[i] = rows[i] · vector, for `count` rows of `dimensions` floats without gaps. `dimensions` is a
/// multiple of 8.
using DotProducts = void (*)(const float* rows, std::size_t count, std::size_t dimensions,
                             const float* vector, float* products);

/// For every processor; compilers make of it what the target allows.
void dot_products_portable(const float* rows, std::size_t count, std::size_t dimensions, const float* vector,
                           float* products);
/// AVX2 with FMA; nullptr where this build or this processor has none.
DotProducts dot_products_avx2();
/// The fastest one here, chosen once.
DotProducts dot_products();

}  // namespace sitegate::devices::face
