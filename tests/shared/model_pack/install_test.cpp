// Installing a pack: whole or not at all, from a folder or by HTTP, and nothing whose hash is another.
#include "shared/model_pack/install.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <map>

#include "shared/base/guarded.hpp"
#include "shared/http/server.hpp"
#include "tests/shared/model_pack/example_pack.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Place {
  TemporaryFolder from;
  TemporaryFolder packs;
  Place() {
    write(from / "detector.onnx", detector_bytes);
    write(from / "embedder.onnx", embedder_bytes);
    write(from / "near.onnx", "near");
  }
  Result<InstalledPack> install() {
    return install_pack(example_manifest(), packs.path(), fetch_from_folder(from.path()));
  }
  /// What a reader would find.
  [[nodiscard]] bool is_installed() const { return open_model_pack(packs.path(), "example-1").has_value(); }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(packs.path()), fs::directory_iterator()));
  }
};

/// A mirror of models.example whose answers the test sets; it counts who asked.
class Mirror {
 public:
  Mirror() {
    server_ = http::Server::start({}, [this](const http::Request& request, http::Responder respond) {
                const auto answer = answers_.with([&](auto& answers) {
                  ++answers[request.path].first;
                  return answers[request.path].second;
                });
                respond(answer);
              }).value();
  }
  ~Mirror() { server_->stop(); }
  void answer(const std::string& path, http::Response response) {
    answers_.with([&](auto& answers) { answers[path].second = std::move(response); });
  }
  int asked(const std::string& path) {
    return answers_.with([&](auto& answers) { return answers[path].first; });
  }
  [[nodiscard]] std::string address() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

 private:
  Guarded<std::map<std::string, std::pair<int, http::Response>>> answers_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(install)

BOOST_AUTO_TEST_CASE(from_a_folder_and_a_second_time) {
  Place place;
  const auto first = place.install();
  BOOST_REQUIRE_MESSAGE(first.has_value(), (first ? "" : first.error().text()));
  BOOST_TEST(first.value().fetched == 3u);
  BOOST_TEST(!first.value().was_there);
  const auto pack = open_model_pack(place.packs.path());
  BOOST_REQUIRE(pack);
  BOOST_TEST(pack.value().name == "example-1");
  BOOST_TEST(read(pack.value().path(*pack.value().file("embedder"))) == embedder_bytes);
  BOOST_TEST(place.entries() == 1u);  // nothing beside it is left
  BOOST_TEST(place.install().value().was_there);
}

BOOST_AUTO_TEST_CASE(a_wrong_file_installs_nothing) {
  Place place;
  write(place.from / "embedder.onnx", "embedder weights, some less");
  const auto refused = place.install();
  BOOST_REQUIRE(!refused);
  BOOST_TEST(is(refused.error(), ModelPackErrc::wrong_file));
  BOOST_TEST(refused.error().detail.find("embedder.onnx") != std::string::npos);
  BOOST_TEST(!place.is_installed());
  BOOST_TEST(installed_packs(place.packs.path()).empty());
  write(place.from / "embedder.onnx", embedder_bytes);
  const auto resumed = place.install();
  BOOST_REQUIRE(resumed);
  BOOST_TEST(resumed.value().fetched == 2u);  // the detector was there from the attempt before
  BOOST_TEST(place.is_installed());
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_named) {
  Place place;
  fs::remove(place.from / "near.onnx");
  const auto refused = place.install();
  BOOST_REQUIRE(!refused);
  BOOST_TEST(is(refused.error(), ModelPackErrc::not_there));
  BOOST_TEST(refused.error().detail.find("near.onnx") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_damaged_pack_is_found_and_installed_again) {
  Place place;
  BOOST_REQUIRE(place.install());
  write(place.packs / "example-1" / "detector.onnx", "detector w3ights");
  const auto damaged = open_model_pack(place.packs.path());
  BOOST_REQUIRE(!damaged);
  BOOST_TEST(is(damaged.error(), ModelPackErrc::wrong_file));
  BOOST_TEST(damaged.error().detail.find("sitegate models install") != std::string::npos);
  write(place.packs / "example-1" / "detector.onnx", "cut");
  BOOST_TEST(is(open_model_pack(place.packs.path()).error(), ModelPackErrc::wrong_file));
  fs::remove(place.packs / "example-1" / "detector.onnx");
  BOOST_TEST(is(open_model_pack(place.packs.path()).error(), ModelPackErrc::not_there));
  BOOST_REQUIRE(place.install());
  BOOST_TEST(place.is_installed());
  BOOST_TEST(place.entries() == 1u);
}

BOOST_AUTO_TEST_CASE(which_pack_is_meant) {
  Place place;
  BOOST_TEST(is(open_model_pack(place.packs.path()).error(), ModelPackErrc::not_there));
  BOOST_TEST(is(open_model_pack("/no/such/folder").error(), ModelPackErrc::not_there));
  BOOST_REQUIRE(place.install());
  fs::create_directory(place.packs / "another");
  write(place.packs / "another" / "pack.toml", example_manifest());
  BOOST_TEST(is(open_model_pack(place.packs.path()).error(), ModelPackErrc::not_unique));
  BOOST_TEST(open_model_pack(place.packs.path(), "example-1").has_value());
  BOOST_TEST(is(open_model_pack(place.packs.path(), "another").error(), ModelPackErrc::bad_manifest));
  BOOST_TEST(is(open_model_pack(place.packs.path(), "../example-1").error(), ModelPackErrc::not_there));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_said) {
  Place place;
  write(place.packs / "file", "in the way");
  const auto refused =
      install_pack(example_manifest(), place.packs / "file", fetch_from_folder(place.from.path()));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(is(refused.error(), ModelPackErrc::cannot_install));
}

BOOST_AUTO_TEST_CASE(by_http_with_redirections) {
  Mirror mirror;
  Place place;
  fs::remove(place.from / "near.onnx");
  mirror.answer("/first", {.status = 302, .headers = {{"Location", mirror.address() + "/moved"}}});
  mirror.answer("/moved", {.status = 200, .body = detector_bytes});
  mirror.answer("/second", {.status = 200, .body = embedder_bytes});
  const auto by_http = fetch_by_http({.ca_file = {}, .instead_of_host = mirror.address()});
  // The third file has no address: that is said, and what was fetched stays for the next attempt.
  const auto refused = install_pack(example_manifest(), place.packs.path(), by_http);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(is(refused.error(), ModelPackErrc::no_address));
  BOOST_TEST(refused.error().detail.find("--from") != std::string::npos);
  write(place.from / "near.onnx", "near");
  BOOST_TEST(place.install().value().fetched == 1u);
  BOOST_TEST(mirror.asked("/first") == 1);
  BOOST_TEST(mirror.asked("/second") == 1);
}

BOOST_AUTO_TEST_CASE(an_address_that_gives_something_else_installs_nothing) {
  Mirror mirror;
  const TemporaryFolder packs;
  const auto by_http = fetch_by_http({.ca_file = {}, .instead_of_host = mirror.address()});
  const auto error_of = [&] { return install_pack(example_manifest(), packs.path(), by_http).error(); };
  mirror.answer("/first", {.status = 404, .body = "no such file"});
  BOOST_TEST(is(error_of(), ModelPackErrc::cannot_fetch));
  BOOST_TEST(error_of().detail.find("404") != std::string::npos);
  mirror.answer("/first", {.status = 200, .body = "a page that asks for a password"});
  BOOST_TEST(!is(error_of(), ModelPackErrc::no_address));
  mirror.answer("/first", {.status = 200, .body = "detector w3ights"});
  BOOST_TEST(is(error_of(), ModelPackErrc::wrong_file));
  mirror.answer("/first", {.status = 302, .headers = {{"Location", "http://elsewhere.example/first"}}});
  BOOST_TEST(error_of().detail.find("not https") != std::string::npos);
  mirror.answer("/first", {.status = 302, .headers = {{"Location", mirror.address() + "/first"}}});
  BOOST_TEST(error_of().detail.find("too many redirections") != std::string::npos);
  const auto unreachable = fetch_by_http({.ca_file = {}, .instead_of_host = "http://127.0.0.1:1"});
  BOOST_TEST(
      is(install_pack(example_manifest(), packs.path(), unreachable).error(), ModelPackErrc::cannot_fetch));
  BOOST_TEST(installed_packs(packs.path()).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::tests
