#include "tests/soak/platform.hpp"

#include "tests/soak/chaos_proxy.hpp"

#include <intent/sandbox.hpp>

#include <charconv>
#include <cstdio>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

std::uint16_t port_of(std::string_view url) {
    std::uint16_t port = 0;
    url.remove_prefix(url.rfind(':') + 1);
    std::from_chars(url.data(), url.data() + url.size(), port);
    return port;
}

std::int64_t microseconds() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

sandbox::Options sandbox_options(const SoakPlan& plan) {
    sandbox::Options options;
    options.heartbeat_interval = 2s;
    for (int i = 0; i < plan.clients; ++i)
        options.bots.push_back({.name = "bot" + std::to_string(i)});
    return options;
}

class Platform {
public:
    Platform(const SoakPlan& plan, const std::string& account_file)
        : plan_(plan),
          sandbox_(sandbox_options(plan)),
          proxy_(port_of(sandbox_.web_url()), plan.seed),
          random_(plan.seed),
          account_(std::fopen(account_file.c_str(), "w")) {
        if (account_ == nullptr) throw std::runtime_error("cannot write " + account_file);
    }
    ~Platform() { std::fclose(account_); }
    Platform(const Platform&) = delete;
    Platform& operator=(const Platform&) = delete;

    void introduce() {
        std::printf("port %u\n", proxy_.port());
        for (int i = 0; i < plan_.clients; ++i)
            std::printf("token %s\n", std::string(sandbox_.bot_token("bot" + std::to_string(i)).reveal()).c_str());
        std::fflush(stdout);
    }

    void play() {
        const auto start = std::chrono::steady_clock::now();
        bool calm = false;
        for (int round = 0; round < plan_.rounds(); ++round) {
            std::this_thread::sleep_until(start + round * SoakPlan::round_time);
            talk(round);
            const auto passed = std::chrono::steady_clock::now() - start;
            const bool now_calm = (passed > SoakPlan::warm_up - SoakPlan::calm && passed < SoakPlan::warm_up) ||
                                  passed > plan_.duration - SoakPlan::calm;
            if (now_calm != calm) std::puts(now_calm ? "calm" : "faults");
            calm = now_calm;
            if (!calm) break_something(round);
            std::fflush(stdout);
        }
        std::puts("done");
        std::fflush(stdout);
    }

    void report() {
        for (const auto& message : sandbox_.messages(sandbox_.general())) {
            std::string_view content = message.content;
            if (!content.starts_with("answer ")) continue;
            const auto when =
                std::chrono::duration_cast<std::chrono::microseconds>(message.created_at.time_since_epoch()).count();
            std::fprintf(account_, "stored %s %lld\n", std::string(content.substr(7)).c_str(),
                         static_cast<long long>(when));
        }
        const std::pair<const char*, std::size_t> counts[] = {{"identifies", sandbox_.identifies()},
                                                              {"resumes", sandbox_.resumes()},
                                                              {"heartbeats", sandbox_.heartbeats()},
                                                              {"requests", sandbox_.requests()},
                                                              {"429s", sandbox_.rate_limited()}};
        for (const auto& [name, count] : counts)
            std::fprintf(account_, "counted %s %zu\n", name, count);
        std::fflush(account_);
        std::puts("reported");
        std::fflush(stdout);
    }

private:
    template <class Dispatch>
    void send(int round, Kind kind, Dispatch dispatch) {
        const int serial = round * SoakPlan::serials_per_round + static_cast<int>(kind);
        const auto before = microseconds();
        dispatch(std::to_string(serial));
        std::fprintf(account_, "sent %d %lld %lld\n", serial, static_cast<long long>(before),
                     static_cast<long long>(microseconds()));
    }

    void talk(int round) {
        send(round, Kind::tick,
             [&](const std::string& serial) { last_ = sandbox_.say("alice", sandbox_.general(), "tick " + serial); });
        if (round % 3 == 0) {
            send(round, Kind::custom,
                 [&](const std::string& serial) { sandbox_.dispatch("SOAK", "{\"serial\":" + serial + "}"); });
        }
        if (round % 5 == 0) {
            send(round, Kind::edit, [&](const std::string& serial) {
                sandbox_.edit("alice", sandbox_.general(), last_, "edit " + serial);
            });
        }
    }

    bool point(double probability) { return std::uniform_real_distribution<>(0, 1)(random_) < probability; }

    void break_something(int round) {
        // Of one connection: some four a second. Of all of them: every 20 s or so.
        if (point(0.8)) break_one();
        if (round % 100 == 99) break_all();
    }

    void break_one() {
        static constexpr struct {
            Mishap mishap;
            const char* name;
        } mishaps[] = {{Mishap::reset, "reset"},   {Mishap::fin, "fin"},         {Mishap::black_hole, "black-hole"},
                       {Mishap::stall, "stall"},   {Mishap::trickle, "trickle"}, {Mishap::stall, "stall"},
                       {Mishap::refuse, "refuse"}, {Mishap::mute, "mute"}};
        const auto& one = mishaps[random_() % std::size(mishaps)];
        proxy_.hit(one.mishap);
        told(one.name);
    }

    void break_all() {
        switch (random_() % 9) {
            case 0:
                sandbox_.drop_connections();
                return told("drop-all");
            case 1:
                sandbox_.drop_connections();
                sandbox_.forget_sessions();
                return told("forget-all");
            case 2:
                sandbox_.send_op(6);
                return told("op-6");
            case 3:
                sandbox_.send_op(8, "true");
                return told("op-8-true");
            case 4:
                sandbox_.send_op(8, "false");
                return told("op-8-false");
            case 5:
                for (int i = 0; i < 5; ++i)
                    sandbox_.send_op(1);
                return told("op-1");
            case 6:
                sandbox_.send_op(200, R"({"what":"is this"})");
                return told("op-unknown");
            default: {
                static constexpr std::uint16_t codes[] = {1000, 1001, 1011, 1012, 1013, 4000, 4003, 4007, 4008, 4999};
                const auto code = codes[random_() % std::size(codes)];
                sandbox_.close_connections(code, "soak");
                return told("close-" + std::to_string(code));
            }
        }
    }

    void told(const std::string& name) { std::fprintf(account_, "fault %s\n", name.c_str()); }

    const SoakPlan plan_;
    Sandbox sandbox_;
    ChaosProxy proxy_;
    std::mt19937_64 random_;
    std::FILE* const account_;
    MessageId last_{};
};

}  // namespace

int run_platform(const SoakPlan& plan, const std::string& account_file) {
    Platform platform(plan, account_file);
    platform.introduce();
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "go") platform.play();
        if (line == "report") platform.report();
    }
    return 0;
}

}  // namespace intent::test
