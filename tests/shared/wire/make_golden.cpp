// make_golden_wire FOLDER: writes the golden files of the wire, once for each released version.
#include <fstream>
#include <iostream>

#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "tests/shared/wire/golden_messages.hpp"

namespace {

using namespace sitegate;
using namespace sitegate::wire;

bool write(const std::string& file, const Bytes& bytes) {
  if (std::ifstream(file)) {
    std::cerr << file << " exists: a released golden file is never made again\n";
    return true;
  }
  std::ofstream out(file, std::ios::binary);
  out << as_text(bytes);
  return out.flush().good();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: make_golden_wire FOLDER\n";
    return 2;
  }
  const std::string folder = std::string(arguments[1]) + "/";
  const auto gateway_key = test::golden_gateway_key();
  const auto cloud_key = test::golden_cloud_key();
  const auto from_gateway = [&](MessageKind kind, const Bytes& payload) {
    return seal(kind, test::golden_batch().gateway.text(), payload, gateway_key).bytes;
  };
  const auto from_cloud = [&](MessageKind kind, const Bytes& payload) {
    return seal(kind, cloud_signer, payload, cloud_key).bytes;
  };
  const bool written =
      write(folder + "passage.bin", encode_passage(test::golden_passage())) &&
      write(folder + "history.bin", from_gateway(MessageKind::history, encode(test::golden_batch()))) &&
      write(folder + "health.bin", from_gateway(MessageKind::health, encode(test::golden_health()))) &&
      write(folder + "receipt.bin", from_cloud(MessageKind::receipt, encode(test::golden_receipt()))) &&
      write(folder + "roster.bin", from_cloud(MessageKind::roster, encode(test::golden_roster()).value())) &&
      write(folder + "roster_companies.bin",
            from_cloud(MessageKind::roster, encode(test::golden_roster_of_companies()).value()));
  return written ? 0 : 1;
}
