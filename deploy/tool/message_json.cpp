#include "deploy/tool/message_json.hpp"

#include <nlohmann/json.hpp>

namespace sitegate::tool {
namespace {

using nlohmann::json;

json to_json(const Credential& credential) {
  const CredentialForm form = form_of(credential);
  if (form.kind == CredentialKind::card)
    return {{"kind", "card"}, {"technology", to_text(form.technology)}, {"uid", value_text(form)}};
  json one{{"kind", to_text(form.kind)}, {"value", value_text(form)}};
  if (!form.realm.empty()) one["realm"] = form.realm;
  return one;
}

json to_json(const Evidence& evidence) {
  json one{{"method", to_text(evidence.method)}};
  if (evidence.confidence) one["confidence"] = *evidence.confidence;
  if (evidence.body_temperature_c) one["body_temperature_c"] = *evidence.body_temperature_c;
  if (evidence.contradicts) one["contradicts"] = evidence.contradicts->text();
  return one;
}

json to_json(const SiteSettings& settings) {
  return {{"utc_offset_minutes", settings.utc_offset_minutes},
          {"day_boundary_minutes", settings.day_boundary_minutes},
          {"shift_hours_max", settings.shift_hours_max},
          {"open_for_unknown_credential", settings.open_for_unknown_credential},
          {"open_for_not_on_roster", settings.open_for_not_on_roster},
          {"open_for_expired_credential", settings.open_for_expired_credential},
          {"open_when_site_closed", settings.open_when_site_closed}};
}

json to_json(const RosterTechnician& technician) {
  json credentials = json::array();
  for (const auto& held : technician.credentials) {
    credentials.push_back(to_json(held.credential));
    if (held.expires_on) credentials.back()["expires_on"] = to_text(*held.expires_on);
  }
  json one{{"technician", technician.technician.text()},
           {"name", technician.name},
           {"from", to_text(technician.from)},
           {"until", to_text(technician.until)},
           {"credentials", std::move(credentials)}};
  if (technician.company) one["company"] = technician.company->text();
  return one;
}

}  // namespace

json to_json(const Passage& passage) {
  json one{{"sequence", passage.sequence},
           {"admission", to_text(passage.admission)},
           {"gate_opened", passage.gate_opened},
           {"gate", passage.gate},
           {"reader", passage.reader},
           {"direction", to_text(passage.direction)},
           {"work_date", to_text(passage.work_date)},
           {"event_time", to_text(passage.event_time)},
           {"monotonic_ns", passage.monotonic.count()},
           {"boot_id", to_hex(passage.boot_id)},
           {"clock_state", to_text(passage.clock_state)}};
  if (passage.typed)
    one["typed"] = {{"by", passage.typed->by},
                    {"reason", passage.typed->reason},
                    {"typed_at", to_text(passage.typed->typed_at)},
                    {"corrects", passage.typed->corrects}};
  if (const auto* technician = std::get_if<TechnicianId>(&passage.person))
    one["technician"] = technician->text();
  else
    one["credential"] = to_json(std::get<Credential>(passage.person));
  for (const auto& evidence : passage.evidence) one["evidence"].push_back(to_json(evidence));
  return one;
}

json to_json(const wire::DecodedBatch& decoded) {
  const auto& batch = decoded.batch;
  json one{{"gateway", batch.gateway.text()},
           {"epoch", batch.epoch},
           {"first_sequence", batch.first_sequence},
           {"sequence_through", decoded.through},
           {"site", batch.site.text()},
           {"previous_hash", to_hex(batch.previous_hash)},
           {"damaged", batch.damaged},
           {"passages", json::array()},
           {"refused", json::array()}};
  for (const auto& passage : batch.passages) one["passages"].push_back(to_json(passage));
  for (const auto& refused : decoded.refused)
    one["refused"].push_back({{"sequence", refused.sequence}, {"reason", refused.detail}});
  return one;
}

json to_json(const wire::Receipt& receipt) {
  json one{{"gateway", receipt.gateway.text()},
           {"epoch", receipt.epoch},
           {"sequence_through", receipt.sequence_through},
           {"refused", json::array()},
           {"gaps", json::array()},
           {"problem", receipt.problem},
           {"cloud_time", to_text(receipt.cloud_time)}};
  for (const auto& refused : receipt.refused)
    one["refused"].push_back({{"sequence", refused.sequence}, {"reason", refused.reason}});
  for (const auto& gap : receipt.gaps)
    one["gaps"].push_back({{"first", gap.first}, {"through", gap.through}});
  return one;
}

json to_json(const SiteRoster& roster) {
  json one{{"site", roster.site.text()},
           {"version", roster.version},
           {"base_version", roster.base_version},
           {"opens_on", to_text(roster.opens_on)},
           {"closes_on", to_text(roster.closes_on)},
           {"settings", to_json(roster.settings)},
           {"technicians", json::array()},
           {"removed", json::array()}};
  for (const auto& technician : roster.technicians) one["technicians"].push_back(to_json(technician));
  for (const auto removed : roster.removed) one["removed"].push_back(removed.text());
  for (const auto& company : roster.companies)
    one["companies"].push_back({{"company", company.company.text()}, {"name", company.name}});
  return one;
}

json to_json(const wire::Health& health) {
  json one{{"gateway", health.gateway.text()},
           {"epoch", health.epoch},
           {"site", health.site.text()},
           {"software_version", health.software_version},
           {"time", to_text(health.time)},
           {"clock_state", to_text(health.clock_state)},
           {"roster_version", health.roster_version},
           {"sequence_last", health.sequence_last},
           {"sealed_through", health.sealed_through},
           {"receipted_through", health.receipted_through},
           {"outbox_used_bytes", health.outbox_used_bytes},
           {"outbox_map_bytes", health.outbox_map_bytes},
           {"readers", json::array()},
           {"problem", health.problem}};
  for (const auto& reader : health.readers) {
    one["readers"].push_back(
        {{"id", reader.id}, {"state", reader.state}, {"reads", reader.reads}, {"errors", reader.errors}});
    if (reader.last_read) one["readers"].back()["last_read"] = to_text(*reader.last_read);
  }
  return one;
}

}  // namespace sitegate::tool
