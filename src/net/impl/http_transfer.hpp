// One HTTP request as libcurl sees it.
#pragma once

#include "net/http.hpp"

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>

namespace intent::net {

/// Owns the easy handle of one request and what it points to. Stays where it is while curl knows it.
class HttpTransfer {
public:
    HttpTransfer(HttpRequest request, const HttpOptions& options);
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;

    /// What makes the request unfit to be sent; empty if nothing does.
    const std::string& fault() const { return fault_; }
    CURL* easy() const { return easy_.get(); }

    /// What came of it, once curl is done with it.
    HttpResult result(CURLcode code);

private:
    void set_method_and_body();
    void set_headers();
    void set_security();
    std::string describe(CURLcode code) const;

    static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t give_body(char* data, std::size_t size, std::size_t count, void* self);
    static int refuse_to_rewind(void* self, curl_off_t offset, int origin);
    static CURLcode trust(CURL* easy, void* context, void* self);

    struct EasyCleanup {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct ListCleanup {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    HttpRequest request_;
    const HttpOptions& options_;
    std::string place_;  // host and port
    std::string host_;
    std::string fault_;
    std::unique_ptr<curl_slist, ListCleanup> headers_;
    std::unique_ptr<CURL, EasyCleanup> easy_;
    char error_text_[CURL_ERROR_SIZE] = "";
    std::size_t body_sent_ = 0;
    std::size_t header_bytes_ = 0;
    std::string trust_fault_;
    bool too_large_ = false;
    bool head_complete_ = false;  // of the answer: up to the empty line
    HttpResponse response_;
};

}  // namespace intent::net
