#include "devices/face/template_form.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

namespace sitegate::devices::face {
namespace {

static_assert(std::endian::native == std::endian::little,
              "template_form writes floats as they lie in memory");

constexpr std::uint8_t version = 1;
constexpr std::size_t header_size = 6;
constexpr std::size_t dimensions_max = 2'048;

float length_of(std::span<const float> vector) {
  return std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0F));
}

}  // namespace

bool normalise(std::span<float> vector) {
  const float length = length_of(vector);
  if (!std::isfinite(length) || length < 1e-6F) return false;
  for (auto& value : vector) value /= length;
  return true;
}

std::optional<Bytes> encode_template(std::span<const float> vector) {
  if (vector.empty() || vector.size() > dimensions_max || vector.size() % 8 != 0) return std::nullopt;
  std::vector<float> unit(vector.begin(), vector.end());
  if (!normalise(unit)) return std::nullopt;
  Bytes bytes{'F',
              'T',
              version,
              0,
              static_cast<std::uint8_t>(unit.size() & 0xFF),
              static_cast<std::uint8_t>(unit.size() >> 8)};
  bytes.resize(header_size + unit.size() * sizeof(float));
  std::memcpy(bytes.data() + header_size, unit.data(), unit.size() * sizeof(float));
  return bytes;
}

std::optional<std::vector<float>> decode_template(ByteView bytes, std::size_t dimensions) {
  if (bytes.size() != header_size + dimensions * sizeof(float)) return std::nullopt;
  if (bytes[0] != 'F' || bytes[1] != 'T' || bytes[2] != version || bytes[3] != 0) return std::nullopt;
  if (static_cast<std::size_t>(bytes[4] | bytes[5] << 8) != dimensions) return std::nullopt;
  std::vector<float> vector(dimensions);
  std::memcpy(vector.data(), bytes.data() + header_size, dimensions * sizeof(float));
  const float length = length_of(vector);
  if (!std::isfinite(length) || std::abs(length - 1) > 0.01F) return std::nullopt;
  return vector;
}

}  // namespace sitegate::devices::face
