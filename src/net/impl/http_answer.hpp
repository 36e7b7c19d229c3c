// The answer to one HTTP request, assembled as its bytes arrive.
#pragma once

#include "net/http.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace intent::net {

/// Takes lines of the head and pieces of the body; checks and bounds them before storing them.
class HttpAnswer {
public:
    /// `to_head`: the answer to a HEAD, which has no body.
    HttpAnswer(std::size_t max_header_bytes, std::size_t max_body_bytes, bool to_head)
        : max_header_bytes_(max_header_bytes), max_body_bytes_(max_body_bytes), to_head_(to_head) {}

    /// Takes one line of the head, including its end, also of interim answers. False: see `problem`.
    bool take_line(std::string_view line);
    bool take_body(std::string_view bytes);

    /// Empty if there is no problem.
    const std::string& problem() const { return problem_; }
    bool too_large() const { return too_large_; }

    /// The head of the final answer has arrived up to its empty line.
    bool head_complete() const { return head_complete_; }
    /// The body ends with the connection: the head gives no length.
    bool ends_with_connection() const { return head_complete_ && !framed_; }

    HttpResponse take() { return std::move(response_); }

private:
    void begin(std::string_view status_line);
    void take_field(std::string_view name, std::string_view value);
    void take_length(std::string_view value);
    void refuse_size();

    const std::size_t max_header_bytes_;
    const std::size_t max_body_bytes_;
    const bool to_head_;
    std::size_t header_bytes_ = 0;
    std::string problem_;
    bool too_large_ = false;
    bool head_complete_ = false;
    bool framed_ = false;
    std::optional<std::string> content_length_;
    HttpResponse response_;
};

}  // namespace intent::net
