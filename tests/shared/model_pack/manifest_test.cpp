// pack.toml: what is read from it, and what is refused.
#include <boost/test/unit_test.hpp>

#include "tests/shared/model_pack/example_pack.hpp"

namespace sitegate::tests {
namespace {

/// The manifest with one text in place of another; the test fails if it is not there.
std::string changed(const std::string& from, const std::string& to) {
  auto text = example_manifest();
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

void check_refused(const std::string& text, const std::string& word) {
  const auto pack = parse_manifest(text, "pack.toml");
  BOOST_REQUIRE_MESSAGE(!pack, word);
  BOOST_TEST(is(pack.error(), ModelPackErrc::bad_manifest));
  BOOST_TEST(pack.error().detail.find(word) != std::string::npos, pack.error().text());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(manifest)

BOOST_AUTO_TEST_CASE(everything_is_read) {
  const auto pack = parse_manifest(example_manifest(), "pack.toml").value();
  BOOST_TEST(pack.name == "example-1");
  BOOST_REQUIRE_EQUAL(pack.files.size(), 3u);
  BOOST_TEST(pack.file("detector")->bytes == detector_bytes.size());
  BOOST_TEST(to_hex(pack.maker()) == hash_of(embedder_bytes));
  BOOST_TEST(pack.file("nothing") == nullptr);
  BOOST_TEST((pack.embedding.kind == EmbeddingKind::network));
  BOOST_TEST(pack.embedding.dimensions == 256);
  BOOST_TEST(pack.embedding.alignment[1] == 0.4);
  BOOST_REQUIRE_EQUAL(pack.liveness.size(), 1u);
  BOOST_TEST(pack.liveness[0].box_scale == 2.7);
  BOOST_TEST(pack.thresholds.one_to_one == 0.4);
  BOOST_TEST(pack.thresholds.live == 0.7);
}

BOOST_AUTO_TEST_CASE(thresholds_follow_the_number_of_people) {
  const auto thresholds = parse_manifest(example_manifest(), "pack.toml").value().thresholds;
  BOOST_TEST(thresholds.for_people(1).value() == 0.5);
  BOOST_TEST(thresholds.for_people(300).value() == 0.5);
  BOOST_TEST(thresholds.for_people(301).value() == 0.6);
  BOOST_TEST(!thresholds.for_people(1'001));
}

BOOST_AUTO_TEST_CASE(thresholds_of_another_network_are_refused) {
  check_refused(example_manifest(hash_of("another network")), "thresholds.embedder_sha256");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_named) {
  check_refused(changed("example-1", "../up"), "pack.name");
  check_refused(changed("detector.onnx", "../detector.onnx"), "files.detector.name");
  check_refused(changed("detector.onnx", "pack.toml"), "files.detector.name");
  check_refused(changed("\"embedder.onnx\"", "\"detector.onnx\""), "same name");
  check_refused(changed("https://models.example/first", "ftp://models.example/first"),
                "files.detector.address");
  check_refused(changed(hash_of(detector_bytes), "beef"), "files.detector.sha256");
  check_refused(changed("[files.detector]", "[files.finder]"), "detector");
  check_refused(changed("dimensions = 256", "dimensions = 250"), "embedding.dimensions");
  check_refused(changed(", 0.65, 0.8]", "]"), "embedding.alignment");
  check_refused(changed("[liveness.liveness_near]", "[liveness.liveness_far]"), "liveness.liveness_far");
  check_refused(changed("scores = [0.5, 0.6]", "scores = [0.5]"), "thresholds.scores");
  check_refused(changed("people = [300, 1000]", "people = [1000, 300]"), "thresholds.people");
  check_refused(changed("scores = [0.5, 0.6]", "scores = [0.5, nan]"), "thresholds.scores");
  check_refused(changed("one_to_one = 0.4", "one_to_one = \"low\""), "thresholds.one_to_one");
  check_refused(changed("live = 0.7", "life = 0.7"), "thresholds.life");
  check_refused("no manifest at all", "pack.toml");
}

BOOST_AUTO_TEST_CASE(the_known_packs_are_whole) {
  BOOST_TEST(known_packs().size() == 2u);
  for (const auto& known : known_packs()) {
    const auto pack = parse_manifest(std::string(known.manifest), std::string(known.name));
    BOOST_REQUIRE_MESSAGE(pack.has_value(), (pack ? "" : pack.error().text()));
    BOOST_TEST(pack.value().name == known.name);
    for (const auto& file : pack.value().files) BOOST_TEST(!file.licence.empty());
  }
  // Without liveness networks nobody is let in by the face alone: README.md says so.
  BOOST_TEST(parse_manifest(std::string(known_pack("opencv-zoo")->manifest), "").value().liveness.empty());
  BOOST_TEST(parse_manifest(std::string(known_pack("retail-0095")->manifest), "").value().liveness.size() ==
             2u);
  BOOST_TEST(known_pack("eigenfaces") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
