// What the fuzz targets have in common.
#pragma once

#include "codec/fields_rest.hpp"
#include "tests/unit/codec/samples.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <tuple>

namespace intent::fuzz {

/// Ends the program, which libFuzzer takes for a finding, unless `holds`.
inline void require(bool holds, std::string_view what, std::string_view detail = {}) {
    if (holds) return;
    std::fprintf(stderr, "broken: %.*s %.*s\n", static_cast<int>(what.size()), what.data(),
                 static_cast<int>(detail.size()), detail.data());
    std::abort();
}

template <class T>
struct Type {};

/// Calls `visit(Type<T>{})` for every raw type.
template <class Visit>
void for_each_raw_type(Visit visit) {
    [&]<class... T>(const std::tuple<T...>*) {
        (visit(Type<T>{}), ...);
    }(static_cast<decltype(test::samples())*>(nullptr));
}

}  // namespace intent::fuzz
