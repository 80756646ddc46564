// A site's muster list for people: on paper, at a terminal, in a spreadsheet.
#pragma once
#include <string>

#include "edge/muster/muster.hpp"

namespace sitegate::edge {

enum class MusterLanguage : std::uint8_t { japanese, english };

/// A table of fixed columns; the name stands last, so that wide characters shift nothing.
std::string to_table(const SiteMuster& muster);
/// RFC 4180 with a byte order mark, in English words; times at the site. A field that a spreadsheet would
/// take for a formula begins with an apostrophe.
std::string to_csv(const SiteMuster& muster);
/// A page that prints on A4, with a box to tick for each person; loads nothing. `served`: by a gateway, with
/// links to its other forms, and it asks again by itself.
std::string to_html(const SiteMuster& muster, MusterLanguage language, bool served);

}  // namespace sitegate::edge
