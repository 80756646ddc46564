// sitegate-cloud: registers every work history exactly once.
#include <CLI/CLI.hpp>

#include <iostream>
#include <random>

#include "cloud/service/service.hpp"
#include "shared/base/log.hpp"
#include "shared/base/retry_delay.hpp"
#include "shared/base/termination.hpp"

namespace sitegate::cloud {
namespace {

/// A disk that is full, fails or is read-only is waited for: it may be repaired while we run.
Result<std::unique_ptr<Service>> start_when_the_disk_allows(const ServiceSettings& settings,
                                                            const Clock& clock, Termination& termination) {
  RetryDelay delay(std::chrono::seconds{1}, std::chrono::seconds{30}, std::random_device{}());
  while (true) {
    auto started = Service::start(settings, clock);
    if (started || !(is(started.error(), StoreErrc::full) || is(started.error(), StoreErrc::failed)))
      return started;
    const auto wait = delay.next();
    log::error("cannot start yet: {} retry_in_ms={}", started.error().text(), wait.count());
    if (termination.wait(wait)) return started;
  }
}

}  // namespace
}  // namespace sitegate::cloud

int main(int argc, char** argv) {
  CLI::App app{
      "Receives signed work-history messages from the gateways and registers each history exactly once.\n"
      "Ends on SIGINT or SIGTERM after the current commit. Exit codes: 0 ended as asked, 1 settings or\n"
      "store unusable at the start, 2 bad command line."};
  app.footer(
      "Example:\n  sitegate-cloud --example-settings > cloud.toml\n  sitegate-cloud --settings cloud.toml");
  std::string settings_file;
  bool example = false;
  app.add_option("--settings", settings_file, "TOML file");
  app.add_flag("--example-settings", example, "print a commented settings file and end");
  CLI11_PARSE(app, argc, argv);
  if (example) {
    std::cout << sitegate::cloud::example_settings();
    return 0;
  }
  sitegate::Termination termination;
  const auto settings = sitegate::cloud::load_settings(settings_file);
  if (!settings) {
    std::cerr << "sitegate-cloud: " << settings.error().text() << "\n";
    return 1;
  }
  sitegate::log::set_up("sitegate-cloud", settings.value().log_level);
  const sitegate::SystemClock clock;
  const auto service = sitegate::cloud::start_when_the_disk_allows(settings.value(), clock, termination);
  if (!service) {
    sitegate::log::error("cannot start: {}", service.error().text());
    return 1;
  }
  while (!termination.wait(std::chrono::hours{1})) {
  }
  return 0;
}
