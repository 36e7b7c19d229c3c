// The crash points: what is broken, and when.
#pragma once

#include "tests/soak/scale/world.hpp"

#include <span>
#include <string_view>

namespace intent::test {

struct Point {
    std::string_view name;
    /// Breaks something once, and returns when messages are handled again.
    void (*run)(World& world);
    int times = 2;         ///< in a short run
    bool repeats = false;  ///< messages may be handled twice
    WorldOptions options = {};
    bool gaps = false;  ///< a gap may be reported
    bool rare = false;  ///< in a long run, because it takes minutes
};

std::span<const Point> all_points();

}  // namespace intent::test
