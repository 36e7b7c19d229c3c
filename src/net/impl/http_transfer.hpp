// One HTTP request as a libcurl transfer.
#pragma once

#include "net/http.hpp"
#include "net/impl/http_answer.hpp"

#include <boost/asio/ip/address.hpp>
#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::net {

/// Owns the easy handle of one request and the data it points to. Must not move while curl uses it.
class HttpTransfer {
public:
    HttpTransfer(std::uint64_t number, HttpRequest request, const HttpOptions& options);
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;

    /// Why the request fails; empty unless that is known without curl.
    const std::string& fault() const { return fault_; }
    CURL* easy() const { return easy_.get(); }
    std::uint64_t id() const noexcept { return id_; }
    static HttpTransfer& of(CURL* easy) noexcept;

    /// The host name (the server's or the proxy's) to look up before curl may begin; empty if there is nothing to look
    /// up.
    const std::string& host_to_look_up() const { return host_to_look_up_; }
    void connect_to(const std::vector<boost::asio::ip::address>& addresses);
    /// The request fails for this reason.
    void note_fault(const std::string& why);
    /// The limit counts from now on.
    void limit_time(Duration time);

    /// The outcome, once curl has finished.
    HttpResult result(CURLcode code);

private:
    void set_method_and_body();
    void set_headers();
    void set_security();
    void set_proxy(const Url& url);
    void watch_end_of_stream();
    bool request_sent() const;
    std::string via_proxy() const;
    std::string describe(CURLcode code) const;

    // Called by curl, whose frames no exception may pass through: a lack of memory, the only one possible, ends the
    // process. Returning another size than was given ends the transfer.
    static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
    static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
    static std::size_t give_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
    static int refuse_to_rewind(void* self, curl_off_t offset, int origin) noexcept;
    static CURLcode trust(CURL* easy, void* context, void* self) noexcept;

    struct EasyCleanup {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct ListCleanup {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    const std::uint64_t id_;
    HttpRequest request_;
    const HttpOptions& options_;
    std::string place_;  // host and port
    std::string host_;
    std::string host_to_look_up_;
    std::uint16_t port_to_connect_ = 0;  // of the server or the proxy
    std::optional<ProxyAddress> proxy_;
    bool tunnelled_ = false;  // through the proxy, by CONNECT
    std::string fault_;
    std::unique_ptr<curl_slist, ListCleanup> headers_;
    std::unique_ptr<curl_slist, ListCleanup> addresses_;
    std::unique_ptr<CURL, EasyCleanup> easy_;
    char error_text_[CURL_ERROR_SIZE] = "";
    std::size_t body_sent_ = 0;
    std::string trust_fault_;
    HttpAnswer answer_;
    std::shared_ptr<const bool> close_notice_;  // of the connection, if the body ends with its stream
};

}  // namespace intent::net
