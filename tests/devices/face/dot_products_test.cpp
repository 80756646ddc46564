// The kernels of 1:N against a plain loop in double, and the gallery against a search by hand.
#include "devices/face/dot_products.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "devices/face/gallery.hpp"
#include "devices/face/template_form.hpp"

namespace sitegate::devices::face {
namespace {

std::vector<float> random_rows(std::size_t count, std::size_t dimensions, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> rows(count * dimensions);
  for (auto& value : rows) value = normal(generator);
  for (std::size_t i = 0; i < count; ++i)
    BOOST_REQUIRE(normalise(std::span(rows).subspan(i * dimensions, dimensions)));
  return rows;
}

double plain_product(const float* one, const float* other, std::size_t dimensions) {
  double sum = 0;
  for (std::size_t i = 0; i < dimensions; ++i)
    sum += static_cast<double>(one[i]) * static_cast<double>(other[i]);
  return sum;
}

TechnicianId person(std::uint64_t number) {
  return TechnicianId::from_number(number).value();
}

void check_kernel(DotProducts kernel) {
  for (const std::size_t dimensions : {8u, 128u, 256u, 264u})
    for (const std::size_t count : {0u, 1u, 2u, 3u, 4u, 5u, 7u, 513u}) {
      const auto rows = random_rows(count, dimensions, static_cast<unsigned>(count + dimensions));
      const auto vector = random_rows(1, dimensions, 99);
      std::vector<float> products(count + 1, 77.0F);
      kernel(rows.data(), count, dimensions, vector.data(), products.data());
      for (std::size_t i = 0; i < count; ++i)
        BOOST_REQUIRE_SMALL(products[i] - plain_product(&rows[i * dimensions], vector.data(), dimensions),
                            2e-6);
      BOOST_TEST(products[count] == 77.0F);  // nothing is written beyond
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dot_products_test)

BOOST_AUTO_TEST_CASE(the_portable_kernel_agrees_with_a_plain_loop) {
  check_kernel(dot_products_portable);
}

BOOST_AUTO_TEST_CASE(the_avx2_kernel_agrees_with_a_plain_loop) {
  if (dot_products_avx2() == nullptr) {
    BOOST_TEST_MESSAGE("this processor has no AVX2");
    BOOST_TEST((dot_products() == dot_products_portable));
    return;
  }
  check_kernel(dot_products_avx2());
  BOOST_TEST((dot_products() == dot_products_avx2()));
}

BOOST_AUTO_TEST_CASE(the_gallery_finds_the_two_nearest_people) {
  constexpr std::size_t dimensions = 64;
  constexpr std::size_t count = 4'500;  // three templates a person
  const auto rows = random_rows(count, dimensions, 5);
  std::vector<TechnicianId> owners;
  for (std::size_t i = 0; i < count; ++i) owners.push_back(person(1 + i / 3));
  const Gallery gallery(dimensions, rows, owners);
  BOOST_TEST(gallery.people() == 1'500u);
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto face = random_rows(1, dimensions, 1'000 + seed);
    std::vector<double> best(1'501, -1);
    for (std::size_t i = 0; i < count; i += 3) {
      std::vector<float> mean(dimensions);
      for (std::size_t j = 0; j < 3 * dimensions; ++j) mean[j % dimensions] += rows[i * dimensions + j];
      BOOST_REQUIRE(normalise(mean));
      best[1 + i / 3] = plain_product(mean.data(), face.data(), dimensions);
    }
    const auto first = std::max_element(best.begin(), best.end());
    const auto first_person = static_cast<std::uint64_t>(first - best.begin());
    const double first_score = *first;
    *first = -1;
    const auto second = std::max_element(best.begin(), best.end());
    for (const auto kernel : {dot_products_portable, dot_products()}) {
      const auto found = gallery.nearest(face, kernel);
      BOOST_TEST(found.best.number() == first_person);
      BOOST_TEST(found.next.number() == static_cast<std::uint64_t>(second - best.begin()));
      BOOST_TEST(found.best_score == first_score, boost::test_tools::tolerance(1e-4));
      BOOST_TEST(found.next_score == *second, boost::test_tools::tolerance(1e-4));
    }
    BOOST_TEST(gallery.score_of(person(first_person), face).value() == static_cast<float>(first_score),
               boost::test_tools::tolerance(1e-4F));
  }
}

BOOST_AUTO_TEST_CASE(an_empty_gallery_finds_nobody) {
  const Gallery gallery(8, std::vector<BiometricTemplate>{});
  const auto found = gallery.nearest(random_rows(1, 8, 1));
  BOOST_TEST(!found.best);
  BOOST_TEST(!found.next);
  BOOST_TEST(!gallery.score_of(person(1), random_rows(1, 8, 1)));
}

BOOST_AUTO_TEST_CASE(templates_in_any_order_and_damaged_ones) {
  const auto rows = random_rows(3, 16, 3);
  const auto bytes_of = [&](std::size_t i) {
    return encode_template(std::span(rows).subspan(i * 16, 16)).value();
  };
  std::vector<BiometricTemplate> templates;
  templates.push_back({person(7), TemplateKind::face, {}, bytes_of(0)});
  templates.push_back({person(3), TemplateKind::face, {}, bytes_of(1)});
  templates.push_back({person(7), TemplateKind::face, {}, bytes_of(2)});
  templates.push_back({person(9), TemplateKind::face, {}, Bytes{'F', 'T', 1}});
  const Gallery gallery(16, templates);
  BOOST_TEST(gallery.people() == 2u);
  BOOST_TEST(gallery.templates() == 3u);
  BOOST_TEST(gallery.unusable() == 1u);
  BOOST_TEST(gallery.nearest(std::span(rows).subspan(32, 16)).best.number() == 7u);
  BOOST_TEST(gallery.nearest(std::span(rows).subspan(16, 16)).best.number() == 3u);
}

BOOST_AUTO_TEST_CASE(a_template_survives_its_bytes_and_nothing_else_is_one) {
  const auto vector = random_rows(1, 256, 8);
  const auto bytes = encode_template(vector).value();
  BOOST_TEST(bytes.size() == 6u + 1'024u);
  const auto again = decode_template(bytes, 256).value();
  for (std::size_t i = 0; i < vector.size(); ++i) BOOST_REQUIRE_SMALL(again[i] - vector[i], 1e-6F);
  BOOST_TEST(!decode_template(bytes, 128));
  BOOST_TEST(!decode_template(Bytes(bytes.begin(), bytes.end() - 1), 256));
  Bytes other_version = bytes;
  other_version[2] = 2;
  BOOST_TEST(!decode_template(other_version, 256));
  Bytes not_finite = bytes;
  not_finite[8] = 0xFF;
  not_finite[9] = 0x7F;
  BOOST_TEST(!decode_template(not_finite, 256));
  Bytes too_long = bytes;
  too_long[9] = 0x42;  // one value becomes about 32
  BOOST_TEST(!decode_template(too_long, 256));
  BOOST_TEST(!encode_template(std::vector<float>(256, 0.0F)));
  BOOST_TEST(!encode_template(std::vector<float>(7, 1.0F)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::face
