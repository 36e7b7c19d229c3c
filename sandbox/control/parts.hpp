// The parts of a running sandbox, for control requests.
#pragma once

#include "sandbox/base/addresses.hpp"
#include "sandbox/base/clock.hpp"
#include "sandbox/deliveries/delivery_runner.hpp"
#include "sandbox/faults/faults.hpp"
#include "sandbox/gateway/gateway.hpp"
#include "sandbox/journal/journal.hpp"
#include "sandbox/metrics/traffic.hpp"
#include "sandbox/platform/platform.hpp"
#include "sandbox/rest/api.hpp"
#include "sandbox/store/store.hpp"

#include <intent/sandbox/options.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace intent::inline v0::sandbox {

/// The machines of a sandbox. Its host owns them.
///
/// Threads: the loop's.
struct Parts {
    Clock& clock;
    Store& store;
    Platform& platform;
    Faults& faults;
    Journal& journal;
    Gateway& gateway;
    Api& api;
    DeliveryRunner& deliveries;
    net::Loop& loop;
};

/// The state of the socket of a gateway connection.
struct SocketState {
    std::optional<net::Duration> round_trip = {};
    std::size_t queued_bytes = 0;
};

/// What needs more than one part of a running sandbox.
///
/// Threads: the loop's.
class RunningSandbox {
public:
    virtual ~RunningSandbox() = default;

    virtual const Parts& parts() noexcept = 0;
    virtual const Options& options() const noexcept = 0;
    virtual const Addresses& addresses() const noexcept = 0;
    virtual std::uint16_t port() const noexcept = 0;
    /// Distinguishes this sandbox from earlier ones on the same port.
    virtual const std::string& run_id() const noexcept = 0;
    virtual const Traffic& traffic() const noexcept = 0;
    virtual SocketState socket_state(ConnectionId id) const = 0;

    /// Executes the gateway's actions.
    virtual void perform(GatewayActions actions) = 0;
    /// Calls `then` with the complete reply: at once, or once a password has been checked.
    virtual void complete(ApiReply reply, std::function<void(ApiReply)> then) = 0;
    /// Adds a fault that has been checked. One that applies at once has done so when this returns.
    ///
    /// Errors: Problem 404 if the fault names an unknown user.
    virtual Faults::View add_fault(Fault fault) = 0;
    /// Advances the clock, executes the work that is due then, and calls `then`: at once, or with a test clock when the
    /// clock's users are idle. `busy`: empty, or what did not become idle.
    ///
    /// Errors: Problem 400 beyond `Clock::max_offset`.
    virtual void advance(std::chrono::milliseconds step, std::function<void(std::string busy)> then) = 0;
    /// The whole store as the bytes of a SQLite file.
    ///
    /// Errors: SqliteError.
    virtual std::string snapshot() = 0;
    /// Replaces the store by a snapshot. Sessions end.
    ///
    /// Errors: Problem 400 unless the bytes are a snapshot, of this version or an earlier one.
    virtual void restore(std::string_view bytes) = 0;
    /// Restores the initial state, including faults and journal. Sessions end.
    virtual void reset() = 0;
};

}  // namespace intent::sandbox
