#include "tests/soak/scale/tap.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace intent::test {
namespace {

struct Words {
    std::array<std::string_view, 6> values = {};
    std::size_t count = 0;
};

Words split(std::string_view line) {
    Words words;
    while (words.count < words.values.size()) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (line.empty()) break;
        const auto end = std::min(line.find_first_of(" \t"), line.size());
        words.values[words.count++] = line.substr(0, end);
        line.remove_prefix(end);
    }
    return words;
}

}  // namespace

std::size_t read_frame(std::string_view bytes, Frame& frame) {
    const auto end = bytes.find("\r\n");
    if (end == std::string_view::npos) return 0;
    const Words words = split(bytes.substr(0, end));
    frame.verb = words.values[0];
    frame.subject = frame.reply = frame.content = {};
    // The words between verb and sizes: subject, the number of a subscription (from the server), and the reply subject.
    std::size_t sizes = 0;
    std::size_t fixed = 0;
    if (frame.verb == "PUB" || frame.verb == "MSG") sizes = 1;
    if (frame.verb == "HPUB" || frame.verb == "HMSG") sizes = 2;
    if (sizes == 0) return end + 2;
    fixed = frame.verb.ends_with("PUB") ? 1 : 2;
    if (words.count < 1 + fixed + sizes) throw std::runtime_error("tap: a message without a size");
    frame.subject = words.values[1];
    if (words.count > 1 + fixed + sizes) frame.reply = words.values[1 + fixed];
    const auto total = words.values[words.count - 1];
    std::size_t size = 0;
    const auto result = std::from_chars(total.data(), total.data() + total.size(), size);
    if (result.ec != std::errc() || result.ptr != total.data() + total.size())
        throw std::runtime_error("tap: a message with an invalid size");
    const std::size_t all = end + 2 + size + 2;
    if (bytes.size() < all) return 0;
    frame.content = bytes.substr(end + 2, size);
    return all;
}

}  // namespace intent::test
