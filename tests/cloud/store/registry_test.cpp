// Registry objects: what was put is what is read, references are demanded, look-ups find everyone.
#include "tests/cloud/store/conformance.hpp"

namespace sitegate::cloud::tests {

BOOST_AUTO_TEST_SUITE(store_registry)

BOOST_AUTO_TEST_CASE_TEMPLATE(objects_are_read_as_they_were_put, Engine, Engines) {
  Subject<Engine> subject;
  Technician nameless = technician(2);
  nameless.name.clear();
  nameless.company.reset();
  Site special = site(2);
  special.test_data = true;
  special.settings = {.utc_offset_minutes = -210,
                      .day_boundary_minutes = 0,
                      .shift_hours_max = 30,
                      .open_for_unknown_credential = true,
                      .open_for_not_on_roster = true,
                      .open_for_expired_credential = false,
                      .open_when_site_closed = true};
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 2);
    need(writer.put(nameless));
    need(writer.put(special));
  });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.technician(technician_id(1))) == technician(1)));
    BOOST_TEST((need(reader.technician(technician_id(2))) == nameless));
    BOOST_TEST((need(reader.company(company_id(2))) == company(2)));
    BOOST_TEST((need(reader.site(site_id(1))) == site(1)));
    BOOST_TEST((need(reader.site(site_id(2))) == special));
    BOOST_TEST(!need(reader.technician(technician_id(9))).has_value());
    BOOST_TEST(!need(reader.company(company_id(9))).has_value());
    BOOST_TEST(!need(reader.site(site_id(9))).has_value());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_second_put_replaces, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) { put_world(writer, 3); });
  Company renamed = company(3);
  renamed.name = "改名";
  renamed.company_class = CompanyClass::sole_proprietor;
  subject.commit([&](WriteTransaction& writer) { need(writer.put(renamed)); });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.company(company_id(3))) == renamed));
    BOOST_TEST((need(reader.company(company_id(2))) == company(2)));
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(references_must_exist, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    refuses(StoreErrc::missing_reference, writer.put(site(1)));
    put_world(writer, 1);
    refuses(StoreErrc::missing_reference, writer.put(roster_entry(2, 1)));
    refuses(StoreErrc::missing_reference, writer.put(roster_entry(1, 2)));
    RosterEntry stranger = roster_entry(1, 1);
    stranger.company = company_id(2);
    refuses(StoreErrc::missing_reference, writer.put(stranger));
    refuses(StoreErrc::missing_reference, writer.put(ContractStructureEntry{.site = site_id(2),
                                                                            .company = company_id(1),
                                                                            .upper_company = {},
                                                                            .approved = true,
                                                                            .registered_by = "CCUS"}));
    refuses(StoreErrc::missing_reference, writer.put(ContractStructureEntry{.site = site_id(1),
                                                                            .company = company_id(2),
                                                                            .upper_company = {},
                                                                            .approved = true,
                                                                            .registered_by = "CCUS"}));
    refuses(StoreErrc::missing_reference, writer.put(card(2, {1, 2, 3, 4})));
    refuses(StoreErrc::missing_reference,
            writer.put(GatewayRecord{
                .id = gateway_id("g"), .site = site_id(2), .bucket = 0, .public_key = {}, .revoked = false}));
  });
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST(need(reader.gateways()).empty());
    BOOST_TEST(need(reader.contract_structure(site_id(1))).empty());
    BOOST_TEST(!need(reader.roster_entry(site_id(1), technician_id(1))).has_value());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_bulk_of_roster_entries_is_all_or_none, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    put_world(writer, 2);
    const std::vector<RosterEntry> entries{roster_entry(1, 1), roster_entry(1, 9)};
    refuses(StoreErrc::missing_reference, writer.put_roster_entries(entries));
  });
  subject.holds([](const ReadTransaction& reader) {
    BOOST_TEST(!need(reader.roster_entry(site_id(1), technician_id(1))).has_value());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_date_that_cannot_be_counted_is_refused, Engine, Engines) {
  Subject<Engine> subject;
  subject.commit([](WriteTransaction& writer) {
    Technician early = technician(1);
    early.registered_on = date("1900-01-01") - std::chrono::days(1);
    refuses(StoreErrc::invalid, writer.put(early));
    Company late = company(1);
    late.approved_on = date("2199-12-31") + std::chrono::days(1);
    refuses(StoreErrc::invalid, writer.put(late));
  });
  subject.holds([](const ReadTransaction& reader) { BOOST_TEST((need(reader.rollups()) == Rollups{})); });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(contract_structures_by_site_and_company, Engine, Engines) {
  Subject<Engine> subject;
  const ContractStructureEntry prime{.site = site_id(1),
                                     .company = company_id(1),
                                     .upper_company = {},
                                     .approved = true,
                                     .registered_by = "CCUS"};
  ContractStructureEntry sub{.site = site_id(1),
                             .company = company_id(2),
                             .upper_company = company_id(1),
                             .approved = false,
                             .registered_by = "グリーンサイト"};
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 3);
    need(writer.put(sub));
    need(writer.put(prime));
  });
  sub.approved = true;
  subject.commit([&](WriteTransaction& writer) { need(writer.put(sub)); });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.contract_structure(site_id(1))) == std::vector{prime, sub}));
    BOOST_TEST(need(reader.contract_structure(site_id(2))).empty());
    BOOST_TEST(need(reader.contract_structure(site_id(9))).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(all_holders_of_a_card, Engine, Engines) {
  Subject<Engine> subject;
  CredentialAssignment dated = card(1, {1, 2, 3, 4});
  dated.expires_on = date("2031-05-06");
  const auto same_uid = card(2, {1, 2, 3, 4}, CardTechnology::iso14443a);
  const auto longer = card(2, {1, 2, 3, 4, 5});
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 2);
    need(writer.put(card(1, {1, 2, 3, 4})));
    need(writer.put(dated));
    need(writer.put(longer));
    need(writer.put(same_uid));
    refuses(StoreErrc::invalid, writer.put(card(1, {})));
    refuses(StoreErrc::invalid, writer.put(card(1, Bytes(card_uid_size_max + 1))));
  });
  subject.holds([&](const ReadTransaction& reader) {
    const auto holders = [&](Bytes uid, CardTechnology technology = CardTechnology::unknown) {
      return need(reader.holders_of(CardCredential{technology, std::move(uid)}));
    };
    BOOST_TEST((holders({1, 2, 3, 4}) == std::vector{dated, same_uid}));
    BOOST_TEST((holders({1, 2, 3, 4}, CardTechnology::iso14443a) == std::vector{same_uid}));
    BOOST_TEST((holders({1, 2, 3, 4, 5}) == std::vector{longer}));
    BOOST_TEST(holders({1, 2, 3}).empty());
    BOOST_TEST(holders({}).empty());
    BOOST_TEST((need(reader.credentials_of(technician_id(1))) == std::vector{dated}));
    BOOST_TEST(need(reader.credentials_of(technician_id(2))).size() == 2);
    BOOST_TEST(need(reader.credentials_of(technician_id(9))).empty());
  });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gateways_by_name, Engine, Engines) {
  Subject<Engine> subject;
  GatewayRecord first{.id = gateway_id("gate-1"),
                      .site = site_id(1),
                      .bucket = 65535,
                      .public_key = {1, 2},
                      .revoked = false};
  const GatewayRecord second{
      .id = gateway_id("gate-10"), .site = site_id(1), .bucket = 7, .public_key = {3}, .revoked = true};
  subject.commit([&](WriteTransaction& writer) {
    put_world(writer, 1);
    need(writer.put(second));
    need(writer.put(first));
  });
  first.revoked = true;
  subject.commit([&](WriteTransaction& writer) { need(writer.put(first)); });
  subject.holds([&](const ReadTransaction& reader) {
    BOOST_TEST((need(reader.gateway(gateway_id("gate-1"))) == first));
    BOOST_TEST(!need(reader.gateway(gateway_id("gate"))).has_value());
    BOOST_TEST((need(reader.gateways()) == std::vector{first, second}));
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sitegate::cloud::tests
