// Name look-ups on few threads, shared by all who ask for the same name.
#pragma once

#include "net/clock.hpp"

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace intent::net {

/// Looks names up. `getaddrinfo` can take many seconds and cannot be interrupted, so it runs on threads of its own that
/// nobody waits for: at most `max_threads`, which end when there is no question left. Askers of one name share one
/// look-up.
///
/// Threads: safe. May be destroyed while threads are busy; their askers then get no answer.
class Resolver {
public:
    struct Answer {
        std::string error = {};                                ///< empty: found
        std::vector<boost::asio::ip::address> addresses = {};  ///< in the system's order
    };
    using LookUp = std::function<Answer(const std::string& host)>;  ///< blocks
    using Done = std::function<void(const Answer&)>;

    struct Known {
        std::vector<boost::asio::ip::address> addresses;
        Duration age{};
    };

    static constexpr unsigned default_threads = 4;

    explicit Resolver(LookUp look_up, unsigned max_threads = default_threads);
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// Calls `done` once, on a thread of the resolver (on this one if the system gives no thread). It must not block. A
    /// question whose owners are all gone before its turn comes is dropped.
    void look_up(const std::string& host, std::weak_ptr<const void> owner, Done done);

    /// The last good answer. The newest 64 names are kept.
    std::optional<Known> known(const std::string& host) const;

    /// The resolver of this process: its threads are few, however many clients there are.
    static Resolver& shared();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace intent::net
