// `intent listen`: prints the gateway's events, one per line.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/suggest.hpp"

#include <intent/errors.hpp>
#include <intent/json.hpp>
#include <intent/timestamp.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

namespace tool {

namespace {

struct ListenFlags {
    Connection connection = {};
    std::vector<std::string> events = {};
    bool raw = false;
    std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
};

/// Prints the lines. All functions are called on the only handler thread, so lines are whole and in order.
class Listener {
public:
    Listener(intent::Client& client, const ListenFlags& flags, intent::text::Redactor secrets)
        : client_(client), flags_(flags), secrets_(std::move(secrets)) {}

    void subscribe() {
        using namespace intent;
        client_.on([this](const Ready& ready) { on_ready(ready); });
        client_.on([this](const Resumed& resumed) {
            print(fmt::format(R"({{"type":"resumed","replayed":{}}})", resumed.replayed));
        });
        client_.on([this](const Disconnect& end) {
            print(fmt::format(R"({{"type":"disconnect","code":{},"reason":{},"will_resume":{}}})", end.code,
                              json_string(end.reason), end.will_resume));
        });
        client_.on([this](const Reconnecting& next) {
            print(fmt::format(R"({{"type":"reconnecting","attempt":{},"delay_ms":{}}})", next.attempt,
                              next.delay.count()));
        });
        client_.on([this](const Gap& gap) {
            print(fmt::format(R"({{"type":"gap","from":{},"to":{},"reason":{}}})",
                              json_string(format_timestamp(gap.from)), json_string(format_timestamp(gap.to)),
                              json_string(gap.reason)));
        });
        client_.on([this](const SequenceGap& gap) {
            print(fmt::format(R"({{"type":"sequence_gap","last":{},"received":{}}})", gap.last, gap.received));
        });
        client_.on([this](const ErrorEvent& error) {
            print(fmt::format(R"({{"type":"error","message":{}}})", json_string(error.message)));
        });
        client_.on([this](const RawEvent& event) { on_event(event); });
    }

private:
    void on_ready(const intent::Ready& ready) {
        std::string servers;
        for (const auto& server : ready.servers) {
            servers += servers.empty() ? "" : ",";
            servers += intent::to_json(server);
        }
        print(fmt::format(R"({{"type":"ready","user":{},"servers":[{}],"session":{}}})", intent::to_json(ready.user),
                          servers, ready.session_id ? json_string(*ready.session_id) : "null"));
    }

    void on_event(const intent::RawEvent& event) {
        const auto& wanted = flags_.events;
        if (!wanted.empty() && std::ranges::find(wanted, event.name) == wanted.end()) return;
        std::string data;
        try {
            data = flags_.raw ? event.json() : event.canonical_json();
        } catch (const intent::DecodeError& error) {
            print(fmt::format(R"({{"type":"error","message":{},"event":{},"seq":{}}})", json_string(error.what()),
                              json_string(event.name), event.seq));
            return;
        }
        print(fmt::format(R"({{"type":{},"seq":{},"data":{}}})", json_string(event.name), event.seq, data));
        if (++printed_ == flags_.count) finish();
    }

    void print(std::string_view line) {
        if (!finished_ && !print_json(secrets_.redact(line))) finish();
    }

    void finish() {
        finished_ = true;
        client_.stop();
    }

    intent::Client& client_;
    const ListenFlags& flags_;
    const intent::text::Redactor secrets_;
    std::uint64_t printed_ = 0;
    bool finished_ = false;
};

void check_events(const ListenFlags& flags) {
    if (flags.raw) return;
    const auto known = intent::event_names();
    const std::vector<std::string_view> event_names(known.begin(), known.end());
    for (const auto& name : flags.events) {
        if (std::ranges::find(event_names, name) != event_names.end()) continue;
        throw WrongUsage("--event " + name + ": unknown event" + suggestion(name, event_names) +
                         " (--raw accepts any name)");
    }
}

int listen(const ListenFlags& flags) {
    check_events(flags);
    auto options = client_options(flags.connection);
    // One handler thread and no cache: events are only printed, in order.
    options.handler_threads = 1;
    options.caches = {
        .servers = 0, .channels = 0, .users = 0, .members = 0, .roles = 0, .messages = 0, .voice_states = 0};
    auto secrets = secrets_of(options.token);
    intent::Client client(std::move(options));
    Listener listener(client, flags, std::move(secrets));
    listener.subscribe();
    return client.run();
}

}  // namespace

Command add_listen(CLI::App& tool) {
    auto* command = tool.add_subcommand("listen", "Print every event of the gateway, one JSON object per line");
    const auto flags = std::make_shared<ListenFlags>();
    add_connection_flags(*command, flags->connection, Reaches::rest_and_gateway);
    repeatable(command->add_option("--event", flags->events, "Only events of this name; repeatable"))
        ->type_name("EVENT");
    command->add_flag("--raw", flags->raw, "Payloads as received, not in the format of the specification");
    command->add_option("--count", flags->count, "Exit after this many events")
        ->type_name("N")
        ->check(CLI::PositiveNumber)
        ->default_str("");
    return {command, [flags] { return listen(*flags); }};
}

}  // namespace tool
