#include "edge/fusion/fusion.hpp"

#include <algorithm>

namespace sitegate::edge {
namespace {

/// More than any gate sees in a window; bounds what a storm of reads can take.
constexpr std::size_t recent_max = 256;

Method method_of(const Passage& passage) {
  return passage.evidence.front().method;
}

bool holds_method(const Passage& passage, Method method) {
  return std::ranges::any_of(passage.evidence, [&](const Evidence& one) { return one.method == method; });
}

/// The passage's person, where one is known.
std::optional<TechnicianId> technician_of(const Passage& passage) {
  const auto* technician = std::get_if<TechnicianId>(&passage.person);
  return technician == nullptr ? std::nullopt : std::optional(*technician);
}

NewPassage refused(const NewPassage& first, Admission admission) {
  NewPassage result = first;
  result.passage.admission = admission;
  result.passage.gate_opened = false;
  if (auto* known = std::get_if<Identification>(&result.who)) known->admission = admission;
  return result;
}

void add_evidence(Passage& passage, const Evidence& evidence) {
  if (passage.evidence.size() < evidence_count_max) passage.evidence.push_back(evidence);
}

}  // namespace

NewPassage joined(const NewPassage& first, const NewPassage& second) {
  NewPassage result = first;
  add_evidence(result.passage, second.passage.evidence.front());
  return result;
}

NewPassage contradicted(const NewPassage& first, const NewPassage& second) {
  NewPassage result = refused(first, Admission::contradiction);
  Evidence evidence = second.passage.evidence.front();
  evidence.contradicts = technician_of(second.passage);
  add_evidence(result.passage, evidence);
  return result;
}

NewPassage without_second(const NewPassage& first) {
  return refused(first, Admission::second_factor_missing);
}

const FusionRule& Fusion::rule(const std::string& gate) const {
  const auto found = rules_.find(gate);
  return found == rules_.end() ? alone_ : found->second;
}

std::chrono::milliseconds Fusion::longest_window() const {
  std::chrono::milliseconds longest{0};
  for (const auto& [gate, rule] : rules_)
    if (rule.required == 1) longest = std::max(longest, rule.window);
  return longest;
}

// ---- gates that require two ----

bool Fusion::waits_already(const CredentialRead& read, const std::string& gate) {
  const auto found = waiting_.find(gate);
  if (found == waiting_.end() || !read.device_event) return false;
  CredentialRead& first = found->second.read;
  if (!first.device_event || first.device_event->key != read.device_event->key) return false;
  first.answer = [one = std::move(first.answer), other = read.answer](const ReadOutcome& outcome) {
    if (one) one(outcome);
    if (other) other(outcome);
  };
  return true;
}

Pairing Fusion::pair(const CredentialRead& read, const NewPassage& decision) {
  const std::string& gate = decision.passage.gate;
  const FusionRule& here = rule(gate);
  const bool late = read.device_event && read.device_event->late;
  // Whoever would be refused anyway is refused for the true reason, at once.
  if (here.required < 2 || late || decision.passage.admission != Admission::admitted) return {};
  Pairing result{Pairing::Kind::wait, std::nullopt, std::nullopt};
  if (waits_already(read, gate)) return result;
  const auto found = waiting_.find(gate);
  if (found != waiting_.end()) {
    WaitingRead first = std::move(found->second);
    waiting_.erase(found);
    if (method_of(first.decision.passage) != method_of(decision.passage)) {
      const bool same = first.decision.passage.person == decision.passage.person;
      return {same ? Pairing::Kind::pair : Pairing::Kind::contradiction, std::move(first), std::nullopt};
    }
    result.given_up = std::move(first);
  }
  waiting_.emplace(gate, WaitingRead{read, decision, read.monotonic + here.window});
  return result;
}

std::vector<WaitingRead> Fusion::expired(MonotonicTime now) {
  std::vector<WaitingRead> ended;
  std::erase_if(waiting_, [&](auto& item) {
    if (item.second.until > now) return false;
    ended.push_back(std::move(item.second));
    return true;
  });
  std::ranges::sort(ended, {}, &WaitingRead::until);
  return ended;
}

std::vector<WaitingRead> Fusion::all_waiting() {
  return expired(MonotonicTime::max());
}

std::optional<MonotonicTime> Fusion::next_deadline() const {
  std::optional<MonotonicTime> next;
  for (const auto& [gate, waiting] : waiting_) next = next ? std::min(*next, waiting.until) : waiting.until;
  return next;
}

// ---- gates that require one ----

void Fusion::remember(Sequence sequence, const Passage& passage) {
  const FusionRule& here = rule(passage.gate);
  if (here.required != 1 || here.window.count() == 0 || passage.boot_id == BootId{}) return;
  forget_before(passage.monotonic);
  recent_.push_back({sequence, passage});
}

void Fusion::forget_before(MonotonicTime now) {
  const auto window = longest_window();
  while (!recent_.empty() &&
         (recent_.size() >= recent_max || now - recent_.front().passage.monotonic > window))
    recent_.pop_front();
}

bool Fusion::near(const Recent& recent, const std::string& gate, MonotonicTime at) const {
  const auto distance =
      at > recent.passage.monotonic ? at - recent.passage.monotonic : recent.passage.monotonic - at;
  return recent.passage.gate == gate && distance <= rule(gate).window;
}

std::optional<Fusion::Amendment> Fusion::add(Recent& recent, Evidence evidence) {
  if (recent.passage.evidence.size() >= evidence_count_max || holds_method(recent.passage, evidence.method))
    return std::nullopt;
  recent.passage.evidence.push_back(evidence);
  return Amendment{recent.sequence, recent.passage};
}

std::optional<Fusion::Amendment> Fusion::support(const CredentialRead& read, const std::string& gate,
                                                 const std::vector<Evidence>& evidence,
                                                 TechnicianId technician) {
  if (evidence.empty() || (read.device_event && read.device_event->late)) return std::nullopt;
  for (auto recent = recent_.rbegin(); recent != recent_.rend(); ++recent)
    if (near(*recent, gate, read.monotonic) && technician_of(recent->passage) == technician)
      return add(*recent, evidence.front());
  return std::nullopt;
}

std::optional<Fusion::Amendment> Fusion::contradict(const Passage& other) {
  const auto technician = technician_of(other);
  if (!technician || !rule(other.gate).flag_contradictions || other.boot_id == BootId{}) return std::nullopt;
  for (auto recent = recent_.rbegin(); recent != recent_.rend(); ++recent) {
    const auto before = technician_of(recent->passage);
    if (!near(*recent, other.gate, other.monotonic) || !before || before == technician) continue;
    Evidence evidence = other.evidence.front();
    evidence.contradicts = technician;
    return add(*recent, evidence);
  }
  return std::nullopt;
}

}  // namespace sitegate::edge
