#include "devices/face/dot_products.hpp"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sitegate::devices::face {

void dot_products_portable(const float* rows, std::size_t count, std::size_t dimensions, const float* vector,
                           float* products) {
  for (std::size_t row = 0; row < count; ++row, rows += dimensions) {
    // Eight sums side by side: no order of additions is forced on the compiler.
    std::array<float, 8> sums{};
    for (std::size_t i = 0; i < dimensions; i += 8)
      for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += rows[i + lane] * vector[i + lane];
    products[row] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  }
}

#if defined(__x86_64__)
namespace {

__attribute__((target("avx2,fma"))) float sum_of(__m256 eight) {
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/// Four rows at a time share each load of the vector; two sums a row hide the latency of the additions.
__attribute__((target("avx2,fma"))) void four_rows(const float* rows, std::size_t dimensions,
                                                   const float* vector, float* products) {
  __m256 sums[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
  for (std::size_t i = 0; i < dimensions; i += 8) {
    const __m256 part = _mm256_loadu_ps(vector + i);
    for (std::size_t row = 0; row < 4; ++row)
      sums[row] = _mm256_fmadd_ps(_mm256_loadu_ps(rows + row * dimensions + i), part, sums[row]);
  }
  for (std::size_t row = 0; row < 4; ++row) products[row] = sum_of(sums[row]);
}

__attribute__((target("avx2,fma"))) void dot_products_by_avx2(const float* rows, std::size_t count,
                                                              std::size_t dimensions, const float* vector,
                                                              float* products) {
  std::size_t row = 0;
  for (; row + 4 <= count; row += 4) four_rows(rows + row * dimensions, dimensions, vector, products + row);
  for (; row < count; ++row) {
    __m256 sum = _mm256_setzero_ps();
    for (std::size_t i = 0; i < dimensions; i += 8)
      sum = _mm256_fmadd_ps(_mm256_loadu_ps(rows + row * dimensions + i), _mm256_loadu_ps(vector + i), sum);
    products[row] = sum_of(sum);
  }
}

}  // namespace

DotProducts dot_products_avx2() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? dot_products_by_avx2 : nullptr;
}
#else
DotProducts dot_products_avx2() {
  return nullptr;
}
#endif

DotProducts dot_products() {
  static const DotProducts chosen =
      dot_products_avx2() != nullptr ? dot_products_avx2() : dot_products_portable;
  return chosen;
}

}  // namespace sitegate::devices::face
