// A gateway of one reader: a real server on 127.0.0.1, and a pipeline that answers from a thread of its own.
#pragma once
#include <optional>
#include <thread>

#include "devices/tag/tag_reader.hpp"
#include "tests/devices/tag/tag_fixture.hpp"
#include "tests/support/wait_until.hpp"

namespace sitegate::devices::tag {

inline ReadOutcome admitted() {
  return {
      .recorded = true, .accepted = true, .gate_opened = true, .person = "Yamada Taro", .reason = "admitted"};
}

// A gateway of one reader, whose answers come from another thread, as the pipeline's do.
struct Gate : TagFiles {
  SystemClock clock;
  std::unique_ptr<TagReader> reader;
  Guarded<std::vector<CredentialRead>> reads;
  Guarded<ReadOutcome> outcome{admitted()};  // of the reads to come
  BoundedQueue<ReadAnswer> answers{64};
  std::jthread pipeline{[this] {
    while (!answers.closed())
      if (auto answer = answers.pop(std::chrono::seconds(1)))
        (*answer)(outcome.with([](const auto& now) { return now; }));
  }};
  std::optional<Result<void>> ended;
  std::jthread running;

  Gate() { start(); }
  ~Gate() {
    stop();
    answers.close();
  }
  void start() {
    TagReaderSettings settings{.address = "127.0.0.1", .port = 0, .table = table, .taps = {}};
    settings.taps.reader_id = "tag-1";
    reader =
        std::make_unique<TagReader>(settings, load(), ReaderSurroundings{clock, folder / "data" / "tag-1"});
    running = std::jthread([this](std::stop_token stop_token) {
      ended = reader->run(std::move(stop_token), [this](CredentialRead read) {
        auto answer = read.answer;
        reads.with([&](auto& all) { all.push_back(std::move(read)); });
        answers.push(std::move(answer));
      });
    });
    BOOST_REQUIRE(tests::wait_until([this] { return reader->port() != 0; }));
  }
  void stop() {
    running.request_stop();
    if (running.joinable()) running.join();
  }
  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(reader->port()); }
  [[nodiscard]] std::size_t read_count() {
    return reads.with([](const auto& all) { return all.size(); });
  }
};

}  // namespace sitegate::devices::tag
