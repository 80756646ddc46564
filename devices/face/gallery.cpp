#include "devices/face/gallery.hpp"

#include <string.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "devices/face/template_form.hpp"
#include "shared/base/error.hpp"

namespace sitegate::devices::face {
namespace {

/// Rows whose products fit into the first-level cache.
constexpr std::size_t block_rows = 512;

void offer(Candidates& candidates, TechnicianId person, float score) {
  if (score > candidates.best_score) {
    candidates.next = candidates.best;
    candidates.next_score = candidates.best_score;
    candidates.best = person;
    candidates.best_score = score;
  } else if (score > candidates.next_score) {
    candidates.next = person;
    candidates.next_score = score;
  }
}

}  // namespace

Gallery::Gallery(std::size_t dimensions, const std::vector<BiometricTemplate>& templates)
    : dimensions_(dimensions) {
  std::vector<std::size_t> order(templates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto one, auto other) {
    return templates[one].technician < templates[other].technician;
  });
  rows_.reserve(templates.size() * dimensions);
  for (const auto i : order) {
    const auto vector = decode_template(templates[i].bytes, dimensions);
    if (vector)
      add(templates[i].technician, *vector);
    else
      ++unusable_;
  }
}

Gallery::Gallery(std::size_t dimensions, std::span<const float> rows, std::span<const TechnicianId> owners)
    : dimensions_(dimensions) {
  SITEGATE_ASSERT(rows.size() == owners.size() * dimensions && std::is_sorted(owners.begin(), owners.end()));
  rows_.reserve(rows.size());
  for (std::size_t i = 0; i < owners.size(); ++i) add(owners[i], rows.subspan(i * dimensions, dimensions));
}

Gallery::~Gallery() {
  if (!rows_.empty()) ::explicit_bzero(rows_.data(), rows_.size() * sizeof(float));
}

void Gallery::add(TechnicianId technician, std::span<const float> vector) {
  if (people_.empty() || people_.back().technician != technician)
    people_.push_back({technician, templates(), 0});
  ++people_.back().rows;
  rows_.insert(rows_.end(), vector.begin(), vector.end());
}

Candidates Gallery::nearest(std::span<const float> face, DotProducts kernel) const {
  SITEGATE_ASSERT(face.size() == dimensions_);
  Candidates candidates;
  std::array<float, block_rows> products;
  auto person = people_.begin();
  float best_of_person = -1;
  for (std::size_t first = 0; first < templates(); first += block_rows) {
    const std::size_t count = std::min(block_rows, templates() - first);
    kernel(rows_.data() + first * dimensions_, count, dimensions_, face.data(), products.data());
    for (std::size_t i = 0; i < count; ++i) {
      best_of_person = std::max(best_of_person, products[i]);
      if (first + i + 1 < person->first_row + person->rows) continue;
      offer(candidates, person->technician, best_of_person);
      best_of_person = -1;
      ++person;
    }
  }
  return candidates;
}

std::optional<float> Gallery::score_of(TechnicianId technician, std::span<const float> face) const {
  SITEGATE_ASSERT(face.size() == dimensions_);
  const auto person =
      std::lower_bound(people_.begin(), people_.end(), technician,
                       [](const Person& each, TechnicianId id) { return each.technician < id; });
  if (person == people_.end() || person->technician != technician) return std::nullopt;
  std::vector<float> products(person->rows);
  dot_products()(rows_.data() + person->first_row * dimensions_, person->rows, dimensions_, face.data(),
                 products.data());
  return *std::max_element(products.begin(), products.end());
}

}  // namespace sitegate::devices::face
