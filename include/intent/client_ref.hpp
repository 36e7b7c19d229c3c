// The reference from a structure to its client.
#pragma once

#include <memory>
#include <utility>

namespace intent::inline v0 {

namespace detail {
class ClientContext;
}

/// A reference to the client (or RestClient) that a structure came from. It does not keep the client alive: once the
/// client is gone, actions through the reference fail with a UsageError.
class ClientRef {
public:
    /// Refers to no client: for structures that were made by hand.
    ClientRef() = default;
    /// Refers to the client of this context.
    explicit ClientRef(std::weak_ptr<detail::ClientContext> context) noexcept : context_(std::move(context)) {}

    /// False once the client is gone.
    bool alive() const noexcept { return !context_.expired(); }

    /// The client's context; null if the client is gone.
    std::shared_ptr<detail::ClientContext> lock() const noexcept { return context_.lock(); }

private:
    std::weak_ptr<detail::ClientContext> context_ = {};
};

}  // namespace intent
