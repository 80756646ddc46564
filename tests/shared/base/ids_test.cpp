// Identifiers: 14 digits with leading zeros, and the names of gateways.
#include "shared/base/ids.hpp"

#include <boost/test/unit_test.hpp>
#include <type_traits>
#include <unordered_set>

using namespace sitegate;

BOOST_AUTO_TEST_SUITE(ids)

BOOST_AUTO_TEST_CASE(leading_zeros_are_kept) {
  const auto id = TechnicianId::parse("00000000000042");
  BOOST_REQUIRE(id);
  BOOST_TEST(id->number() == 42u);
  BOOST_TEST(id->text() == "00000000000042");
}

BOOST_AUTO_TEST_CASE(the_range_is_1_to_14_nines) {
  BOOST_TEST(SiteId::parse("99999999999999")->number() == ccus_id_max);
  BOOST_TEST(SiteId::from_number(1)->text() == "00000000000001");
  BOOST_TEST(!SiteId::from_number(0));
  BOOST_TEST(!SiteId::from_number(ccus_id_max + 1));
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_id_is_refused) {
  for (const char* wrong : {"", "1", "1234567890123", "123456789012345", "1234567890123x", "-1234567890123",
                            "+1234567890123", " 1234567890123", "1234 567890123", "00000000000000"})
    BOOST_TEST(!TechnicianId::parse(wrong), wrong);
  BOOST_TEST(!TechnicianId::parse("１２３４５６７８９０１２３４"));  // full-width digits are not ASCII
}

BOOST_AUTO_TEST_CASE(an_id_that_names_nobody_is_false) {
  BOOST_TEST(!CompanyId{});
  BOOST_TEST(static_cast<bool>(*CompanyId::from_number(1)));
}

BOOST_AUTO_TEST_CASE(technicians_companies_and_sites_do_not_mix) {
  BOOST_TEST(
      (!std::is_convertible_v<TechnicianId, CompanyId> && !std::is_convertible_v<SiteId, TechnicianId>));
  BOOST_TEST((!std::is_convertible_v<std::uint64_t, SiteId>));
}

BOOST_AUTO_TEST_CASE(ids_are_ordered_and_hashed_by_number) {
  BOOST_TEST((*SiteId::from_number(9) < *SiteId::from_number(10)));
  const std::unordered_set<SiteId> sites{*SiteId::from_number(1), *SiteId::from_number(1),
                                         *SiteId::from_number(2)};
  BOOST_TEST(sites.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_gateway_is_named_by_letters_digits_and_hyphens) {
  for (const char* right : {"g", "gate-01", "KANTO-7f3a", "0"}) {
    const auto id = GatewayId::parse(right);
    BOOST_REQUIRE(id);
    BOOST_TEST(id->text() == right);
  }
  BOOST_TEST(GatewayId::parse(std::string(48, 'a')).has_value());
}

BOOST_AUTO_TEST_CASE(a_name_that_could_change_a_topic_is_refused) {
  for (const char* wrong : {"", "a/b", "a+b", "#", "a b", "a.b", "a_b", "門", "a\nb", "../x", "$SYS"})
    BOOST_TEST(!GatewayId::parse(wrong), wrong);
  BOOST_TEST(!GatewayId::parse(std::string(49, 'a')));
  BOOST_TEST(!GatewayId::parse(std::string_view("a\0b", 3)));
}

BOOST_AUTO_TEST_SUITE_END()
