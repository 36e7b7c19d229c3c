#include "net/impl/http_transfer.hpp"

#include "net/impl/text.hpp"
#include "net/impl/tls.hpp"
#include "net/url.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace intent::net {

namespace {

constexpr std::size_t max_failure_text = 400;

bool is_token(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               std::strchr("!#$%&'*+-.^_`|~", c) != nullptr;
    });
}

bool is_header_value(std::string_view value) {
    return std::none_of(value.begin(), value.end(),
                        [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

HttpFailure::Kind kind_of(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_CONNECT:
            return HttpFailure::Kind::connect;
        case CURLE_OPERATION_TIMEDOUT:
            return HttpFailure::Kind::timeout;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
            return HttpFailure::Kind::tls;
        default:
            return HttpFailure::Kind::broken;
    }
}

}  // namespace

HttpTransfer::HttpTransfer(HttpRequest request, const HttpOptions& options)
    : request_(std::move(request)), options_(options) {
    auto parsed = parse_url(request_.url, "http", "https");
    if (auto* error = std::get_if<std::string>(&parsed)) {
        fault_ = std::move(*error);
        return;
    }
    const auto& url = std::get<Url>(parsed);
    host_ = url.host;
    place_ = url.host + ":" + std::to_string(url.port);
    if (!is_token(request_.method)) fault_ = "the method is not an HTTP method";
    for (const auto& [name, value] : request_.headers)
        if (!is_token(name) || !is_header_value(value)) fault_ = "a header has bytes in it that HTTP does not allow";
    if (!fault_.empty()) return;
    easy_.reset(curl_easy_init());
    if (!easy_) {
        fault_ = "out of memory";
        return;
    }
    CURL* const easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_);
    curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
    const auto timeout = std::chrono::duration_cast<std::chrono::milliseconds>(request_.timeout).count();
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<decltype(timeout)>(timeout, 1)));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HttpTransfer::take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpTransfer::take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // the end does not wait for a name look-up
#endif
    set_method_and_body();
    set_headers();
    set_security();
}

void HttpTransfer::set_method_and_body() {
    CURL* const easy = easy_.get();
    const auto& method = request_.method;
    if (method == "HEAD") {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    const auto size = static_cast<curl_off_t>(request_.body.size());
    if (method == "POST") {
        // curl sends a request again by itself when a kept connection ends before an answer comes. A POST might then
        // take effect twice, so its body cannot be rewound, and one without a body does not go over a kept connection.
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, size);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &HttpTransfer::give_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, this);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &HttpTransfer::refuse_to_rewind);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, this);
        if (size == 0) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        return;
    }
    if (size > 0 || method == "PUT" || method == "PATCH") {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, size);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void HttpTransfer::set_headers() {
    const auto append = [this](const std::string& line) {
        if (curl_slist* longer = curl_slist_append(headers_.get(), line.c_str())) {
            headers_.release();
            headers_.reset(longer);
        }
    };
    bool has_type = false;
    for (const auto& [name, value] : request_.headers) {
        has_type = has_type || equals_ignoring_case(name, "content-type");
        append(value.empty() ? name + ";" : name + ": " + value);
    }
    append("Expect:");                       // no second of waiting before a body
    if (!has_type) append("Content-Type:");  // curl would call any body a form
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void HttpTransfer::set_security() {
    CURL* const easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (options_.tls.dangerously_skip_verification) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    // One way of trust for both transports, and certificates are read from the system's store when they are asked for:
    // curl's own way reads the whole bundle. It needs curl to stand on OpenSSL.
    if (curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &HttpTransfer::trust) == CURLE_OK) {
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
        curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    } else if (!options_.tls.extra_ca_file.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, options_.tls.extra_ca_file.c_str());
    }
}

CURLcode HttpTransfer::trust(CURL*, void* context, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    transfer.trust_fault_ = configure_trust(static_cast<SSL_CTX*>(context), transfer.options_.tls);
    return transfer.trust_fault_.empty() ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

std::size_t HttpTransfer::give_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    const auto bytes = std::min(size * count, transfer.request_.body.size() - transfer.body_sent_);
    std::memcpy(data, transfer.request_.body.data() + transfer.body_sent_, bytes);
    transfer.body_sent_ += bytes;
    return bytes;
}

int HttpTransfer::refuse_to_rewind(void*, curl_off_t, int) { return CURL_SEEKFUNC_FAIL; }

std::size_t HttpTransfer::take_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    const std::string_view line(data, size * count);
    transfer.header_bytes_ += line.size();
    if (transfer.header_bytes_ > transfer.options_.max_header_bytes) {
        transfer.too_large_ = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) {  // an answer begins: what came before was only an interim one
        transfer.response_.headers.clear();
        transfer.head_complete_ = false;
        return line.size();
    }
    if (line == "\r\n" || line == "\n") transfer.head_complete_ = true;
    const auto colon = line.find(':');
    if (colon == line.npos) return line.size();
    std::string name(trim(line.substr(0, colon)));
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    transfer.response_.headers.emplace_back(std::move(name), trim(line.substr(colon + 1)));
    return line.size();
}

std::size_t HttpTransfer::take_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    const auto bytes = size * count;
    if (bytes > transfer.options_.max_body_bytes - transfer.response_.body.size()) {
        transfer.too_large_ = true;
        return 0;
    }
    transfer.response_.body.append(data, bytes);
    return bytes;
}

std::string HttpTransfer::describe(CURLcode code) const {
    if (too_large_)
        return "the answer is over the limit of " + std::to_string(options_.max_header_bytes) +
               " bytes of headers or " + std::to_string(options_.max_body_bytes) + " bytes of body";
    if (!trust_fault_.empty()) return trust_fault_;
    if (code == CURLE_OPERATION_TIMEDOUT) {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(request_.timeout).count();
        return "no complete answer within " + std::to_string(ms) + " ms";
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        long verified = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &verified);
        // curl compares the name itself, and leaves the result at its begin if that fails.
        return certificate_fault(verified > 1 ? verified : certificate_name_mismatch, host_);
    }
    if (code == CURLE_OK) return "the connection ended amid the headers of the answer";
    return printable(error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code), max_failure_text);
}

HttpResult HttpTransfer::result(CURLcode code) {
    // curl takes the end of the stream for the end of the headers too.
    if (code == CURLE_OK && head_complete_) {
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        response_.status = static_cast<int>(status);
        return std::move(response_);
    }
    HttpFailure failure;
    failure.kind = too_large_ ? HttpFailure::Kind::too_large : kind_of(code);
    // What curl has handed to the system of this request; over all attempts, if it made more than one.
    long sent = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &sent);
    failure.request_sent = sent > 0 || body_sent_ > 0;
    failure.text = request_.method + " " + place_ + ": " + describe(code);
    return failure;
}

}  // namespace intent::net
