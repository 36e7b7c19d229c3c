// Sends control requests to a running sandbox over HTTP, as the tool and the page do.
#pragma once

#include "tests/support/client_world.hpp"
#include "tests/support/net_http.hpp"

#include <intent/sandbox.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::test {

/// The answer to a control request.
struct Answer {
    int status = 0;
    std::string body;
    std::string skipped;  ///< X-Sandbox-Skipped
    std::string run;      ///< X-Sandbox-Run

    boost::json::value json() const { return boost::json::parse(body); }
    /// The lines of NDJSON.
    std::vector<boost::json::object> lines() const {
        std::vector<boost::json::object> lines;
        for (std::size_t begin = 0; begin < body.size();) {
            const auto end = body.find('\n', begin);
            lines.push_back(boost::json::parse(body.substr(begin, end - begin)).as_object());
            begin = end == std::string::npos ? body.size() : end + 1;
        }
        return lines;
    }
    std::string code() const { return std::string(json().at("code").as_string()); }
    std::string error() const { return std::string(json().at("error").as_string()); }
};

class ControlClient {
public:
    explicit ControlClient(const Sandbox& sandbox) : root_(sandbox.web_url() + "_sandbox/v1") {}

    Answer get(const std::string& path) { return send("GET", path); }
    Answer post(const std::string& path, const std::string& body = "") { return send("POST", path, body); }
    Answer remove(const std::string& path) { return send("DELETE", path); }
    Answer send(const std::string& method, const std::string& path, const std::string& body = "",
                std::vector<std::pair<std::string, std::string>> headers = {}) {
        const auto result = http_.send({.method = method,
                                        .url = root_ + path,
                                        .headers = std::move(headers),
                                        .body = body,
                                        .timeout = long_enough});
        const auto& got = response(result);
        return {.status = got.status,
                .body = got.body,
                .skipped = header_of(got, "x-sandbox-skipped"),
                .run = header_of(got, "x-sandbox-run")};
    }

private:
    std::string root_;
    TestHttp http_{net::HttpOptions{.max_body_bytes = 64u << 20}};
};

}  // namespace intent::test
