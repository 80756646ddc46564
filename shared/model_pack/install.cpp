#include "shared/model_pack/install.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>

#include "shared/base/log.hpp"
#include "shared/base/url.hpp"
#include "shared/crypto/digest.hpp"
#include "shared/http/client.hpp"

namespace sitegate {

namespace fs = std::filesystem;

namespace {

constexpr int redirections_max = 5;
constexpr std::chrono::minutes fetch_time_max{15};

bool is_right(const std::string& bytes, const ModelFile& file) {
  return bytes.size() == file.bytes && crypto::sha256(as_bytes(bytes)) == file.sha256;
}

std::string read_if_there(const fs::path& path, std::uint64_t bytes_max) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes;
  if (!stream) return bytes;
  bytes.resize(bytes_max + 1);
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  return bytes;
}

Error cannot_install(const fs::path& path, int error_number) {
  return fail(ModelPackErrc::cannot_install, fail_errno(error_number, path.string()).text());
}

/// On the disk before it has its name.
Result<void> write_durably(const fs::path& path, std::string_view bytes) {
  const fs::path part = path.string() + ".part";
  const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return cannot_install(part, errno);
  int problem = 0;
  for (std::size_t at = 0; at < bytes.size() && problem == 0;) {
    const auto written = ::write(file, bytes.data() + at, bytes.size() - at);
    if (written > 0) at += static_cast<std::size_t>(written);
    if (written < 0 && errno != EINTR) problem = errno;
  }
  if (problem == 0 && ::fsync(file) != 0) problem = errno;
  ::close(file);
  if (problem == 0 && ::rename(part.c_str(), path.c_str()) != 0) problem = errno;
  if (problem != 0) return cannot_install(part, problem);
  return success();
}

Result<void> sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return cannot_install(folder, errno);
  const int problem = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (problem != 0) return cannot_install(folder, problem);
  return success();
}

/// True if it had to be fetched.
Result<bool> provide(const ModelFile& file, const fs::path& folder, const ModelFetch& fetch) {
  if (is_right(read_if_there(folder / file.name, file.bytes), file)) return false;
  SITEGATE_TRY(bytes, fetch(file));
  if (!is_right(bytes, file))
    return fail(ModelPackErrc::wrong_file,
                file.name + ": " + std::to_string(bytes.size()) + " bytes with SHA-256 " +
                    to_hex(crypto::sha256(as_bytes(bytes))) + " came, wanted are " +
                    std::to_string(file.bytes) + " with " + to_hex(file.sha256) + "; nothing was installed");
  SITEGATE_TRYV(write_durably(folder / file.name, bytes));
  return true;
}

bool is_complete(const fs::path& packs, const ModelPack& pack, const std::string& manifest) {
  const auto there = open_model_pack(packs, pack.name);
  return there && read_if_there(there.value().folder / manifest_name, manifest.size()) == manifest;
}

/// The new folder takes the name; what had it before goes.
Result<void> put_in_place(const fs::path& made, const fs::path& place, const fs::path& aside) {
  std::error_code problem;
  fs::remove_all(aside, problem);
  if (fs::exists(place, problem) && ::rename(place.c_str(), aside.c_str()) != 0)
    return cannot_install(place, errno);
  if (::rename(made.c_str(), place.c_str()) != 0) return cannot_install(place, errno);
  SITEGATE_TRYV(sync_folder(place.parent_path()));
  fs::remove_all(aside, problem);
  return success();
}

/// Where an answer sends us; empty: it is no redirection.
std::string redirection(const http::Response& response) {
  const bool redirects = response.status == 301 || response.status == 302 || response.status == 303 ||
                         response.status == 307 || response.status == 308;
  return redirects ? std::string(response.header("Location")) : std::string();
}

std::string at_mirror(const std::string& address, const std::string& mirror) {
  if (mirror.empty()) return address;
  const auto path = address.find('/', std::string_view("https://").size());
  return mirror + (path == std::string::npos ? "/" : address.substr(path));
}

class HttpFetch {
 public:
  explicit HttpFetch(ModelAddresses addresses) : addresses_(std::move(addresses)) {
    while (addresses_.instead_of_host.ends_with('/')) addresses_.instead_of_host.pop_back();
  }

  Result<std::string> operator()(const ModelFile& file) {
    if (file.address.empty())
      return fail(ModelPackErrc::no_address, file.name + " (" + file.source + "): use --from FOLDER");
    std::string address = at_mirror(file.address, addresses_.instead_of_host);
    for (int i = 0; i <= redirections_max; ++i) {
      SITEGATE_TRY(response, ask(address, file));
      const auto next = redirection(response);
      if (next.empty() && response.status == 200) return std::move(response.body);
      if (next.empty())
        return fail(ModelPackErrc::cannot_fetch, address + ": HTTP " + std::to_string(response.status));
      if (!may_follow(next))
        return fail(ModelPackErrc::cannot_fetch,
                    address + ": it sends us to " + next + ", which is not https");
      address = next;
    }
    return fail(ModelPackErrc::cannot_fetch, file.address + ": too many redirections");
  }

 private:
  [[nodiscard]] bool may_follow(const std::string& address) const {
    const auto& mirror = addresses_.instead_of_host;
    return address.starts_with("https://") || (!mirror.empty() && address.starts_with(mirror + "/"));
  }

  Result<http::Response> ask(const std::string& address, const ModelFile& file) {
    http::ClientRequest request;
    request.url = address;
    request.timeout = fetch_time_max;
    request.answer_bytes_max = file.bytes + 1;
    request.ca_file = addresses_.ca_file;
    auto answer = client_->call(request);
    if (!answer) return fail(ModelPackErrc::cannot_fetch, file.name + ": " + answer.error().text());
    return std::move(answer).value();
  }

  ModelAddresses addresses_;
  std::shared_ptr<http::Client> client_ = std::make_shared<http::Client>();
};

}  // namespace

ModelFetch fetch_from_folder(fs::path folder) {
  return [folder = std::move(folder)](const ModelFile& file) -> Result<std::string> {
    auto bytes = read_if_there(folder / file.name, file.bytes);
    if (bytes.empty()) return fail(ModelPackErrc::not_there, (folder / file.name).string());
    return bytes;
  };
}

ModelFetch fetch_by_http(ModelAddresses addresses) {
  return HttpFetch(std::move(addresses));
}

Result<InstalledPack> install_pack(const std::string& manifest, const fs::path& packs,
                                   const ModelFetch& fetch) {
  SITEGATE_TRY(pack, parse_manifest(manifest, std::string(manifest_name)));
  const fs::path place = packs / pack.name;
  if (is_complete(packs, pack, manifest)) return InstalledPack{place, 0, true};
  const fs::path making = packs / ("." + pack.name + ".new");
  std::error_code problem;
  fs::create_directories(making, problem);
  if (problem) return cannot_install(making, problem.value());
  InstalledPack installed{place, 0, false};
  for (const auto& file : pack.files) {
    SITEGATE_TRY(fetched, provide(file, making, fetch));
    installed.fetched += fetched ? 1 : 0;
  }
  SITEGATE_TRYV(write_durably(making / manifest_name, manifest));
  SITEGATE_TRYV(sync_folder(making));
  SITEGATE_TRYV(put_in_place(making, place, packs / ("." + pack.name + ".old")));
  log::info("model pack installed name={} folder={}", pack.name, place.string());
  return installed;
}

}  // namespace sitegate
