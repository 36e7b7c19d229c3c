#include "net/impl/upgrade.hpp"

#include "net/impl/text.hpp"
#include "net/transit.hpp"
#include "text/ascii.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <curl/curl.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace intent::net {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t shown_body_bytes = 200;
constexpr std::chrono::milliseconds max_retry_after = std::chrono::hours(1);

// Value of the first header with that name; empty if absent.
std::string_view header(std::string_view head, std::string_view name) {
    for (auto line_end = head.find('\n'); line_end != head.npos; line_end = head.find('\n')) {
        head.remove_prefix(line_end + 1);
        const auto line = head.substr(0, head.find('\n'));
        const auto colon = line.find(':');
        if (colon != line.npos && text::equals_ignoring_case(line.substr(0, colon), name))
            return text::trimmed(line.substr(colon + 1));
    }
    return {};
}

bool is_html(std::string_view head, std::string_view body) {
    return header(head, "content-type").find("html") != std::string_view::npos || text::trimmed(body).starts_with('<');
}

bool has_token(const http::fields& headers, http::field name, std::string_view token) {
    const auto [begin, end] = headers.equal_range(name);
    return std::any_of(begin, end, [&](const auto& one) { return http::token_list{one.value()}.exists(token); });
}

// A 101 has no body (RFC 9110 §15.2): its bytes would be read as frames.
bool announces_body(const http::fields& headers) {
    const auto [begin, end] = headers.equal_range(http::field::content_length);
    return headers.count(http::field::transfer_encoding) != 0 ||
           std::any_of(begin, end, [](const auto& length) { return length.value() != "0"; });
}

// Sec-WebSocket-Accept of the answer to `key`.
std::string accept_value(std::string_view key) {
    const std::string joined = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), digest);
    return base64({reinterpret_cast<const char*>(digest), sizeof digest});
}

}  // namespace

std::string make_upgrade_key() {
    const std::uint64_t random[] = {random_seed(), random_seed()};
    return base64({reinterpret_cast<const char*>(random), sizeof random});
}

std::string upgrade_request(std::string_view host, std::string_view target, std::string_view user_agent,
                            std::string_view key, std::string_view transit) {
    std::string request;
    request.append("GET ").append(target).append(" HTTP/1.1\r\nHost: ").append(host);
    request.append("\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: ").append(key);
    request.append("\r\nSec-WebSocket-Version: 13\r\nUser-Agent: ").append(user_agent);
    if (!transit.empty()) request.append("\r\n").append(Transit::header).append(": ").append(transit);
    return request + "\r\n\r\n";
}

std::string upgrade_problem(std::string_view head, std::string_view key) {
    http::response_parser<http::empty_body> parser;
    boost::system::error_code error;
    parser.put(boost::asio::buffer(head), error);
    if (error) return error.message();
    const auto& answer = parser.get();
    if (answer.version() != 11) return "the server's answer is not HTTP/1.1";
    if (!has_token(answer, http::field::connection, "upgrade")) return "the server sent no Connection: upgrade";
    if (!text::equals_ignoring_case(answer[http::field::upgrade], "websocket"))
        return "the server sent no Upgrade: websocket";
    const auto accepts = answer.count(http::field::sec_websocket_accept);
    if (accepts != 1)
        return accepts == 0 ? "the server sent no Sec-WebSocket-Accept"
                            : "the server sent more than one Sec-WebSocket-Accept";
    if (answer[http::field::sec_websocket_accept] != accept_value(key))
        return "the server's Sec-WebSocket-Accept does not match";
    if (announces_body(answer)) return "the server's 101 announces a body";
    if (answer.count(http::field::sec_websocket_extensions) != 0)
        return "the server turned on an extension that was not offered";
    if (answer.count(http::field::sec_websocket_protocol) != 0)
        return "the server chose a subprotocol that was not offered";
    return {};
}

std::size_t upgrade_head_bytes(std::string_view received) {
    const auto end = received.find("\r\n\r\n");
    return end == received.npos ? 0 : end + 4;
}

bool is_no_http(std::string_view received) {
    constexpr std::string_view begin = "HTTP/1.";
    const auto count = std::min(begin.size(), received.size());
    return received.substr(0, count) != begin.substr(0, count);
}

int upgrade_status(std::string_view head) {
    const auto space = head.find(' ');
    if (space == head.npos || space > head.find('\r')) return 0;
    int status = 0;
    const auto digits = head.substr(space + 1, 3);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
    return error == std::errc() && end == digits.data() + 3 && status >= 100 ? status : 0;
}

bool refusal_is_complete(std::string_view head, std::string_view body) {
    if (body.size() >= 2 * shown_body_bytes) return true;
    std::size_t length = 0;
    const auto text = header(head, "content-length");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    return !text.empty() && error == std::errc() && end == text.data() + text.size() && body.size() >= length;
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value) {
    value = text::trimmed(value);
    double seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error == std::errc::result_out_of_range || error != std::errc() || end != value.data() + value.size()) {
        if (value.find("GMT") == value.npos) return std::nullopt;
        const auto when = curl_getdate(std::string(value).c_str(), nullptr);
        if (when == -1) return std::nullopt;
        seconds = static_cast<double>(when - std::chrono::system_clock::to_time_t(system_now()));
        seconds = std::max(seconds, 0.0);
    }
    if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
    const auto limit = static_cast<double>(max_retry_after.count());
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(std::ceil(seconds * 1000), 1.0, limit)));
}

ConnectFailure describe_refusal(std::string_view place, std::string_view head, std::string_view body) {
    ConnectFailure failure;
    failure.http_status = upgrade_status(head);
    failure.retry_after = parse_retry_after(header(head, "retry-after"));
    failure.text =
        std::string(place) + ": the server refused the upgrade with status " + std::to_string(failure.http_status);
    if (failure.http_status >= 300 && failure.http_status < 400) failure.text += " (redirects are not followed)";
    if (is_html(head, body)) {
        failure.text += ": an HTML page";
    } else if (const auto excerpt = peer_text(body, shown_body_bytes); !excerpt.empty()) {
        failure.text += ": " + excerpt;
    }
    return failure;
}

}  // namespace intent::net
