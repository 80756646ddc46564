// What can be wrong with a phone entry: its settings, a call, the line.
#pragma once
#include "shared/base/error.hpp"

namespace sitegate::devices::phone {

enum class PhoneErrc {
  bad_number = 1,   ///< not a telephone number that names one line in the world
  withheld,         ///< the caller does not show the number
  no_identity,      ///< the request carries no address that could name a caller
  bad_called_list,  ///< the list of numbers called cannot be read
  bad_trunk,        ///< the list of trusted addresses cannot be read
  bad_sound,        ///< the announcement is no sound that can be sent
  cannot_listen,    ///< the address or port cannot be used
  line_failed,      ///< the SIP stack does not work any more
};
const char* errc_category(PhoneErrc);
std::string_view errc_text(PhoneErrc);

}  // namespace sitegate::devices::phone
