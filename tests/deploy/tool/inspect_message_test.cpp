// `sitegate inspect message` on the released golden files, and on bytes that are not acceptable.
#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "shared/crypto/signing.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

std::string golden(const std::string& name) {
  const char* source = std::getenv("SITEGATE_SOURCE");
  BOOST_REQUIRE(source != nullptr);
  return std::string(source) + "/tests/golden/wire/v1/" + name;
}

/// The public key of the gateway that signed the golden files.
struct Key {
  Key() {
    std::array<std::uint8_t, 32> seed{};
    seed.fill(1);
    BOOST_REQUIRE(
        crypto::save_public_key(crypto::SigningKey::from_seed(seed).public_key(), folder / "key.pem"));
  }
  [[nodiscard]] ToolRun inspect(int expected, const std::string& file) const {
    return run_tool(expected, {"inspect", "message", file, "--key", folder / "key.pem", "--json"});
  }
  const TemporaryFolder folder;
};

BOOST_FIXTURE_TEST_CASE(a_good_batch_is_shown_with_its_passages, Key) {
  const auto seen = inspect(0, golden("history.bin")).json();
  BOOST_TEST(seen["acceptable"] == true);
  BOOST_TEST(seen["kind"] == "history");
  BOOST_TEST(seen["signer"] == "Shinjuku-North-1");
  BOOST_TEST(seen["signature"] == "good");
  BOOST_REQUIRE(seen["content"]["passages"].size() == 2U);
  BOOST_TEST(seen["content"]["passages"][0]["technician"] == "01234567890123");
  BOOST_TEST(seen["content"]["passages"][1]["credential"]["uid"] == "012e4ce18b3a4e10");
  BOOST_TEST(seen["content"]["damaged"].size() == 2U);
}

BOOST_AUTO_TEST_CASE(every_golden_message_is_readable_without_a_key) {
  for (const char* kind : {"history", "receipt", "roster", "health", "passage"}) {
    const auto seen =
        run_tool(0, {"inspect", "message", golden(std::string(kind) + ".bin"), "--json"}).json();
    BOOST_TEST(seen["kind"] == kind);
    BOOST_TEST(!seen["content"].empty());
  }
}

BOOST_FIXTURE_TEST_CASE(a_message_of_another_signer_is_not_acceptable, Key) {
  const auto seen = inspect(3, golden("receipt.bin")).json();
  BOOST_TEST(seen["acceptable"] == false);
  BOOST_TEST(seen["reason"] == "bad_signature");
}

BOOST_FIXTURE_TEST_CASE(a_flipped_bit_a_cut_and_garbage_are_named, Key) {
  auto bytes = content_of(golden("history.bin"));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  write_file(folder / "flipped.bin", bytes);
  BOOST_TEST(inspect(3, folder / "flipped.bin").json()["acceptable"] == false);
  write_file(folder / "cut.bin", content_of(golden("history.bin")).substr(0, 100));
  BOOST_TEST(inspect(3, folder / "cut.bin").json()["reason"] == "malformed");
  write_file(folder / "garbage.bin", "neither an envelope nor anything else");
  BOOST_TEST(inspect(3, folder / "garbage.bin").json()["reason"] == "malformed");
  write_file(folder / "empty.bin", "");
  BOOST_TEST(inspect(3, folder / "empty.bin").json()["reason"] == "malformed");
  const auto absent = run_tool(1, {"inspect", "message", folder / "absent.bin"});
  BOOST_TEST(absent.errors.find("absent.bin") != std::string::npos);
}

}  // namespace sitegate::tests
