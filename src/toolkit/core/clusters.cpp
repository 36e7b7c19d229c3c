#include "toolkit/core/clusters.hpp"

#include "text/utf8.hpp"

#include <utf8proc.h>

namespace intent::toolkit {

namespace {

/// Characters that never join: printable ASCII. Two of them need no look-up.
constexpr bool stands_alone(char32_t c) noexcept { return c >= 0x20 && c < 0x7f; }

Cluster::Kind kind_of(char32_t c) noexcept {
    using Kind = Cluster::Kind;
    if (stands_alone(c)) return c == ' ' ? Kind::space : Kind::other;
    if (c == '\t') return Kind::space;
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
        case UTF8PROC_CATEGORY_ZS:
            return c == 0xa0 || c == 0x2007 || c == 0x202f ? Kind::other : Kind::space;  // no-break spaces
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            return Kind::line_break;
        default:
            return c == '\n' || c == '\r' || c == '\v' || c == '\f' || c == 0x85 ? Kind::line_break : Kind::other;
    }
}

}  // namespace

std::string repaired(std::string_view text) {
    std::string whole;
    while (const auto position = text::first_invalid_utf8(text)) {
        whole.append(text.substr(0, *position)).append("\ufffd");
        text.remove_prefix(*position);
        text.remove_prefix(text::utf8_step(text).length);
    }
    return whole.append(text);
}

Cluster first_cluster(std::string_view text, std::size_t max_points) noexcept {
    const auto length_at = [&](std::size_t at) { return text::utf8_step(text.substr(at)).length; };
    Cluster cluster{.bytes = length_at(0), .points = 1, .kind = {}};
    char32_t last = text::code_point(text.substr(0, cluster.bytes));
    cluster.kind = kind_of(last);
    const bool begins_with_cr = last == '\r';
    utf8proc_int32_t state = 0;
    while (cluster.points < max_points && cluster.bytes < text.size()) {
        const std::size_t length = length_at(cluster.bytes);
        const char32_t next = text::code_point(text.substr(cluster.bytes, length));
        if (stands_alone(last) && stands_alone(next)) break;
        if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(last), static_cast<utf8proc_int32_t>(next),
                                             &state))
            break;
        cluster.bytes += length;
        ++cluster.points;
        if (!(begins_with_cr && next == '\n')) cluster.kind = Cluster::Kind::other;
        last = next;
    }
    return cluster;
}

std::size_t whole_clusters(std::string_view text, std::size_t max_points) noexcept {
    std::size_t bytes = 0;
    std::size_t points = 0;
    while (bytes < text.size() && points < max_points) {
        // One code point more than fits shows whether the cluster does.
        const std::size_t room = max_points - points;
        const auto cluster = first_cluster(text.substr(bytes), room + 1);
        if (cluster.points > room) {
            if (bytes == 0) bytes = first_cluster(text, max_points).bytes;
            break;
        }
        bytes += cluster.bytes;
        points += cluster.points;
    }
    return bytes;
}

}  // namespace intent::toolkit
