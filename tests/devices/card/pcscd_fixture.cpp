#include "tests/devices/card/pcscd_fixture.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "devices/card/pcsc.hpp"

namespace sitegate::devices::card {
namespace {

template <typename T>
std::string why(const Result<T>& result) {
  return result ? std::string() : result.error().text();
}

struct World {
  std::filesystem::path folder;
  std::optional<VirtualReaders> readers;
  std::string why_not;

  World() {
    auto pattern = (std::filesystem::temp_directory_path() / "sitegate_pcscd_XXXXXX").string();
    folder = mkdtemp(pattern.data());
    const char* source = std::getenv("SITEGATE_SOURCE");
    const auto script = std::filesystem::path(source == nullptr ? "." : source) / "deploy/virtual-readers";
    auto started = VirtualReaders::start(script, folder, 2);
    if (started) {
      readers.emplace(std::move(started).value());
      setenv("PCSCLITE_CSOCK_NAME", readers->socket().c_str(), 1);
    } else {
      why_not = started.error().text();
      BOOST_REQUIRE_MESSAGE(is(started.error(), VirtualErrc::cannot_run_here), why_not);
    }
  }
  ~World() {
    readers.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
};

World& world() {
  static World only;
  return only;
}

}  // namespace

VirtualReaders* virtual_readers() {
  return world().readers ? &*world().readers : nullptr;
}

boost::test_tools::assertion_result pcscd_can_run(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result can(virtual_readers() != nullptr);
  can.message() << world().why_not;
  return can;
}

VirtualReaders& fresh_readers(int count) {
  auto& readers = *virtual_readers();
  readers.kill_pcscd();
  const auto started = readers.restart(count);
  BOOST_REQUIRE_MESSAGE(started, why(started));
  return readers;
}

void wait_until_empty(const VirtualReader& reader) {
  const auto context = PcscContext::establish();
  BOOST_REQUIRE_MESSAGE(context, why(context));
  std::vector<SCARD_READERSTATE> states(1);
  states[0].szReader = reader.name.c_str();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  do {
    states[0].dwCurrentState = states[0].dwEventState;
    BOOST_REQUIRE_EQUAL(context.value().wait(states, patience), SCARD_S_SUCCESS);
    BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
  } while ((states[0].dwEventState & SCARD_STATE_EMPTY) == 0);
}

std::unique_ptr<InsertedCard> put_on(const VirtualReader& reader, VirtualCard card) {
  wait_until_empty(reader);
  auto inserted = InsertedCard::insert(std::move(card), "127.0.0.1", reader.port);
  BOOST_REQUIRE_MESSAGE(inserted, why(inserted));
  return std::move(inserted).value();
}

Gate::Gate(const std::string& url) {
  auto reader = open_card_reader(parse_url(url).value(), {clock_, {}});
  BOOST_REQUIRE_MESSAGE(reader, why(reader));
  const auto take = [this](CredentialRead read) {
    {
      const std::lock_guard lock(mutex_);
      reads_.push_back(std::move(read));
    }
    changed_.notify_all();
  };
  loop_ = std::make_unique<ReaderLoop>("gate", std::move(reader).value(), take, clock_, waiter_, 1);
}

std::vector<CredentialRead> Gate::reads() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

bool Gate::has_reads(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return reads_.size() >= count; }) && reads_.size() == count;
}

bool Gate::watches(std::size_t count) {
  const auto start = std::to_string(count) + " reader";
  return becomes(
      [&](const ReaderHealth& health) { return health.running && health.state.starts_with(start); });
}

bool Gate::failed_reads_are(std::uint64_t count) {
  return becomes([&](const ReaderHealth& health) { return health.failed_reads == count; });
}

}  // namespace sitegate::devices::card
