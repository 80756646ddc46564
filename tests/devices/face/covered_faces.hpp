// The check behind covered_face_test and lfw_covered_test: the same for a few people and for all.
#pragma once
#include "tests/devices/face/drawn_faces.hpp"
#include "tests/devices/face/face_gate.hpp"

namespace sitegate::devices::face {

/// One probe of each enrolled person, and strangers, with everything that can be worn, at the pack's
/// thresholds.
inline void check_covered_faces(std::size_t enrolled, std::size_t strangers) {
  const InstalledRetail retail;
  // Press pictures show others as well: each face is looked at.
  const auto finder = FaceFinder::open(retail.pack).value();
  FaceGate gate(retail.pack, retail.folder.path(), "liveness=off&several=each");
  const LfwPeople people(gate, enrolled, strangers);
  for (std::size_t i = 0; i < worn_words.size(); ++i) {
    Tally tally;
    int silent = 0;
    const auto visit = [&](const fs::path& file, std::optional<TechnicianId> who) {
      const auto bare = cv::imread(file.string());
      const auto seen = gate.show(with(bare, face_in(*finder, bare), static_cast<Worn>(i)), 20);
      tally.add(seen, who);
      silent += seen.reads.empty() && seen.advices.empty() ? 1 : 0;
    };
    for (const auto& person : people.enrolled) visit(person.probes.front(), person.technician);
    for (const auto& stranger : people.strangers) visit(stranger, std::nullopt);
    BOOST_TEST_MESSAGE(worn_words[i] << ": " << tally.text());
    BOOST_TEST(tally.wrong == 0, worn_words[i]);
    BOOST_TEST(tally.strangers_taken == 0, worn_words[i]);
    // A face that is not found at all is told nothing: nobody stands there as far as the camera sees.
    BOOST_TEST(silent <= 1 + 0.1 * (tally.probes + tally.strangers), worn_words[i]);
  }
}

}  // namespace sitegate::devices::face
