#include "edge/muster/peers.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <mutex>

#include "edge/muster/muster_json.hpp"
#include "shared/base/log.hpp"
#include "shared/crypto/digest.hpp"
#include "shared/http/basic.hpp"

namespace sitegate::edge {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// What the network and the answer's making may take is no difference of clocks.
constexpr milliseconds offset_min{5'000};
/// Two lists that differ by less say the same: a peer's clock may be slewing.
constexpr milliseconds jitter{2'000};
/// An unchanged list is written again this often, so that its time on the disk is not far behind.
constexpr seconds rewrite_interval{60};

fs::path file_of(const fs::path& folder, const std::string& url) {
  return folder / (to_hex(ByteView(crypto::sha256(as_bytes(url))).first(8)) + ".json");
}

PeerMuster unknown_peer(const std::string& url) {
  PeerMuster peer;
  peer.source = {.address = url, .gateway = {}, .as_of = {}, .answers = false, .problem = "not asked yet"};
  return peer;
}

Result<PeerMuster> read_kept(const fs::path& file, const std::string& url) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail_errno(errno, "read " + file.string());
  std::error_code code;
  if (fs::file_size(file, code) > muster_json_size_max || code)
    return fail(MusterErrc::bad_list, file.string() + ": too large");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  SITEGATE_TRY(muster, parse_gateway_muster(text));
  PeerMuster peer = unknown_peer(url);
  peer.source.gateway = muster.gateway;
  peer.source.as_of = muster.as_of;
  peer.muster = std::move(muster);
  return peer;
}

/// Replaced as a whole or not at all, and on the disk.
Result<void> write_kept(const fs::path& folder, const std::string& url, const std::string& text) {
  std::error_code code;
  fs::create_directories(folder, code);
  const fs::path file = file_of(folder, url);
  const std::string beside = file.string() + ".new";
  std::FILE* opened = std::fopen(beside.c_str(), "wb");
  if (opened == nullptr) return fail_errno(errno, "create " + beside);
  const bool written = std::fwrite(text.data(), 1, text.size(), opened) == text.size() &&
                       std::fflush(opened) == 0 && ::fsync(::fileno(opened)) == 0;
  const int reason = errno;
  std::fclose(opened);
  if (!written) return fail_errno(reason, "write " + beside);
  if (std::rename(beside.c_str(), file.c_str()) != 0) return fail_errno(errno, "rename to " + file.string());
  return success();
}

bool same_person(const MusterPerson& a, const MusterPerson& b) {
  return a.key == b.key && a.direction == b.direction && a.gate == b.gate && a.name == b.name &&
         std::chrono::abs(a.since - b.since) < jitter;
}

bool same_people(const GatewayMuster& a, const GatewayMuster& b) {
  return std::equal(a.people.begin(), a.people.end(), b.people.begin(), b.people.end(), same_person);
}

}  // namespace

PeerMuster kept_peer(const fs::path& folder, const std::string& url) {
  const fs::path file = file_of(folder, url);
  std::error_code code;
  if (!fs::exists(file, code)) return unknown_peer(url);
  auto kept = read_kept(file, url);
  if (kept) return std::move(kept).value();
  log::error("kept list of a peer cannot be read file={} reason=\"{}\"", file.string(), kept.error().text());
  return unknown_peer(url);
}

std::vector<PeerMuster> kept_peers(const fs::path& folder) {
  std::vector<PeerMuster> peers;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() != ".json") continue;
    auto kept = read_kept(entry.path(), entry.path().filename().string());
    if (kept)
      peers.push_back(std::move(kept).value());
    else
      log::error("kept list of a peer cannot be read file={} reason=\"{}\"", entry.path().string(),
                 kept.error().text());
  }
  std::sort(peers.begin(), peers.end(),
            [](const PeerMuster& a, const PeerMuster& b) { return a.source.address < b.source.address; });
  return peers;
}

Result<PeerMuster> accept_peer(std::string_view json, const PeerSettings& settings, const std::string& url,
                               UtcTime now) {
  SITEGATE_TRY(muster, parse_gateway_muster(json));
  if (muster.site != settings.site)
    return fail(MusterErrc::wrong_site,
                url + ": " + muster.site.text() + ", this is " + settings.site.text());
  if (muster.gateway == settings.own)
    return fail(MusterErrc::not_a_peer, url + ": it is called " + muster.gateway.text() + " like this one");
  for (const auto& person : muster.people)
    if (person.gateway != muster.gateway)
      return fail(MusterErrc::bad_list, url + ": a person of another gateway, " + person.gateway.text());
  PeerMuster peer = unknown_peer(url);
  peer.source.gateway = muster.gateway;
  peer.source.as_of = now;
  peer.source.answers = true;
  peer.source.problem.clear();
  if (const auto offset = now - muster.as_of; std::chrono::abs(offset) > offset_min) {
    peer.source.clock_offset = std::chrono::round<seconds>(offset);
    for (auto& person : muster.people) person.since += offset;
  }
  muster.as_of = now;
  peer.muster = std::move(muster);
  return peer;
}

PeerWatch::PeerWatch(PeerSettings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {
  peers_.with([&](auto& peers) {
    for (const auto& url : settings_.urls)
      peers.push_back({url, std::make_shared<const PeerMuster>(kept_peer(settings_.folder, url)), nullptr});
  });
}

std::unique_ptr<PeerWatch> PeerWatch::start(PeerSettings settings, const Clock& clock) {
  std::unique_ptr<PeerWatch> watch(new PeerWatch(std::move(settings), clock));
  watch->thread_ = std::jthread([raw = watch.get()](const std::stop_token& stop) { raw->work(stop); });
  return watch;
}

PeerWatch::~PeerWatch() = default;

std::vector<PeerMuster> PeerWatch::peers() const {
  std::vector<std::shared_ptr<const PeerMuster>> known;
  peers_.with([&](const auto& peers) {
    for (const auto& peer : peers) known.push_back(peer.known);
  });
  std::vector<PeerMuster> copies;
  for (const auto& peer : known) copies.push_back(*peer);
  return copies;
}

void PeerWatch::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any turn;
  while (!stop.stop_requested()) {
    for (std::size_t i = 0; i < settings_.urls.size() && !stop.stop_requested(); ++i) ask(i, stop);
    std::unique_lock lock(mutex);
    turn.wait_for(lock, stop, settings_.interval, [] { return false; });
  }
}

Result<PeerMuster> PeerWatch::fetch(const std::string& url, const std::stop_token& stop) {
  http::ClientRequest request;
  request.url = url + "/muster/own.json";
  request.timeout = settings_.timeout;
  request.answer_bytes_max = muster_json_size_max;
  if (!settings_.password.empty())
    request.headers.push_back(
        {"Authorization", http::basic_authorization({settings_.own.text(), settings_.password})});
  SITEGATE_TRY(response, client_.call(request, stop));
  if (response.status != 200)
    return fail(MusterErrc::not_a_peer, url + ": status " + std::to_string(response.status));
  return accept_peer(response.body, settings_, url, clock_.now());
}

void PeerWatch::ask(std::size_t position, const std::stop_token& stop) {
  const std::string& url = settings_.urls[position];
  auto answer = fetch(url, stop);
  if (stop.stop_requested()) return;
  const auto before = peers_.with([&](const auto& peers) { return peers[position].known; });
  PeerMuster next = answer ? std::move(answer).value() : *before;
  if (!answer) {
    next.source.answers = false;
    next.source.problem = answer.error().text();
    if (before->source.answers || before->source.problem != next.source.problem)
      log::warn("muster list of a peer is not to be had peer={} reason=\"{}\"", url, next.source.problem);
  } else if (!before->source.answers) {
    log::info("muster list of a peer peer={} gateway={} people={}", url, next.muster.gateway.text(),
              next.muster.people.size());
  }
  const bool answers = next.source.answers;
  auto shared = std::make_shared<const PeerMuster>(std::move(next));
  peers_.with([&](auto& peers) { peers[position].known = std::move(shared); });
  if (answers) keep(position);
}

void PeerWatch::keep(std::size_t position) {
  const Peer peer = peers_.with([&](const auto& peers) { return peers[position]; });
  const bool fresh = peer.kept && same_people(peer.kept->muster, peer.known->muster) &&
                     std::chrono::abs(peer.known->muster.as_of - peer.kept->muster.as_of) < rewrite_interval;
  if (fresh || settings_.folder.empty()) return;
  const auto written = write_kept(settings_.folder, peer.url, to_json(peer.known->muster));
  if (!written)
    return log::error("list of a peer not kept peer={} reason=\"{}\"", peer.url, written.error().text());
  peers_.with([&](auto& peers) { peers[position].kept = peers[position].known; });
}

}  // namespace sitegate::edge
