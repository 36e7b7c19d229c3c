// The program behind `make run SCALE=1`: a broker, the platform, two relays and three workers. During a conversation, a
// worker and the relay that leads are killed. At the end it counts what was handled, handled twice and lost; its status
// is 0 only if nothing was lost and no answer was posted twice.
#include "world.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <thread>

namespace {

using namespace std::chrono_literals;

constexpr int messages = 90;
constexpr int worker_dies_at = 25;
constexpr int leader_dies_at = 50;
constexpr int burst = 9;
constexpr auto pace = 150ms;
constexpr auto start_time = 30s;
constexpr auto end_time = 90s;  // more than the wait of a message whose worker was killed

struct Counts {
    int handled = 0;
    int handled_twice = 0;
    int again = 0;  ///< delivered more than once
    int unknown = 0;
    int answered = 0;
    int answered_twice = 0;
    int lost = 0;
};

Counts count(const intent::Sandbox& sandbox, const std::vector<intent::ChannelId>& channels, const Ledger& ledger) {
    std::map<std::string, int> answers;
    for (const auto channel : channels)
        for (const auto& message : sandbox.messages(channel))
            if (message.content.starts_with("counted ")) ++answers[message.content];
    const auto handled = ledger.all();
    Counts counts;
    for (int number = 1; number <= messages; ++number) {
        const auto found = handled.find(number);
        const Ledger::Message message = found == handled.end() ? Ledger::Message{} : found->second;
        const int posted = answers["counted " + std::to_string(number)];
        counts.handled += message.handled > 0;
        counts.handled_twice += message.handled > 1;
        counts.again += message.attempts > 1;
        counts.unknown += message.unknown > 0;
        counts.answered += posted > 0;
        counts.answered_twice += posted > 1;
        counts.lost += message.handled == 0;
    }
    return counts;
}

/// Plays the conversation and returns what went wrong, or an empty text.
std::string play(World& world, intent::Sandbox& sandbox, Stage& stage, const std::vector<intent::ChannelId>& channels) {
    world.start_relay();
    Actor* leader = world.wait_leader(start_time);
    if (!leader) return "no relay leads";
    world.start_relay();
    for (int i = 0; i < 3; ++i)
        world.start_worker();
    // The application begins with its first worker; earlier messages are not for it.
    for (const Actor& worker : world.workers())
        if (!stage.wait(0, worker.name, "online", start_time)) return worker.name + " does not get online";

    std::optional<Ledger::Time> killed;
    std::optional<std::jthread> watch;
    std::chrono::milliseconds handover{-1};
    for (int number = 1; number <= messages; ++number) {
        sandbox.say("alice", channels[static_cast<std::size_t>(number) % channels.size()],
                    "!count " + std::to_string(number));
        // Just before the worker dies, several at once: so it has some of them in hand.
        const bool is_burst = number > worker_dies_at - burst && number < worker_dies_at;
        std::this_thread::sleep_for(is_burst ? 0ms : number == worker_dies_at ? pace / 3 : pace);
        if (number == worker_dies_at) {
            world.kill(world.workers().front());
            world.start_worker();
        }
        if (number == leader_dies_at) {
            killed = std::chrono::steady_clock::now();
            world.kill(*leader);
            // The conversation goes on meanwhile.
            watch.emplace([&] {
                if (!world.wait_leader(start_time)) return;
                handover =
                    std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - *killed);
            });
        }
    }
    const bool all = world.ledger().wait_handled(messages, end_time);
    if (watch) watch->join();
    if (handover.count() < 0) return "no standby took over";
    stage.print("demo", "hand-over: the next relay leads after " + std::to_string(handover.count()) + " ms");
    if (const auto first = world.ledger().first_after(leader_dies_at)) {
        const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(*first - *killed);
        stage.print("demo", "the first message written after the kill is handled after " +
                                std::to_string(after.count()) + " ms");
    }
    return all ? "" : "not every message was handled";
}

void print(const Counts& counts) {
    std::printf(
        "\n  written by alice        %4d\n  handled                 %4d\n  delivered again         %4d\n"
        "  handled twice           %4d\n  answered                %4d\n  answer not known        %4d\n"
        "  answered twice          %4d\n  lost                    %4d\n",
        messages, counts.handled, counts.again, counts.handled_twice, counts.answered, counts.unknown,
        counts.answered_twice, counts.lost);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string program = argv[0];
    if (argc > 1) {
        std::fprintf(stderr, "intent_scale_demo: it takes no arguments\n");
        return 2;
    }
    try {
        Stage stage;
        // Without limits the pace is that of the relay and the workers.
        intent::Sandbox sandbox({.port = 0, .bots = {{.name = "counting_bot"}}, .hello = true, .limits = false});
        stage.print("sandbox", "up at " + sandbox.web_url());
        std::vector<intent::ChannelId> channels{sandbox.general()};
        for (const char* name : {"north", "south"})
            channels.push_back(sandbox.create_channel("alice", sandbox.server(), name));
        const std::string programs = program.substr(0, program.find_last_of('/'));
        Broker broker(stage, programs);
        std::string problem;
        Counts counts;
        {
            World world(stage, sandbox, broker, programs);
            problem = play(world, sandbox, stage, channels);
            counts = count(sandbox, channels, world.ledger());
            stage.print("demo", "ends");
        }
        print(counts);
        if (!problem.empty()) std::fprintf(stderr, "intent_scale_demo: %s\n", problem.c_str());
        const bool complete = counts.answered + counts.unknown >= messages;
        return problem.empty() && counts.lost == 0 && counts.answered_twice == 0 && complete ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "intent_scale_demo: %s\n", error.what());
        return 1;
    }
}
