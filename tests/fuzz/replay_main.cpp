// Main of a fuzz target's common test: gives the target its corpus, every file also cut short and with
// flipped bits, the same ones each time. A finding ends the program as it would end the fuzzer; the last line
// then names the input.
#define BOOST_TEST_MODULE sitegate
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "shared/base/bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// Of the sanitizers, where the program is built with them.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace sitegate::fuzz {
namespace {

constexpr std::size_t corpus_files_max = 30;
constexpr std::size_t cuts_max = 64;    // of one file, spread evenly
constexpr std::size_t flips_max = 200;  // of one file, drawn
constexpr std::uint32_t flip_seed = 20230731;

// Plain memory: it is still there when the program's end finds a leak.
std::array<char, 256> current_input{};

extern "C" void name_the_input() {
  const auto end = std::find(current_input.begin(), current_input.end(), '\0');
  (void)!::write(STDERR_FILENO, current_input.data(), static_cast<std::size_t>(end - current_input.begin()));
}

struct CorpusFile {
  std::string name;
  Bytes bytes;
};

/// Of the target that this program is named after: test_fuzz_<target>.
std::filesystem::path corpus_folder() {
  constexpr std::string_view prefix = "test_fuzz_";
  const std::filesystem::path program = boost::unit_test::framework::master_test_suite().argv[0];
  const char* source = std::getenv("SITEGATE_SOURCE");
  BOOST_REQUIRE_MESSAGE(source != nullptr, "SITEGATE_SOURCE must name the source root");
  return std::filesystem::path(source) / "tests" / "corpus" /
         program.filename().string().substr(prefix.size());
}

std::vector<CorpusFile> read_corpus() {
  std::vector<CorpusFile> files;
  for (const auto& entry : std::filesystem::directory_iterator(corpus_folder())) {
    std::ifstream in(entry.path(), std::ios::binary);
    files.push_back({entry.path().filename().string(), Bytes{std::istreambuf_iterator<char>(in), {}}});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

const std::vector<CorpusFile>& corpus() {
  static const std::vector<CorpusFile> files = [] {
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(name_the_input);
    return read_corpus();
  }();
  BOOST_REQUIRE_MESSAGE(!files.empty(), "the corpus is empty: " << corpus_folder());
  return files;
}

/// In a block of exactly this size, so that a read behind it is noticed.
void try_input(ByteView input, const std::string& description) {
  std::snprintf(current_input.data(), current_input.size(), "the input was %s\n", description.c_str());
  BOOST_TEST_CHECKPOINT(description);  // named by Boost.Test after a failed assertion
  const Bytes exact(input.begin(), input.end());
  BOOST_REQUIRE_EQUAL(LLVMFuzzerTestOneInput(exact.data(), exact.size()), 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fuzz)

BOOST_AUTO_TEST_CASE(the_corpus_as_it_is) {
  BOOST_TEST(corpus().size() <= corpus_files_max);
  try_input({}, "nothing");
  for (const auto& [name, bytes] : corpus()) try_input(bytes, name);
}

BOOST_AUTO_TEST_CASE(the_corpus_cut_short) {
  for (const auto& [name, bytes] : corpus()) {
    const std::size_t cuts = std::min(bytes.size(), cuts_max);
    for (std::size_t cut = 0; cut < cuts; ++cut) {
      const std::size_t size = bytes.size() * cut / cuts;
      try_input(ByteView(bytes).first(size), name + ", its first " + std::to_string(size) + " bytes");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_corpus_with_flipped_bits) {
  for (const auto& [name, bytes] : corpus()) {
    std::minstd_rand draw(flip_seed);
    Bytes flipped = bytes;
    for (std::size_t flip = 0; flip < flips_max && !bytes.empty(); ++flip) {
      const std::size_t bit = draw() % (bytes.size() * 8);
      const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
      flipped[bit / 8] ^= mask;
      try_input(flipped, name + ", bit " + std::to_string(bit) + " flipped");
      flipped[bit / 8] ^= mask;
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::fuzz
