// The caches' memory: a client with one of them on receives a burst from bench/replay.cpp and reports what it holds.
//
//   intent_bench_memory users|members|channels|messages|defaults PORT LIMIT
//
// Prints {"entries", "bytes", "private", "rss"}: entries cached, the allocated bytes and private memory that they
// added, and the resident memory at the end.
#include "bench/client.hpp"

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace intent::bench {
namespace {

/// A line of /proc/self/status, in bytes.
long status(std::string_view name) {
    FILE* const file = std::fopen("/proc/self/status", "r");
    if (file == nullptr) give_up("bench: /proc/self/status");
    char line[256];
    long kib = 0;
    while (std::fgets(line, sizeof line, file) != nullptr) {
        if (std::string_view(line).starts_with(name)) kib = std::atol(std::strchr(line, ':') + 1);
    }
    std::fclose(file);
    return kib * 1024;
}

long allocated() {
    const auto info = mallinfo2();
    return static_cast<long>(info.uordblks + info.hblkhd);
}

CacheLimits limits_for(std::string_view kind, std::size_t limit) {
    if (kind == "defaults") return {};
    CacheLimits limits = no_caches;
    if (kind == "users" || kind == "members") limits.users = limit;
    if (kind == "members") limits.members = limit;  // they refer to their users
    if (kind == "channels") limits.channels = limit;
    if (kind == "messages") limits.messages = limit;
    return limits;
}

void run(std::string_view kind, std::uint16_t port, std::size_t limit) {
    ClientOptions options = options_for(port, 0);
    options.caches = limits_for(kind, limit);
    Client client{options};
    Signal ready, done;
    client.on([&](const Ready&) { ready.raise(); });
    client.on([&](const MessageDelete&) { done.raise(); });
    client.start();
    ready.wait();
    const long bytes_before = allocated(), private_before = status("RssAnon");
    show_presence(client);
    done.wait();
    const std::size_t entries = kind == "members"
                                    ? client.members().size()
                                    : client.users().size() + client.channels().size() + client.messages().size();
    std::printf("{\"entries\": %zu, \"bytes\": %ld, \"private\": %ld, \"rss\": %ld}\n", entries,
                allocated() - bytes_before, status("RssAnon") - private_before, status("VmRSS"));
}

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    intent::bench::run(argv[1], static_cast<std::uint16_t>(std::atoi(argv[2])),
                       static_cast<std::size_t>(std::atol(argv[3])));
    return 0;
}
