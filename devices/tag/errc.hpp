// Why a tag's URL is not taken.
#pragma once
#include <string_view>

#include "shared/base/error.hpp"

namespace sitegate::devices::tag {

enum class TagErrc {
  damaged_link = 1,  ///< not what a tag puts into its URL
  foreign_tag,       ///< a tag, but none of the table
  forged,            ///< the MAC is not this tag's: digits were altered or made up
  bad_table,         ///< the tag table or its key file cannot be used
  bad_token,         ///< not a token or an enrolment link of ours
  damaged_record,    ///< a record of the counter store
};
const char* errc_category(TagErrc);
std::string_view errc_text(TagErrc);

}  // namespace sitegate::devices::tag
