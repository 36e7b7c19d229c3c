// A scope guard that shows the bot as typing.
#pragma once

#include <intent/detail/export.hpp>

#include <memory>

namespace intent::inline v0 {

namespace detail {
class ScopeState;
}

/// Shows the bot as typing while it exists: the platform's indicator lasts 10 s (protocol §7), so it is renewed every
/// 8 s. Created by `Channel::typing` and `RestClient::typing`.
///
///     const auto typing = channel.typing();
///     co_await channel.send(co_await compute_answer());
///
/// Failures are not errors of the bot: after a 403 or 404 (not allowed, or the server lacks the route) it stops, after
/// others it tries again at the next renewal. It ends with this object, and with `Client::stop`. The protocol has no
/// request that hides the indicator: it disappears when the bot posts a message, or after at most 10 s.
///
/// Cost: 1 request per 8 s. Lifetime: the client may be destroyed first. Distinct objects: safe. Shared objects:
/// unsafe.
class [[nodiscard]] INTENT_API Typing {
public:
    /// Shows nothing.
    Typing() = default;
    /// The indicator that this scope renews.
    explicit Typing(std::shared_ptr<detail::ScopeState> renewal) noexcept;
    Typing(Typing&& other) noexcept = default;
    Typing& operator=(Typing&& other) noexcept;
    /// Ends the renewal.
    ~Typing();

    /// Ends the renewal, as the destructor does. It may be called any number of times.
    void end() noexcept;

private:
    std::shared_ptr<detail::ScopeState> renewal_ = {};
};

}  // namespace intent
