// The state of a signed delivery from a sandbox to a bot's own HTTP endpoint.
#pragma once

#include <intent/detail/export.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::sandbox {

/// An attempt to deliver.
struct Attempt {
    std::optional<int> status = {};  ///< unset: no answer
    std::string failure = {};        ///< why there was no answer
    double milliseconds = 0;         ///< time until the answer or the failure
};

/// A delivery as `Sandbox::deliver` sends it (protocol §12).
struct Delivery {
    /// How far a delivery is.
    enum class State {
        pending,    ///< an attempt is in progress, or the next one is scheduled
        delivered,  ///< answered with a status below 400
        dropped,    ///< 6 attempts failed, or the endpoint was disabled
    };

    std::string id = {};                 ///< `X-Intent-Delivery-Id`, the same for each attempt
    std::string url = {};                ///< where it is posted
    State state = State::pending;        ///< how far it is
    std::vector<Attempt> attempts = {};  ///< the oldest first
    /// The endpoint is disabled because 50 deliveries in a row were dropped.
    bool endpoint_disabled = false;

    /// True if it was delivered.
    explicit operator bool() const noexcept { return state == State::delivered; }
};

/// "pending", "delivered", "dropped".
INTENT_API const char* name_of(Delivery::State state) noexcept;

}  // namespace intent::sandbox
