// Many clients in one process against a sandbox in another, with faults by chance between them. At the end every event
// that was dispatched has been handed out exactly once or is covered by a Gap, every REST call has ended exactly once,
// and the process holds what it held after the first minute.
#include "tests/soak/clients.hpp"
#include "tests/soak/platform.hpp"
#include "tests/soak/resources.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

struct Sent {
    std::int64_t before = 0;
    std::int64_t after = 0;
    int times = 0;
};

/// The platform's process as this one sees it.
class Peer {
public:
    Peer(const char* program, const SoakPlan& plan, const std::string& account_file)
        : process_({program, "--platform", account_file, std::to_string(plan.clients),
                    std::to_string(plan.duration.count()), std::to_string(plan.seed)},
                   ".") {}

    /// Does the line come, behind that of the call before?
    bool says(std::string_view wanted, std::chrono::milliseconds timeout) {
        const auto comes = [&](const std::vector<std::string>& lines) {
            while (seen_ < lines.size())
                if (lines[seen_++] == wanted) return true;
            return false;
        };
        return process_.lines.wait_for(comes, timeout);
    }

    void wait_line(std::string_view wanted, std::chrono::milliseconds timeout) {
        if (!says(wanted, timeout)) throw std::runtime_error("the platform does not say '" + std::string(wanted) + "'");
    }

    bool wait_lines(std::size_t count) { return process_.lines.wait_count(count); }
    std::vector<std::string> lines() const { return process_.lines.all(); }
    void tell(std::string line) { process_.tell(std::move(line)); }

private:
    Process process_;
    std::size_t seen_ = 0;
};

/// What the platform has reported, sorted.
struct Account {
    explicit Account(const std::string& file) {
        std::ifstream lines(file);
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string what;
            words >> what;
            if (what == "sent") {
                std::size_t serial = 0;
                Sent sent;
                words >> serial >> sent.before >> sent.after;
                if (events.empty()) start = sent.before;
                sent.times = 1;
                events[serial] = sent;
            } else if (what == "stored") {
                std::size_t serial = 0;
                std::int64_t when = 0;
                words >> serial >> when;
                auto& sent = events[serial];
                sent.before = sent.after = when;
                ++sent.times;
            } else if (what == "fault") {
                words >> what;
                ++faults[what];
            } else if (what == "counted") {
                std::string name;
                std::size_t number = 0;
                words >> name >> number;
                counted[name] = number;
            }
        }
    }

    std::int64_t start = 0;  ///< the first event, µs since 1970
    std::map<std::size_t, Sent> events;
    std::map<std::string, std::size_t> faults;
    std::map<std::string, std::size_t> counted;
};

struct Verdict {
    std::size_t expected = 0, delivered = 0, duplicates = 0, covered = 0, lost = 0;
    std::size_t posted_twice = 0;
    std::size_t calls = 0, failed = 0, unended = 0;
};

void describe_loss(std::size_t client, std::size_t serial, const Sent& sent, const Ledger& ledger, std::int64_t start) {
    const auto seconds = [start](std::int64_t read_clock) { return static_cast<double>(read_clock - start) / 1e6; };
    static constexpr const char* kinds[] = {"tick", "answer", "custom", "edit"};
    std::printf("  lost: client %zu, %s %zu of %.3f s; gaps:", client, kinds[serial % SoakPlan::serials_per_round],
                serial, seconds(sent.before));
    for (const auto& gap : ledger.gaps)
        std::printf(" %.3f-%.3f", seconds(gap.from), seconds(gap.to));
    std::puts("");
}

Verdict judge(const Account& account, const std::vector<std::unique_ptr<Ledger>>& ledgers) {
    constexpr std::int64_t slack = std::chrono::microseconds(50ms).count();  // clocks are read beside what they date
    Verdict verdict;
    std::set<std::size_t> lossy;  // of each client its first loss, for whoever looks for the cause
    for (const auto& [serial, sent] : account.events) {
        if (sent.times > 1) ++verdict.posted_twice;
        for (std::size_t i = 0; i < ledgers.size(); ++i) {
            ++verdict.expected;
            const int times = ledgers[i]->delivered.at(serial);
            verdict.delivered += static_cast<std::size_t>(std::min(times, 1));
            if (times > sent.times) ++verdict.duplicates;
            if (times >= sent.times) continue;
            if (ledgers[i]->covers(sent.before, sent.after, slack)) {
                ++verdict.covered;
            } else if (++verdict.lost; lossy.insert(i).second) {
                describe_loss(i, serial, sent, *ledgers[i], account.start);
            }
        }
    }
    for (const auto& ledger : ledgers) {
        for (std::size_t serial = 0; serial < ledger->calls_begun.size(); ++serial) {
            verdict.calls += ledger->calls_begun[serial];
            if (ledger->calls_begun[serial] != ledger->calls_ended[serial]) ++verdict.unended;
        }
        verdict.failed += ledger->calls_failed;
    }
    return verdict;
}

std::string list(const std::map<std::string, std::size_t>& counts) {
    std::string text;
    for (const auto& [name, count] : counts)
        text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
    return text;
}

/// Each client may have one connection more in its pool for REST; memory breathes a little. A leak with every reconnect
/// or call does not stay within this.
bool grown(const SoakPlan& plan, const Resources& first, const Resources& last) {
    return last.files > first.files + static_cast<std::size_t>(plan.clients) || last.threads > first.threads ||
           last.memory_kib > first.memory_kib + first.memory_kib / 10;
}

int run(const char* program, const SoakPlan& plan) {
    const TemporaryFolder folder;
    const std::string account_file = folder.file("account");
    Peer peer(program, plan, account_file);
    const auto head = static_cast<std::size_t>(plan.clients) + 1;
    if (!peer.wait_lines(head)) throw std::runtime_error("the platform does not come up");
    int port = 0;
    std::vector<std::string> tokens;
    for (const auto& line : peer.lines()) {
        if (line.starts_with("port ")) port = std::stoi(line.substr(5));
        if (line.starts_with("token ")) tokens.push_back(line.substr(6));
    }
    SoakClients clients(plan, port, tokens);
    clients.start();
    clients.wait_ready();
    std::printf("%d clients are ready; %lld s with faults (seed %llu)\n", plan.clients,
                static_cast<long long>(plan.duration.count()), static_cast<unsigned long long>(plan.seed));
    std::fflush(stdout);
    peer.tell("go");
    peer.wait_line("calm", SoakPlan::warm_up + 60s);
    peer.wait_line("faults", SoakPlan::warm_up + 60s);
    const Resources first = measure_resources();
    print("after a minute:", first);
    const auto patience = std::chrono::steady_clock::now() + plan.duration + 300s;
    while (!peer.says("done", 60s)) {
        if (std::chrono::steady_clock::now() > patience)
            throw std::runtime_error("the platform does not come to an end");
        print("under way:", measure_resources());
    }
    const bool settled = eventually([&] { return clients.settled(); }, 120s);
    const Resources last = measure_resources();
    print("at the end:", last);

    peer.tell("report");
    peer.wait_line("reported", 60s);
    const Account account(account_file);
    const Gauges totals = clients.totals();
    clients.stop();
    const Resources empty = measure_resources();
    print("clients stopped:", empty);

    const Verdict verdict = judge(account, clients.ledgers());
    std::printf("faults                 %s\n", list(account.faults).c_str());
    std::printf("the sandbox counted    %s\n", list(account.counted).c_str());
    const std::map<std::string, std::size_t> counted = {
        {"sessions", totals.sessions},
        {"resumes", totals.resumes},
        {"gaps", totals.gaps},
        {"numbers left out", totals.sequence_gaps},
        {"repeated", totals.duplicates},
        {"bad frames", totals.bad_frames},
        {"reconnects", totals.reconnects},
    };
    std::printf("the clients counted    %s\n", list(counted).c_str());
    std::printf("events                 %zu due, %zu delivered, %zu covered by a Gap\n", verdict.expected,
                verdict.delivered, verdict.covered);
    std::printf("  delivered twice      %zu\n  lost without a Gap   %zu\n", verdict.duplicates, verdict.lost);
    std::printf("REST calls             %zu, of them %zu failed\n", verdict.calls, verdict.failed);
    std::printf("  not ended once       %zu\n  posted twice         %zu\n", verdict.unended, verdict.posted_twice);
    if (!settled) std::puts("not every client came to rest within two minutes after the last fault");
    const bool leaks = grown(plan, first, last);
    if (leaks) std::puts("the process holds more than after the first minute");
    const bool good =
        settled && !leaks && verdict.duplicates + verdict.lost + verdict.unended + verdict.posted_twice == 0;
    std::puts(good ? "soak: nothing lost, nothing twice, nothing kept" : "soak: FAILED");
    return good ? 0 : 1;
}

}  // namespace
}  // namespace intent::test

int main(int argc, char** argv) {
    using namespace intent::test;
    const bool platform = argc > 2 && std::string_view(argv[1]) == "--platform";
    const int first = platform ? 3 : 1;
    SoakPlan plan;
    if (argc > first) plan.clients = std::atoi(argv[first]);
    if (argc > first + 1) plan.duration = std::chrono::seconds(std::atoi(argv[first + 1]));
    if (argc > first + 2) plan.seed = std::strtoull(argv[first + 2], nullptr, 10);
    if (plan.clients < 1 || plan.clients > 1000 || plan.duration < std::chrono::seconds(120)) {
        std::fputs("usage: intent_soak [CLIENTS (1-1000) [SECONDS (120 or more) [SEED]]]\n", stderr);
        return 2;
    }
    try {
        return platform ? run_platform(plan, argv[2]) : run(argv[0], plan);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "soak: %s\n", error.what());
        return 1;
    }
}
