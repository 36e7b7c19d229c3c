// The programs of the demo: a broker, relays and workers.
#pragma once

#include "examples/demo/stage.hpp"
#include "ledger.hpp"
#include "process.hpp"

#include <intent/sandbox.hpp>

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// nats-server with JetStream, its files in a temporary folder. The relays and the workers have the users and the
/// rights that `intent relay accounts` prints.
class Broker {
public:
    /// `programs`: the folder of the build.
    ///
    /// Errors: std::runtime_error if it is not installed or does not start.
    Broker(Stage& stage, const std::string& programs);
    ~Broker();

    /// The environment of a program that connects as `user`: "relay" or "counting".
    std::vector<std::string> environment(const std::string& user) const;

private:
    void write_accounts(const std::string& programs);

    std::filesystem::path folder_;
    const std::string password_;
    std::string url_;
    std::unique_ptr<Process> process_;
};

/// A relay or a worker that has a name on the stage.
struct Actor {
    std::string name;
    std::unique_ptr<Process> process;

    bool alive() const { return process->id() > 0; }
};

/// Relays and workers of one bot in a sandbox.
class World {
public:
    World(Stage& stage, intent::Sandbox& sandbox, const Broker& broker, std::string programs);

    void start_relay();
    void start_worker();

    /// The relay that leads, by what `intent-relay status` reports; null if none does, or if it is dead.
    Actor* leader();
    /// Waits until one leads; null at the timeout.
    Actor* wait_leader(std::chrono::seconds timeout);

    void kill(Actor& actor);
    std::deque<Actor>& workers() { return workers_; }
    Ledger& ledger() { return ledger_; }

private:
    std::unique_ptr<Process> start(const std::string& name, std::vector<std::string> words,
                                   std::vector<std::string> variables,
                                   std::function<void(const std::string&)> more = {});

    Stage& stage_;
    Ledger ledger_;
    const Broker& broker_;
    const std::string programs_;  // the folder of the build
    const std::vector<std::string> platform_;
    std::deque<Actor> relays_;  // pointers to actors stay valid
    std::deque<Actor> workers_;
    int started_workers_ = 0;
};
