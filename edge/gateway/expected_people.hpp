// Who was just named at each gate by something he carries: readers that match faces or veins compare with him
// first.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "shared/base/clock.hpp"
#include "shared/base/guarded.hpp"
#include "shared/base/ids.hpp"
#include "shared/model/recognition.hpp"

namespace sitegate::edge {

/// Any thread.
class ExpectedPeople {
 public:
  /// Zero: nobody is ever expected.
  explicit ExpectedPeople(std::chrono::seconds patience) : patience_(patience) {}

  /// What the gateway matched by itself names nobody: a face must not lower its own threshold.
  void named(const std::string& gate, TechnicianId technician, Method method, MonotonicTime now) {
    if (method == Method::face || method == Method::finger_vein) return;
    last_.with([&](auto& last) { last[gate] = {technician, now}; });
  }
  [[nodiscard]] std::optional<TechnicianId> at(const std::string& gate, MonotonicTime now) const {
    return last_.with([&](const auto& last) -> std::optional<TechnicianId> {
      const auto found = last.find(gate);
      if (found == last.end() || now - found->second.at >= patience_) return std::nullopt;
      return found->second.technician;
    });
  }

 private:
  struct Named {
    TechnicianId technician;
    MonotonicTime at{0};
  };
  const std::chrono::seconds patience_;
  Guarded<std::map<std::string, Named>> last_;  // by gate
};

}  // namespace sitegate::edge
