// Text from a peer that repeats a secret, encoded and split in any way: the result contains no prefix of it, is one
// line of valid UTF-8, and stays within its limit.
#include "fuzz/require.hpp"
#include "text/peer_text.hpp"
#include "text/utf8.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <array>
#include <string>
#include <string_view>

namespace intent::fuzz {
namespace {

constexpr std::string_view secret = "bot_a/B%20\"\\+=c2VjcmV0";

std::string hex(char c, bool upper) {
    const std::string_view digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {digits[byte >> 4], digits[byte & 15]};
}

/// The secret or a prefix of it, each character encoded as the input chooses.
std::string spelled(FuzzedDataProvider& input) {
    static constexpr std::array<std::string_view, 12> junk{
        "\x01", "\n", "\x7f", "\xc2\x85", "\xff", " ", "?", "\xe2\x80\x8b", "\xef\xbf\xbd", "%00", "\\n", "\\u0007"};
    // In JSON, in a URL, or in a URL in JSON.
    const bool in_json = input.ConsumeBool();
    const bool in_url = input.ConsumeBool();
    std::string out;
    const auto length = input.ConsumeIntegralInRange<std::size_t>(8, secret.size());
    for (const char c : secret.substr(0, length)) {
        std::string one(1, c);
        const bool must_url = c == '%' || c == '"' || c == '\\';
        if (in_url && (must_url || input.ConsumeIntegralInRange(0, 3) == 0)) one = "%" + hex(c, input.ConsumeBool());
        const bool must_json = one == "\"" || one == "\\";
        if (in_json && input.ConsumeIntegralInRange(0, 3) == 0)
            one = one.size() == 1 ? "\\u00" + hex(c, input.ConsumeBool()) : "\\u0025" + one.substr(1);
        else if (in_json && must_json)
            one.insert(0, "\\");
        out += one;
        if (input.ConsumeIntegralInRange(0, 7) == 0)
            out += junk[input.ConsumeIntegralInRange<std::size_t>(0, junk.size() - 1)];
    }
    return out;
}

/// A text as read by someone who ignores everything invisible.
std::string legible(std::string_view shown) {
    std::string out;
    while (!shown.empty()) {
        const auto step = text::utf8_step(shown);
        const auto one = shown.substr(0, step.length);
        if (one != " " && one != "?" && one != "\xef\xbf\xbd") out += one;
        shown.remove_prefix(step.length);
    }
    return out;
}

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace intent;
    FuzzedDataProvider input(data, size);
    text::Redactor secrets;
    secrets.set_token(fuzz::secret);
    std::string said;
    while (input.remaining_bytes() > 0 && said.size() < 4000)
        // Separated: after a backslash or a percent sign the next piece would be read differently.
        said += (input.ConsumeBool() ? fuzz::spelled(input) : input.ConsumeRandomLengthString(24)) + "|";
    const auto limit = input.ConsumeIntegralInRange<std::size_t>(0, 300);
    const std::string shown = text::peer_text(said, secrets, limit);
    fuzz::require(shown.size() <= limit + 3, "too long:", shown);
    fuzz::require(!text::first_invalid_utf8(shown), "not UTF-8:", shown);
    for (std::string_view rest = shown; !rest.empty();) {
        const auto step = text::utf8_step(rest);
        fuzz::require(!text::is_control(text::code_point(rest.substr(0, step.length))), "a control character:", shown);
        rest.remove_prefix(step.length);
    }
    fuzz::require(fuzz::legible(shown).find(fuzz::secret.substr(0, 8)) == std::string::npos,
                  "the secret is legible:", shown);
    const std::string redacted = secrets.redact(said);
    fuzz::require(secrets.redact(redacted) == redacted, "a second pass finds what the first missed:", redacted);
    return 0;
}
