// Name look-ups on few threads, shared by all requests for the same name.
#pragma once

#include "net/clock.hpp"

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace intent::net {

/// Looks names up. `getaddrinfo` can take many seconds and cannot be interrupted, so it runs on separate threads that
/// are never joined: at most `max_threads`, which end when no questions remain. Requests for one name share one
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

    /// Calls `done` once, on a thread of the resolver (on the calling thread if the system cannot create one). `done`
    /// must not block. A question is dropped if all of its owners are gone before its turn.
    void look_up(const std::string& host, std::weak_ptr<const void> owner, Done done);

    /// The last successful answer. Keeps the newest 64 names.
    std::optional<Known> known(const std::string& host) const;

    /// The process's resolver: its threads are few, however many clients exist.
    static Resolver& shared();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace intent::net
