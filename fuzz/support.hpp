// Shared by the fuzz targets.
#pragma once

#include "codec/fields_rest.hpp"
#include "fuzz/require.hpp"
#include "tests/unit/codec/samples.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

namespace intent::fuzz {

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
