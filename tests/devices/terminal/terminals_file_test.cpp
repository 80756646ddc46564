// The terminals' file: what stands in it, and what is said of what cannot.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "devices/terminal/hikvision_reader.hpp"
#include "devices/terminal/terminal.hpp"
#include "devices/terminal/zkteco_reader.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sitegate::devices::terminal {
namespace {

const std::string least =
    "[north]\nserial = \"CJDE1\"\naddress = \"192.0.2.11\"\nrealm = \"site\"\nmethod = \"face\"\n";

struct Folder {
  tests::TemporaryFolder folder;
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return folder / name;
  }
  Result<std::vector<Terminal>> load(const std::string& text, Family family = Family::zkteco) const {
    return load_terminals(write("terminals.toml", text), family);
  }
  // Whether it is refused with all of these words in the reason.
  bool refuses(const std::string& text, std::initializer_list<const char*> words,
               Family family = Family::zkteco) const {
    const auto loaded = load(text, family);
    if (loaded) return false;
    for (const char* word : words)
      if (loaded.error().text().find(word) == std::string::npos) {
        BOOST_TEST_MESSAGE(loaded.error().text());
        return false;
      }
    return true;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(terminals_file, Folder)

BOOST_AUTO_TEST_CASE(the_least_a_terminal_needs) {
  const auto loaded = load(least);
  BOOST_REQUIRE(loaded.has_value());
  BOOST_REQUIRE(loaded.value().size() == 1u);
  const auto& terminal = loaded.value()[0];
  BOOST_TEST(terminal.name == "north");
  BOOST_TEST(terminal.serial == "CJDE1");
  BOOST_TEST(terminal.address == "192.0.2.11");
  BOOST_TEST((terminal.method == Method::face));
  BOOST_TEST((terminal.dialect == Dialect::attendance));
  BOOST_TEST((terminal.direction == DirectionFrom::place));
  BOOST_TEST((terminal.utc_offset == std::chrono::minutes(540)));
  BOOST_TEST(!terminal.online);
  BOOST_TEST(!terminal.door.follow);
}

BOOST_AUTO_TEST_CASE(everything_that_can_be_said_of_a_terminal) {
  write("aliases.csv", "terminal,roster\n1001,0001001\n");
  const auto loaded =
      load(least +
           "gate = \"2\"\ndirection = \"state\"\nentry_states = [\"8\"]\nexit_states = [\"9\"]\n"
           "utc_offset_min = 0\ncard_number = \"hexadecimal\"\naliases = \"aliases.csv\"\n"
           "dialect = \"security\"\nonline = true\nopen_door = true\ndoor = 2\nopen_s = 3\n"
           "[south]\nserial = \"CJDE2\"\naddress = \"2001:DB8::0:1\"\nrealm = \"site\"\n"
           "method = \"finger_vein\"\n");
  BOOST_REQUIRE_MESSAGE(loaded.has_value(), (loaded ? "" : loaded.error().text()));
  BOOST_REQUIRE(loaded.value().size() == 2u);
  const auto& north = loaded.value()[0];
  BOOST_TEST(north.entry_states.contains("8"));
  BOOST_TEST(north.exit_states.contains("9"));
  BOOST_TEST(!north.exit_states.contains("1"));
  BOOST_TEST((north.card_number == CardNumber::hexadecimal));
  BOOST_TEST(north.aliases.at("1001") == "0001001");
  BOOST_TEST((north.dialect == Dialect::security));
  BOOST_TEST(north.online);
  BOOST_TEST(north.door.number == 2);
  BOOST_TEST(north.door.open_s == 3);
  BOOST_TEST(loaded.value()[1].address == "2001:db8::1");
  BOOST_TEST((loaded.value()[1].method == Method::finger_vein));
}

BOOST_AUTO_TEST_CASE(mistakes_are_said_with_file_line_and_key) {
  BOOST_TEST(refuses("", {"terminals.toml", "no terminal"}));
  BOOST_TEST(refuses(least + "adress = \"1\"\n", {"terminals.toml:6", "north.adress"}));
  BOOST_TEST(refuses("[north]\nserial = \"1\"\naddress = \"gate\"\nrealm = \"s\"\nmethod = \"face\"\n",
                     {":3", "address"}));
  BOOST_TEST(refuses("[north]\nserial = \"1\"\naddress = \"192.0.2.1\"\nrealm = \"s\"\n", {"north.method"}));
  BOOST_TEST(refuses("[north]\nserial = \"1\"\naddress = \"192.0.2.1\"\nrealm = \"s\"\nmethod = \"palm\"\n",
                     {"finger_vein"}));
  BOOST_TEST(refuses("[north]\nserial = \"a/b\"\naddress = \"192.0.2.1\"\nrealm = \"s\"\nmethod = \"face\"\n",
                     {"serial"}));
  BOOST_TEST(refuses("[north]\nserial = \"1\"\naddress = \"192.0.2.1\"\nrealm = \"a b\"\nmethod = \"face\"\n",
                     {"realm"}));
  BOOST_TEST(refuses(least + "online = true\n", {"north.online", "security"}));
  BOOST_TEST(refuses(least + "door = 17\n", {"north.door", "1 to 16"}));
  BOOST_TEST(refuses(least + "aliases = \"none.csv\"\n", {"north.aliases", "none.csv"}));
  BOOST_TEST(refuses(
      least + "[south]\nserial = \"CJDE1\"\naddress = \"192.0.2.12\"\nrealm = \"s\"\nmethod = \"face\"\n",
      {"south.serial", "same serial"}));
  BOOST_TEST(refuses(least + "url = \"http://192.0.2.11\"\n", {"north.url"}));  // not of this family
}

BOOST_AUTO_TEST_CASE(aliases_are_refused_whole) {
  const auto why = [&](const std::string& text) {
    const auto aliases = load_aliases(write("aliases.csv", text));
    return aliases ? std::string() : aliases.error().text();
  };
  BOOST_TEST(why("terminal,roster\n# a note\n1,01\n2,02\n").empty());
  BOOST_TEST(why("terminal,roster\n1,01\n1,02\n").find("line 3") != std::string::npos);
  BOOST_TEST(why("terminal,roster\n1,\n").find("line 2") != std::string::npos);
  BOOST_TEST(why("terminal\n1\n").find("roster") != std::string::npos);
  BOOST_TEST(!why("").empty());
}

BOOST_AUTO_TEST_CASE(the_search_of_a_log_needs_user_and_password) {
  write("digest.toml", "[digest]\nuser = \"admin\"\npassword = \"secret\"\n");
  const auto loaded =
      load(least + "url = \"https://192.0.2.11/\"\ncredentials = \"digest.toml\"\nca = \"ca.pem\"\n",
           Family::hikvision);
  BOOST_REQUIRE_MESSAGE(loaded.has_value(), (loaded ? "" : loaded.error().text()));
  BOOST_TEST(loaded.value()[0].url == "https://192.0.2.11");
  BOOST_TEST(loaded.value()[0].digest->user == "admin");
  BOOST_TEST(loaded.value()[0].ca_file == (folder / "ca.pem").string());
  BOOST_TEST(loaded.value()[0].entry_states.contains("checkIn"));
  BOOST_TEST(refuses(least + "url = \"http://192.0.2.11\"\n", {"north.credentials"}, Family::hikvision));
  BOOST_TEST(refuses(least + "url = \"192.0.2.11\"\n", {"north.url", "http://"}, Family::hikvision));
  BOOST_TEST(refuses(least + "dialect = \"security\"\n", {"north.dialect"}, Family::hikvision));
}

BOOST_AUTO_TEST_CASE(urls) {
  const ManualClock clock{UtcTime{}};
  const auto file = write("terminals.toml", least).string();
  const auto why = [&](auto open, const std::string& text) {
    const auto reader = open(parse_url(text).value(), ReaderSurroundings{clock, folder.path()});
    return reader ? std::string() : reader.error().text();
  };
  const std::string zkteco = "terminal+zkteco://0.0.0.0:8081?terminals=" + file;
  BOOST_TEST(why(open_zkteco_reader, zkteco).empty());
  BOOST_TEST(why(open_zkteco_reader, zkteco + "&live_s=60&id=a&gate=2&direction=entry").empty());
  BOOST_TEST(why(open_zkteco_reader, "terminal+zkteco://[::]:8081?terminals=" + file).empty());
  BOOST_TEST(why(open_zkteco_reader, zkteco + "&live_s=0").find("live_s") != std::string::npos);
  BOOST_TEST(why(open_zkteco_reader, zkteco + "&speed=1").find("speed") != std::string::npos);
  BOOST_TEST(why(open_zkteco_reader, zkteco + "&id=" + std::string(60, 'i')).find("id=") !=
             std::string::npos);
  BOOST_TEST(why(open_zkteco_reader, "terminal+zkteco://0.0.0.0:8081").find("terminals=") !=
             std::string::npos);
  for (const std::string authority : {"0.0.0.0", "gate:8081", ":8081", "0.0.0.0:99999", "0.0.0.0:8081/path"})
    BOOST_TEST(!why(open_zkteco_reader, "terminal+zkteco://" + authority + "?terminals=" + file).empty(),
               authority);
  const std::string hikvision = "terminal+hikvision://0.0.0.0:8082?terminals=" + file;
  BOOST_TEST(why(open_hikvision_reader, hikvision + "&catch_up_min=5&catch_up_h=24").empty());
  BOOST_TEST(why(open_hikvision_reader, hikvision + "&catch_up_h=99999").find("catch_up_h") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::devices::terminal
