// The bytes of a technician-month: every day comes back, and the size is what the README counts with.
#include "cloud/store/lmdb/technician_month.hpp"

#include <boost/test/unit_test.hpp>

#include "shared/base/retry_delay.hpp"

namespace sitegate::cloud {
namespace {

const Month july = parse_month("2023-07").value();

StoredDay day_of_work(std::uint8_t day) {
  const std::int64_t midnight_s =
      first_day(july).time_since_epoch().count() * 86'400LL + (day - 1) * 86'400LL;
  return {.site = 100'000,
          .day = day,
          .method = Method::card,
          .structure = {.company_plus_one = 200'000,
                        .tier = 1,
                        .trade = 1001,
                        .position = Position::worker,
                        .effective = true},
          .entry_s = midnight_s - 3600,
          .exit_s = midnight_s + 30'000};
}

std::vector<StoredDay> random_days(Random& random) {
  std::vector<StoredDay> days;
  for (Number site = 0; site < 3; ++site)
    for (std::uint8_t day = 1; day <= 31; ++day) {
      if (random() % 2 == 0) continue;
      StoredDay one = day_of_work(day);
      one.site = site * 1'000'000'000;
      one.method = static_cast<Method>(1 + random() % stored_method_max);
      if (random() % 3 == 0) one.structure = {.effective = random() % 2 == 0};
      if (random() % 4 == 0) one.structure.tier = static_cast<std::uint8_t>(random());
      if (random() % 4 == 0) one.structure.trade = static_cast<TradeCode>(random());
      if (random() % 3 == 0) one.entry_s.reset();
      if (random() % 3 == 0) one.exit_s.reset();
      if (random() % 5 == 0) one.exit_s = static_cast<std::int64_t>(random());
      days.push_back(one);
    }
  return days;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(technician_month)

BOOST_AUTO_TEST_CASE(any_days_come_back) {
  constexpr std::uint64_t seed = 53;
  Random random(seed);
  RecordWriter record;
  std::vector<StoredDay> back;
  for (int round = 0; round < 500; ++round) {
    const auto days = random_days(random);
    encode_month(july, days, record);
    BOOST_REQUIRE_MESSAGE(decode_month(july, record.view(), back), "seed " << seed << " round " << round);
    BOOST_REQUIRE_MESSAGE(back == days, "seed " << seed << " round " << round);
  }
}

// README: a group's head is 11 bytes, a day with entry and exit 43 bits.
BOOST_AUTO_TEST_CASE(eleven_days_at_one_site_take_71_bytes) {
  std::vector<StoredDay> days;
  for (std::uint8_t day = 1; day <= 11; ++day) days.push_back(day_of_work(day));
  RecordWriter record;
  encode_month(july, days, record);
  BOOST_TEST(record.view().size() == 11 + (11 * 43 + 7) / 8);
}

BOOST_AUTO_TEST_CASE(a_cut_record_is_not_taken_for_a_whole_one) {
  std::vector<StoredDay> days{day_of_work(1), day_of_work(2)};
  RecordWriter record;
  encode_month(july, days, record);
  std::vector<StoredDay> back;
  for (std::size_t size = 1; size < record.view().size(); ++size)
    BOOST_TEST(!decode_month(july, record.view().first(size), back));
  Bytes longer = to_bytes(record.view());
  longer.push_back(0x21);
  BOOST_TEST(!decode_month(july, longer, back));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud
