// HTTP over one blocking connection to 127.0.0.1, for tests that must know exactly which answers arrived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace intent::test {

struct PlainAnswer {
    int status = 0;
    std::string body = {};
};

/// Keep-alive; an answer without Content-Length has no body.
///
/// Threads: one at a time.
class PlainHttp {
public:
    PlainHttp(std::uint16_t port, std::string token);
    ~PlainHttp();
    PlainHttp(const PlainHttp&) = delete;
    PlainHttp& operator=(const PlainHttp&) = delete;

    /// `send` and `read_answer`.
    std::optional<PlainAnswer> call(std::string_view method, std::string_view path, std::string_view body = {});

    /// Several requests may be sent before the first answer is read.
    void send(std::string_view method, std::string_view path, std::string_view body);

    /// No value if the connection ended before a whole answer had arrived.
    std::optional<PlainAnswer> read_answer();

private:
    /// Receives until `find` returns a position.
    std::optional<std::size_t> read_until(const std::function<std::size_t()>& find);

    std::string token_;
    int socket_;
    bool open_ = false;
    std::string pending_;
};

}  // namespace intent::test
