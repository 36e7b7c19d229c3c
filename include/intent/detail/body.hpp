// The base of the arguments of calls.
#pragma once

#include <intent/detail/export.hpp>

namespace intent::inline v0::detail {

/// A raw type behind chained setters. A class, because g++ 12 destroys an aggregate temporary in a `co_await` twice.
/// The raw types (intent/raw/bodies.hpp) are incomplete here, and everything is compiled in the library: their strings,
/// lists and optional values would cost each source of a bot.
template <class Raw>
class INTENT_API Body {
public:
    /// The fields. Include <intent/raw/bodies.hpp> to read them.
    const Raw& get() const noexcept;

    Body(const Body&);
    Body(Body&&) noexcept;
    Body& operator=(const Body&);
    Body& operator=(Body&&) noexcept;
    ~Body();

protected:
    Body() noexcept;
    explicit Body(Raw raw);
    Raw& fields();  ///< to change them

private:
    Raw* raw_;  // owned; null: all fields have their defaults
};

}  // namespace intent::detail
