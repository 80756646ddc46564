#include "shared/model/admission_rule.hpp"

namespace sitegate {

bool gate_opens(Admission admission, const SiteSettings& settings) {
  switch (admission) {
    case Admission::admitted:
      return true;
    case Admission::unknown_credential:
      return settings.open_for_unknown_credential;
    case Admission::not_on_roster:
      return settings.open_for_not_on_roster;
    case Admission::credential_expired:
      return settings.open_for_expired_credential;
    case Admission::site_closed:
      return settings.open_when_site_closed;
    case Admission::second_factor_missing:
    case Admission::contradiction:
      return false;
  }
  return false;
}

}  // namespace sitegate
