// Arbitrary text as the body of an answer: decoded as every type, as a list, as an error, as a 429.
#include "codec/convert.hpp"
#include "fuzz/support.hpp"
#include "limits/headers.hpp"
#include "rest/answer.hpp"

#include <algorithm>

namespace intent::fuzz {
namespace {

void check_conversion(std::string_view text) {
    const auto bytes = codec::json_to_msgpack(text);
    if (!bytes) return require(!bytes.failure().reason.empty(), "a failure without a reason");
    const auto json = codec::msgpack_to_json(*bytes);
    require(static_cast<bool>(json), "JSON was not converted to MessagePack:", json.failure().text());
    const auto again = codec::json_to_msgpack(*json);
    require(static_cast<bool>(again), "our own JSON is refused:", again.failure().text());
    const auto settled = codec::msgpack_to_json(*again);  // invalid UTF-8 is replaced in the first pass
    require(settled && *settled == *json, "JSON changes in a second pass:", *json);
}

template <class T>
void check_type(std::string_view text, Type<T>) {
    const auto value = codec::from_json<T>(text);
    codec::from_json_wrapped<T>(text, "message");
    codec::from_json_list<T>(text, "messages");
    if (!value) return require(!value.failure().reason.empty(), "a failure without a reason");
    const auto back = codec::from_msgpack<T>(codec::to_msgpack(*value));
    require(back && *back == *value, "a decoded value does not survive a round trip:", back.failure().text());
}

void check_error(std::string_view text) {
    for (const int status : {400, 401, 429, 500}) {
        const auto info = rest::read_error(status, text, {});
        const auto fit = [](std::string_view shown) {
            return shown.size() <= 600 && std::ranges::none_of(shown, [](char c) {
                       return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
                   });
        };
        require(fit(info.message), "an error's text is too long or contains control bytes:", info.message);
        require(fit(info.code), "an error's code is too long or contains control bytes:", info.code);
    }
    const auto info = limits::parse_rate_limit(429, {}, text, {});
    const auto wait = info.retry_after.value_or(std::chrono::seconds(1));
    require(wait > std::chrono::nanoseconds(0) && wait <= std::chrono::hours(1), "a wait out of bounds");
}

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace intent::fuzz;
    const std::string text(reinterpret_cast<const char*>(data), size);
    check_conversion(text);
    check_error(text);
    for_each_raw_type([&](auto type) { check_type(std::string_view(text), type); });
    return 0;
}
