#include "edge/muster/muster.hpp"

#include <algorithm>
#include <tuple>

#include "shared/crypto/digest.hpp"

namespace sitegate::edge {
namespace {

/// Below this many people a sweep is not worth its time.
constexpr std::size_t sweep_count_min = 256;

/// The same at every gateway of a site, and of no use to whoever would copy a card.
std::string key_of(const Credential& credential) {
  const CredentialForm form = form_of(credential);
  Bytes bytes{static_cast<std::uint8_t>(form.kind)};
  bytes.insert(bytes.end(), form.realm.begin(), form.realm.end());
  bytes.push_back(0);
  bytes.insert(bytes.end(), form.value.begin(), form.value.end());
  return "unidentified-" + to_hex(ByteView(crypto::sha256(bytes)).first(8));
}

void name_person(MusterPerson& entry, const Person& person, const RosterIndex& roster) {
  if (const auto* credential = std::get_if<Credential>(&person)) {
    entry.key = key_of(*credential);
    entry.credential = masked_text(*credential);
    return;
  }
  const auto technician = std::get<TechnicianId>(person);
  entry.key = technician.text();
  const auto* known = roster.find(technician);
  if (known == nullptr) return;
  entry.name = known->name;
  if (!known->company) return;
  entry.company_id = known->company->text();
  entry.company = roster.company_name(*known->company);
}

bool sure(const Moment& moment, const Moment& now) {
  return moment.clock_state == ClockState::synchronised ||
         (moment.boot_id == now.boot_id && now.clock_state == ClockState::synchronised);
}

/// True if `one` says more about where the person is now than `other`.
bool tells_more(const MusterPerson& one, const MusterPerson& other) {
  if (one.since != other.since) return one.since > other.since;
  return one.direction == Direction::entry && other.direction == Direction::exit;
}

void add(std::map<std::string, MusterPerson>& newest, const MusterPerson& person) {
  const auto [place, fresh] = newest.try_emplace(person.key, person);
  if (fresh) return;
  const MusterPerson known = place->second;
  if (tells_more(person, known)) place->second = person;
  MusterPerson& kept = place->second;
  kept.name = known.name.empty() ? person.name : known.name;
  const MusterPerson& employed = known.company_id.empty() ? person : known;
  kept.company = employed.company;
  kept.company_id = employed.company_id;
}

void sort_for_people(std::vector<MusterPerson>& people) {
  const auto order = [](const MusterPerson& person) {
    return std::tuple(person.company_id.empty(), std::string_view(person.company),
                      std::string_view(person.company_id), person.name.empty(), std::string_view(person.name),
                      std::string_view(person.key));
  };
  std::sort(people.begin(), people.end(),
            [&](const MusterPerson& a, const MusterPerson& b) { return order(a) < order(b); });
}

}  // namespace

bool MusterBook::is_older(const Passage& passage, const Last& known) {
  const bool late = passage.boot_id == BootId{};
  const bool corrects_it =
      passage.typed && passage.typed->corrects != 0 && passage.typed->corrects == known.sequence;
  return late && !corrects_it && elapsed(known.moment, moment_of(passage)).count() < 0;
}

void MusterBook::remember(const Passage& passage) {
  if (!passage.gate_opened) return;
  const Moment moment = moment_of(passage);
  const auto known = last_.find(passage.person);
  if (known != last_.end() && is_older(passage, known->second)) return;
  const Method method = passage.evidence.empty() ? Method::card : passage.evidence.front().method;
  last_.insert_or_assign(passage.person, Last{moment, passage.sequence, passage.direction, passage.gate,
                                              method, passage.typed.has_value()});
  if (++remembered_since_sweep_ >= std::max(last_.size() / 2, sweep_count_min)) forget_old(moment);
}

/// A clock that is years ahead must not empty the list.
void MusterBook::forget_old(const Moment& now) {
  remembered_since_sweep_ = 0;
  if (now.clock_state != ClockState::synchronised && last_.size() <= muster_people_max) return;
  std::erase_if(last_, [&](const auto& item) { return elapsed(item.second.moment, now) > keep_; });
}

std::vector<MusterPerson> MusterBook::people(const Moment& now, const GatewayId& gateway,
                                             const RosterIndex& roster) const {
  std::vector<MusterPerson> people;
  for (const auto& [person, last] : last_) {
    const auto age = elapsed(last.moment, now);
    if (age > keep_ && now.clock_state == ClockState::synchronised) continue;
    MusterPerson one;
    name_person(one, person, roster);
    one.direction = last.direction;
    one.since = now.wall - age;
    one.gateway = gateway;
    one.gate = last.gate;
    one.method = last.method;
    one.typed = last.typed;
    one.time_sure = sure(last.moment, now);
    people.push_back(std::move(one));
  }
  std::sort(people.begin(), people.end(),
            [](const MusterPerson& a, const MusterPerson& b) { return a.key < b.key; });
  return people;
}

SiteMuster join(const GatewayMuster& own, const std::vector<PeerMuster>& peers, const MusterRules& rules,
                std::string title) {
  SiteMuster site{own.site, std::move(title), own.as_of, rules, {}, {}, {}};
  std::map<std::string, MusterPerson> newest;
  for (const auto& person : own.people) add(newest, person);
  site.sources.push_back({.address = {}, .gateway = own.gateway, .as_of = own.as_of});
  for (const auto& peer : peers) {
    for (const auto& person : peer.muster.people) add(newest, person);
    site.sources.push_back(peer.source);
  }
  for (auto& [key, person] : newest) {
    if (person.direction == Direction::exit) continue;
    const bool long_ago = own.as_of - person.since > rules.long_ago;
    (long_ago ? site.long_ago : site.inside).push_back(std::move(person));
  }
  sort_for_people(site.inside);
  sort_for_people(site.long_ago);
  return site;
}

}  // namespace sitegate::edge
