// Grapheme clusters: characters as people see them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::toolkit {

/// The text with U+FFFD for each invalid sequence; unchanged if it is valid UTF-8.
std::string repaired(std::string_view text);

/// A cluster at the start of a text.
struct Cluster {
    enum class Kind : unsigned char { other, space, line_break };
    std::size_t bytes = 0;
    std::size_t points = 0;
    Kind kind = Kind::other;
};

/// The cluster at the start of `text`, which must be valid UTF-8, not empty, and begin with a cluster. At most
/// `max_points` (at least 1) code points are read: of a longer cluster, the result holds these. A space or line break
/// that carries a combining mark is an ordinary character, and so is a no-break space.
Cluster first_cluster(std::string_view text, std::size_t max_points) noexcept;

/// The bytes of the longest prefix of at most `max_points` code points that ends between two clusters. If the first
/// cluster is longer, `max_points` of its code points. `max_points` must be below the maximum of its type.
std::size_t whole_clusters(std::string_view text, std::size_t max_points) noexcept;

}  // namespace intent::toolkit
