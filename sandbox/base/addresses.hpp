// A sandbox's addresses, and dates for its responses.
#pragma once

#include "text/http_date.hpp"

#include <intent/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace intent::inline v0::sandbox {

/// The addresses of a sandbox.
struct Addresses {
    std::string gateway;  ///< "ws://127.0.0.1:8080/gateway"
    std::string rest;     ///< "http://127.0.0.1:8080/api/v1"
    std::string web;      ///< "http://127.0.0.1:8080/"
};

Addresses make_addresses(const std::string& host, std::uint16_t port, bool secure);

/// For the `Date` header.
inline std::string http_date(Timestamp time) {
    return text::format_http_date(std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace intent::sandbox
