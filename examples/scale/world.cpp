#include "world.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace {

using namespace std::chrono_literals;

std::string random_text() {
    std::random_device source;
    std::string text;
    for (int i = 0; i < 4; ++i)
        text += std::to_string(source());
    return text;
}

}  // namespace

Broker::Broker(Stage& stage, const std::string& programs) : password_(random_text()) {
    const std::string program = find_program("NATS_SERVER", "nats-server");
    if (program.empty())
        throw std::runtime_error(
            "nats-server is not installed. On Debian: apt-get install nats-server; elsewhere, set NATS_SERVER to its "
            "path (https://nats.io)");
    std::string name = (std::filesystem::temp_directory_path() / "intent-scale-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("cannot create " + name);
    folder_ = name;
    write_accounts(programs);
    std::ofstream(folder_ / "nats.conf") << "listen: \"127.0.0.1:-1\"\njetstream { store_dir: \""
                                         << (folder_ / "store").string()
                                         // To check a password takes longer on a busy machine.
                                         << "\" }\nauthorization { timeout: 20 }\ninclude accounts.conf\n";
    process_ = std::make_unique<Process>(std::vector{program, std::string("-c"), (folder_ / "nats.conf").string()},
                                         std::vector<std::string>{}, true, [&](const std::string& line) {
                                             constexpr std::string_view before =
                                                 "Listening for client connections on 127.0.0.1:";
                                             const auto at = line.find(before);
                                             if (at == std::string::npos) return;
                                             url_ = "nats://127.0.0.1:" + line.substr(at + before.size());
                                             stage.print("broker", "up at " + url_);
                                         });
    if (!stage.wait(0, "broker", "up at", 10s)) throw std::runtime_error("nats-server does not start");
}

void Broker::write_accounts(const std::string& programs) {
    const auto passwords = folder_ / "passwords";
    std::filesystem::create_directory(passwords);
    for (const char* user : {"relay", "counting"}) {
        std::ofstream(passwords / user) << password_ << '\n';
        std::filesystem::permissions(passwords / user, std::filesystem::perms::owner_read);
    }
    std::ofstream accounts(folder_ / "accounts.conf");
    Process tool({programs + "/intent-relay", "accounts", "--bot", "demo", "--worker", "counting", "--passwords",
                  passwords.string()},
                 {}, false, [&](const std::string& line) { accounts << line << '\n'; });
    if (tool.wait() != 0) throw std::runtime_error("intent-relay accounts failed");
}

std::vector<std::string> Broker::environment(const std::string& user) const {
    return {"INTENT_BROKER=" + url_, "INTENT_BOT=demo", "INTENT_BROKER_USER=" + user,
            "INTENT_BROKER_PASSWORD=" + password_};
}

Broker::~Broker() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

World::World(Stage& stage, intent::Sandbox& sandbox, const Broker& broker, std::string programs)
    : stage_(stage),
      broker_(broker),
      programs_(std::move(programs)),
      platform_{"INTENT_TOKEN=" + std::string(sandbox.bot_token().reveal()),
                "INTENT_GATEWAY_URL=" + sandbox.gateway_url(), "INTENT_REST_URL=" + sandbox.rest_url()} {}

std::unique_ptr<Process> World::start(const std::string& name, std::vector<std::string> words,
                                      std::vector<std::string> variables,
                                      std::function<void(const std::string&)> more) {
    words.front() = programs_ + "/" + words.front();
    auto process = std::make_unique<Process>(std::move(words), variables, false, std::move(more));
    stage_.print(name, "starts (process " + std::to_string(process->id()) + ")");
    return process;
}

void World::start_relay() {
    const std::string name = "relay-" + std::to_string(relays_.size() + 1);
    auto variables = broker_.environment("relay");
    variables.insert(variables.end(), platform_.begin(), platform_.end());
    variables.push_back("INTENT_RELAY_ID=" + name);
    relays_.push_back({name, start(name, {"intent-relay", "run"}, std::move(variables), [](const std::string&) {})});
}

void World::start_worker() {
    const std::string name = "worker-" + std::to_string(++started_workers_);
    auto variables = broker_.environment("counting");
    variables.push_back("INTENT_APPLICATION=counting");
    auto process =
        start(name, {"counting_bot", "--worker"}, std::move(variables), [this, name](const std::string& line) {
            ledger_.add(line);
            if (!line.starts_with("begins")) stage_.print(name, line);
        });
    workers_.push_back({name, std::move(process)});
}

Actor* World::leader() {
    std::string answer;
    Process status({programs_ + "/intent-relay", "status", "--json"}, broker_.environment("relay"), false,
                   [&](const std::string& line) { answer += line; });
    status.wait();
    for (Actor& relay : relays_)
        if (relay.alive() && answer.find("\"leader\":\"" + relay.name) != std::string::npos) return &relay;
    return nullptr;
}

Actor* World::wait_leader(std::chrono::seconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        if (Actor* found = leader()) {
            stage_.print(found->name, "leads");
            return found;
        }
        if (std::chrono::steady_clock::now() > deadline) return nullptr;
        std::this_thread::sleep_for(100ms);
    }
}

void World::kill(Actor& actor) {
    stage_.print("demo", "kill -9 " + actor.name);
    actor.process->signal(SIGKILL);
}
