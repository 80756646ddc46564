// sipp as a telephone trunk: https://sipp.sourceforge.net
#pragma once
#include <set>
#include <string>

#include "tests/devices/phone/phone_fixture.hpp"

namespace sitegate::devices::phone {

/// A trunk's INVITE, its end and, for 200, what follows; every caller has a number of his own, in
/// P-Asserted-Identity.
std::string trunk_scenario(const std::string& final_answer, const std::string& after = {});
/// After a 200: waits for the gate's BYE.
extern const std::string until_bye;

struct Sipp {
  tests::TemporaryFolder folder;
  /// Exit code 0: every call ended as the scenario says.
  [[nodiscard]] int call(const std::string& address, const std::string& scenario, int rate, std::size_t count,
                         const std::string& transport = "u1") const;
};

std::size_t different(const std::multiset<std::string>& numbers);

}  // namespace sitegate::devices::phone
