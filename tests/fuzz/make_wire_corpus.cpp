// make_wire_corpus FOLDER: writes FOLDER/wire_<message>/*.bin, the messages of which the fuzz targets of
// shared/wire begin.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "tests/shared/wire/golden_messages.hpp"
#include "tests/shared/wire/random_messages.hpp"

namespace {

using namespace sitegate;
using namespace sitegate::wire;

constexpr std::size_t size_max = 16 * 1024;  // a mutation of a larger file rarely hits what matters

bool write(const std::filesystem::path& file, const Bytes& bytes) {
  if (bytes.size() > size_max) return true;
  std::error_code problem;
  std::filesystem::create_directories(file.parent_path(), problem);
  std::ofstream out(file, std::ios::binary);
  out << as_text(bytes);
  return out.flush().good();
}

bool write_messages(const std::filesystem::path& folder, const std::string& name, std::uint64_t seed) {
  Random random(seed);
  const Bytes batch = encode(test::random_batch(random, 1 + seed));
  const auto key = test::golden_gateway_key();
  return write(folder / "wire_batch" / name, batch) &&
         write(folder / "wire_passage" / name, encode_passage(test::random_passage(random, seed))) &&
         write(folder / "wire_receipt" / name, encode(test::random_receipt(random))) &&
         write(folder / "wire_roster" / name, encode(test::random_roster(random, seed)).value()) &&
         write(folder / "wire_health" / name, encode(test::random_health(random))) &&
         write(folder / "wire_envelope" / name, seal(MessageKind::history, "gate-1", batch, key).bytes);
}

bool write_golden_values(const std::filesystem::path& folder) {
  return write(folder / "wire_batch" / "golden.bin", encode(test::golden_batch())) &&
         write(folder / "wire_passage" / "golden.bin", encode_passage(test::golden_passage())) &&
         write(folder / "wire_receipt" / "golden.bin", encode(test::golden_receipt())) &&
         write(folder / "wire_roster" / "golden.bin", encode(test::golden_roster()).value()) &&
         write(folder / "wire_health" / "golden.bin", encode(test::golden_health()));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_wire_corpus FOLDER\n";
    return 2;
  }
  bool written = write_golden_values(arguments[1]);
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    written = written && write_messages(arguments[1], "random_" + std::to_string(seed) + ".bin", seed);
  return written ? 0 : 1;
}
