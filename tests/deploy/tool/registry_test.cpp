// The way of an installation: a world, its import, keys and certificates, a gateway, and what the store then
// says.
#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "shared/crypto/signing.hpp"
#include "tests/deploy/tool/tool_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::tests {

constexpr const char* kinds[] = {"companies",           "technicians", "sites",
                                 "contract-structures", "rosters",     "credentials"};

struct World {
  World() {
    site = run_tool(0, {"simulate", "site", "--world", folder / "world", "--technicians", "12", "--seed", "7",
                        "--as-of", "2023-07-31"})
               .last_line()["site"]
               .get<std::string>();
  }
  void import_all() const {
    for (const std::string kind : kinds)
      BOOST_TEST(
          run_tool(0, {"import", kind, folder / "world" / (kind + ".csv"), "--store", store(), "--json"})
              .json()["refused"] == 0);
  }
  void make_authority() const { run_tool(0, {"provision", "authority", "--out", folder / "authority"}); }
  ToolRun provision(int expected, const std::string& gateway, const std::string& out) const {
    return run_tool(expected, {"provision", "gateway", gateway, "--site", site, "--authority",
                               folder / "authority", "--out", folder / out, "--store", store()});
  }
  nlohmann::json inspect() const { return run_tool(0, {"inspect", "store", store(), "--json"}).json(); }
  [[nodiscard]] std::string store() const { return "lmdb:" + (folder / "store").string(); }

  const TemporaryFolder folder;
  std::string site;
};

BOOST_FIXTURE_TEST_CASE(the_same_seed_makes_the_same_world, World) {
  run_tool(0, {"simulate", "site", "--world", folder / "again", "--technicians", "12", "--seed", "7",
               "--as-of", "2023-07-31"});
  run_tool(0, {"simulate", "site", "--world", folder / "other", "--technicians", "12", "--seed", "8",
               "--as-of", "2023-07-31"});
  for (const std::string kind : kinds) {
    BOOST_TEST(content_of(folder / "again" / (kind + ".csv")) ==
               content_of(folder / "world" / (kind + ".csv")));
    BOOST_TEST(content_of(folder / "other" / (kind + ".csv")) !=
               content_of(folder / "world" / (kind + ".csv")));
  }
}

BOOST_FIXTURE_TEST_CASE(a_world_imports_without_a_refused_row, World) {
  import_all();
  const auto counts = inspect()["counts"];
  BOOST_TEST(counts["technicians"] == 14);
  BOOST_TEST(counts["companies"] == 4);
  BOOST_TEST(counts["sites"] == 1);
  BOOST_TEST(run_tool(0, {"verify", "store", store(), "--json"}).json()["ok"] == true);
}

BOOST_FIXTURE_TEST_CASE(bad_rows_are_listed_and_good_rows_kept, World) {
  write_file(folder / "bad.csv",
             "company_id,name,prefecture,company_class,approved_on\n"
             "00000000000011,良い建設,13,corporation,2020-04-01\n"
             "12,short ID,13,corporation,2020-04-01\n"
             "00000000000013,\"a \"\"quoted\"\" name\",99,corporation,2020-04-01\n"
             "00000000000014,also good,27,sole_proprietor,2020-04-01\n");
  const auto run = run_tool(3, {"import", "companies", folder / "bad.csv", "--store", store(), "--rejects",
                                folder / "rejects.csv", "--json"});
  const auto result = run.json();
  BOOST_TEST(result["imported"] == 2);
  BOOST_TEST(result["refused"] == 2);
  BOOST_TEST(result["bad_rows"][0]["line"] == 3);
  BOOST_TEST(result["bad_rows"][1]["column"] == "prefecture");
  BOOST_TEST(run.errors.find("bad.csv:3: company_id") != std::string::npos, run.errors);
  BOOST_TEST(content_of(folder / "rejects.csv").starts_with("line,column,reason\n3,\"company_id\""));
  BOOST_TEST(inspect()["counts"]["companies"] == 2);
}

BOOST_FIXTURE_TEST_CASE(the_examples_are_good_files, World) {
  for (const std::string kind : kinds) {
    write_file(folder / "example.csv", run_tool(0, {"import", "--example", kind}).output);
    run_tool(0, {"import", kind, folder / "example.csv", "--store", store()});
  }
}

BOOST_FIXTURE_TEST_CASE(a_gateway_gets_what_it_needs_and_is_registered, World) {
  import_all();
  make_authority();
  provision(0, "gate-1", "gate-1");
  for (const char* file : {"gate-1.crt", "gate-1.key", "signing.pem", "public.pem", "authority.crt",
                           "cloud-public.pem", "gateway.toml"})
    BOOST_TEST(!content_of(folder / "gate-1" / file).empty(), file);
  BOOST_TEST(!std::filesystem::exists(folder / "gate-1" / "authority.key"));
  const auto gateways = inspect()["gateways"];
  BOOST_REQUIRE(gateways.size() == 1U);
  const auto key = crypto::load_public_key(folder / "gate-1" / "public.pem");
  BOOST_REQUIRE(key);
  BOOST_TEST(gateways[0]["public_key"] == to_hex(key.value()));
  BOOST_TEST(gateways[0]["site"] == site);
  BOOST_TEST(gateways[0]["revoked"] == false);
  run_tool(0, {"verify", "gateway", "gate-1", "--store", store()});
}

BOOST_FIXTURE_TEST_CASE(keys_are_for_their_owner_alone, World) {
  import_all();
  make_authority();
  provision(0, "gate-1", "gate-1");
  for (const char* file : {"authority/authority.key", "authority/cloud-signing.pem", "authority/cloud.key",
                           "gate-1/signing.pem", "gate-1/gate-1.key"}) {
    struct stat status {};
    BOOST_REQUIRE(::stat((folder / file).c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0600U, file);
  }
}

BOOST_FIXTURE_TEST_CASE(nothing_is_provisioned_twice_or_for_nobody, World) {
  import_all();
  make_authority();
  run_tool(1, {"provision", "authority", "--out", folder / "authority"});
  provision(0, "gate-1", "gate-1");
  const auto again = provision(1, "gate-1", "elsewhere");
  BOOST_TEST(again.errors.find("--replace-key") != std::string::npos, again.errors);
  BOOST_TEST(!std::filesystem::exists(folder / "elsewhere"));
  provision(1, "gate-2", "gate-1");
  provision(1, "cloud", "cloud");
  provision(1, "gate 1", "gate-x");
  const auto nowhere =
      run_tool(1, {"provision", "gateway", "gate-3", "--site", "99999999999999", "--authority",
                   folder / "authority", "--out", folder / "gate-3", "--store", store()});
  BOOST_TEST(nowhere.errors.find("99999999999999") != std::string::npos, nowhere.errors);
  BOOST_TEST(inspect()["gateways"].size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_revoked_gateway_is_shown_as_revoked, World) {
  import_all();
  make_authority();
  provision(0, "gate-1", "gate-1");
  run_tool(0, {"provision", "revoke", "gate-1", "--store", store()});
  BOOST_TEST(inspect()["gateways"][0]["revoked"] == true);
  run_tool(1, {"provision", "revoke", "gate-2", "--store", store()});
}

BOOST_FIXTURE_TEST_CASE(looking_into_a_store_changes_no_byte, World) {
  import_all();
  const std::string data = folder / "store/data.mdb";
  const auto before = content_of(data);
  const auto written = std::filesystem::last_write_time(data);
  inspect();
  run_tool(0, {"inspect", "store", store(), "--site", site});
  run_tool(0, {"verify", "store", store()});
  run_tool(0, {"report", "--month", "2023-07", "--store", store(), "--format", "csv"});
  BOOST_TEST((content_of(data) == before));
  BOOST_TEST((std::filesystem::last_write_time(data) == written));
}

}  // namespace sitegate::tests
