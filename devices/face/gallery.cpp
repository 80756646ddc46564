#include "devices/face/gallery.hpp"

#include <string.h>

#include <algorithm>
#include <array>
#include <functional>
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
  for (const auto i : order) {
    const auto vector = decode_template(templates[i].bytes, dimensions);
    if (vector)
      add(templates[i].technician, *vector);
    else
      ++unusable_;
  }
  finish_person();
}

Gallery::Gallery(std::size_t dimensions, std::span<const float> rows, std::span<const TechnicianId> owners)
    : dimensions_(dimensions) {
  SITEGATE_ASSERT(rows.size() == owners.size() * dimensions && std::is_sorted(owners.begin(), owners.end()));
  rows_.reserve(rows.size());
  for (std::size_t i = 0; i < owners.size(); ++i) add(owners[i], rows.subspan(i * dimensions, dimensions));
  finish_person();
}

Gallery::~Gallery() {
  if (!rows_.empty()) ::explicit_bzero(rows_.data(), rows_.size() * sizeof(float));
}

std::span<float> Gallery::row(std::size_t person) {
  return std::span(rows_).subspan(person * dimensions_, dimensions_);
}

/// Sums up; finish_person() makes the sum's length 1.
void Gallery::add(TechnicianId technician, std::span<const float> vector) {
  ++templates_;
  if (!people_.empty() && people_.back() == technician) {
    const auto sum = row(people_.size() - 1);
    std::transform(sum.begin(), sum.end(), vector.begin(), sum.begin(), std::plus<>());
    return;
  }
  finish_person();
  people_.push_back(technician);
  rows_.insert(rows_.end(), vector.begin(), vector.end());
}

/// Templates that cancel each other out are nobody's face.
void Gallery::finish_person() {
  if (people_.empty() || normalise(row(people_.size() - 1))) return;
  people_.pop_back();
  rows_.resize(people_.size() * dimensions_);
  ++unusable_;
}

Candidates Gallery::nearest(std::span<const float> face, DotProducts kernel) const {
  SITEGATE_ASSERT(face.size() == dimensions_);
  Candidates candidates;
  std::array<float, block_rows> products;
  for (std::size_t first = 0; first < people_.size(); first += block_rows) {
    const std::size_t count = std::min(block_rows, people_.size() - first);
    kernel(rows_.data() + first * dimensions_, count, dimensions_, face.data(), products.data());
    for (std::size_t i = 0; i < count; ++i)
      if (products[i] > candidates.next_score) offer(candidates, people_[first + i], products[i]);
  }
  return candidates;
}

std::optional<float> Gallery::score_of(TechnicianId technician, std::span<const float> face) const {
  SITEGATE_ASSERT(face.size() == dimensions_);
  const auto found = std::lower_bound(people_.begin(), people_.end(), technician);
  if (found == people_.end() || *found != technician) return std::nullopt;
  const auto person = static_cast<std::size_t>(found - people_.begin());
  float product = 0;
  dot_products()(rows_.data() + person * dimensions_, 1, dimensions_, face.data(), &product);
  return product;
}

}  // namespace sitegate::devices::face
