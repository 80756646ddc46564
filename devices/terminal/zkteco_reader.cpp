#include "devices/terminal/zkteco_reader.hpp"

#include "devices/terminal/zkteco_service.hpp"
#include "shared/base/log.hpp"

namespace sitegate::devices::terminal {

ZktecoReader::ZktecoReader(TerminalUrl settings, const Clock& clock, std::filesystem::path data)
    : address_(settings.address),
      wanted_port_(settings.port),
      data_(std::move(data)),
      book_(std::move(settings.terminals), "zkteco", settings.place.id, settings.live_max, clock) {}

Result<void> ZktecoReader::run(std::stop_token stop, const ReadSink& sink) {
  Deliveries deliveries;
  ZktecoService service(book_, deliveries, std::make_shared<DoorCommands>(book_.clock()), data_);
  auto server = http::Server::start({address_, wanted_port_, server_limits()},
                                    [&](const http::Request& request, http::Responder respond) {
                                      service.handle(request, std::move(respond));
                                    });
  if (!server) return fail(ReaderErrc::device_failed, server.error().text());
  port_ = server.value()->port();
  log::info("zkteco listens address={} port={} terminals={}", address_, port_.load(),
            book_.terminals().size());
  deliveries.run(stop, sink);
  port_ = 0;
  server.value()->stop();
  return success();
}

Result<std::unique_ptr<Reader>> open_zkteco_reader(const Url& url, const ReaderSurroundings& surroundings) {
  SITEGATE_TRYV(check_keys(url, {"terminals", "live_s"}));
  SITEGATE_TRY(settings, terminal_url(url, Family::zkteco));
  return std::unique_ptr<Reader>(
      std::make_unique<ZktecoReader>(std::move(settings), surroundings.clock, surroundings.data));
}

}  // namespace sitegate::devices::terminal
