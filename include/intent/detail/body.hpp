// The base of the arguments of calls.
#pragma once

#include <intent/detail/export.hpp>

namespace intent::inline v0::detail {

/// A raw type behind chained setters. A class, because g++ 12 destroys an aggregate temporary in a `co_await` twice.
/// Everything but `get` is compiled in the library: the strings, lists and optional values of a raw type would cost
/// each source of a bot that makes one.
template <class Raw>
class INTENT_API Body {
public:
    const Raw& get() const noexcept { return raw_; }

    Body(const Body&);
    Body(Body&&) noexcept;
    Body& operator=(const Body&);
    Body& operator=(Body&&) noexcept;
    ~Body();

protected:
    Body();
    explicit Body(Raw raw);

    Raw raw_ = {};
};

}  // namespace intent::detail
