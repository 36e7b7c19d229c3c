// How a structure reaches its client.
#pragma once

#include <memory>
#include <utility>

namespace intent {

namespace detail {
class ClientContext;
}

/// A reference to the client (or RestClient) that a structure came from. It does not keep the client alive: an action
/// through a reference whose client is gone fails with a UsageError, never touches what is no longer there.
///
/// Distinct objects: safe. Shared objects: unsafe.
class ClientRef {
public:
    /// Refers to nothing: for structures that were made by hand.
    ClientRef() = default;
    explicit ClientRef(std::weak_ptr<detail::ClientContext> context) noexcept : context_(std::move(context)) {}

    bool alive() const noexcept { return !context_.expired(); }

    /// What the client is to its structures; null if it is gone.
    std::shared_ptr<detail::ClientContext> lock() const noexcept { return context_.lock(); }

private:
    std::weak_ptr<detail::ClientContext> context_ = {};
};

}  // namespace intent
