// The numbers that can be called and what each means: a gate and a direction. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "devices/phone/phone_number.hpp"
#include "shared/model/recognition.hpp"

namespace sitegate::devices::phone {

/// What a call to one number means.
struct CalledPlace {
  std::string gate;                    ///< empty: the reader's own
  std::optional<Direction> direction;  ///< empty: by the reader's own rule
  bool operator==(const CalledPlace&) const = default;
};

/// Numbers are compared in E.164 where they are telephone numbers, otherwise as written ("4711", "gate-1": an
/// extension of a private exchange). At most 4096.
class CalledNumbers {
 public:
  /// Entries parted by commas or line ends, blanks around them do not count, a line that starts with # is a
  /// comment:
  ///   <number>[:gate=<gate>][:entry|:exit|:toggle]
  /// `name` stands in the error: "<name>: entry 3: …". bad_called_list if an entry is damaged, a number comes
  /// twice or there is none.
  static Result<CalledNumbers> parse(std::string_view text, const std::string& name, const NumberPlan& plan);
  /// The user part of the address called; nullopt: this number is not ours. Without any list every number is.
  [[nodiscard]] std::optional<CalledPlace> find(std::string_view user) const;
  [[nodiscard]] std::size_t size() const { return places_.size(); }

 private:
  [[nodiscard]] std::string key_of(std::string_view number) const;

  NumberPlan plan_;
  std::map<std::string, CalledPlace> places_;
};

inline constexpr std::size_t called_numbers_max = 4096;
inline constexpr std::size_t called_list_size_max = 1u << 20;

}  // namespace sitegate::devices::phone
