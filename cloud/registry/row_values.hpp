// The cells of one row as values of the model. The first cell that is wrong is remembered; what is read after
// it is meaningless, and so is every value once bad() says something.
#pragma once
#include <optional>
#include <string>

#include "cloud/registry/columns.hpp"

namespace sitegate::cloud {

class RowValues {
 public:
  RowValues(const CsvHeader& header, const std::vector<std::string>& cells)
      : header_(header), cells_(cells) {}

  /// At most `size_max` bytes, no control characters; empty if the column or its value is missing.
  std::string text(std::string_view column, std::size_t size_max);
  template <typename Id>
  Id id(std::string_view column) {
    return Id::parse(id_text(column)).value_or(Id{});
  }
  template <typename Id>
  std::optional<Id> optional_id(std::string_view column) {
    if (cell(column).empty()) return std::nullopt;
    return id<Id>(column);
  }
  Date date(std::string_view column);
  std::optional<Date> optional_date(std::string_view column);
  Prefecture prefecture(std::string_view column);
  CompanyClass company_class(std::string_view column);
  bool flag(std::string_view column, bool otherwise);
  std::int16_t number(std::string_view column, int minimum, int maximum, std::int16_t otherwise);
  TradeCode trade(std::string_view column);
  Position position(std::string_view column);
  /// From the columns kind (empty: card), technology, uid, realm.
  Credential credential();

  [[nodiscard]] bool is_empty(std::string_view column) const { return cell(column).empty(); }
  void refuse(std::string_view column, std::string reason);
  struct Bad {
    std::string column;
    std::string reason;
  };
  [[nodiscard]] const std::optional<Bad>& bad() const { return bad_; }

 private:
  [[nodiscard]] std::string_view cell(std::string_view column) const {
    return cell_of(header_, cells_, column);
  }
  /// The cell; an empty one is refused.
  std::string_view required_cell(std::string_view column);
  std::string_view id_text(std::string_view column);
  CardTechnology technology(std::string_view column);
  CredentialKind credential_kind(std::string_view column);

  const CsvHeader& header_;
  const std::vector<std::string>& cells_;
  std::optional<Bad> bad_;
};

}  // namespace sitegate::cloud
