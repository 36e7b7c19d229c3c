// What became of a signed delivery that a sandbox sent to a bot's own HTTP endpoint.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace intent {

/// One try to deliver.
struct SandboxAttempt {
    std::optional<int> status = {};  ///< unset: no answer came
    std::string failure = {};        ///< why none came
    double milliseconds = 0;         ///< until the answer, or the failure
};

/// A delivery as `Sandbox::deliver` sends it (protocol §12).
struct SandboxDelivery {
    enum class State {
        pending,    ///< a try is under way, or the next one is waited for
        delivered,  ///< a status below 400 came
        dropped,    ///< 6 tries failed, or the endpoint was disabled meanwhile
    };

    std::string id = {};  ///< `X-Intent-Delivery-Id`, the same for each try
    std::string url = {};
    State state = State::pending;
    std::vector<SandboxAttempt> attempts = {};
    /// The endpoint takes no more: 50 deliveries in a row were dropped.
    bool endpoint_disabled = false;

    explicit operator bool() const noexcept { return state == State::delivered; }
};

/// "pending", "delivered", "dropped".
const char* name_of(SandboxDelivery::State state) noexcept;

}  // namespace intent
