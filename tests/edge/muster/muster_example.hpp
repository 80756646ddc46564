// Passages and lists that the muster's tests speak about.
#pragma once
#include <boost/test/unit_test.hpp>

#include "edge/muster/muster.hpp"
#include "tests/edge/site_example.hpp"

namespace sitegate::edge::testing {

inline const GatewayId north = *GatewayId::parse("north");
inline const GatewayId south = *GatewayId::parse("south");

inline Passage passage(std::variant<TechnicianId, Credential> person, Direction direction,
                       const Clock& clock) {
  Passage one;
  one.person = std::move(person);
  one.gate = "1";
  one.reader = "1-card";
  one.direction = direction;
  one.evidence = {{Method::card, std::nullopt, std::nullopt}};
  one.event_time = clock.now();
  one.monotonic = clock.monotonic();
  one.boot_id = clock.boot_id();
  one.clock_state = clock.state();
  return one;
}

inline MusterPerson person(TechnicianId technician, const std::string& name, Direction direction,
                           UtcTime since, const GatewayId& gateway) {
  MusterPerson one;
  one.key = technician.text();
  one.name = name;
  one.direction = direction;
  one.since = since;
  one.gateway = gateway;
  one.gate = "1";
  return one;
}

inline std::vector<std::string> keys(const std::vector<MusterPerson>& people) {
  std::vector<std::string> keys;
  for (const auto& one : people) keys.push_back(one.key);
  return keys;
}

}  // namespace sitegate::edge::testing
