#include "tests/soak/scale/points.hpp"

#include "relay/broker/connection.hpp"
#include "relay/broker/jetstream.hpp"
#include "tests/soak/scale/roles.hpp"

#include <array>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

const std::string stream = "INTENT_" + std::string(bot_name);
const std::string events = "intent." + std::string(bot_name) + ".evt.";
const std::string requests = "intent." + std::string(bot_name) + ".rest";
const std::string session_key = "$KV." + stream + ".session";
const std::string answers = "$KV." + stream + "_REST.";

bool is_stored(const Frame& frame) {
    return !frame.to_server && frame.content.find("\"stream\":\"" + stream + "\"") != std::string_view::npos &&
           frame.content.find("\"seq\"") != std::string_view::npos;
}

bool is_post(const Frame& frame) {
    return frame.to_server && frame.subject == requests && frame.content.find("POST") != std::string_view::npos;
}

bool is_acknowledgement(const Frame& frame) {
    return frame.to_server && frame.subject.starts_with("$JS.ACK." + stream + ".") &&
           (frame.content.empty() || frame.content.find("+ACK") != std::string_view::npos);
}

// ---- the relay that leads dies ----

void relay_before_publish(World& world) {
    world.kill_at(Role::relay, [](const Frame& frame) { return frame.to_server && frame.subject.starts_with(events); });
    world.wait_hand_over();
}

/// The stream has the event, and the relay does not know.
void relay_before_ack(World& world) {
    world.kill_at(Role::relay, is_stored);
    world.wait_hand_over();
}

/// The stream has the event, the relay knows, and the stored position does not include it.
void relay_before_watermark(World& world) {
    bool stored = false;
    world.kill_at(Role::relay, [&](const Frame& frame) {
        stored = stored || is_stored(frame);
        return stored && frame.to_server && frame.subject == session_key;
    });
    world.wait_hand_over();
}

/// The platform never sees the request.
void relay_before_request(World& world) {
    world.kill_at_request(
        [](const Frame& frame) { return frame.to_server && frame.content.find("POST ") != std::string_view::npos; });
    world.wait_hand_over();
}

/// The platform has carried the request out, and the relay does not know.
void relay_in_request(World& world) {
    bool posted = false;
    world.kill_at_request([&](const Frame& frame) {
        posted = posted || (frame.to_server && frame.content.find("POST ") != std::string_view::npos);
        return posted && !frame.to_server;
    });
    world.wait_hand_over();
}

/// The relay has the answer, and has neither stored nor sent it.
void relay_after_request(World& world) {
    std::map<std::string, int, std::less<>> written;
    world.kill_at(Role::relay, [&](const Frame& frame) {
        return frame.to_server && frame.subject.starts_with(answers) && ++written[std::string(frame.subject)] == 2;
    });
    world.wait_hand_over();
}

// ---- a worker dies ----

/// Its handler has begun.
void worker_before_request(World& world) {
    world.kill_at(Role::pool_worker, is_post);
    world.wait_progress();
}

/// Its handler has posted the answer, and ended.
void worker_before_ack(World& world) {
    world.kill_at(Role::pool_worker, is_acknowledgement);
    world.wait_progress();
}

/// The same for the owner of a partition.
void owner_before_ack(World& world) {
    world.kill_at(Role::ordered_worker, is_acknowledgement);
    world.wait_progress();
}

void worker_poisoned(World& world) { world.poison_workers(0); }

/// Each death costs the lease of the partition, so this lasts a minute.
void owner_poisoned(World& world) { world.poison_workers(1); }

// ---- the broker ----

void broker_killed(World& world) {
    world.kill_broker(std::chrono::milliseconds(world.random()() % 1000));
    world.wait_progress();
}

/// Another stream takes the whole store, for a while.
void disk_full(World& world) {
    relay::broker::ConnectionOptions options;
    options.urls = {world.broker().url()};
    const auto connection = std::make_shared<relay::broker::Connection>(options);
    relay::broker::JetStream jetstream(connection);
    const std::string name = "BALLAST";
    jetstream.ensure_stream({.name = name, .subjects = {"ballast"}});
    bool full = false;
    for (int i = 0; i < 1000 && !full; ++i) {
        const auto answer =
            connection->request({.subject = "ballast", .data = std::string(512 * 1024, 'x')}, std::chrono::seconds(5));
        full = answer.data.find("\"error\"") != std::string::npos;
    }
    if (!full) throw std::runtime_error("the broker's store does not become full");
    std::this_thread::sleep_for(world.options().lease * 2);  // the lease cannot be renewed either
    jetstream.delete_stream(name);
    world.wait_progress();
}

// ---- the network ----

/// The relay that leads is cut off, and does not know; then everything that it had sent arrives. What is promised about
/// the time of a hand-over is for a relay that dies: here, calls that it has taken are repeated only after some
/// seconds.
void relay_cut_off(World& world) {
    auto& cut_off = world.leader();
    world.cut_off(cut_off);
    world.wait_progress();
    world.reconnect(cut_off);
    world.wait_progress();
}

void worker_cut_off(World& world) {
    auto& cut_off = world.any(Role::pool_worker);
    world.cut_off(cut_off);
    std::this_thread::sleep_for(world.options().ack_wait * 2);
    world.reconnect(cut_off);
    world.wait_progress();
}

/// The owner of partitions is cut off until another one has them.
void owner_cut_off(World& world) {
    auto& cut_off = world.any(Role::ordered_worker);
    world.cut_off(cut_off);
    std::this_thread::sleep_for(13s);
    world.reconnect(cut_off);
    world.wait_progress();
}

/// The relay that leads stands still until another one leads, and continues as if it still led.
void two_leaders(World& world) {
    auto& first = world.leader();
    world.suspend(first);
    world.wait_progress();
    world.resume(first);
    world.wait_progress();
    // What it had received before it stood still may be published once more, and is dropped as known.
    std::this_thread::sleep_for(1s);
    if (&world.leader() == &first) throw std::runtime_error("a relay that stood still leads again");
}

/// The platform forgets the session while no relay leads: the lease of the dead one must last until then.
void session_lost(World& world) {
    const std::size_t gaps = world.notes()[0].gaps().size();
    world.kill(world.leader(), [&] {
        if (!eventually([&] { return world.sandbox().sessions() == 0; })) throw std::runtime_error("the session stays");
        world.sandbox().forget_sessions();
    });
    world.wait_hand_over();
    world.wait_gap(gaps + 1);
    world.wait_handled(60s);
    world.forget_order();
}

// ---- orderly restarts: nothing is handled twice ----

void restart_relay(World& world) {
    world.restart(world.leader());
    world.wait_hand_over();
}

void restart_worker(World& world) {
    world.restart(world.any(Role::pool_worker));
    world.wait_progress();
}

void restart_owner(World& world) {
    world.restart(world.any(Role::ordered_worker));
    world.wait_progress();
}

void restart_broker(World& world) {
    world.restart_broker();
    world.wait_progress();
}

// ---- at any moment ----

void random_kill(World& world) {
    std::this_thread::sleep_for(std::chrono::milliseconds(world.random()() % 1500));
    switch (world.random()() % 6) {
        case 0:
        case 1:
            world.kill(world.leader());
            return world.wait_hand_over();
        case 2:
            world.kill(world.any(Role::relay));
            return world.wait_hand_over();
        case 3:
            world.kill(world.any(Role::pool_worker));
            return world.wait_progress();
        case 4:
            world.kill(world.any(Role::ordered_worker));
            return world.wait_progress();
        case 5:
            return broker_killed(world);
    }
}

/// Room for what the streams of the bot reserve, and little more.
WorldOptions small_store() {
    WorldOptions options;
    options.broker = "jetstream { store_dir: \"$DIR\", max_file_store: 320MB }";
    return options;
}

/// No worker dies, so no message needs another one: what is handled twice all the same was published twice.
WorldOptions patient() {
    WorldOptions options;
    options.ack_wait = std::chrono::seconds(30);
    return options;
}

/// A relay on a busy machine keeps it.
WorldOptions long_lease() {
    WorldOptions options;
    options.lease = std::chrono::seconds(10);
    return options;
}

WorldOptions few_deliveries() {
    WorldOptions options;
    options.max_deliveries = 3;
    return options;
}

}  // namespace

std::span<const Point> all_points() {
    static const std::array points{
        Point{"relay_before_publish", relay_before_publish, 2, false, patient()},
        Point{"relay_before_ack", relay_before_ack, 2, false, patient()},
        Point{"relay_before_watermark", relay_before_watermark, 2, false, patient()},
        Point{"relay_before_request", relay_before_request, 2, false, patient()},
        Point{"relay_in_request", relay_in_request, 2, false, patient()},
        Point{"relay_after_request", relay_after_request, 2, false, patient()},
        Point{"worker_before_request", worker_before_request, 3, true},
        Point{"worker_before_ack", worker_before_ack, 3, true},
        Point{"owner_before_ack", owner_before_ack, 1, true},
        Point{"worker_poisoned", worker_poisoned, 1, true, few_deliveries()},
        Point{"owner_poisoned", owner_poisoned, 1, true, few_deliveries(), false, true},
        Point{"broker_killed", broker_killed, 2, true},
        Point{"disk_full", disk_full, 1, true, small_store()},
        Point{"relay_cut_off", relay_cut_off, 1, true},
        Point{"worker_cut_off", worker_cut_off, 1, true},
        Point{"owner_cut_off", owner_cut_off, 1, true},
        Point{"two_leaders", two_leaders, 1, true, long_lease()},
        Point{"session_lost", session_lost, 1, true, long_lease(), true},
        Point{"restart_relay", restart_relay, 3, false, patient()},
        Point{"restart_worker", restart_worker, 3, false, patient()},
        Point{"restart_owner", restart_owner, 2, false, patient()},
        Point{"restart_broker", restart_broker, 2, true},
        Point{"random_kill", random_kill, 2, true},
    };
    return points;
}

}  // namespace intent::test
