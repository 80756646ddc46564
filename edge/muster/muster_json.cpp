#include "edge/muster/muster_json.hpp"

#include <nlohmann/json.hpp>

namespace sitegate::edge {

const char* errc_category(MusterErrc) {
  return "muster";
}

std::string_view errc_text(MusterErrc what) {
  switch (what) {
    case MusterErrc::bad_list:
      return "not a muster list that can be read";
    case MusterErrc::wrong_site:
      return "the list is of another site";
    case MusterErrc::not_a_peer:
      return "not another gateway of this site";
  }
  return "unknown";
}

namespace {

using nlohmann::json;

constexpr int format = 1;
constexpr std::size_t name_size = 128;
constexpr std::size_t text_size = 256;
constexpr std::size_t sources_max = 64;
constexpr std::string_view unidentified = "unidentified-";

json json_of(const MusterPerson& person) {
  return {{"person", person.key},
          {"name", person.name},
          {"credential", person.credential},
          {"direction", to_text(person.direction)},
          {"since", to_text(person.since)},
          {"gateway", person.gateway.text()},
          {"gate", person.gate},
          {"method", to_text(person.method)},
          {"typed", person.typed},
          {"time_sure", person.time_sure},
          {"company_id", person.company_id},
          {"company", person.company}};
}

json json_of(const std::vector<MusterPerson>& people) {
  json list = json::array();
  for (const auto& person : people) list.push_back(json_of(person));
  return list;
}

json json_of(const MusterSource& source) {
  return {{"address", source.address},
          {"gateway", source.gateway ? json(source.gateway->text()) : json()},
          {"as_of", source.as_of ? json(to_text(*source.as_of)) : json()},
          {"answers", source.answers},
          {"problem", source.problem},
          {"clock_offset_s", source.clock_offset.count()}};
}

/// On one line; what is no UTF-8 is replaced, so that a list is never lost for a name.
std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

/// Reads the members of one object; the first that is not as it should be is kept.
class ObjectReader {
 public:
  ObjectReader(const json& object, std::string where, std::string& problem)
      : object_(object), where_(std::move(where)), problem_(problem) {
    if (!object_.is_object()) refuse("", "an object is expected");
  }
  std::string text(const char* name, std::size_t size_max) {
    const json* value = find(name, json::value_t::string);
    if (value == nullptr) return {};
    auto text = value->get<std::string>();
    if (text.size() > size_max) refuse(name, "too long");
    return text;
  }
  /// Empty where it is missing: what a gateway of an earlier version does not tell.
  std::string text_if_told(const char* name, std::size_t size_max) {
    return object_.is_object() && object_.contains(name) ? text(name, size_max) : std::string();
  }
  bool flag(const char* name) {
    const json* value = find(name, json::value_t::boolean);
    return value != nullptr && value->get<bool>();
  }
  std::int64_t integer(const char* name, std::int64_t low, std::int64_t high) {
    const auto found = object_.is_object() ? object_.find(name) : object_.end();
    const bool there = object_.is_object() && found != object_.end() && found->is_number_integer() &&
                       found->get<double>() >= static_cast<double>(low) &&
                       found->get<double>() <= static_cast<double>(high);
    if (!there) refuse(name, "a whole number within its limits is expected");
    return there ? found->get<std::int64_t>() : low;
  }
  /// By a function that gives an optional.
  template <typename Parse>
  auto parsed(const char* name, Parse parse) -> typename decltype(parse(std::string_view{}))::value_type {
    auto value = parse(std::string_view(text(name, text_size)));
    if (!value) refuse(name, "not in its form");
    return value.value_or(typename decltype(parse(std::string_view{}))::value_type{});
  }
  /// The same, or null.
  template <typename Parse>
  auto parsed_or_null(const char* name, Parse parse) -> decltype(parse(std::string_view{})) {
    if (object_.is_object() && object_.contains(name) && object_.at(name).is_null()) return std::nullopt;
    return parsed(name, parse);
  }
  const json& list(const char* name, std::size_t count_max) {
    static const json none = json::array();
    const json* value = find(name, json::value_t::array);
    if (value != nullptr && value->size() <= count_max) return *value;
    refuse(name, "a list within its limit is expected");
    return none;
  }
  void refuse(const std::string& name, const std::string& why) {
    if (problem_.empty()) problem_ = where_ + "." + name + ": " + why;
  }

 private:
  const json* find(const char* name, json::value_t type) {
    const auto found = object_.is_object() ? object_.find(name) : object_.end();
    if (object_.is_object() && found != object_.end() && found->type() == type) return &*found;
    refuse(name, "missing or of another type");
    return nullptr;
  }

  const json& object_;
  const std::string where_;
  std::string& problem_;
};

bool is_key(std::string_view key) {
  if (TechnicianId::parse(key)) return true;
  if (!key.starts_with(unidentified)) return false;
  const auto hash = from_hex(key.substr(unidentified.size()));
  return hash && hash->size() == 8;
}

MusterPerson read_person(const json& value, const std::string& where, std::string& problem) {
  ObjectReader from(value, where, problem);
  MusterPerson person;
  person.key = from.text("person", text_size);
  if (!is_key(person.key)) from.refuse("person", "neither a technician's ID nor an unidentified person's");
  person.name = from.text("name", name_size);
  person.credential = from.text("credential", text_size);
  person.direction = from.parsed("direction", parse_direction);
  person.since = from.parsed("since", parse_utc);
  person.gateway = from.parsed("gateway", GatewayId::parse);
  person.gate = from.text("gate", name_size_max);
  person.method = from.parsed("method", parse_method);
  person.typed = from.flag("typed");
  person.time_sure = from.flag("time_sure");
  person.company_id = from.text_if_told("company_id", text_size);
  if (!person.company_id.empty() && !CompanyId::parse(person.company_id))
    from.refuse("company_id", "not a company's ID");
  person.company = from.text_if_told("company", name_size);
  return person;
}

std::vector<MusterPerson> read_people(ObjectReader& from, const char* name, std::string& problem) {
  std::vector<MusterPerson> people;
  for (const auto& one : from.list(name, muster_people_max)) {
    people.push_back(
        read_person(one, std::string(name) + "[" + std::to_string(people.size()) + "]", problem));
    if (!problem.empty()) break;
  }
  return people;
}

MusterSource read_source(const json& value, std::string& problem) {
  ObjectReader from(value, "gateways", problem);
  MusterSource source;
  source.address = from.text("address", text_size);
  source.gateway = from.parsed_or_null("gateway", GatewayId::parse);
  source.as_of = from.parsed_or_null("as_of", parse_utc);
  source.answers = from.flag("answers");
  source.problem = from.text("problem", 4 * text_size);
  source.clock_offset =
      std::chrono::seconds(from.integer("clock_offset_s", -100'000'000'000, 100'000'000'000));
  return source;
}

/// Not deeper than a list of lists of objects: a parser's stack is not a stranger's to use.
Result<json> parse_limited(std::string_view text) {
  if (text.size() > muster_json_size_max) return fail(MusterErrc::bad_list, "too large");
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= 3; };
  json value = json::parse(text, shallow, false);
  if (!value.is_object()) return fail(MusterErrc::bad_list, "not a JSON object");
  return value;
}

}  // namespace

std::string to_json(const GatewayMuster& muster) {
  return text_of({{"format", format},
                  {"site", muster.site.text()},
                  {"gateway", muster.gateway.text()},
                  {"as_of", to_text(muster.as_of)},
                  {"people", json_of(muster.people)}});
}

std::string to_json(const SiteMuster& muster) {
  json sources = json::array();
  for (const auto& source : muster.sources) sources.push_back(json_of(source));
  return text_of({{"format", format},
                  {"site", muster.site.text()},
                  {"title", muster.title},
                  {"as_of", to_text(muster.as_of)},
                  {"utc_offset_minutes", muster.rules.utc_offset.count()},
                  {"long_ago_hours", muster.rules.long_ago.count()},
                  {"keep_days", muster.rules.keep.count()},
                  {"count", muster.inside.size() + muster.long_ago.size()},
                  {"inside", json_of(muster.inside)},
                  {"long_ago", json_of(muster.long_ago)},
                  {"gateways", sources}});
}

Result<GatewayMuster> parse_gateway_muster(std::string_view text) {
  SITEGATE_TRY(value, parse_limited(text));
  std::string problem;
  ObjectReader from(value, "list", problem);
  GatewayMuster muster;
  from.integer("format", format, format);
  muster.site = from.parsed("site", SiteId::parse);
  muster.gateway = from.parsed("gateway", GatewayId::parse);
  muster.as_of = from.parsed("as_of", parse_utc);
  muster.people = read_people(from, "people", problem);
  if (!problem.empty()) return fail(MusterErrc::bad_list, problem);
  return muster;
}

Result<SiteMuster> parse_site_muster(std::string_view text) {
  SITEGATE_TRY(value, parse_limited(text));
  std::string problem;
  ObjectReader from(value, "list", problem);
  SiteMuster muster;
  from.integer("format", format, format);
  muster.site = from.parsed("site", SiteId::parse);
  muster.title = from.text("title", name_size);
  muster.as_of = from.parsed("as_of", parse_utc);
  muster.rules.utc_offset = std::chrono::minutes(from.integer("utc_offset_minutes", -1'440, 1'440));
  muster.rules.long_ago = std::chrono::hours(from.integer("long_ago_hours", 0, 100'000));
  muster.rules.keep = std::chrono::days(from.integer("keep_days", 0, 100'000));
  muster.inside = read_people(from, "inside", problem);
  muster.long_ago = read_people(from, "long_ago", problem);
  for (const auto& one : from.list("gateways", sources_max))
    muster.sources.push_back(read_source(one, problem));
  if (!problem.empty()) return fail(MusterErrc::bad_list, problem);
  return muster;
}

}  // namespace sitegate::edge
