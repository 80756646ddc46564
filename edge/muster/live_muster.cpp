#include "edge/muster/live_muster.hpp"

#include "edge/muster/muster_form.hpp"
#include "edge/muster/muster_json.hpp"

namespace sitegate::edge {
namespace {

/// A shift that runs over, and the way to the gate.
constexpr std::chrono::hours after_shift{4};

http::Response download(std::string body, std::string name) {
  return {.status = 200,
          .body = std::move(body),
          .content_type = "text/csv; charset=utf-8",
          .headers = {{"Content-Disposition", "attachment; filename=\"" + std::move(name) + "\""}}};
}

}  // namespace

LiveMuster::LiveMuster(LiveMusterSettings settings, const RosterBook& roster, const Clock& clock)
    : settings_(std::move(settings)), roster_(roster), clock_(clock), book_(MusterBook(settings_.keep)) {}

void LiveMuster::remember(const Passage& passage) {
  book_.with([&](MusterBook& book) { book.remember(passage); });
}

void LiveMuster::start() {
  if (settings_.peers.empty()) return;
  peers_ = PeerWatch::start({.urls = settings_.peers,
                             .interval = settings_.interval,
                             .password = settings_.password,
                             .folder = settings_.folder,
                             .site = settings_.site,
                             .own = settings_.gateway},
                            clock_);
}

MusterRules LiveMuster::rules() const {
  const auto roster = roster_.current();
  const SiteSettings& site = roster->settings();
  MusterRules rules;
  rules.long_ago = settings_.long_ago.count() > 0 ? settings_.long_ago
                                                  : std::chrono::hours(site.shift_hours_max) + after_shift;
  rules.keep = settings_.keep;
  rules.utc_offset = std::chrono::minutes(site.utc_offset_minutes);
  return rules;
}

GatewayMuster LiveMuster::own() const {
  const Moment now{clock_.now(), clock_.monotonic(), clock_.boot_id(), clock_.state()};
  const auto roster = roster_.current();
  return {settings_.site, settings_.gateway, now.wall,
          book_.with([&](const MusterBook& book) { return book.people(now, settings_.gateway, *roster); })};
}

SiteMuster LiveMuster::site(bool only_own) const {
  const auto peers = peers_ && !only_own ? peers_->peers() : std::vector<PeerMuster>{};
  return join(own(), peers, rules(), settings_.title);
}

http::Response LiveMuster::answer(const http::Request& request) const {
  if (request.path == "/muster/own.json")
    return {.status = 200, .body = to_json(own()), .content_type = "application/json"};
  const SiteMuster muster = site(request.parameter("scope") == "gateway");
  if (request.path == "/muster.json")
    return {.status = 200, .body = to_json(muster), .content_type = "application/json"};
  if (request.path == "/muster.csv") return download(to_csv(muster), "muster.csv");
  const auto wanted = request.parameter("lang");
  const bool japanese = wanted.empty() ? settings_.japanese : wanted != "en";
  return {.status = 200,
          .body = to_html(muster, japanese ? MusterLanguage::japanese : MusterLanguage::english, true),
          .content_type = "text/html; charset=utf-8"};
}

}  // namespace sitegate::edge
