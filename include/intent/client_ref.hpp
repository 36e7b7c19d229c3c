// How a structure reaches its client.
#pragma once

#include <memory>
#include <utility>

namespace intent {

namespace detail {
class RestCore;
}

/// A reference to the client (or RestClient) that a structure came from. It does not keep the client alive: an action
/// through a reference whose client is gone fails with a UsageError, never touches what is no longer there.
///
/// Distinct objects: safe. Shared objects: unsafe.
class ClientRef {
public:
    /// Refers to nothing: for structures that were made by hand.
    ClientRef() = default;
    explicit ClientRef(std::weak_ptr<detail::RestCore> core) noexcept : core_(std::move(core)) {}

    bool alive() const noexcept { return !core_.expired(); }

    /// The client's core, or nothing if it is gone.
    std::shared_ptr<detail::RestCore> lock() const noexcept { return core_.lock(); }

private:
    std::weak_ptr<detail::RestCore> core_ = {};
};

}  // namespace intent
