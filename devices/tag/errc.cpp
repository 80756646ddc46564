#include "devices/tag/errc.hpp"

namespace sitegate::devices::tag {

const char* errc_category(TagErrc) {
  return "tag";
}

std::string_view errc_text(TagErrc what) {
  switch (what) {
    case TagErrc::damaged_link:
      return "not the URL of a tag";
    case TagErrc::foreign_tag:
      return "a tag that is not in the table";
    case TagErrc::forged:
      return "the code is not this tag's own";
    case TagErrc::bad_table:
      return "the tag table cannot be used";
    case TagErrc::bad_token:
      return "not a token or an enrolment link";
    case TagErrc::damaged_record:
      return "a record of the counter store is damaged";
  }
  return "unknown";
}

}  // namespace sitegate::devices::tag
