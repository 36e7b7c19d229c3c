#include "net/impl/http_answer.hpp"

#include "text/ascii.hpp"

#include <algorithm>

namespace intent::net {

bool HttpAnswer::take_line(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > max_header_bytes_) {
        refuse_size();
    } else if (line.starts_with("HTTP/")) {
        begin(line);
    } else if (line == "\r\n" || line == "\n") {
        head_complete_ = true;
    } else if (const auto colon = line.find(':'); colon != line.npos) {
        take_field(text::trimmed(line.substr(0, colon)), text::trimmed(line.substr(colon + 1)));
    }
    return problem_.empty();
}

// The lines before were only an interim answer.
void HttpAnswer::begin(std::string_view status_line) {
    response_.headers.clear();
    content_length_.reset();
    head_complete_ = false;
    const auto space = std::min(status_line.find(' '), status_line.size() - 1);
    const auto status = status_line.substr(space + 1, 3);
    framed_ = !status_line.starts_with("HTTP/1.") || to_head_ || status.starts_with('1') || status == "204" ||
              status == "304";
    if (status == "101") problem_ = "the server switched to a protocol that was not asked for";
}

void HttpAnswer::take_field(std::string_view name, std::string_view value) {
    std::string key = text::lower_case(name);
    if (key == "content-length") take_length(value);
    // If "chunked" is not the last coding, the body ends with the connection.
    framed_ = framed_ || key == "content-length" ||
              (key == "transfer-encoding" && text::lower_case(value).ends_with("chunked"));
    response_.headers.emplace_back(std::move(key), value);
}

// The end of the answer must be unambiguous (RFC 9112 §6.3); curl uses the last of several values.
void HttpAnswer::take_length(std::string_view value) {
    if (value.empty() || !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
        problem_ = "the Content-Length of the answer is not a number";
    else if (content_length_ && *content_length_ != value)
        problem_ = "the answer has two different Content-Length headers";
    content_length_ = value;
}

bool HttpAnswer::take_body(std::string_view bytes) {
    if (bytes.size() > max_body_bytes_ - response_.body.size())
        refuse_size();
    else
        response_.body.append(bytes);
    return problem_.empty();
}

void HttpAnswer::refuse_size() {
    too_large_ = true;
    problem_ = "the answer is over the limit of " + std::to_string(max_header_bytes_) + " bytes of headers or " +
               std::to_string(max_body_bytes_) + " bytes of body";
}

}  // namespace intent::net
