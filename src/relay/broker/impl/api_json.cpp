#include "relay/broker/impl/api_json.hpp"

#include "text/ascii.hpp"
#include "text/peer_text.hpp"

#include <intent/timestamp.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <charconv>
#include <utility>

namespace intent::relay::broker {
namespace {

namespace json = boost::json;

std::string_view text_at(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view() : std::string_view(*text);
}

std::uint64_t number_at(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) return 0;
    if (const auto* positive = value->if_uint64()) return *positive;
    const auto* number = value->if_int64();
    return number == nullptr || *number < 0 ? 0 : static_cast<std::uint64_t>(*number);
}

std::optional<json::object> parse_object(std::string_view text) {
    json::error_code error;
    auto value = json::parse(text, error);
    if (error || !value.is_object()) return {};
    return std::move(value.as_object());
}

std::optional<ApiFailure> failure_of(const json::object& answer) {
    const auto* value = answer.if_contains("error");
    const auto* error = value == nullptr ? nullptr : value->if_object();
    if (error == nullptr) return {};
    return ApiFailure{static_cast<int>(number_at(*error, "code")), static_cast<int>(number_at(*error, "err_code")),
                      text::peer_text(text_at(*error, "description"), {})};
}

/// `{"stream":"S", "seq":1}`, which is how the broker writes nearly all acknowledgements. Anything else is parsed.
std::optional<StreamAcknowledgement> parse_plain(std::string_view text) {
    const auto skip = [&](std::string_view wanted) {
        if (!text.starts_with(wanted)) return false;
        text.remove_prefix(wanted.size());
        return true;
    };
    if (!skip("{\"stream\":\"")) return {};
    const auto end = text.find_first_of("\"\\");
    if (end == std::string_view::npos || text[end] != '"') return {};
    StreamAcknowledgement result;
    result.stream = text.substr(0, end);
    text.remove_prefix(end);
    if (!skip("\",")) return {};
    skip(" ");
    if (!skip("\"seq\":")) return {};
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), result.sequence);
    if (error != std::errc()) return {};
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    if (text != "}" || result.stream.empty() || result.sequence == 0) return {};
    return result;
}

constexpr std::array<std::int8_t, 256> make_sextets() {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<std::int8_t, 256> sextets{};
    sextets.fill(-1);
    for (std::size_t i = 0; i < digits.size(); ++i)
        sextets[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
    return sextets;
}

std::string decode_base64(std::string_view text) {
    static constexpr auto sextets = make_sextets();
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t buffer = 0;
    int bits = 0;
    for (const char digit : text) {
        const auto sextet = sextets[static_cast<unsigned char>(digit)];
        if (sextet < 0) break;  // padding
        buffer = (buffer << 6) | static_cast<std::uint32_t>(sextet);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>((buffer >> bits) & 0xff);
    }
    return bytes;
}

}  // namespace

std::optional<ApiFailure> parse_failure(std::string_view text) {
    const auto answer = parse_object(text);
    if (!answer) return {};
    return failure_of(*answer);
}

std::optional<StreamAcknowledgement> parse_acknowledgement(std::string_view text) {
    if (auto plain = parse_plain(text)) return plain;
    const auto answer = parse_object(text);
    if (!answer) return {};
    StreamAcknowledgement result;
    result.failure = failure_of(*answer);
    result.stream = text_at(*answer, "stream");
    result.sequence = number_at(*answer, "seq");
    if (const auto* duplicate = answer->if_contains("duplicate"); duplicate != nullptr && duplicate->is_bool())
        result.duplicate = duplicate->get_bool();
    if (!result.failure && (result.stream.empty() || result.sequence == 0)) return {};
    return result;
}

std::optional<StoredAnswer> parse_stored(std::string_view text) {
    const auto answer = parse_object(text);
    if (!answer) return {};
    StoredAnswer result;
    result.failure = failure_of(*answer);
    if (result.failure) return result;
    const auto* value = answer->if_contains("message");
    const auto* message = value == nullptr ? nullptr : value->if_object();
    if (message == nullptr) return {};
    result.stored.message.subject = text_at(*message, "subject");
    result.stored.message.data = decode_base64(text_at(*message, "data"));
    result.stored.message.headers = parse_headers(decode_base64(text_at(*message, "hdrs")));
    result.stored.sequence = number_at(*message, "seq");
    result.stored.time = parse_nanoseconds(text_at(*message, "time")).value_or(decltype(result.stored.time){});
    return result;
}

std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> parse_nanoseconds(std::string_view text) {
    const auto time = parse_timestamp(text);
    if (!time) return {};
    // parse_timestamp ignores what follows the microseconds.
    std::int64_t rest = 0;
    if (const auto dot = text.find('.'); dot != std::string_view::npos) {
        std::int64_t unit = 100;
        for (std::size_t i = dot + 7; i < text.size() && unit > 0 && text[i] >= '0' && text[i] <= '9'; ++i) {
            rest += (text[i] - '0') * unit;
            unit /= 10;
        }
    }
    return *time + std::chrono::nanoseconds(rest);
}

Headers parse_headers(std::string_view text) {
    Headers headers;
    auto end = text.find("\r\n");  // of the line with the version
    while (end != std::string_view::npos) {
        text.remove_prefix(end + 2);
        end = text.find("\r\n");
        const auto line = text.substr(0, end);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos)
            headers.add(line.substr(0, colon), std::string(text::trimmed(line.substr(colon + 1))));
    }
    return headers;
}

}  // namespace intent::relay::broker
