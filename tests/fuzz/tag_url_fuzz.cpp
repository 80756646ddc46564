// Queries of tags' URLs, cookies, forms and enrolment links: everything a phone's browser sends.
#include <cstdlib>

#include "devices/tag/device_token.hpp"
#include "devices/tag/tap_url.hpp"
#include "devices/tag/visitor.hpp"

using namespace sitegate;
using namespace sitegate::devices;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// What is taken can be put together again, and says the same.
void parse(std::string_view text) {
  const auto url = tag::parse_tap_url(text);
  if (!url) return;
  const auto again = tag::parse_tap_url(url.value().query);
  require(again.has_value());
  require(again.value().query == url.value().query);
  require(again.value().picc_data == url.value().picc_data && again.value().plain == url.value().plain);
  require(again.value().mac == url.value().mac && again.value().mac_input == url.value().mac_input);
  require(again.value().file_data == url.value().file_data);
  require(url.value().query.find_first_of("<>\"' \n%") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  parse(text);
  // Nobody knows this key: no link is ever taken.
  require(!tag::parse_enrolment(text, crypto::AesKey(crypto::AesBlock{1, 2, 3})));
  if (const auto says = tag::parse_phone_form(text); says && says->position)
    require(says->position->latitude >= -90 && says->position->latitude <= 90 && says->accuracy_m >= 0);
  http::Request request;
  request.headers = {{"Cookie", std::string(text)}, {"Accept-Language", std::string(text)}};
  const auto visitor = tag::visitor_of(request);
  require(!visitor.token || visitor.token->text().size() == 64);
  return 0;
}
