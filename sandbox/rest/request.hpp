// A request of the REST API.
#pragma once

#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace intent::inline v0::sandbox {

/// Made once from the HTTP request and authenticated once (`Api::authenticate`); the API, the faults and the journal
/// read it.
struct RestRequest {
    std::string method;
    std::string path;  ///< below the REST base, as it was sent
    std::string query = {};
    std::string authorization = {};  ///< empty: the header is missing or empty
    std::string body = {};
    std::string peer = {};             ///< address of the client; requests without a token are limited by it
    std::string wanted_headers = {};   ///< Access-Control-Request-Headers of a preflight
    std::string origin = {};           ///< of the page, if a browser sent the request; already checked (access.hpp)
    std::optional<UserId> actor = {};  ///< the user who makes it; unset: no valid token
    bool limited = true;               ///< false: the rate limits do not apply, as the control API made the request
};

/// The token of `Bearer <token>`; empty if there is none.
std::string_view bearer_token(std::string_view authorization) noexcept;

}  // namespace intent::sandbox
