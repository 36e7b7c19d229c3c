// Reaches the context of a Client that the user holds.
#pragma once

#include <intent/client.hpp>

#include <memory>

namespace intent::inline v0::detail {

struct RemoteAccess {
    static const std::shared_ptr<ClientContext>& context(const Client& client) noexcept { return client.context_; }
};

}  // namespace intent::detail
