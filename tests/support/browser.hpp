// A real Chromium as a person's phone, driven over its debugging pipe (Chrome DevTools Protocol 1.3).
#pragma once
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

/// One tab of 360 × 740 pixels with cookies of its own. A call that the browser refuses throws, which
/// ends the test case.
/// Not thread-safe.
class Browser {
 public:
  /// False where no Chromium is installed: such tests are skipped.
  static bool is_installed();

  Browser();
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  /// "vi-VN,vi;q=0.9": what it sends as Accept-Language from now on.
  void speak(const std::string& accept_language);
  /// Returns when the page, or the browser's own error page, is loaded.
  void open(const std::string& url);
  void reload();
  /// As a finger on the first element of this CSS selector; what it leads to comes later.
  void click(const std::string& selector);
  /// The value of a JavaScript expression as text; empty while a page is being left.
  std::string evaluate(const std::string& expression);
  /// What a person can read on the page.
  std::string text() { return evaluate("document.body ? document.body.innerText : ''"); }
  /// Waits until the text holds `words`; false after 20 s.
  bool shows(const std::string& words);
  /// Where the phone is, for pages of `origin`; nullopt: its owner does not want to say.
  struct Place {
    double latitude, longitude, accuracy_m;
  };
  void be_at(const std::string& origin, const std::optional<Place>& place);
  /// PNG of what is on the screen.
  void photograph(const std::filesystem::path& file);

 private:
  nlohmann::json command(const std::string& method, const nlohmann::json& parameters);
  nlohmann::json exchange(const std::string& method, const nlohmann::json& parameters);
  std::string next_message();

  TemporaryFolder folder_;
  int to_browser_ = -1;
  int from_browser_ = -1;
  std::unique_ptr<ChildProcess> process_;
  std::string received_;
  std::string session_;
  int last_id_ = 0;
};

}  // namespace sitegate::tests
