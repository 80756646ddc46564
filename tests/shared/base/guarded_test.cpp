// What threads share: a value behind its lock, a bounded queue. Under the tsan preset a lock that is missing
// shows.
#include "shared/base/guarded.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

using namespace sitegate;
using namespace std::chrono_literals;

namespace {

template <typename Work>
void run_threads(int count, Work work) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
}

/// Pushes each number of [first, first + count), again and again while the queue is full.
void produce(BoundedQueue<int>& queue, int first, int count) {
  for (int number = first; number < first + count; ++number)
    while (!queue.push(number)) std::this_thread::yield();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(guarded)

BOOST_AUTO_TEST_CASE(no_increment_of_four_threads_is_lost) {
  Guarded<long> counter(0);
  run_threads(4, [&counter](int) {
    for (int i = 0; i < 10'000; ++i) counter.with([](long& value) { ++value; });
  });
  BOOST_TEST(counter.with([](long& value) { return value; }) == 40'000);
}

BOOST_AUTO_TEST_CASE(a_constant_guarded_value_can_be_read) {
  const Guarded<std::vector<int>> numbers(std::vector<int>{1, 2, 3});
  BOOST_TEST(numbers.with([](const std::vector<int>& value) { return value.size(); }) == 3u);
}

BOOST_AUTO_TEST_CASE(a_queue_is_first_in_first_out) {
  BoundedQueue<int> queue(3);
  for (int i = 1; i <= 3; ++i) BOOST_TEST(queue.push(i));
  for (int i = 1; i <= 3; ++i) BOOST_TEST((queue.try_pop() == i));
  BOOST_TEST(!queue.try_pop());
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_and_keeps_what_it_has) {
  BoundedQueue<int> queue(2);
  BOOST_TEST(queue.push(1));
  BOOST_TEST(queue.push(2));
  BOOST_TEST(!queue.push(3));
  BOOST_TEST(queue.size() == 2u);
  BOOST_TEST((queue.try_pop() == 1));
  BOOST_TEST(queue.push(4));
}

BOOST_AUTO_TEST_CASE(an_empty_queue_gives_up_after_the_timeout) {
  BoundedQueue<int> queue(1);
  const auto start = std::chrono::steady_clock::now();
  BOOST_TEST(!queue.pop(20ms));
  BOOST_TEST((std::chrono::steady_clock::now() - start >= 20ms));
}

BOOST_AUTO_TEST_CASE(a_closed_queue_gives_what_it_has_and_takes_nothing) {
  BoundedQueue<int> queue(2);
  BOOST_TEST(queue.push(1));
  queue.close();
  BOOST_TEST(!queue.push(2));
  BOOST_TEST((queue.pop(1h) == 1));
  BOOST_TEST(!queue.pop(1h));  // at once, not after an hour
}

BOOST_AUTO_TEST_CASE(closing_wakes_every_waiting_thread) {
  BoundedQueue<int> queue(1);
  Guarded<int> woken(0);
  {
    std::vector<std::jthread> waiting;
    for (int i = 0; i < 3; ++i)
      waiting.emplace_back([&] {
        if (!queue.pop(1h)) woken.with([](int& value) { ++value; });
      });
    queue.close();
  }
  BOOST_TEST(woken.with([](int& value) { return value; }) == 3);
}

BOOST_AUTO_TEST_CASE(what_many_push_many_pop_once) {
  constexpr int each = 5'000;
  BoundedQueue<int> queue(16);
  std::vector<std::vector<int>> taken(3);
  {
    std::vector<std::jthread> consumers;
    for (auto& mine : taken)
      consumers.emplace_back([&queue, &mine] {
        while (const auto number = queue.pop(1h)) mine.push_back(*number);
      });
    run_threads(2, [&queue](int i) { produce(queue, i * each, each); });
    queue.close();
  }
  std::vector<int> seen(2 * each);
  for (const auto& mine : taken)
    for (const int number : mine) ++seen[static_cast<std::size_t>(number)];
  BOOST_TEST(std::count(seen.begin(), seen.end(), 1) == 2 * each);
}

BOOST_AUTO_TEST_CASE(a_queue_carries_what_can_only_be_moved) {
  BoundedQueue<std::unique_ptr<int>> queue(1);
  BOOST_TEST(queue.push(std::make_unique<int>(7)));
  const auto item = queue.pop(1h);
  BOOST_REQUIRE(item);
  BOOST_TEST(**item == 7);
}

BOOST_AUTO_TEST_SUITE_END()
