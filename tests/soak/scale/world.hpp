// A platform, a broker, two relays and the workers of two applications under load, and the means to break each of them
// at an exact point.
#pragma once

#include "tests/soak/scale/notes.hpp"
#include "tests/soak/scale/talker.hpp"
#include "tests/soak/scale/tap.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/sandbox.hpp>

#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace intent::test {

struct WorldOptions {
    std::chrono::milliseconds lease{2'000};     ///< of the relay that leads
    std::chrono::milliseconds ack_wait{2'000};  ///< after which the message of a dead worker goes to another one
    unsigned max_deliveries = 10;
    int per_second = 12;  ///< messages of the load
    std::size_t channels = 6;
    std::string broker = {};  ///< lines of the broker's configuration
    std::uint64_t seed = 1;
};

enum class Role { relay, pool_worker, ordered_worker };

/// A relay or a worker, which is started again after each of its deaths. Its connections go through taps.
struct Actor {
    Actor(Role role_of_it, std::string its_name, std::uint16_t broker_port)
        : role(role_of_it), name(std::move(its_name)), broker(broker_port, Tap::Protocol::nats) {}

    const Role role;
    const std::string name;
    Tap broker;
    std::unique_ptr<Tap> platform;  ///< REST calls of a relay
    std::unique_ptr<Process> process = {};
    std::atomic<pid_t> id = 0;
};

class World {
public:
    using Reached = std::function<bool(const Frame&)>;

    /// Returns when every application handles messages. Errors: std::runtime_error, as of all functions.
    World(std::string program, const WorldOptions& options);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // ---- what breaks things ----

    /// Kills (as `kill -9`) the first of these actors whose message to or from the broker has `reached` a point. This
    /// message, and what follows, is lost. Starts the actor again.
    void kill_at(Role role, const Reached& reached);
    /// The same with the bytes between a relay and the platform's REST API.
    void kill_at_request(const Reached& reached);
    /// `while_dead` runs before the actor starts again.
    void kill(Actor& actor, const std::function<void()>& while_dead = {});
    void kill_broker(std::chrono::milliseconds pause);
    /// SIGTERM, and waits for the end, which must be orderly. Starts it again.
    void restart(Actor& actor);
    void restart_broker();
    void suspend(Actor& actor);    ///< SIGSTOP
    void resume(Actor& actor);     ///< SIGCONT
    void cut_off(Actor& actor);    ///< nothing passes between it and the broker, and no connection ends
    void reconnect(Actor& actor);  ///< what was sent meanwhile arrives

    /// Posts a message that kills each worker of an application which handles it, until it is a dead letter.
    void poison_workers(std::size_t application_index);

    // ---- what is observed ----

    /// The relay that publishes next.
    Actor& leader();
    Actor& any(Role role);
    /// Waits until each application has handled a message that is said after this call.
    void wait_progress(std::chrono::seconds timeout = std::chrono::seconds(60));
    /// The same after the loss of a leader: the time counts as a hand-over.
    void wait_hand_over();
    /// Waits until each application has handled all messages so far, except those in a gap. False at the timeout.
    bool wait_handled(std::chrono::seconds timeout);

    /// Waits until each application was told of a gap.
    void wait_gap(std::size_t count);

    Sandbox& sandbox() noexcept { return sandbox_; }
    NatsServer& broker() noexcept { return broker_; }
    const Sandbox& sandbox() const noexcept { return sandbox_; }
    Talker& talker() noexcept { return *talker_; }
    const Talker& talker() const noexcept { return *talker_; }
    std::mt19937_64& random() noexcept { return random_; }
    const WorldOptions& options() const noexcept { return options_; }
    const std::array<Notes, 2>& notes() const noexcept { return notes_; }
    /// How often something was broken.
    struct Breaks {
        std::size_t kills = 0;     ///< kill -9
        std::size_t restarts = 0;  ///< orderly
        std::size_t suspended = 0;
        std::size_t cut_off = 0;
    };
    const Breaks& breaks() const noexcept { return breaks_; }
    std::chrono::milliseconds slowest_hand_over() const noexcept { return slowest_hand_over_; }

    /// The messages until now may be handled out of order: some of them were fetched after a gap.
    void forget_order();
    /// Whether a worker of this application was told of a gap in which this message was posted.
    bool in_gap(std::size_t serial, const Notes& notes) const;
    /// Whether this message kills the workers of an application.
    bool is_poison(std::size_t serial, const Notes& notes) const;
    std::size_t poisoned() const noexcept { return poisoned_.size(); }

    std::uint64_t dead_letters() const;

    /// Ends the load and then all actors in an orderly way.
    void end();

    static const char* application(std::size_t index) { return index == 0 ? "pool" : "ordered"; }

private:
    void add(Role role, const std::string& name);
    void start(Actor& actor);
    void bury(Actor& actor);
    void kill_where(Role role, bool at_platform, const Reached& reached);
    void look_after_actors();
    bool settled(std::size_t serial, const Notes& notes) const;
    std::string state() const;
    bool wait(const std::function<bool()>& condition, std::chrono::seconds timeout);

    const std::string program_;
    const WorldOptions options_;
    std::mt19937_64 random_;
    const TemporaryFolder folder_;
    NatsServer broker_;
    Sandbox sandbox_;
    std::array<Notes, 2> notes_;
    std::list<Actor> actors_;
    std::unique_ptr<Talker> talker_;
    std::map<std::size_t, std::size_t> poisoned_;  ///< message -> application
    Breaks breaks_;
    unsigned workers_ = 0;  ///< started so far
    std::chrono::milliseconds slowest_hand_over_{0};
};

}  // namespace intent::test
