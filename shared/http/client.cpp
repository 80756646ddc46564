#include "shared/http/client.hpp"

#include <curl/curl.h>

#include <array>

namespace sitegate::http {
namespace {

// Before the first handle, once for the process.
bool library_ready() {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

// What the callbacks write to.
struct Progress {
  Response response;
  std::size_t answer_bytes_max = 0;
  bool too_large = false;
  const std::stop_token* stop = nullptr;
};

std::size_t take_body(const char* data, std::size_t, std::size_t count, void* user) {
  auto& progress = *static_cast<Progress*>(user);
  progress.too_large = progress.response.body.size() + count > progress.answer_bytes_max;
  if (progress.too_large) return 0;
  progress.response.body.append(data, count);
  return count;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::size_t take_header(const char* data, std::size_t, std::size_t count, void* user) {
  auto& response = static_cast<Progress*>(user)->response;
  const std::string_view line(data, count);
  // A challenge, its answer and 100 Continue each begin anew; the last one counts.
  if (line.starts_with("HTTP/")) response = Response{};
  const auto colon = line.find(':');
  if (!line.starts_with("HTTP/") && colon != std::string_view::npos)
    response.headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
  return count;
}

int look_for_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Progress*>(user)->stop->stop_requested() ? 1 : 0;
}

HttpErrc errc_of(CURLcode code, const Progress& progress) {
  if (progress.too_large) return HttpErrc::answer_too_large;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return HttpErrc::timed_out;
    case CURLE_ABORTED_BY_CALLBACK:
      return HttpErrc::stopped;
    case CURLE_PEER_FAILED_VERIFICATION:
      return HttpErrc::refused_tls;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_SSL_CACERT_BADFILE:
      return HttpErrc::bad_request;
    default:
      return HttpErrc::unreachable;
  }
}

void set_target(CURL* curl, const ClientRequest& request) {
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // devices stand in the site's own network
  if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
  if (!request.digest) return;
  curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
  curl_easy_setopt(curl, CURLOPT_USERNAME, request.digest->user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, request.digest->password.c_str());
}

void set_content(CURL* curl, const ClientRequest& request) {
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (request.method == "GET" || request.method == "HEAD") return;
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
}

HeaderList headers_of(const ClientRequest& request) {
  HeaderList headers;
  const auto add = [&](const std::string& line) {
    auto* longer = curl_slist_append(headers.get(), line.c_str());
    static_cast<void>(headers.release());
    headers.reset(longer);
  };
  // Left out: libcurl would wait a second for 100 Continue before a large body, and name a content type.
  add("Expect:");
  if (find_header(request.headers, "Content-Type").empty()) add("Content-Type:");
  for (const auto& header : request.headers) add(header.name + ": " + header.value);
  return headers;
}

void set_callbacks(CURL* curl, Progress& progress) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &progress);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_for_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &progress);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

}  // namespace

struct Client::Handle {
  CURL* curl = library_ready() ? curl_easy_init() : nullptr;
  ~Handle() { curl_easy_cleanup(curl); }
};

Client::Client() : handle_(std::make_unique<Handle>()) {}
Client::~Client() = default;

Result<Response> Client::call(const ClientRequest& request, const std::stop_token& stop) {
  CURL* curl = handle_->curl;
  const auto where = request.method + " " + request.url.substr(0, request.url.find('?'));
  if (curl == nullptr) return fail(HttpErrc::bad_request, where + ": libcurl does not start");
  curl_easy_reset(curl);
  Progress progress{{}, request.answer_bytes_max, false, &stop};
  std::array<char, CURL_ERROR_SIZE> words{};
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words.data());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  set_target(curl, request);
  set_content(curl, request);
  set_callbacks(curl, progress);
  const auto headers = headers_of(request);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  const auto code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  if (code != CURLE_OK)
    return fail(errc_of(code, progress),
                where + ": " + (words[0] != 0 ? words.data() : curl_easy_strerror(code)));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  progress.response.status = static_cast<unsigned>(status);
  progress.response.content_type = progress.response.header("Content-Type");
  return std::move(progress.response);
}

}  // namespace sitegate::http
