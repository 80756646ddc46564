// Every kind of credential in the one shape in which it travels, and what is no credential.
#include <boost/test/unit_test.hpp>

#include "shared/model/credential.hpp"

using namespace sitegate;

namespace {

Bytes ascii(std::string_view text) {
  return to_bytes(as_bytes(text));
}

const std::vector<Credential> one_of_each{CardCredential{CardTechnology::felica, {1, 16, 3, 4, 5, 6, 7, 8}},
                                          UhfTagCredential{Bytes(12, 0xE2)},
                                          PhoneCredential{"+819012345678"},
                                          CodeCredential{"CCUS 00000000000001"},
                                          TerminalUserCredential{"north", "0471"},
                                          TokenCredential{Digest{1, 2, 3}},
                                          MarkerCredential{"apriltag-36h11", 17},
                                          TechnicianCredential{*TechnicianId::parse("00000000000001")}};

bool is_one(CredentialKind kind, Bytes value, std::string realm = {},
            CardTechnology technology = CardTechnology::unknown) {
  return credential_of({kind, technology, std::move(realm), std::move(value)}).has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(credentials)

BOOST_AUTO_TEST_CASE(there_is_one_of_each_kind) {
  BOOST_TEST(one_of_each.size() == std::variant_size_v<Credential>);
  BOOST_TEST(one_of_each.size() == credential_kind_max);
  for (std::size_t i = 0; i < one_of_each.size(); ++i) BOOST_TEST(one_of_each[i].index() == i);
}

BOOST_AUTO_TEST_CASE(a_form_and_its_text_give_the_credential_back) {
  for (const auto& credential : one_of_each) {
    CredentialForm form = form_of(credential);
    BOOST_TEST((credential_of(form) == credential));
    BOOST_TEST((parse_credential_kind(to_text(form.kind)) == form.kind));
    form.value = parse_credential_value(form.kind, value_text(form)).value();
    BOOST_TEST((credential_of(form) == credential));
  }
}

BOOST_AUTO_TEST_CASE(what_breaks_a_kind_s_limits_is_no_credential) {
  BOOST_TEST(!is_one(CredentialKind::card, {}));
  BOOST_TEST(!is_one(CredentialKind::card, Bytes(17)));
  BOOST_TEST(!is_one(CredentialKind::card, {1}, "realm"));
  BOOST_TEST(!is_one(CredentialKind::card, {1}, "", static_cast<CardTechnology>(9)));
  BOOST_TEST(!is_one(CredentialKind::uhf_tag, Bytes(63)));
  BOOST_TEST(!is_one(CredentialKind::uhf_tag, {1}, "", CardTechnology::felica));
  BOOST_TEST(!is_one(CredentialKind::phone, ascii("09012345678")));
  BOOST_TEST(!is_one(CredentialKind::phone, ascii("+81 90")));
  BOOST_TEST(!is_one(CredentialKind::phone, ascii("+1234567890123456")));
  BOOST_TEST(!is_one(CredentialKind::code, ascii(" blank first")));
  BOOST_TEST(!is_one(CredentialKind::code, Bytes(65, 'x')));
  BOOST_TEST(!is_one(CredentialKind::code, {'a', 0, 'b'}));
  BOOST_TEST(!is_one(CredentialKind::terminal_user, ascii("4711")));
  BOOST_TEST(!is_one(CredentialKind::terminal_user, ascii("47 11"), "north"));
  BOOST_TEST(!is_one(CredentialKind::terminal_user, ascii("1"), "a/b"));
  BOOST_TEST(!is_one(CredentialKind::token, Bytes(31)));
  BOOST_TEST(!is_one(CredentialKind::marker, ascii("007"), "apriltag-36h11"));
  BOOST_TEST(!is_one(CredentialKind::marker, ascii("4294967296"), "apriltag-36h11"));
  BOOST_TEST(!is_one(CredentialKind::marker, ascii("7")));
  BOOST_TEST(!is_one(CredentialKind::technician, ascii("1")));
  BOOST_TEST(!is_one(CredentialKind::technician, ascii("00000000000000")));
  BOOST_TEST(!is_one(static_cast<CredentialKind>(0), {1}));
  BOOST_TEST(!is_one(static_cast<CredentialKind>(credential_kind_max + 1), {1}));
}

BOOST_AUTO_TEST_CASE(cards_are_the_same_when_their_technologies_do_not_contradict) {
  const CardCredential felica{CardTechnology::felica, {1, 2}};
  BOOST_TEST(same_credential(felica, CardCredential{CardTechnology::unknown, {1, 2}}));
  BOOST_TEST(!same_credential(felica, CardCredential{CardTechnology::iso14443a, {1, 2}}));
  BOOST_TEST(!same_credential(felica, CardCredential{CardTechnology::felica, {1, 3}}));
  BOOST_TEST(!same_credential(felica, UhfTagCredential{{1, 2}}));
}

BOOST_AUTO_TEST_CASE(what_people_and_logs_see_names_nobody) {
  BOOST_TEST(masked_text(one_of_each[0]) == "card felica …0708");
  BOOST_TEST(masked_text(one_of_each[2]) == "phone …78");
  BOOST_TEST(masked_text(one_of_each[5]).find("0102") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
