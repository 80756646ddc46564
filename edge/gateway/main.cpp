// sitegate-edge: the gateway at the gates of a site.
#include <CLI/CLI.hpp>

#include <iostream>
#include <random>

#include "edge/gateway/gateway.hpp"
#include "edge/kiosk/console_display.hpp"
#include "shared/base/log.hpp"
#include "shared/base/retry_delay.hpp"
#include "shared/base/termination.hpp"
#include "shared/lmdb/disk_fault.hpp"

namespace sitegate::edge {
namespace {

/// A disk that is full, fails or is read-only is waited for: it may be repaired while we run.
Result<std::unique_ptr<Gateway>> start_when_the_disk_allows(const GatewaySettings& settings,
                                                            const Clock& clock, OutcomeDisplay& display,
                                                            Termination& termination) {
  RetryDelay delay(std::chrono::seconds{1}, std::chrono::seconds{30}, std::random_device{}());
  while (true) {
    auto started = Gateway::start(settings, clock, display);
    if (started || !lmdb::is_disk_fault(started.error())) return started;
    const auto wait = delay.next();
    log::error("cannot start yet: {} retry_in_ms={}", started.error().text(), wait.count());
    if (termination.wait(wait)) return started;
  }
}

}  // namespace
}  // namespace sitegate::edge

int main(int argc, char** argv) {
  CLI::App app{
      "Reads technicians at the gates of a site, keeps every passage on disk before it says \"accepted\", "
      "and\n"
      "brings them to the cloud. Works without a network for as long as the disk lasts. Outcomes go to "
      "standard\n"
      "output, the log to standard error. Exit codes: 0 ended as asked, 1 cannot start, 2 bad command "
      "line."};
  app.footer(
      "Example:\n  sitegate-edge --example-settings > gateway.toml\n  sitegate-edge --settings gateway.toml");
  std::string settings_file;
  bool example = false;
  app.add_option("--settings", settings_file, "TOML file");
  app.add_flag("--example-settings", example, "print a commented settings file and end");
  CLI11_PARSE(app, argc, argv);
  if (example) {
    std::cout << sitegate::edge::example_settings();
    return 0;
  }
  sitegate::Termination termination;
  const auto settings = sitegate::edge::load_settings(settings_file);
  if (!settings) {
    std::cerr << "sitegate-edge: " << settings.error().text() << "\n";
    return 1;
  }
  sitegate::log::set_up("sitegate-edge", settings.value().log_level);
  const sitegate::SystemClock clock;
  using sitegate::edge::Language;
  sitegate::edge::ConsoleDisplay display(std::cout,
                                         settings.value().japanese ? Language::japanese : Language::english);
  const auto gateway =
      sitegate::edge::start_when_the_disk_allows(settings.value(), clock, display, termination);
  if (!gateway) {
    sitegate::log::error("cannot start: {}", gateway.error().text());
    return 1;
  }
  while (!termination.wait(std::chrono::hours{1})) {
  }
  return 0;
}
