// Splitting and shortening of texts.
#include "text/utf8.hpp"
#include "toolkit/core/clusters.hpp"

#include <intent/text.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace intent::inline v0 {

namespace {

using toolkit::Cluster;

/// A place where a part may end.
struct Cut {
    std::size_t end = 0;     // of the part, in bytes: before the white space
    std::size_t points = 0;  // of the part; 0: no part
    std::size_t next = 0;    // where the next part begins
};

/// Finds the end of the first part of a text that does not begin with white space that is dropped.
class PartFinder {
public:
    PartFinder(std::string_view text, std::size_t limit) noexcept : text_(text), limit_(limit) {}

    Cut find() noexcept {
        while (at_ < text_.size()) {
            // One code point more than the limit shows that a cluster does not fit.
            const auto cluster = toolkit::first_cluster(text_.substr(at_), limit_ + 1);
            if (cluster.kind == Cluster::Kind::other) {
                note_white_space();
                if (points_ + cluster.points > limit_) return best(cluster);
            } else if (cluster.kind == Cluster::Kind::line_break) {
                ++line_breaks_;
                behind_line_break_ = at_ + cluster.bytes;
            }
            // White space counts only if something follows in the same part.
            at_ += cluster.bytes;
            points_ = std::min(points_ + cluster.points, limit_ + 1);
            if (cluster.kind != Cluster::Kind::other) continue;
            end_ = at_;
            end_points_ = points_;
            line_breaks_ = 0;
        }
        return {end_, end_points_, text_.size()};
    }

private:
    /// The white space before the present position, if any, is a place to cut.
    void note_white_space() noexcept {
        if (at_ == end_ || end_points_ == 0) return;
        // The indentation of a line is kept.
        const Cut cut{end_, end_points_, line_breaks_ > 0 ? behind_line_break_ : at_};
        if (line_breaks_ > 1) paragraph_ = cut;
        if (line_breaks_ > 0) line_ = cut;
        any_ = cut;
    }

    /// `next`: what does not fit.
    Cut best(const Cluster& next) const noexcept {
        const std::array cuts{paragraph_, line_, any_};
        for (const auto& cut : cuts)
            if (cut.points > limit_ / 2) return cut;
        for (const auto& cut : cuts)
            if (cut.points > 0) return cut;
        if (end_points_ > 0) return {end_, end_points_, end_};
        if (at_ > 0) return {0, 0, at_};  // an indentation that leaves no room for the line
        const std::size_t bytes = toolkit::first_cluster(text_.substr(at_), limit_).bytes;
        return {at_ + bytes, std::min(next.points, limit_), at_ + bytes};
    }

    std::string_view text_;
    std::size_t limit_;
    std::size_t at_ = 0;
    std::size_t points_ = 0;       // up to `at_`; `limit_ + 1` for more
    std::size_t end_ = 0;          // behind the last character that is not white space
    std::size_t end_points_ = 0;   // up to `end_`
    std::size_t line_breaks_ = 0;  // in the white space since `end_`
    std::size_t behind_line_break_ = 0;
    Cut paragraph_, line_, any_;
};

/// Removes blank lines from the front; the indentation of the first line with text stays.
std::string_view without_blank_lines(std::string_view text) noexcept {
    std::size_t at = 0;
    std::size_t line = 0;
    while (at < text.size()) {
        const auto cluster = toolkit::first_cluster(text.substr(at), 3);
        if (cluster.kind == Cluster::Kind::other) return text.substr(line);
        at += cluster.bytes;
        if (cluster.kind == Cluster::Kind::line_break) line = at;
    }
    return {};
}

std::size_t end_of_text(std::string_view text) noexcept {
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto cluster = toolkit::first_cluster(text.substr(at), text.size());
        at += cluster.bytes;
        if (cluster.kind == Cluster::Kind::other) end = at;
    }
    return end;
}

}  // namespace

std::size_t text_length(std::string_view text) noexcept { return text::count_code_points(text); }

std::vector<std::string> split_text(std::string_view text, std::size_t limit) {
    limit = std::clamp<std::size_t>(limit, 1, std::numeric_limits<std::size_t>::max() / 4);
    const std::string valid = toolkit::repaired(text);
    std::string_view rest = valid;
    if (without_blank_lines(rest).empty()) return {};
    if (text_length(rest) <= limit) return {valid};

    std::vector<std::string> parts;
    for (rest = without_blank_lines(rest); !rest.empty();) {
        const Cut cut = PartFinder(rest, limit).find();
        if (cut.points > 0) parts.emplace_back(rest.substr(0, cut.end));
        rest.remove_prefix(cut.next);
    }
    return parts;
}

std::string shorten(std::string_view text, std::size_t limit) {
    std::string valid = toolkit::repaired(text);
    if (text_length(valid) <= limit) return valid;
    if (limit == 0) return {};
    valid.resize(limit == 1 ? 0 : toolkit::whole_clusters(valid, limit - 1));
    valid.resize(end_of_text(valid));
    return valid.append("…");
}

}  // namespace intent
