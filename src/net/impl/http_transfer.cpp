#include "net/impl/http_transfer.hpp"

#include "net/impl/curl_descriptors.hpp"
#include "net/impl/text.hpp"
#include "net/impl/tls.hpp"
#include "net/impl/tunnel.hpp"
#include "net/url.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace intent::net {

namespace {

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

HttpTransfer::HttpTransfer(std::uint64_t number, HttpRequest request, const HttpOptions& options)
    : id_(number),
      request_(std::move(request)),
      options_(options),
      answer_(options.max_header_bytes, options.max_body_bytes, request_.method == "HEAD") {
    auto parsed = parse_url(request_.url, "http", "https");
    if (auto* error = std::get_if<std::string>(&parsed)) {
        fault_ = std::move(*error);
        return;
    }
    const auto& url = std::get<Url>(parsed);
    host_ = url.host;
    place_ = url.host + ":" + std::to_string(url.port);
    port_to_connect_ = url.port;
    if (!is_token(request_.method)) fault_ = "the method is not an HTTP method";
    for (const auto& [name, value] : request_.headers)
        if (!is_token(name) || !is_header_value(value)) fault_ = "a header contains bytes that HTTP does not allow";
    if (!fault_.empty()) return;
    easy_.reset(curl_easy_init());
    if (!easy_) throw std::bad_alloc();
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
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_curl_socket);
    limit_time(request_.timeout);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HttpTransfer::take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpTransfer::take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // do not wait for a name look-up at the end
#endif
    set_method_and_body();
    set_headers();
    set_security();
    set_proxy(url);
}

HttpTransfer& HttpTransfer::of(CURL* easy) noexcept {
    char* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    return *reinterpret_cast<HttpTransfer*>(transfer);
}

void HttpTransfer::limit_time(Duration time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<decltype(ms)>(ms, 1)));
}

// An empty CURLOPT_PROXY or CURLOPT_NOPROXY stops curl from reading the environment, which the caller has already
// done.
void HttpTransfer::set_proxy(const Url& url) {
    CURL* const easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    auto choice = choose_proxy(options_.proxy, url);
    if (auto* error = std::get_if<std::string>(&choice)) fault_ = std::move(*error);
    if (auto* address = std::get_if<ProxyAddress>(&choice)) {
        proxy_ = std::move(*address);
        tunnelled_ = url.secure();
        port_to_connect_ = proxy_->port;
        curl_easy_setopt(easy, CURLOPT_PROXY, ("http://" + proxy_->place()).c_str());
        curl_easy_setopt(easy, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
        if (!proxy_->user.empty() || !proxy_->password.empty()) {
            curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, proxy_->user.c_str());
            curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, proxy_->password.c_str());
        }
        curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    }
    const std::string& host = proxy_ ? proxy_->host : host_;
    boost::system::error_code is_name;
    boost::asio::ip::make_address(host, is_name);
    if (is_name && !is_this_machine(host)) host_to_look_up_ = host;  // curl resolves localhost itself
}

void HttpTransfer::connect_to(const std::vector<boost::asio::ip::address>& addresses) {
    std::string list;
    for (const auto& address : addresses) {
        if (address.is_v6() && address.to_v6().scope_id() != 0) continue;  // curl does not parse zones here
        if (!list.empty()) list += ',';
        list += address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
    }
    if (list.empty()) return;
    // With the plus, the entry in curl's cache expires like curl's own.
    const std::string entry = "+" + host_to_look_up_ + ":" + std::to_string(port_to_connect_) + ":" + list;
    addresses_.reset(curl_slist_append(nullptr, entry.c_str()));
    curl_easy_setopt(easy_.get(), CURLOPT_RESOLVE, addresses_.get());
}

std::string HttpTransfer::via_proxy() const { return proxy_ ? " through the proxy " + proxy_->place() : ""; }

void HttpTransfer::note_fault(const std::string& why) {
    fault_ = request_.method + " " + place_ + via_proxy() + ": " + why;
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
        // curl repeats a request by itself if a kept connection ends before an answer arrives, and a POST might then
        // take effect twice. So its body cannot be rewound, and a POST without a body does not use a kept connection.
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
        curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
        if (!longer) throw std::bad_alloc();
        static_cast<void>(headers_.release());  // it is part of the longer list now
        headers_.reset(longer);
    };
    bool has_type = false;
    for (const auto& [name, value] : request_.headers) {
        has_type = has_type || text::equals_ignoring_case(name, "content-type");
        std::string line = name;
        line += value.empty() ? ";" : ": ";
        line += value;
        append(line);
    }
    append("Expect:");                       // no one-second wait before a body
    if (!has_type) append("Content-Type:");  // curl would label any body a form
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void HttpTransfer::set_security() {
    CURL* const easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (options_.tls.dangerously_skip_verification) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    // Both transports verify certificates the same way, and read them from the system's store on demand: curl's own
    // way reads the whole bundle. Requires curl to use OpenSSL.
    if (curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &HttpTransfer::trust) == CURLE_OK) {
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
        curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
        curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    } else if (!options_.tls.extra_ca_file.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, options_.tls.extra_ca_file.c_str());
    }
}

CURLcode HttpTransfer::trust(CURL*, void* context, void* self) noexcept {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    transfer.trust_fault_ = configure_trust(static_cast<SSL_CTX*>(context), transfer.options_.tls);
    watch_close_notify(static_cast<SSL_CTX*>(context));
    return transfer.trust_fault_.empty() ? CURLE_OK : CURLE_SSL_CACERT_BADFILE;
}

std::size_t HttpTransfer::give_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    const auto bytes = std::min(size * count, transfer.request_.body.size() - transfer.body_sent_);
    std::copy_n(transfer.request_.body.data() + transfer.body_sent_, bytes, data);
    transfer.body_sent_ += bytes;
    return bytes;
}

int HttpTransfer::refuse_to_rewind(void*, curl_off_t, int) noexcept { return CURL_SEEKFUNC_FAIL; }

std::size_t HttpTransfer::take_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    const std::string_view line(data, size * count);
    if (!transfer.answer_.take_line(line)) return 0;
    if (transfer.answer_.ends_with_connection()) transfer.watch_end_of_stream();
    return line.size();
}

// curl accepts any end of the stream as the end of such a body, even without a close_notify.
void HttpTransfer::watch_end_of_stream() {
    const curl_tlssessioninfo* tls = nullptr;
    if (curl_easy_getinfo(easy_.get(), CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK || !tls || !tls->internals) return;
    if (tls->backend == CURLSSLBACKEND_OPENSSL) close_notice_ = close_notice(static_cast<SSL*>(tls->internals));
}

std::size_t HttpTransfer::take_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
    const std::string_view bytes(data, size * count);
    return static_cast<HttpTransfer*>(self)->answer_.take_body(bytes) ? bytes.size() : 0;
}

std::string HttpTransfer::describe(CURLcode code) const {
    if (!answer_.problem().empty()) return answer_.problem();
    if (!trust_fault_.empty()) return trust_fault_;
    if (code == CURLE_OPERATION_TIMEDOUT) {
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(request_.timeout).count();
        return "no complete answer within " + std::to_string(ms) + " ms";
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
        long verified = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &verified);
        // curl compares the name itself, and leaves the result at its initial value if that fails.
        return certificate_fault(verified > 1 ? verified : certificate_name_mismatch, host_);
    }
    long tunnelled = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &tunnelled);
    if (tunnelled >= 300) return proxy_refusal(static_cast<int>(tunnelled));
    // curl would repeat the request on another connection, and names what prevented it.
    if (code == CURLE_SEND_FAIL_REWIND) return "the connection was closed before the answer began";
    if (code == CURLE_OK && !answer_.head_complete()) return "the connection ended within the headers of the answer";
    if (code == CURLE_OK)
        return "the connection was cut within the answer (it has no length, and TLS sent no close_notify)";
    return peer_text(error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code), max_failure_text);
}

// The bytes of this request that curl has passed to the system, over all of its attempts.
bool HttpTransfer::request_sent() const {
    long sent = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &sent);
    if (body_sent_ > 0) return true;
    if (sent == 0) return false;
    // If a new connection reached only the proxy's tunnel, only the CONNECT was sent.
    long connections = 0;
    curl_off_t secured = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &connections);
    curl_easy_getinfo(easy_.get(), CURLINFO_APPCONNECT_TIME_T, &secured);
    return !(proxy_ && tunnelled_ && connections == 1 && secured == 0);
}

HttpResult HttpTransfer::result(CURLcode code) {
    // curl accepts the end of the stream as the end of the headers too.
    const bool cut = close_notice_ && !*close_notice_;
    if (code == CURLE_OK && answer_.head_complete() && !cut) {
        long status = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        HttpResponse response = answer_.take();
        response.status = static_cast<int>(status);
        return response;
    }
    const auto kind = answer_.too_large() ? HttpFailure::Kind::too_large : kind_of(code);
    if (fault_.empty()) note_fault(describe(code));
    return HttpFailure{.kind = kind, .request_sent = request_sent(), .text = std::move(fault_)};
}

}  // namespace intent::net
