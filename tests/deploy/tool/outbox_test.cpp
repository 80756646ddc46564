// `sitegate inspect outbox` and `sitegate verify outbox` on an outbox that a gateway left behind.
#include <boost/test/unit_test.hpp>

#include "edge/outbox/outbox.hpp"
#include "shared/crypto/digest.hpp"
#include "shared/wire/envelope.hpp"
#include "shared/wire/passage.hpp"
#include "shared/wire/work_history_batch.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

const UtcTime now = *parse_utc("2023-07-31T00:00:00.000Z");

Passage passage_of(Sequence sequence) {
  Passage passage;
  passage.sequence = sequence;
  passage.person = *TechnicianId::from_number(sequence + 100);
  passage.gate = "1";
  passage.reader = "1-card";
  passage.evidence = {{Method::card, std::nullopt, std::nullopt}};
  passage.work_date = *parse_date("2023-07-31");
  passage.event_time = now;
  return passage;
}

/// An outbox with batches of four passages each; batch `foreign_link` (from 0; -1: none) names a wrong hash.
struct GatewayFolder {
  void fill(int batches, int foreign_link, int unsealed) {
    Random chance(1);
    auto opened = edge::Outbox::open(folder / "outbox", {.sync = false}, chance);
    BOOST_REQUIRE(opened);
    auto& outbox = *opened.value();
    for (int batch = 0; batch < batches; ++batch) seal_one(outbox, batch == foreign_link);
    for (int i = 0; i < unsealed; ++i) append_one(outbox);
    BOOST_REQUIRE(crypto::save_public_key(key.public_key(), folder / "public.pem"));
  }
  static void append_one(edge::Outbox& outbox) {
    BOOST_REQUIRE(outbox.append(wire::encode_passage(passage_of(outbox.state().next_sequence))));
  }
  void seal_one(edge::Outbox& outbox, bool foreign_link) const {
    const auto state = outbox.state();
    wire::WorkHistoryBatch batch{.gateway = *GatewayId::parse("gate-1"),
                                 .epoch = state.epoch,
                                 .first_sequence = state.next_sequence,
                                 .site = *SiteId::from_number(1),
                                 .previous_hash = state.chain_head,
                                 .passages = {},
                                 .damaged = {}};
    if (foreign_link) batch.previous_hash = crypto::sha256(as_bytes("another chain"));
    for (Sequence i = 0; i < 4; ++i) {
      append_one(outbox);
      batch.passages.push_back(passage_of(batch.first_sequence + i));
    }
    const auto sealed = wire::seal(wire::MessageKind::history, "gate-1", wire::encode(batch), key);
    BOOST_REQUIRE(
        outbox.seal(batch.first_sequence, batch.first_sequence + 3, sealed.bytes, sealed.hash, now));
  }
  ToolRun verify(int expected) const {
    return run_tool(expected,
                    {"verify", "outbox", folder / "outbox", "--key", folder / "public.pem", "--json"});
  }
  const TemporaryFolder folder;
  const crypto::SigningKey key = crypto::SigningKey::from_seed({7});
};

BOOST_FIXTURE_TEST_CASE(a_whole_chain_is_ok, GatewayFolder) {
  fill(3, -1, 2);
  const auto verdict = verify(0).json();
  BOOST_TEST(verdict["ok"] == true);
  BOOST_TEST(verdict["chains"][0]["batches"] == 3);
  BOOST_TEST(verdict["chains"][0]["through"] == 12);
}

BOOST_FIXTURE_TEST_CASE(an_empty_outbox_is_ok, GatewayFolder) {
  fill(0, -1, 0);
  BOOST_TEST(verify(0).json()["ok"] == true);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_link_is_found_where_it_is, GatewayFolder) {
  fill(4, 2, 0);
  const auto verdict = verify(3).json();
  BOOST_TEST(verdict["ok"] == false);
  BOOST_TEST(verdict["chains"][0]["broken_at"] == 9);
  const auto reason = verdict["chains"][0]["reason"].get<std::string>();
  BOOST_TEST(reason.find("hash") != std::string::npos, reason);
}

BOOST_FIXTURE_TEST_CASE(a_first_batch_that_continues_something_is_broken, GatewayFolder) {
  fill(2, 0, 0);
  BOOST_TEST(verify(3).json()["chains"][0]["broken_at"] == 1);
}

BOOST_FIXTURE_TEST_CASE(another_key_proves_nothing, GatewayFolder) {
  fill(2, -1, 0);
  BOOST_REQUIRE(
      crypto::save_public_key(crypto::SigningKey::from_seed({8}).public_key(), folder / "other.pem"));
  const auto run = run_tool(3, {"verify", "outbox", folder / "outbox", "--key", folder / "other.pem"});
  BOOST_TEST(run.output.find("BROKEN at sequence 1") != std::string::npos, run.output);
}

BOOST_FIXTURE_TEST_CASE(looking_changes_no_byte, GatewayFolder) {
  fill(3, -1, 5);
  const std::string data = folder / "outbox/data.mdb";
  const auto before = content_of(data);
  const auto written = std::filesystem::last_write_time(data);
  const auto seen = run_tool(0, {"inspect", "outbox", folder / "outbox", "--json"}).json();
  verify(0);
  BOOST_TEST((content_of(data) == before));
  BOOST_TEST((std::filesystem::last_write_time(data) == written));
  BOOST_TEST(seen["state"]["sealed_through"] == 12);
  BOOST_TEST(seen["batches"].size() == 3U);
  BOOST_REQUIRE(seen["unsealed"].size() == 5U);
  BOOST_TEST(seen["unsealed"][0]["sequence"] == 13);
  BOOST_TEST(seen["unsealed"][0]["technician"] == "00000000000113");
}

BOOST_AUTO_TEST_CASE(a_folder_without_an_outbox_is_an_error_and_stays_as_it_is) {
  const TemporaryFolder folder;
  run_tool(1, {"inspect", "outbox", folder / "absent"});
  BOOST_TEST(!std::filesystem::exists(folder / "absent"));
}

}  // namespace sitegate::tests
