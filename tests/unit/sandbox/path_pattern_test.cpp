#include "sandbox/base/path_pattern.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace intent::inline v0::sandbox::path_pattern_test {
namespace {

/// `name=text` for each parameter; unset if the path does not fit.
std::optional<std::string> matched(std::string_view pattern, std::string_view path) {
    std::string parameters;
    const bool fits = match_path(pattern, path, [&](std::string_view name, std::string_view text) {
        parameters += std::string(name) + "=" + std::string(text) + " ";
        return true;
    });
    return fits ? std::optional(parameters) : std::nullopt;
}

TEST(PathPattern, literal_segments_must_be_equal) {
    EXPECT_EQ(matched("/a/b", "/a/b"), "");
    for (const auto* path : {"", "/", "/a", "/a/", "/a/c", "/a/b/", "/a/b/c", "/A/b", "a/b"})
        EXPECT_EQ(matched("/a/b", path), std::nullopt) << path;
}

TEST(PathPattern, a_parameter_matches_one_segment_that_is_not_empty) {
    EXPECT_EQ(matched("/a/{x}/{y}", "/a/1/2"), "x=1 y=2 ");
    EXPECT_EQ(matched("/a/{x}", "/a/"), std::nullopt);
    EXPECT_EQ(matched("/a/{x}/b", "/a//b"), std::nullopt);
    EXPECT_EQ(matched("/a/{x}", "/a/1/2"), std::nullopt);
}

TEST(PathPattern, a_star_at_the_end_matches_the_rest_with_its_slash) {
    EXPECT_EQ(matched("/as/{}/*", "/as/alice/servers/1"), "=alice *=/servers/1 ");
    EXPECT_EQ(matched("/as/{}/*", "/as/alice/"), "=alice *=/ ");
    EXPECT_EQ(matched("/as/{}/*", "/as/alice"), std::nullopt);
    EXPECT_EQ(matched("/as/{}/*", "/as//servers"), std::nullopt);
}

TEST(PathPattern, a_parameter_may_be_refused) {
    EXPECT_FALSE(match_path("/{id}", "/@me", [](auto, auto text) { return text != "@me"; }));
}

}  // namespace
}  // namespace intent::sandbox::path_pattern_test
