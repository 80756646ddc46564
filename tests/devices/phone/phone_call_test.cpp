// Calls from a trunk to the gate, whole: RFC 3261 (INVITE server transaction 17.2.1, CANCEL 9.2, merged
// requests 8.2.2.2), RFC 3325, RFC 5079 (433), RFC 3264 and 3551 (the announcement).
#include <boost/test/unit_test.hpp>
#include <latch>
#include <thread>

#include "tests/devices/phone/phone_fixture.hpp"

namespace sitegate::devices::phone {
namespace {

CallPlan from(const std::string& number) {
  CallPlan plan;
  plan.from = "<sip:" + number + "@trunk.example>";
  return plan;
}

CallPlan to(const std::string& number) {
  CallPlan plan;
  plan.called = number;
  return plan;
}

CallPlan with_header(const std::string& line) {
  CallPlan plan;
  plan.headers = {line};
  return plan;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(phone_call)

BOOST_AUTO_TEST_CASE(a_recorded_call_is_declined_with_603) {
  const PhoneGate gate("numbers=%2B81312345678:gate=north:entry,%2B81312345679:gate=north:exit");
  BOOST_TEST(gate.call().status == 603);
  BOOST_TEST(gate.call(to("0312345679")).status == 603);
  const auto reads = gate.reads();
  BOOST_REQUIRE(reads.size() == 2u);
  BOOST_TEST(reads[0].reader_id == "phone");
  BOOST_TEST((reads[0].method == Method::phone));
  BOOST_TEST((reads[0].credential == Credential(PhoneCredential{"+819012345678"})));
  BOOST_TEST(reads[0].gate == "north");
  BOOST_TEST((reads[0].direction == Direction::entry));
  BOOST_TEST((reads[1].direction == Direction::exit));
  BOOST_TEST(reads[0].device_event->key.starts_with("sip/"));
  BOOST_TEST(reads[0].device_event->key.size() == 68u);
  BOOST_TEST(!reads[0].device_event->late);
}

BOOST_AUTO_TEST_CASE(the_phrase_tells_who_is_refused_and_what_is_not_recorded) {
  const PhoneGate gate("", [](const CredentialRead& read) {
    ReadOutcome outcome = unknown(read);
    if (number_of(read) == "+819000000001") outcome = outcome_of(false, false, "storage_full");
    if (number_of(read) == "+819000000002") outcome = outcome_of(false, false, "not_recorded");
    return outcome;
  });
  const auto stranger = gate.call(from("09012345678"));
  BOOST_TEST(stranger.status == 603);
  BOOST_TEST(stranger.phrase == "Decline (unknown_credential)");
  const auto full = gate.call(from("09000000001"));
  BOOST_TEST(full.status == 500);
  BOOST_TEST(full.phrase == "Not Recorded (storage_full)");
  BOOST_TEST(gate.call(from("09000000002")).status == 480);
  BOOST_TEST(gate.recorded().size() == 1u);
}

BOOST_AUTO_TEST_CASE(over_tcp) {
  const PhoneGate gate("transport=tcp");
  CallPlan plan;
  plan.tcp = true;
  BOOST_TEST(gate.call(plan).status == 603);
  plan.tag = "other";
  BOOST_TEST(gate.call(plan).status == 603);
  BOOST_TEST(gate.recorded().size() == 2u);
}

BOOST_AUTO_TEST_CASE(rfc_3261_17_2_1_a_repeated_invite_is_one_call) {
  const PhoneGate gate;
  CallPlan plan;
  plan.copies = 5;
  BOOST_TEST(gate.call(plan).status == 603);
  BOOST_TEST(gate.call(from("08011112222")).status == 603);  // by then the copies were taken
  BOOST_TEST(gate.reads().size() == 2u);
}

BOOST_AUTO_TEST_CASE(rfc_3261_8_2_2_2_a_forked_invite_has_one_key) {
  const PhoneGate gate;
  CallPlan plan;
  plan.call_id = "one-call@trunk.example";
  BOOST_TEST(gate.call(plan).status == 603);
  plan.called = "0312345679";  // on another way, with another address and transaction
  BOOST_TEST(gate.call(plan).status == 603);
  BOOST_TEST(gate.reads().size() == 2u);
  BOOST_TEST(gate.recorded().size() == 1u);
  plan.tag = "another-caller";
  BOOST_TEST(gate.call(plan).status == 603);
  BOOST_TEST(gate.recorded().size() == 2u);
}

BOOST_AUTO_TEST_CASE(rfc_3325_the_trunks_word_counts_before_the_callers) {
  const PhoneGate gate;
  auto plan =
      with_header("P-Asserted-Identity: \"Suzuki\" <sip:+818011112222@trunk.example>, <tel:+818011112222>");
  BOOST_TEST(gate.call(plan).status == 603);
  BOOST_TEST(gate.recorded().count("+818011112222") == 1u);
}

BOOST_AUTO_TEST_CASE(rfc_5079_433_withheld_numbers_are_refused_and_counted) {
  const PhoneGate gate;
  CallPlan anonymous;
  anonymous.from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
  const auto end = gate.call(anonymous);
  BOOST_TEST(end.status == 433);
  BOOST_TEST(end.phrase == "Anonymity Disallowed");
  auto passed_on = with_header("Privacy: id");
  passed_on.headers.emplace_back("P-Asserted-Identity: <sip:+819012345678@trunk.example>");
  BOOST_TEST(gate.call(passed_on).status == 433);
  BOOST_TEST(gate.call(from("suzuki")).status == 403);
  BOOST_TEST(gate.health().failed_reads == 3u);
  BOOST_TEST(gate.reads().empty());
}

BOOST_AUTO_TEST_CASE(numbers_that_are_not_ours) {
  const PhoneGate gate("numbers=%2B81312345678:entry");
  BOOST_TEST(gate.call(to("0312345670")).status == 404);
  BOOST_TEST(gate.health().failed_reads == 1u);
  auto account = to("gate-account");
  account.headers = {"P-Called-Party-ID: <tel:+81312345678>"};
  BOOST_TEST(gate.call(account).status == 603);
}

BOOST_AUTO_TEST_CASE(whoever_is_not_the_trunk_gets_403) {
  const PhoneGate gate("trunk=192.0.2.10");
  BOOST_TEST(gate.call().status == 403);
  CallPlan plan;
  plan.tcp = true;
  BOOST_TEST(gate.call(plan).status == 403);
  BOOST_TEST(gate.reads().empty());
}

BOOST_AUTO_TEST_CASE(rfc_3261_9_2_a_caller_who_hangs_up_is_recorded_all_the_same) {
  std::latch hung_up(1);
  const PhoneGate gate("", [&hung_up](const CredentialRead& read) {
    hung_up.wait();
    return admitted(read);
  });
  CallPlan plan;
  plan.hangs_up = true;
  BOOST_TEST(gate.call(plan).status == 487);
  hung_up.count_down();
  BOOST_TEST(tests::wait_until([&gate] { return gate.recorded().size() == 1; }));
}

BOOST_AUTO_TEST_CASE(the_announcement_is_heard_as_pcmu) {
  const PhoneGate gate("mode=answer", [](const CredentialRead& read) {
    return number_of(read) == "+819012345678" ? admitted(read) : unknown(read);
  });
  const auto known = gate.call();
  BOOST_TEST(known.status == 200);
  BOOST_TEST(known.other_hung_up);
  const auto expected = accepted_tones();
  BOOST_TEST(known.sound_packets == (expected.size() + 159) / 160 + 15);  // and 0.3 s of silence
  BOOST_TEST(known.sound.substr(0, expected.size()) == as_text(expected));
  const auto stranger = gate.call(from("08011112222"));
  BOOST_TEST(stranger.status == 200);
  BOOST_TEST(stranger.sound.substr(0, refused_tones().size()) == as_text(refused_tones()));
  BOOST_TEST(gate.recorded().size() == 2u);
}

BOOST_AUTO_TEST_CASE(the_sites_own_sound_over_tcp_and_with_a_late_offer) {
  const tests::TemporaryFolder folder;
  std::string file(
      "RIFF\x4c\x03\0\0WAVEfmt "
      "\x12\0\0\0\x07\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0\0\0data\x20\x03\0\0",
      46);
  file += std::string(800, '\x55');
  const PhoneGate gate("mode=answer&accepted_sound=" + write_file(folder, "accepted.wav", file));
  CallPlan plan;
  plan.tcp = true;
  plan.offers_late = true;  // RFC 3261, 13.2.1: the ACK carries the answer to our offer
  const auto end = gate.call(plan);
  BOOST_TEST(end.status == 200);
  BOOST_TEST(end.sound.substr(0, 801) == std::string(800, '\x55') + '\xFF');
}

BOOST_AUTO_TEST_CASE(a_caller_without_pcmu_is_recorded_and_declined) {
  const PhoneGate gate("mode=answer");
  CallPlan plan;
  plan.offers_pcmu = false;
  BOOST_TEST(gate.call(plan).status == 603);
  BOOST_TEST(gate.recorded().size() == 1u);
}

BOOST_AUTO_TEST_CASE(sixty_callers_at_once_hear_their_announcement_or_are_declined) {
  const PhoneGate gate("mode=answer&rtp=20000-21000");
  std::atomic<int> spoken{0};
  std::atomic<int> declined{0};
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 60; ++i)
      callers.emplace_back([&gate, &spoken, &declined, i] {
        const auto end =
            place_call("127.0.0.1", gate.port(), from("0901234" + std::to_string(1000 + i)), patience);
        if (end && end.value().status == 200 && end.value().sound_packets > 30) ++spoken;
        if (end && end.value().status == 603) ++declined;
      });
  }
  BOOST_TEST(spoken + declined == 60);
  BOOST_TEST(spoken >= 50);
  BOOST_TEST(gate.recorded().size() == 60u);
}

BOOST_AUTO_TEST_CASE(two_lines_in_one_process) {
  const PhoneGate first;
  const PhoneGate second("mode=answer");
  BOOST_TEST(first.call().status == 603);
  BOOST_TEST(second.call().status == 200);
  BOOST_TEST(first.call().status == 603);
  BOOST_TEST(first.recorded().size() == 2u);
  BOOST_TEST(second.recorded().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::phone
