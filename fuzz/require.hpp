// How a fuzz target reports a finding.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace intent::fuzz {

/// Ends the program unless `holds`; libFuzzer reports that as a finding.
inline void require(bool holds, std::string_view what, std::string_view detail = {}) {
    if (holds) return;
    std::fprintf(stderr, "broken: %.*s %.*s\n", static_cast<int>(what.size()), what.data(),
                 static_cast<int>(detail.size()), detail.data());
    std::abort();
}

}  // namespace intent::fuzz
