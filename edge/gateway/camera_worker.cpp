// sitegate-qr-worker: started by sitegate-edge, one for each QR reader that has wechat's models. Reads QR
// codes out of the pictures that it is given, and may crash without harm.
#include <cstdio>

#include "devices/qr/wechat_service.hpp"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "sitegate-qr-worker: sitegate-edge starts this by itself\n");
    return 2;
  }
  const auto served = sitegate::devices::qr::serve_wechat(arguments[1]);
  if (served) return 0;
  std::fprintf(stderr, "sitegate-qr-worker: %s\n", served.error().text().c_str());
  return 1;
}
