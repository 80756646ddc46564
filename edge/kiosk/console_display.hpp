// Outcomes as lines of text: "[OK] entry  山田 太郎  recorded #17".
#pragma once
#include <ostream>
#include <string>

#include "edge/kiosk/messages.hpp"
#include "edge/kiosk/outcome.hpp"

namespace sitegate::edge {

/// One line, without its end.
std::string line_of(const PassageOutcome& outcome, Language language);
/// "[..] gate 1: come a little closer"
std::string line_of(const Advice& advice, Language language);

/// Not thread-safe; the stream must outlive it.
class ConsoleDisplay final : public OutcomeDisplay {
 public:
  ConsoleDisplay(std::ostream& stream, Language language) : stream_(stream), language_(language) {}
  void show(const PassageOutcome& outcome) override;
  void advise(const Advice& advice) override;

 private:
  std::ostream& stream_;
  Language language_;
};

}  // namespace sitegate::edge
