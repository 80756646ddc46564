#include "devices/face/face_settings.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "devices/face/errc.hpp"

namespace sitegate::devices::face {
namespace {

Result<std::optional<float>> number_of(const Url& url, const std::string& key, float low, float high) {
  const auto text = url.get(key);
  if (text.empty()) return std::optional<float>();
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= low && value <= high)
    return std::optional(value);
  return fail(FaceErrc::bad_setting,
              fmt::format("{}={}: a number from {} to {} is expected", key, text, low, high));
}

template <std::size_t count>
Result<std::size_t> word_of(const Url& url, const std::string& key,
                            const std::array<std::string_view, count>& words) {
  const auto text = url.get(key, words.front());
  for (std::size_t i = 0; i < count; ++i)
    if (words[i] == text) return i;
  std::string list;
  for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return fail(FaceErrc::bad_setting, fmt::format("{}={}: one of {} is expected", key, text, list));
}

constexpr std::array<std::string_view, 3> liveness_words{"alone", "always", "off"};
constexpr std::array<std::string_view, 2> several_words{"refuse", "each"};

}  // namespace

Result<FaceSettings> parse_face_settings(const Url& url) {
  FaceSettings settings;
  settings.pack = url.get("pack");
  SITEGATE_TRY(liveness, word_of(url, "liveness", liveness_words));
  settings.liveness = static_cast<LivenessRule>(liveness);
  SITEGATE_TRY(several, word_of(url, "several", several_words));
  settings.several = static_cast<SeveralRule>(several);
  SITEGATE_TRY(eyes, number_of(url, "eyes_px", 8, 400));
  settings.eye_distance_px_min = eyes.value_or(settings.eye_distance_px_min);
  SITEGATE_TRY(one_to_one, number_of(url, "one_to_one", 0.1F, 1));
  settings.one_to_one = one_to_one;
  SITEGATE_TRY(one_to_many, number_of(url, "one_to_many", 0.1F, 1));
  settings.one_to_many = one_to_many;
  SITEGATE_TRY(votes, number_of(url, "votes", 1, 5));
  settings.votes = static_cast<int>(votes.value_or(2));
  SITEGATE_TRY(detection, number_of(url, "detection_px", 160, 1'280));
  settings.detection_px = static_cast<int>(detection.value_or(320));
  return settings;
}

}  // namespace sitegate::devices::face
