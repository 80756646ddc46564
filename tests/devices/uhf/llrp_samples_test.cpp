// One whole session of a client with a reader (whole messages, LLRP 1.0.1): every message decodes without
// anything unknown and is written again byte for byte.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "devices/uhf/llrp_messages.hpp"

namespace sitegate::devices::uhf {
namespace {

namespace fs = std::filesystem;

fs::path samples() {
  const char* data = std::getenv("SITEGATE_TEST_DATA");
  const char* source = std::getenv("SITEGATE_SOURCE");
  const fs::path root =
      data != nullptr ? fs::path(data) : fs::path(source == nullptr ? "." : source) / "../shared";
  return root / "samples" / "llrp";
}

boost::test_tools::assertion_result samples_are_there(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(fs::is_directory(samples()));
  there.message() << "no folder " << samples().string();
  return there;
}

std::map<std::string, Bytes> sample_messages() {
  std::map<std::string, Bytes> messages;
  for (const auto& entry : fs::directory_iterator(samples())) {
    std::ifstream file(entry.path(), std::ios::binary);
    messages[entry.path().filename().string()] =
        Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  BOOST_REQUIRE_GE(messages.size(), 100u);
  return messages;
}

// Types that the table does not know, and bytes behind the last field that it knows.
std::size_t not_understood(const Element& element) {
  std::size_t count = (element.layout == nullptr ? 1 : 0) + element.rest.size();
  for (const auto& parameter : element.parameters) count += not_understood(parameter);
  return count;
}

Message decoded(const Bytes& bytes) {
  const auto message = decode(bytes);
  BOOST_REQUIRE_MESSAGE(message, (message ? std::string() : message.error().text()));
  return message.value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(llrp_samples, *boost::unit_test::precondition(samples_are_there))

BOOST_AUTO_TEST_CASE(every_message_decodes_in_all_fields_and_is_written_again_the_same) {
  for (const auto& [name, bytes] : sample_messages()) {
    BOOST_TEST_CONTEXT(name) {
      const auto message = decoded(bytes);
      BOOST_TEST(not_understood(message.body) == 0u, to_text(message));
      BOOST_TEST(name.ends_with(message.body.name() + ".bin"));
      BOOST_TEST(to_hex(encode(message)) == to_hex(bytes));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_report_names_a_tag) {
  std::size_t tags = 0;
  for (const auto& [name, bytes] : sample_messages()) {
    if (!name.ends_with("RO_ACCESS_REPORT.bin")) continue;
    for (const auto& report : tag_reports(decoded(bytes).body)) {
      ++tags;
      BOOST_TEST(report.epc.size() == 12u);
      BOOST_TEST(report.antenna >= 1u);
      BOOST_TEST(report.peak_rssi_dbm.value() < 0);
      BOOST_TEST(report.last_seen_us.value() > 1'000'000'000'000'000u);
      BOOST_TEST(!report.uptime);
    }
  }
  BOOST_TEST(tags >= 70u);
}

BOOST_AUTO_TEST_CASE(the_reader_introduces_itself) {
  const auto messages = sample_messages();
  const auto event = decoded(messages.at("000_r2c_READER_EVENT_NOTIFICATION.bin"));
  BOOST_TEST(connection_attempt(event.body).value() == 0u);
  const auto response = decoded(messages.at("002_r2c_GET_READER_CAPABILITIES_RESPONSE.bin"));
  BOOST_TEST(status_of(response.body).value().ok());
  const auto capabilities = capabilities_of(response.body);
  BOOST_REQUIRE(capabilities);
  BOOST_TEST(capabilities->antenna_count == 4u);
  BOOST_TEST(to_text(*capabilities) == "Impinj model 2001002, firmware 5.14.0.240");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::uhf
