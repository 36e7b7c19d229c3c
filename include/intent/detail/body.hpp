// The base of the arguments of calls.
#pragma once

#include <utility>

namespace intent::inline v0::detail {

/// A raw type behind chained setters. A class, because g++ 12 destroys an aggregate temporary in a `co_await` twice.
template <class Raw>
class Body {
public:
    const Raw& get() const noexcept { return raw_; }

protected:
    Body() = default;
    explicit Body(Raw raw) : raw_(std::move(raw)) {}

    Raw raw_ = {};
};

}  // namespace intent::detail
