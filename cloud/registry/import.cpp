#include "cloud/registry/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <utility>

#include "cloud/registry/row_keeper.hpp"

namespace sitegate::cloud {
namespace {

constexpr std::size_t block_size = 64 * 1024;
constexpr std::size_t first_block_size = 1024 * 1024;  // enough to tell the encoding

constexpr std::array<std::pair<ImportKind, std::string_view>, 6> kind_words{
    {{ImportKind::companies, "companies"},
     {ImportKind::technicians, "technicians"},
     {ImportKind::sites, "sites"},
     {ImportKind::contract_structures, "contract_structures"},
     {ImportKind::rosters, "rosters"},
     {ImportKind::credentials, "credentials"}}};

/// One import from the first byte to the last. After an error everything else is passed over.
class Import {
 public:
  Import(Store& store, ImportKind kind, const ImportOptions& options, std::uint64_t bytes_total)
      : store_(store), kind_(kind), options_(options), keeper_(kind, options.structure_owner) {
    progress_.bytes_total = bytes_total;
  }

  Result<void> take(ByteView block) {
    const auto fed = table_.feed(block);
    progress_.bytes_done += block.size();
    report_progress();
    if (failed_) return *failed_;
    return fed;
  }

  Result<ImportResult> finish() {
    const auto finished = table_.finish();
    if (!failed_ && !finished) failed_ = finished.error();
    if (!failed_) commit();
    report_progress();
    if (failed_) return *failed_;
    result_.ignored_columns = table_.header()->ignored;
    result_.encoding = table_.encoding();
    return std::move(result_);
  }

 private:
  void take_row(const CsvHeader& header, CsvRow&& row) {
    if (failed_) return;
    ++result_.rows;
    if (!row.mistake.empty()) return refuse({row.line, {}, std::move(row.mistake)});
    keep(header, row);
  }

  void keep(const CsvHeader& header, const CsvRow& row) {
    if (!begin_transaction()) return;
    RowValues values(header, row.cells);
    const auto kept = keeper_.keep(*transaction_, values);
    if (!kept) return stop(kept.error());
    if (kept.value() == Kept::refused) return refuse({row.line, values.bad()->column, values.bad()->reason});
    ++(kept.value() == Kept::imported ? result_.imported : result_.unchanged);
    if (++rows_in_transaction_ >= std::max<std::uint64_t>(options_.commit_rows, 1)) commit();
  }

  bool begin_transaction() {
    if (transaction_) return true;
    auto begun = store_.begin_write();
    if (!begun) {
      stop(begun.error());
      return false;
    }
    transaction_ = std::move(begun.value());
    return true;
  }

  void commit() {
    if (!transaction_) return;
    const auto done = transaction_->commit();
    transaction_.reset();
    if (!done) return stop(done.error());
    committed_ += std::exchange(rows_in_transaction_, 0);
  }

  void refuse(BadRow bad) {
    ++result_.refused;
    if (options_.on_bad_row) options_.on_bad_row(bad);
    if (result_.bad_rows.size() < bad_rows_kept_max) result_.bad_rows.push_back(std::move(bad));
  }

  void stop(const Error& error) {
    transaction_.reset();
    failed_ =
        Error{error.code, fmt::format("{} (the first {} good rows are kept)", error.detail, committed_)};
  }

  void report_progress() {
    progress_.rows_good = result_.imported + result_.unchanged;
    progress_.rows_bad = result_.refused;
    if (options_.on_progress) options_.on_progress(progress_);
  }

  Store& store_;
  const ImportKind kind_;
  const ImportOptions& options_;
  CsvTable table_{
      columns_of(kind_),
      std::string(to_text(kind_)),
      options_.encoding,
      {.row = [this](const CsvHeader& header, CsvRow&& row) { take_row(header, std::move(row)); }}};
  RowKeeper keeper_;
  std::unique_ptr<WriteTransaction> transaction_;
  std::uint64_t rows_in_transaction_ = 0;
  std::uint64_t committed_ = 0;
  std::optional<Error> failed_;
  ImportProgress progress_;
  ImportResult result_;
};

}  // namespace

const char* errc_category(ImportErrc) {
  return "import";
}

std::string_view errc_text(ImportErrc what) {
  switch (what) {
    case ImportErrc::unreadable:
      return "the file cannot be read";
  }
  return "unknown";
}

std::string_view to_text(ImportKind kind) {
  for (const auto& [known, word] : kind_words)
    if (known == kind) return word;
  return "invalid";
}

std::optional<ImportKind> parse_import_kind(std::string_view text) {
  for (const auto& [kind, word] : kind_words)
    if (word == text) return kind;
  return std::nullopt;
}

Result<ImportResult> import_file(Store& store, ImportKind kind, const std::filesystem::path& file,
                                 const ImportOptions& options) {
  std::ifstream in(file, std::ios::binary);
  std::error_code size_error;
  const auto size = std::filesystem::file_size(file, size_error);
  if (!in || size_error) return fail(ImportErrc::unreadable, file.string());
  Import import(store, kind, options, size);
  Bytes block(first_block_size);
  while (in) {
    in.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(block.size()));
    if (in.gcount() > 0) {
      SITEGATE_TRYV(import.take(ByteView(block).first(static_cast<std::size_t>(in.gcount()))));
    }
    block.resize(block_size);
  }
  if (in.bad()) return fail(ImportErrc::unreadable, file.string());
  return import.finish();
}

Result<ImportResult> import_bytes(Store& store, ImportKind kind, ByteView bytes,
                                  const ImportOptions& options) {
  Import import(store, kind, options, bytes.size());
  for (std::size_t size = first_block_size; !bytes.empty(); size = block_size) {
    const auto block = bytes.first(std::min(size, bytes.size()));
    SITEGATE_TRYV(import.take(block));
    bytes = bytes.subspan(block.size());
  }
  return import.finish();
}

}  // namespace sitegate::cloud
