// Who has one batch does not wait for who has a thousand; what does not fit is left out, and of whom.
#include "cloud/ingest/inbox.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace sitegate;
using namespace std::chrono_literals;
using cloud::Inbox;
using cloud::IncomingMessage;

namespace {

constexpr std::size_t room = 1'000'000;

IncomingMessage message_of(const std::string& gateway, const std::string& channel, std::uint8_t number,
                           std::size_t size) {
  return cloud::incoming("sitegate/v1/5/" + gateway + "/" + channel, Bytes(size, number), UtcTime{});
}
IncomingMessage history(const std::string& gateway, std::uint8_t number, std::size_t size = 10) {
  return message_of(gateway, "history", number, size);
}
IncomingMessage health(const std::string& gateway, std::uint8_t number) {
  return message_of(gateway, "health", number, 10);
}

/// "a1 b1 a2": gateway and first byte.
std::string order_of(const std::vector<IncomingMessage>& messages) {
  std::string order;
  for (const auto& message : messages)
    order += (order.empty() ? "" : " ") + message.topic.substr(14, message.topic.find('/', 14) - 14) +
             std::to_string(message.payload.front());
  return order;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inbox)

BOOST_AUTO_TEST_CASE(it_goes_round_and_keeps_each_gateways_order) {
  Inbox inbox(100, room);
  for (const std::uint8_t number : {1, 2, 3}) inbox.push(history("a", number));
  inbox.push(history("b", 1));
  inbox.push(history("c", 1));
  inbox.push(history("c", 2));
  BOOST_TEST(order_of(inbox.take(4, 0ms).histories) == "a1 b1 c1 a2");
  inbox.push(history("b", 2));
  BOOST_TEST(order_of(inbox.take(100, 0ms).histories) == "c2 a3 b2");
  BOOST_TEST(inbox.messages() == 0u);
  BOOST_TEST(inbox.bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(health_comes_first_and_only_the_newest) {
  Inbox inbox(1, room);
  inbox.push(history("a", 1));
  for (const std::uint8_t number : {1, 2, 3}) BOOST_TEST(inbox.push(health("a", number)) == 0u);
  inbox.push(health("b", 9));
  BOOST_TEST(inbox.messages() == 3u);
  const auto taken = inbox.take(0, 0ms);
  BOOST_TEST(order_of(taken.healths) == "a3 b9");
  BOOST_TEST(taken.histories.empty());
  BOOST_TEST(inbox.bytes() == 10u);
}

BOOST_AUTO_TEST_CASE(without_room_the_longest_line_gives_way_to_who_has_nothing_waiting) {
  Inbox inbox(4, room);
  for (const std::uint8_t number : {1, 2, 3}) inbox.push(history("a", number));
  inbox.push(history("b", 1));
  BOOST_TEST(inbox.push(history("a", 4)) == 1u);  // its own: left out
  BOOST_TEST(inbox.push(history("c", 1)) == 1u);  // a3 is left out for it
  BOOST_TEST(inbox.push(history("d", 1)) == 1u);  // and a2
  BOOST_TEST(inbox.push(history("e", 1)) == 1u);  // nobody has two: itself
  BOOST_TEST(order_of(inbox.take(100, 0ms).histories) == "a1 b1 c1 d1");
}

BOOST_AUTO_TEST_CASE(bytes_are_bounded_as_well) {
  Inbox inbox(100, 1'000);
  BOOST_TEST(inbox.push(history("a", 1, 600)) == 0u);
  BOOST_TEST(inbox.push(history("a", 2, 300)) == 0u);
  BOOST_TEST(inbox.push(history("a", 3, 300)) == 1u);
  BOOST_TEST(inbox.push(history("b", 1, 300)) == 1u);  // a2 gives way
  BOOST_TEST(inbox.bytes() == 900u);
  BOOST_TEST(inbox.push(history("c", 1, 2'000)) == 1u);  // can never fit
  BOOST_TEST(order_of(inbox.take(100, 0ms).histories) == "a1 b1");
}

BOOST_AUTO_TEST_CASE(after_closing_what_is_there_is_still_given_out) {
  Inbox inbox(4, room);
  inbox.push(history("a", 1));
  inbox.close();
  BOOST_TEST(inbox.push(history("a", 2)) == 1u);
  BOOST_TEST(order_of(inbox.take(100, 1h).histories) == "a1");
  BOOST_TEST(inbox.take(100, 1h).histories.empty());
}

BOOST_AUTO_TEST_CASE(a_fleet_that_returns_at_once_stays_within_the_bound_and_nobody_starves) {
  constexpr std::size_t with_backlog = 1'900;
  constexpr std::size_t live = 100;
  constexpr std::size_t bytes_max = std::size_t{64} << 20;
  Inbox inbox(4'096, bytes_max);
  std::size_t left_out = 0;
  for (int batch = 0; batch < 4; ++batch)  // what each sends before the first receipt
    for (std::size_t gateway = 0; gateway < with_backlog; ++gateway)
      left_out += inbox.push(history("back-" + std::to_string(gateway), 1, 20'000));
  for (std::size_t gateway = 0; gateway < live; ++gateway)
    left_out += inbox.push(history("live-" + std::to_string(gateway), 1, 300));
  BOOST_TEST(inbox.bytes() <= bytes_max);
  BOOST_TEST(left_out > 0u);
  std::set<std::string> heard;
  std::size_t taken = 0;
  while (inbox.messages() > 0)
    for (const auto& message : inbox.take(256, 0ms).histories) {
      ++taken;
      heard.insert(message.topic);
    }
  BOOST_TEST(taken + left_out == 4 * with_backlog + live);
  BOOST_TEST(heard.size() == with_backlog + live);
}

BOOST_AUTO_TEST_SUITE_END()
