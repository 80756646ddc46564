// Every schema of today can stand in for the released one: `flatc --conform` says so, and is seen to say no.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/temporary_folder.hpp"

namespace sitegate::wire::test {

namespace files = std::filesystem;

files::path source_folder() {
  const char* source = std::getenv("SITEGATE_SOURCE");
  BOOST_REQUIRE_MESSAGE(source != nullptr, "SITEGATE_SOURCE names the root of the sources");
  return source;
}
files::path released_folder() {
  return source_folder() / "tests/golden/wire/v1";
}

bool conforms(const files::path& schema, const files::path& released) {
  const std::string command = "flatc --conform '" + released.string() + "' '" + schema.string() + "' 2>&1";
  return std::system(command.c_str()) == 0;
}

/// A copy of the released schema in which `from` has become `to`.
void write_changed(const files::path& schema, const files::path& copy, const std::string& from,
                   const std::string& to) {
  std::ifstream in(schema);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, schema << " has no \"" << from << "\"");
  std::ofstream(copy) << text.replace(at, from.size(), to);
}

BOOST_AUTO_TEST_CASE(every_schema_conforms_to_the_released_one) {
  int schemas = 0;
  for (const auto& entry : files::directory_iterator(source_folder() / "shared/wire")) {
    if (entry.path().extension() != ".fbs") continue;
    const auto released = released_folder() / entry.path().filename();
    BOOST_REQUIRE_MESSAGE(files::exists(released),
                          released << " is missing: release it with its golden file");
    BOOST_TEST(conforms(entry.path(), released), entry.path().filename());
    ++schemas;
  }
  BOOST_TEST(schemas == 6);
}

BOOST_AUTO_TEST_CASE(no_released_schema_is_gone) {
  for (const auto& entry : files::directory_iterator(released_folder()))
    if (entry.path().extension() == ".fbs")
      BOOST_TEST(files::exists(source_folder() / "shared/wire" / entry.path().filename()),
                 entry.path().filename());
}

BOOST_AUTO_TEST_CASE(a_schema_that_breaks_the_wire_does_not_conform) {
  const tests::TemporaryFolder folder;
  files::copy_file(released_folder() / "common.fbs", folder.path() / "common.fbs");
  const auto released = released_folder() / "work_history_batch.fbs";
  const auto changed = folder.path() / "work_history_batch.fbs";
  write_changed(released, changed, "epoch:ulong;", "epoch:ulong;");
  BOOST_TEST(conforms(changed, released));
  write_changed(released, changed, "epoch:ulong;", "epoch:uint;");  // another width
  BOOST_TEST(!conforms(changed, released));
  write_changed(released, changed, "  epoch:ulong;\n", "");  // a field removed from the middle
  BOOST_TEST(!conforms(changed, released));
  write_changed(released, changed, "  epoch:ulong;\n",
                "  shift:ushort;\n  epoch:ulong;\n");  // one put before
  BOOST_TEST(!conforms(changed, released));
  write_changed(released, changed, "entry = 1, exit = 2", "entry = 2, exit = 1");  // enum renumbered
  BOOST_TEST(!conforms(changed, released));
}

}  // namespace sitegate::wire::test
