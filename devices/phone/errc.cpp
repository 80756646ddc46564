#include "devices/phone/errc.hpp"

namespace sitegate::devices::phone {

const char* errc_category(PhoneErrc) {
  return "phone";
}

std::string_view errc_text(PhoneErrc what) {
  switch (what) {
    case PhoneErrc::bad_number:
      return "no telephone number that names one line";
    case PhoneErrc::withheld:
      return "the caller withholds the number; dial 186 before the gate's number";
    case PhoneErrc::no_identity:
      return "the request names no caller";
    case PhoneErrc::bad_called_list:
      return "the list of numbers called cannot be used";
    case PhoneErrc::bad_trunk:
      return "the list of trusted addresses cannot be used";
    case PhoneErrc::bad_sound:
      return "no sound that can be sent; make it with: sox in.wav -r 8000 -c 1 -b 16 out.wav";
    case PhoneErrc::cannot_listen:
      return "cannot listen for calls; is the port taken by another program?";
    case PhoneErrc::line_failed:
      return "the SIP stack does not work";
  }
  return "unknown";
}

}  // namespace sitegate::devices::phone
