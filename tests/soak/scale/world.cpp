#include "tests/soak/scale/world.hpp"

#include "relay/broker/connection.hpp"
#include "relay/broker/jetstream.hpp"
#include "tests/soak/scale/roles.hpp"

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

constexpr int killed = 128 + SIGKILL;

std::uint16_t port_of(const std::string& url) {
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

std::string with_port(std::string url, std::uint16_t port) {
    const auto at = url.rfind(':') + 1;
    const auto end = std::min(url.find('/', at), url.size());
    return url.replace(at, end - at, std::to_string(port));
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

bool is_event(const Frame& frame) {
    return frame.to_server && frame.subject.starts_with("intent." + std::string(bot_name) + ".evt.");
}

}  // namespace

World::World(std::string program, const WorldOptions& options)
    : program_(std::move(program)),
      options_(options),
      random_(options.seed),
      broker_(options.broker),
      sandbox_({.hello = true, .limits = false}),
      notes_{Notes(folder_.file("pool"), options.channels), Notes(folder_.file("ordered"), options.channels)} {
    for (const char* name : {"relay-1", "relay-2"})
        add(Role::relay, name);
    // Only what happens in a session can be handled.
    if (!sandbox_.wait_online("bot", 30s)) throw std::runtime_error("no relay connects to the platform");
    for (const char* name : {"pool-1", "pool-2"})
        add(Role::pool_worker, name);
    for (const char* name : {"ordered-1", "ordered-2"})
        add(Role::ordered_worker, name);
    talker_ = std::make_unique<Talker>(sandbox_, options_.channels, options_.per_second);
    wait_progress();
}

World::~World() {
    talker_.reset();
    for (auto& actor : actors_) {
        actor.broker.watch(nullptr);
        if (actor.process) actor.process->signal(SIGKILL);
    }
}

void World::add(Role role, const std::string& name) {
    auto& actor = actors_.emplace_back(role, name, broker_.port());
    if (role == Role::relay) actor.platform = std::make_unique<Tap>(port_of(sandbox_.rest_url()), Tap::Protocol::bytes);
    start(actor);
}

void World::start(Actor& actor) {
    const std::string broker = "nats://127.0.0.1:" + std::to_string(actor.broker.port());
    std::vector<std::string> words{"env", "INTENT_TOKEN=" + std::string(sandbox_.bot_token().reveal()), program_};
    if (actor.role == Role::relay) {
        words.insert(words.end(),
                     {"--relay", actor.name, broker, sandbox_.gateway_url(),
                      with_port(sandbox_.rest_url(), actor.platform->port()), std::to_string(options_.lease.count())});
    } else {
        words.erase(words.begin(), words.begin() + 2);  // workers never see the token
        const bool ordered = actor.role == Role::ordered_worker;
        words.insert(words.end(),
                     {"--worker", std::to_string(++workers_), broker, application(ordered ? 1 : 0),
                      ordered ? "ordered" : "pool", std::to_string(options_.ack_wait.count()),
                      std::to_string(options_.max_deliveries), folder_.file(application(ordered ? 1 : 0))});
    }
    actor.process = std::make_unique<Process>(std::move(words), folder_.path());
    const auto line = actor.process->lines.wait_value([](const std::string& text) { return text.starts_with("pid "); });
    if (!line) throw std::runtime_error(actor.name + " does not start");
    actor.id = static_cast<pid_t>(std::stoi(line->substr(4)));
}

void World::bury(Actor& actor) {
    const auto status = actor.process->wait();
    if (status != killed)
        throw std::runtime_error(actor.name + " was killed, but ended with status " +
                                 std::to_string(status.value_or(-1)));
    ++breaks_.kills;
}

void World::kill_at(Role role, const Reached& reached) { kill_where(role, false, reached); }

void World::kill_at_request(const Reached& reached) { kill_where(Role::relay, true, reached); }

void World::kill_where(Role role, bool at_platform, const Reached& reached) {
    std::mutex mutex;
    Actor* victim = nullptr;
    Door door;
    const auto watch_all = [&](bool on) {
        for (auto& actor : actors_) {
            if (actor.role != role) continue;
            Tap& tap = at_platform ? *actor.platform : actor.broker;
            if (!on) {
                tap.watch(nullptr);
                continue;
            }
            tap.watch([&mutex, &victim, &door, &reached, &actor](const Frame& frame) {
                const std::lock_guard lock(mutex);
                if (victim == &actor) return Verdict::stop;  // it is dead
                if (victim || !reached(frame)) return Verdict::pass;
                victim = &actor;
                ::kill(actor.id, SIGKILL);
                door.open();
                return Verdict::stop;
            });
        }
    };
    watch_all(true);
    door.pass(60s);
    watch_all(false);  // also before an exception: the watchers use variables of this function
    if (!victim) throw std::runtime_error("the crash point was not reached");
    bury(*victim);
    start(*victim);
}

void World::kill(Actor& actor, const std::function<void()>& while_dead) {
    actor.process->signal(SIGKILL);
    bury(actor);
    if (while_dead) while_dead();
    start(actor);
}

void World::kill_broker(std::chrono::milliseconds pause) {
    broker_.kill();
    ++breaks_.kills;
    std::this_thread::sleep_for(pause);
    broker_.start();
}

void World::restart(Actor& actor) {
    actor.process->signal(SIGTERM);
    const auto status = actor.process->wait(30s);
    if (status != 0)
        throw std::runtime_error(actor.name + " was stopped, but ended with status " +
                                 std::to_string(status.value_or(-1)));
    ++breaks_.restarts;
    start(actor);
}

void World::restart_broker() {
    broker_.stop();
    ++breaks_.restarts;
    broker_.start();
}

void World::suspend(Actor& actor) {
    actor.process->signal(SIGSTOP);
    ++breaks_.suspended;
}

void World::resume(Actor& actor) { actor.process->signal(SIGCONT); }

void World::cut_off(Actor& actor) {
    actor.broker.mute(true);
    ++breaks_.cut_off;
}

void World::reconnect(Actor& actor) { actor.broker.mute(false); }

void World::poison_workers(std::size_t application_index) {
    const std::uint64_t before = dead_letters();
    const std::size_t serial = talker_->say(poison + std::string(application(application_index)));
    poisoned_.emplace(serial, application_index);
    notes_[application_index].skip(serial);
    if (!wait([&] { return dead_letters() > before; }, 180s))
        throw std::runtime_error("a poisonous message does not become a dead letter: " + state());
    wait_progress(240s);  // what has come meanwhile is handled first
}

bool World::is_poison(std::size_t serial, const Notes& notes) const {
    const auto found = poisoned_.find(serial);
    return found != poisoned_.end() && &notes_[found->second] == &notes;
}

void World::look_after_actors() {
    for (auto& actor : actors_) {
        const auto status = actor.process->wait(0ms);
        if (!status) continue;
        if (poisoned_.empty() || actor.role == Role::relay || status != killed)
            throw std::runtime_error(actor.name + " ended with status " + std::to_string(*status));
        ++breaks_.kills;
        start(actor);
    }
}

bool World::wait(const std::function<bool()>& condition, std::chrono::seconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        look_after_actors();
        for (auto& notes : notes_)
            notes.read();
        if (condition()) return true;
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(20ms);
    }
}

Actor& World::leader() {
    std::atomic<Actor*> found = nullptr;
    Door door;
    for (auto& actor : actors_) {
        if (actor.role != Role::relay) continue;
        actor.broker.watch([&found, &door, &actor](const Frame& frame) {
            if (is_event(frame) && !found) {
                found = &actor;
                door.open();
            }
            return Verdict::pass;
        });
    }
    door.pass(60s);
    for (auto& actor : actors_)
        if (actor.role == Role::relay) actor.broker.watch(nullptr);
    if (!found) throw std::runtime_error("no relay publishes events");
    return *found;
}

Actor& World::any(Role role) {
    std::vector<Actor*> candidates;
    for (auto& actor : actors_)
        if (actor.role == role) candidates.push_back(&actor);
    return *candidates.at(random_() % candidates.size());
}

void World::wait_progress(std::chrono::seconds timeout) {
    const std::size_t serial = talker_->said();
    const auto has_progress = [&](const Notes& notes) {
        const auto& messages = notes.messages();
        return std::any_of(messages.lower_bound(serial), messages.end(),
                           [](const auto& message) { return message.second.ended > 0; });
    };
    if (!wait([&] { return std::all_of(notes_.begin(), notes_.end(), has_progress); }, timeout))
        throw std::runtime_error("messages are not handled any more: " + state());
}

void World::wait_hand_over() {
    const auto begin = std::chrono::steady_clock::now();
    wait_progress();
    slowest_hand_over_ = std::max(slowest_hand_over_, since(begin));
}

bool World::wait_handled(std::chrono::seconds timeout) {
    const std::size_t count = talker_->said();
    std::array<std::size_t, 2> done{};  // all before are handled
    return wait(
        [&] {
            for (std::size_t i = 0; i < notes_.size(); ++i)
                while (done[i] < count && settled(done[i], notes_[i]))
                    ++done[i];
            return std::all_of(done.begin(), done.end(), [&](std::size_t serial) { return serial == count; });
        },
        timeout);
}

bool World::settled(std::size_t serial, const Notes& notes) const {
    return notes.handled(serial) || is_poison(serial, notes) || in_gap(serial, notes);
}

void World::wait_gap(std::size_t count) {
    const auto has_gap = [&](const Notes& notes) { return notes.gaps().size() >= count; };
    if (!wait([&] { return std::all_of(notes_.begin(), notes_.end(), has_gap); }, 60s))
        throw std::runtime_error("the lost session is not reported as a gap: " + state());
}

/// For the text of a failure.
std::string World::state() const {
    const std::size_t said = talker_->said();
    std::string text = std::to_string(said) + " messages";
    for (std::size_t i = 0; i < notes_.size(); ++i) {
        std::size_t handled = 0;
        std::size_t open = 0;  // begun, and not ended
        std::size_t last = 0;
        for (const auto& [serial, message] : notes_[i].messages()) {
            handled += message.ended > 0;
            open += message.ended == 0;
            if (message.ended > 0) last = serial;
        }
        std::size_t first = 0;
        while (first < said && settled(first, notes_[i]))
            ++first;
        text += std::string("; ") + application(i) + ": " + std::to_string(handled) + " handled up to " +
                std::to_string(last) + ", " + std::to_string(open) + " begun and not ended, first missing " +
                std::to_string(first);
    }
    return text;
}

void World::forget_order() {
    for (auto& notes : notes_)
        notes.forget_order(talker_->said());
}

bool World::in_gap(std::size_t serial, const Notes& notes) const {
    const PostTime time = talker_->time_of(serial);
    return std::any_of(notes.gaps().begin(), notes.gaps().end(),
                       [&](const NotedGap& gap) { return gap.from <= time.latest && time.earliest <= gap.to; });
}

std::uint64_t World::dead_letters() const {
    relay::broker::ConnectionOptions options;
    options.urls = {broker_.url()};
    const auto connection = std::make_shared<relay::broker::Connection>(options);
    const auto info = relay::broker::JetStream(connection).stream_info("INTENT_" + std::string(bot_name) + "_DLQ");
    return info ? info->messages : 0;
}

void World::end() {
    talker_->stop();
    for (const bool relays : {false, true}) {
        for (auto& actor : actors_)
            if ((actor.role == Role::relay) == relays) actor.process->signal(SIGTERM);
        for (auto& actor : actors_) {
            if ((actor.role == Role::relay) != relays) continue;
            const auto status = actor.process->wait(30s);
            if (status != 0)
                throw std::runtime_error(actor.name + " was stopped at the end, but ended with status " +
                                         std::to_string(status.value_or(-1)));
        }
    }
    for (auto& notes : notes_)
        notes.read();
}

}  // namespace intent::test
