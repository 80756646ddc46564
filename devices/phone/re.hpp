// libre as C++ sees it: its headers with what they need before them, references that let go by themselves,
// and one event loop for each thread. Only for this folder. libre 1.1.0: https://github.com/baresip/re
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <cinttypes>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "devices/phone/trunk.hpp"

#define HAVE_INET6 1
#define HAVE_INTTYPES_H 1
#define HAVE_STDBOOL_H 1
extern "C" {
#include <re.h>
}

namespace sitegate::devices::phone {

struct LetGo {
  void operator()(const void* object) const { mem_deref(const_cast<void*>(object)); }
};
/// One reference to an object of libre (mem_ref, mem_deref).
template <typename T>
using Ref = std::unique_ptr<T, LetGo>;

inline Ref<const sip_msg> keep(const sip_msg* message) {
  return Ref<const sip_msg>(static_cast<const sip_msg*>(mem_ref(const_cast<sip_msg*>(message))));
}

inline std::string_view view(const pl& text) {
  return text.p == nullptr ? std::string_view{} : std::string_view(text.p, text.l);
}
inline std::string_view view(const sip_hdr* header) {
  return header == nullptr ? std::string_view{} : view(header->val);
}

/// "192.0.2.1:5060"
std::string to_text(const sa& address);
Address address_of(const sa& address);
/// The address of this machine that packets to `peer` carry; `port` is put in. Falls back to `bound` when
/// there is no way to the peer.
sa local_address_towards(const sa& peer, const sa& bound);

/// libre's event loop of the calling thread: everything of libre that is made here is used here. Several
/// threads can have one each; a second one on the same thread is line_failed.
class ReThread {
 public:
  /// At most three quarters of the file descriptors that the process may have: a flood of connections must
  /// leave the rest of the gateway its own.
  static Result<std::unique_ptr<ReThread>> enter();
  ~ReThread();
  ReThread(const ReThread&) = delete;
  ReThread& operator=(const ReThread&) = delete;

 private:
  ReThread() = default;
};

}  // namespace sitegate::devices::phone
