// A sandbox's addresses, and dates for its responses.
#pragma once

#include <intent/timestamp.hpp>

#include <cstdint>
#include <string>

namespace intent::sandbox {

/// The addresses of a sandbox.
struct Addresses {
    std::string gateway;  ///< "ws://127.0.0.1:8080/gateway"
    std::string rest;     ///< "http://127.0.0.1:8080/api/v1"
    std::string web;      ///< "http://127.0.0.1:8080/"
};

Addresses make_addresses(const std::string& host, std::uint16_t port, bool secure);

/// "Mon, 15 Jan 2024 12:00:00 GMT", for the `Date` header.
std::string http_date(Timestamp time);

}  // namespace intent::sandbox
