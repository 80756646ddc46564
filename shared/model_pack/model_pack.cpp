#include "shared/model_pack/model_pack.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "shared/crypto/digest.hpp"
#include "shared/settings/settings_file.hpp"

namespace sitegate {

namespace fs = std::filesystem;

const char* errc_category(ModelPackErrc) {
  return "model pack";
}

std::string_view errc_text(ModelPackErrc what) {
  switch (what) {
    case ModelPackErrc::not_there:
      return "is not there";
    case ModelPackErrc::bad_manifest:
      return "the manifest cannot be used";
    case ModelPackErrc::wrong_file:
      return "the file is not the one that the manifest names";
    case ModelPackErrc::not_unique:
      return "several are installed";
    case ModelPackErrc::no_address:
      return "no public address is known";
    case ModelPackErrc::cannot_fetch:
      return "cannot be fetched";
    case ModelPackErrc::cannot_install:
      return "cannot be put in place";
  }
  return "unknown";
}

namespace {

constexpr std::size_t name_size_max = 32;
constexpr std::size_t file_name_size_max = 100;
constexpr int side_px_max = 1'024;
constexpr int dimensions_max = 2'048;
constexpr std::int64_t people_max = 10'000'000;

bool is_pack_name(std::string_view name) {
  return !name.empty() && name.size() <= name_size_max && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

bool is_file_name(std::string_view name) {
  return !name.empty() && name.size() <= file_name_size_max && name.front() != '.' && name != manifest_name &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F && c != '/'; });
}

Digest read_digest(SettingsFile& from, const std::string& key) {
  Digest digest{};
  const auto bytes = from_hex(from.text(key));
  if (bytes && bytes->size() == digest.size())
    std::copy(bytes->begin(), bytes->end(), digest.begin());
  else
    from.refuse(key, "64 hexadecimal digits are expected");
  return digest;
}

ModelFile read_file_section(SettingsFile& from, const std::string& role) {
  const std::string section = "files." + role + ".";
  ModelFile file;
  file.role = role;
  file.name = from.text(section + "name");
  if (!is_file_name(file.name)) from.refuse(section + "name", "a plain file name is expected");
  file.sha256 = read_digest(from, section + "sha256");
  file.bytes = static_cast<std::uint64_t>(from.integer(section + "bytes", 1, model_file_bytes_max, 0));
  if (file.bytes == 0) from.refuse(section + "bytes", "the file's size in bytes is expected");
  file.licence = from.text(section + "licence");
  file.source = from.text(section + "source");
  file.address = from.text(section + "address", "");
  if (!file.address.empty() && !file.address.starts_with("https://"))
    from.refuse(section + "address", "an https address is expected");
  return file;
}

EmbeddingForm read_embedding(SettingsFile& from) {
  EmbeddingForm form;
  form.kind = from.choice("embedding.kind", {"network", "sface"}, 0) == 0 ? EmbeddingKind::network
                                                                          : EmbeddingKind::sface;
  form.side_px = static_cast<int>(from.integer("embedding.side_px", 16, side_px_max, form.side_px));
  form.scale = from.number("embedding.scale", 1e-6, 1e3, 1.0);
  form.swap_red_blue = from.flag("embedding.swap_red_blue", false);
  form.dimensions = static_cast<int>(from.integer("embedding.dimensions", 8, dimensions_max, 256));
  if (form.dimensions % 8 != 0) from.refuse("embedding.dimensions", "a multiple of 8 is expected");
  const auto alignment = from.numbers("embedding.alignment");
  if (form.kind == EmbeddingKind::network && alignment.size() != form.alignment.size())
    from.refuse("embedding.alignment", "10 numbers are expected: x, y of five points");
  if (alignment.size() == form.alignment.size())
    std::copy(alignment.begin(), alignment.end(), form.alignment.begin());
  return form;
}

LivenessForm read_liveness(SettingsFile& from, const std::string& role) {
  const std::string section = "liveness." + role + ".";
  LivenessForm form;
  form.role = role;
  form.box_scale = from.number(section + "box_scale", 1, 10);
  form.side_px = static_cast<int>(from.integer(section + "side_px", 16, side_px_max, form.side_px));
  form.live_class = static_cast<int>(from.integer(section + "live_class", 0, 15, form.live_class));
  return form;
}

FaceThresholds read_thresholds(SettingsFile& from, const Digest& embedder) {
  FaceThresholds thresholds;
  if (read_digest(from, "thresholds.embedder_sha256") != embedder)
    from.refuse("thresholds.embedder_sha256",
                "they were measured with another file than [files.embedder] names");
  thresholds.one_to_one = from.number("thresholds.one_to_one", 0.01, 1);
  thresholds.margin = from.number("thresholds.margin", 0, 1);
  thresholds.live = from.number("thresholds.live", 0, 1, 0.5);
  const auto people = from.numbers("thresholds.people");
  const auto scores = from.numbers("thresholds.scores");
  if (people.empty() || people.size() != scores.size())
    from.refuse("thresholds.scores", "as many scores as there are numbers in people are expected");
  for (std::size_t i = 0; i < std::min(people.size(), scores.size()); ++i) {
    const bool ascending = i == 0 || (people[i] > people[i - 1] && scores[i] >= scores[i - 1]);
    if (!ascending || people[i] < 1 || people[i] > static_cast<double>(people_max) || scores[i] <= 0 ||
        scores[i] > 1)
      from.refuse("thresholds.people", "ascending numbers are expected, and scores from 0 to 1");
    else
      thresholds.one_to_many.push_back({static_cast<std::size_t>(people[i]), scores[i]});
  }
  return thresholds;
}

std::string install_hint(const std::string& name) {
  return "install one: sitegate models install " + (name.empty() ? "retail-0095" : name) + " --from FOLDER";
}

Result<std::string> read_whole(const fs::path& path, std::uint64_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ModelPackErrc::not_there, path.string());
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.size() > bytes_max) return fail(ModelPackErrc::bad_manifest, path.string() + ": too large");
  return text;
}

Result<void> check_file(const ModelPack& pack, const ModelFile& file) {
  const auto path = pack.path(file);
  std::error_code problem;
  const auto size = fs::is_regular_file(path, problem) ? fs::file_size(path, problem) : 0;
  if (size == 0) return fail(ModelPackErrc::not_there, path.string() + ": " + install_hint(pack.name));
  if (size != file.bytes)
    return fail(ModelPackErrc::wrong_file, path.string() + ": " + std::to_string(size) +
                                               " bytes instead of " + std::to_string(file.bytes) + "; " +
                                               install_hint(pack.name));
  SITEGATE_TRY(text, read_whole(path, file.bytes));
  if (crypto::sha256(as_bytes(text)) != file.sha256)
    return fail(ModelPackErrc::wrong_file, path.string() + ": its SHA-256 is not " + to_hex(file.sha256) +
                                               "; " + install_hint(pack.name));
  return success();
}

}  // namespace

std::optional<double> FaceThresholds::for_people(std::size_t people) const {
  for (const auto& step : one_to_many)
    if (people <= step.people) return step.score;
  return std::nullopt;
}

const ModelFile* ModelPack::file(std::string_view role) const {
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const auto& each) { return each.role == role; });
  return found == files.end() ? nullptr : &*found;
}

const Digest& ModelPack::maker() const {
  const auto* embedder = file("embedder");
  SITEGATE_ASSERT(embedder != nullptr);  // parse_manifest() demands it
  return embedder->sha256;
}

Result<ModelPack> parse_manifest(const std::string& text, const std::string& where) {
  auto parsed = SettingsFile::parse(text, where);
  if (!parsed) return fail(ModelPackErrc::bad_manifest, parsed.error().text());
  SettingsFile& from = parsed.value();
  ModelPack pack;
  pack.name = from.text("pack.name");
  if (!is_pack_name(pack.name)) from.refuse("pack.name", "1 to 32 of a-z 0-9 . - are expected");
  pack.title = from.text("pack.title");
  std::set<std::string> names;
  for (const auto& role : from.sections("files")) {
    pack.files.push_back(read_file_section(from, role));
    if (!names.insert(pack.files.back().name).second)
      from.refuse("files." + role + ".name", "two files have the same name");
  }
  for (const auto* role : {"detector", "embedder"})
    if (pack.file(role) == nullptr) from.refuse("files", std::string(role) + " is missing");
  pack.detection_score = from.number("detection.score", 0.1, 1, pack.detection_score);
  pack.embedding = read_embedding(from);
  for (const auto& role : from.sections("liveness")) {
    pack.liveness.push_back(read_liveness(from, role));
    if (pack.file(role) == nullptr) from.refuse("liveness." + role, "[files] has no file of this role");
  }
  const auto* embedder = pack.file("embedder");
  pack.thresholds = read_thresholds(from, embedder == nullptr ? Digest{} : embedder->sha256);
  if (const auto finished = from.finish(); !finished)
    return fail(ModelPackErrc::bad_manifest, finished.error().text());
  return pack;
}

Result<void> check_files(const ModelPack& pack) {
  for (const auto& file : pack.files) {
    SITEGATE_TRYV(check_file(pack, file));
  }
  return success();
}

std::vector<std::string> installed_packs(const fs::path& packs) {
  std::vector<std::string> names;
  std::error_code problem;
  for (fs::directory_iterator at(packs, problem), end; !problem && at != end; at.increment(problem)) {
    const auto name = at->path().filename().string();
    std::error_code none;
    if (is_pack_name(name) && fs::is_regular_file(at->path() / manifest_name, none)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

static Result<std::string> chosen_pack(const fs::path& packs, const std::string& name) {
  if (!name.empty() && is_pack_name(name)) return name;
  if (!name.empty()) return fail(ModelPackErrc::not_there, "\"" + name + "\" is no name of a pack");
  const auto names = installed_packs(packs);
  if (names.empty())
    return fail(ModelPackErrc::not_there, "no pack in \"" + packs.string() + "\": " + install_hint(""));
  if (names.size() == 1) return names.front();
  std::string list;
  for (const auto& each : names) list += (list.empty() ? "" : ", ") + each;
  return fail(ModelPackErrc::not_unique, list + ": name one, e.g. pack=" + names.front());
}

Result<ModelPack> open_model_pack(const fs::path& packs, const std::string& name) {
  SITEGATE_TRY(chosen, chosen_pack(packs, name));
  const fs::path folder = packs / chosen;
  const auto manifest = read_whole(folder / manifest_name, 1u << 20);
  if (!manifest)
    return fail(ModelPackErrc::not_there,
                folder.string() + " has no " + std::string(manifest_name) + ": " + install_hint(chosen));
  SITEGATE_TRY(pack, parse_manifest(manifest.value(), (folder / manifest_name).string()));
  if (pack.name != chosen)
    return fail(ModelPackErrc::bad_manifest,
                folder.string() + ": its manifest is that of \"" + pack.name + "\"");
  pack.folder = folder;
  SITEGATE_TRYV(check_files(pack));
  return std::move(pack);
}

}  // namespace sitegate
